from datetime import date

import numpy as np
import pandas as pd
import pytest

from insight.catalogue import FIGURES
from insight.errors import MissingColumnsError
from insight.results import as_results
from insight.scorecard import (
    SCORECARD_COLUMNS,
    as_measures,
    scorecard,
    with_target_words,
)

OCTOBER = date(2026, 10, 1)
MEASURE = {
    "code": "SAT", "title": "Satisfied applicants", "family": "corporate strategy",
    "service": "planning", "head_of_service": "Head of Planning", "figure": "satisfaction_share",
    "unit": "share", "decimals": 0, "polarity": "higher", "tolerance_kind": "absolute",
    "tolerance": 0.05, "aggregation": "ratio of sums", "frequency": "monthly", "published": True,
}  # fmt: skip
COUNT = {
    "code": "OPEN", "title": "Open", "family": "general improvement", "service": "planning",
    "polarity": "lower", "unit": "count", "aggregation": "sum",
}  # fmt: skip


def measures(*rows):
    return pd.DataFrame(list(rows))


def targets(*rows):
    return pd.DataFrame(rows, columns=["measure", "period", "value", "low", "high"])


NO_TARGETS = targets()


def result(measure, period, value, service="planning", breakdown="", **more):
    row = {"measure": measure, "service": service, "period": period, "breakdown": breakdown}
    return row | {"value": value} | more


def results(*rows):
    core = as_results(pd.DataFrame(rows))
    extra = pd.DataFrame(rows).reindex(columns=["measure", "period", "status", "commentary"])
    return core.merge(extra, on=["measure", "period"], how="left")


def card(*, rows, measures, targets=NO_TARGETS, month=OCTOBER):
    found = scorecard(results(*rows), measures, targets, month)
    assert tuple(found.columns) == SCORECARD_COLUMNS
    return found.to_dict("records")


SHARE = {"numerator": 70.0, "denominator": 100.0, "base": 100, "lower": 0.6, "upper": 0.78}


def test_a_measure_is_judged_with_its_previous_period_and_last_year():
    (row,) = card(
        rows=[
            result("satisfaction_share", "2026-10", 0.70, **SHARE, commentary="Letters now."),
            result("satisfaction_share", "2026-09", 0.60, lower=0.5, upper=0.69),
            result("satisfaction_share", "2025-10", 0.72),
        ],
        measures=measures(MEASURE),
        targets=targets(("SAT", "2026-27", 0.75, None, None)),
    )
    assert (row["measure"], row["period"], row["value"], row["target"]) == (
        "SAT", "2026-10", 0.70, 0.75,
    )  # fmt: skip
    assert (row["rag"], row["status"], row["base"]) == ("amber", "final", 100)
    assert (row["previous"], row["last_year"]) == (0.60, 0.72)
    assert (row["direction"], row["direction_last_year"]) == ("improving", "worsening")
    assert row["change_within_interval"] is True
    assert row["commentary"] == "Letters now."
    assert row["definition"] == FIGURES["satisfaction_share"].definition


def test_a_late_value_is_awaited_and_none_is_carried_forward():
    (row,) = card(
        rows=[result("satisfaction_share", "2026-09", 0.9)],
        measures=measures(MEASURE),
        targets=targets(("SAT", "2026-27", 0.75, None, None)),
    )
    assert (row["rag"], row["status"]) == ("awaited", "awaited")
    assert np.isnan(row["value"])
    assert row["previous"] == 0.9
    assert pd.isna(row["direction"])
    assert row["target"] == 0.75


def test_a_suppressed_value_has_no_colour():
    (row,) = card(
        rows=[result("satisfaction_share", "2026-10", None, status="suppressed")],
        measures=measures(MEASURE),
    )
    assert (row["rag"], row["status"]) == ("suppressed", "suppressed")


def test_a_measure_without_a_target_says_so():
    (row,) = card(rows=[result("satisfaction_share", "2026-10", 0.7)], measures=measures(MEASURE))
    assert (row["rag"], row["status"]) == ("no target", "final")


def test_a_revised_value_says_so():
    (row,) = card(
        rows=[result("satisfaction_share", "2026-10", 0.7, status="revised")],
        measures=measures(MEASURE),
    )
    assert row["status"] == "revised"


def test_a_measure_reads_its_own_service_and_breakdown():
    rows = [
        result("satisfaction_share", "2026-10", 0.1),
        result("satisfaction_share", "2026-10", 0.2, service="all"),
        result("satisfaction_share", "2026-10", 0.3, breakdown="question=ease"),
    ]
    found = scorecard(
        as_results(pd.DataFrame(rows)),
        measures(
            MEASURE,
            MEASURE | {"code": "ALL", "figure_service": "all"},
            MEASURE | {"code": "EASE", "breakdown": "question=ease"},
        ),
        targets(),
        OCTOBER,
    )
    assert found.set_index("measure")["value"].to_dict() == {"SAT": 0.1, "ALL": 0.2, "EASE": 0.3}


def test_an_entered_measure_is_found_under_its_own_code():
    (row,) = card(rows=[result("OPEN", "2026-10", 80)], measures=measures(COUNT))
    assert (row["value"], row["figure"], row["definition"]) == (80, "OPEN", "")


def test_a_quarterly_measure_shows_the_last_whole_quarter_made_from_its_months():
    quarter = [
        result("OPEN", f"2026-{month:02d}", 10.0 * month, lower=1, upper=2) for month in (7, 8, 9)
    ]
    (row,) = card(
        rows=quarter,
        measures=measures(COUNT | {"frequency": "quarterly"}),
        targets=targets(("OPEN", "2026-27", 1000, None, None)),
    )
    assert (row["period"], row["value"], row["target"]) == ("2026-27 Q2", 240, 250)
    assert row["rag"] == "green"
    (own,) = card(
        rows=[*quarter, result("OPEN", "2026-27 Q2", 241)],
        measures=measures(COUNT | {"frequency": "quarterly"}),
    )
    assert own["value"] == 241


def test_an_annual_measure_shows_the_last_whole_year():
    (row,) = card(
        rows=[result("OPEN", "2025-26", 5), result("OPEN", "2024-25", 9)],
        measures=measures(COUNT | {"frequency": "annual"}),
    )
    assert (row["period"], row["value"], row["previous"]) == ("2025-26", 5, 9)


def test_a_band_is_judged_by_its_ends_and_written_in_words():
    band = MEASURE | {"code": "ROOMS", "figure": "", "polarity": "band", "tolerance": 0.03}
    found = scorecard(
        results(result("ROOMS", "2026-10", 0.97)),
        measures(band, COUNT),
        targets(("ROOMS", "2026-27", None, 0.8, 0.95), ("OPEN", "2026-10", 5, None, None)),
        OCTOBER,
    )
    assert found["rag"].tolist() == ["amber", "awaited"]
    assert with_target_words(found)["target"].tolist() == ["80% to 95%", 5.0]


def test_measures_need_little_and_say_what_is_missing():
    filled = as_measures(measures(COUNT | {"frequency": "weekly"}))
    assert filled["frequency"].tolist() == ["monthly"]
    assert filled["figure_service"].tolist() == ["planning"]
    with pytest.raises(MissingColumnsError, match="polarity"):
        as_measures(measures(COUNT).drop(columns="polarity"))


def test_no_measures_and_no_results_are_no_trouble():
    assert scorecard(
        results(result("x", "2026-10", 1)), measures(COUNT)[:0], targets(), OCTOBER
    ).empty
    nothing = as_results(pd.DataFrame(columns=["measure"]))
    assert scorecard(nothing, measures(COUNT), targets(), OCTOBER)["rag"].tolist() == ["awaited"]


def test_a_year_so_far_compares_what_each_month_added_and_its_share_of_the_years_target():
    so_far = [("2026-04", 10), ("2026-05", 30), ("2026-06", 40), ("2025-06", 45)]
    (row,) = card(
        rows=[result("OPEN", period, value) for period, value in so_far],
        measures=measures(COUNT | {"accumulation": "cumulative"}),
        targets=targets(("OPEN", "2026-27", 156, None, None)),
        month=date(2026, 6, 1),
    )
    assert (row["value"], row["target"], row["rag"]) == (40, 39, "amber")
    assert (row["previous"], row["last_year"]) == (30, 45)
    # 20 came in May and 10 in June; the year so far stood at 45 a year ago.
    assert (row["direction"], row["direction_last_year"]) == ("improving", "improving")
    (april,) = card(
        rows=[result("OPEN", period, value) for period, value in [("2026-03", 5), so_far[0]]],
        measures=measures(COUNT | {"accumulation": "cumulative"}),
        month=date(2026, 4, 1),
    )
    assert pd.isna(april["direction"]), "what March added is not known without February"


def test_a_quarter_of_a_year_so_far_is_that_of_its_last_month():
    (row,) = card(
        rows=[result("OPEN", f"2026-0{month}", 10.0 * month) for month in (4, 5, 6)],
        measures=measures(COUNT | {"accumulation": "cumulative", "frequency": "quarterly"}),
        month=date(2026, 6, 1),
    )
    assert row["value"] == 60


def test_a_targets_own_tolerance_wins_over_the_measures():
    own = pd.DataFrame(
        [{"measure": "SAT", "period": "2026-27", "value": 0.75, "tolerance": 0.02,
          "tolerance_kind": "absolute"}]
    )  # fmt: skip
    (row,) = card(
        rows=[result("satisfaction_share", "2026-10", 0.71)],
        measures=measures(MEASURE),
        targets=own,
    )
    assert row["rag"] == "red"
    (row,) = card(
        rows=[result("satisfaction_share", "2026-10", 0.71)],
        measures=measures(MEASURE),
        targets=own.assign(tolerance=0.1, tolerance_kind="relative"),
    )
    assert row["rag"] == "amber"


def test_a_weekly_measures_month_is_made_of_its_weeks():
    weeks = [result("OPEN", f"2026-W{week}", 10.0) for week in (40, 41, 42, 43, 44)]
    weekly = measures(COUNT | {"frequency": "weekly"})
    (row,) = card(rows=weeks, measures=weekly)
    assert (row["period"], row["value"]) == ("2026-10", 50)
    (late,) = card(rows=weeks[:-1], measures=weekly)
    assert late["rag"] == "awaited"
