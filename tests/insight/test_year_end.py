from datetime import date

import numpy as np
import pandas as pd
import pytest

from insight.periods import add_months, month_key
from insight.results import as_results
from insight.year_end import TO_DATE_COLUMNS, YEAR_END_COLUMNS, year_end, year_to_date

SEPTEMBER = date(2026, 9, 1)
CALLS = {
    "code": "CALLS", "title": "Calls", "family": "general improvement", "service": "waste",
    "polarity": "lower", "unit": "count", "aggregation": "sum", "tolerance": 0.1,
}  # fmt: skip
SHARE = CALLS | {
    "code": "TIME", "unit": "share", "polarity": "higher", "aggregation": "ratio of sums",
    "tolerance_kind": "absolute", "tolerance": 0.05,
}  # fmt: skip


def months(code, values, first=date(2024, 4, 1), **more):
    return [
        {"measure": code, "service": "waste", "period": month_key(add_months(first, n)),
         "breakdown": "", "value": value} | {name: each[n] for name, each in more.items()}
        for n, value in enumerate(values)
    ]  # fmt: skip


def targets(*rows):
    return pd.DataFrame(rows, columns=["measure", "period", "value", "low", "high"])


def told(function, rows, measures, goals=(), month=SEPTEMBER):
    found = function(as_results(pd.DataFrame(rows)), pd.DataFrame(measures), targets(*goals), month)
    wanted = YEAR_END_COLUMNS if function is year_end else TO_DATE_COLUMNS
    assert tuple(found.columns) == wanted
    return found.astype(object).where(found.notna(), None).to_dict("records")


NOISE = [102, 95, 104, 99, 97, 103, 100, 101, 98, 96, 105, 100]


def test_a_sum_is_forecast_and_judged_by_the_years_target():
    rows = months("CALLS", [*NOISE, *NOISE, *[n + 20 for n in NOISE[:6]]])
    (row,) = told(year_end, rows, [CALLS], [("CALLS", "2026-27", 1200, None, None)])
    assert row["forecast"] == pytest.approx(720 / (sum(NOISE[:6]) / sum(NOISE)))
    assert (row["year"], row["periods_in"], row["periods_of"]) == ("2026-27", 6, 12)
    assert (row["year_target"], row["forecast_rag"], row["outlook"]) == (1200, "red", "off course")
    (easy,) = told(year_end, rows, [CALLS], [("CALLS", "2026-27", 1700, None, None)])
    assert (easy["forecast_rag"], easy["outlook"]) == ("green", "on course")
    (near,) = told(year_end, rows, [CALLS], [("CALLS", "2026-27", 1440, None, None)])
    assert near["outlook"] == "uncertain"
    (none,) = told(year_end, rows, [CALLS])
    assert none["forecast_rag"] == "no target"
    assert none["outlook"] is None


def test_a_profile_adds_up_to_the_years_target():
    rows = months("CALLS", [*NOISE, *NOISE, *NOISE[:6]])
    goals = [("CALLS", month_key(add_months(date(2026, 4, 1), n)), 100 + n, None, None)
             for n in range(12)]  # fmt: skip
    (row,) = told(year_end, rows, [CALLS], goals)
    assert row["year_target"] == 1266
    (so_far,) = told(year_to_date, rows, [CALLS], goals)
    assert (so_far["to_date"], so_far["to_date_target"]) == (600, 615)


def test_figures_of_later_months_are_not_looked_at():
    rows = months("CALLS", [*NOISE, *NOISE, *NOISE[:6], 9999.0])
    assert told(year_end, rows, [CALLS]) == told(year_end, rows[:-1], [CALLS])


def test_a_cumulative_measure_is_forecast_as_what_each_month_added():
    plain = months("CALLS", [*NOISE, *NOISE, *NOISE[:6]])
    running = [*np.cumsum(NOISE), *np.cumsum(NOISE), *np.cumsum(NOISE[:6])]
    one = told(year_end, plain, [CALLS])
    other = told(year_end, months("CALLS", running), [CALLS | {"accumulation": "cumulative"}])
    assert other == one


def test_a_ratio_is_pooled_and_a_share_alone_counts_each_month_alike():
    top, bottom = [8.0] * 24 + [9, 8, 7, 9, 8, 10], [10.0] * 24 + [10, 10, 10, 10, 10, 20]
    share = [a / b for a, b in zip(top, bottom, strict=True)]
    pooled = months("TIME", share, numerator=top, denominator=bottom)
    (row,) = told(year_end, pooled, [SHARE], [("TIME", "2026-27", 0.7, None, None)])
    assert row["forecast"] == pytest.approx(51 / 70)
    (alike,) = told(year_end, months("TIME", share), [SHARE])
    assert alike["forecast"] == pytest.approx(np.mean(share[-6:]))
    (unknown,) = told(year_end, months("TIME", share), [SHARE | {"accumulation": "cumulative"}])
    assert unknown["forecast"] is None
    assert "needs its numerator and denominator" in unknown["forecast_note"]


@pytest.mark.parametrize(
    ("rules", "note"),
    [
        ({"frequency": "annual"}, "an annual measure has one figure a year"),
        ({"aggregation": "worst"}, "the worst period may be yet to come"),
    ],
)
def test_what_cannot_be_forecast_says_why(rules, note):
    (row,) = told(year_end, months("CALLS", NOISE * 2), [CALLS | rules])
    assert row["forecast"] is None
    assert row["forecast_note"] == note
    assert row["outlook"] is None


def test_a_quarterly_measure_is_forecast_from_quarters_made_of_its_months():
    rows = months("CALLS", [*NOISE, *NOISE, *NOISE, *NOISE[:6]], first=date(2023, 4, 1))
    (row,) = told(year_end, rows, [CALLS | {"frequency": "quarterly"}])
    assert (row["periods_in"], row["periods_of"]) == (2, 4)
    assert row["forecast"] == pytest.approx(1200)


def test_a_rolling_measure_and_a_last_value_stay_where_they_are():
    rows = months("CALLS", [50 + n % 3 for n in range(30)])
    (row,) = told(year_end, rows, [CALLS | {"accumulation": "rolling"}])
    assert (row["forecast"], row["forecast_note"]) == (52, "the latest value")
    assert told(year_end, rows, [CALLS | {"aggregation": "last"}]) == [row]


def test_the_year_so_far_is_put_together_by_each_measures_rule():
    rows = months("M", [10.0 * n for n in range(1, 31)])
    rules = [CALLS | {"code": "M", "aggregation": rule} for rule in ("sum", "mean", "last")]
    rules.append(CALLS | {"code": "M", "aggregation": "worst"})
    rules.append(CALLS | {"code": "M", "accumulation": "cumulative"})
    rules.append(CALLS | {"code": "M", "accumulation": "rolling"})
    found = told(year_to_date, rows, rules, [("M", "2026-27", 1200, None, None)])
    assert [row["to_date"] for row in found] == [1650, 275, 300, 300, 300, 300]
    assert [row["to_date_target"] for row in found] == [600, 1200, 1200, 1200, 600, 100]
    assert found[0]["to_date_last_year"] == 930
    assert [found[0]["to_date_rag"], found[4]["to_date_rag"]] == ["red", "green"]


def test_the_year_so_far_is_awaited_until_each_of_its_months_is_in():
    rows = months("CALLS", [*NOISE, *NOISE, *NOISE[:6]])
    (row,) = told(year_to_date, [each for each in rows if each["period"] != "2026-06"], [CALLS])
    assert row["to_date_rag"] == "awaited"
    assert row["to_date"] is None


def test_a_band_inside_the_interval_is_uncertain_and_one_beside_it_off_course():
    band = CALLS | {"polarity": "band"}
    rows = months("CALLS", [*NOISE, *NOISE, *NOISE[:6]])
    (inside,) = told(year_end, rows, [band], [("CALLS", "2026-27", None, 1199, 1201)])
    (beside,) = told(year_end, rows, [band], [("CALLS", "2026-27", None, 1900, 2000)])
    (around,) = told(year_end, rows, [band], [("CALLS", "2026-27", None, 900, 1500)])
    words = [row["outlook"] for row in (inside, beside, around)]
    assert words == ["uncertain", "off course", "on course"]


def test_a_count_is_never_forecast_below_nought():
    wild = [(n * 7) % 11 for n in range(30)]
    last = CALLS | {"aggregation": "last"}
    (row,) = told(year_end, months("CALLS", wild), [last])
    assert row["forecast_upper"] - row["forecast"] > row["forecast"]
    assert row["forecast_lower"] == 0
