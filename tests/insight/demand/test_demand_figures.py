"""Calls, weeks, take-up, hours, costs: each held to a separate small calculation."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from insight.demand import (
    DemandMethod,
    Sources,
    bank_holidays,
    call_results,
    contact_cells,
    demand_figures,
    effort_results,
    single_records,
    take_up_results,
    week_results,
    weekly_contacts,
)
from insight.demand.calendar import EVENTS, same_week_last_year

OCTOBER = date(2026, 10, 1)
CLOSED = bank_holidays(date(2024, 1, 1), date(2027, 12, 31))


def daily(*rows: tuple) -> pd.DataFrame:
    names = ["date", "channel", "service", "offered", "answered", "abandoned",
             "wait_seconds_mean", "share_within_target"]  # fmt: skip
    frame = pd.DataFrame(list(rows), columns=names)
    frame["date"] = pd.to_datetime(frame["date"])
    return frame.astype({"channel": "string", "service": "string"})


def steady(first: str, last: str, number) -> pd.DataFrame:
    days = pd.date_range(first, last, freq="D")
    return daily(
        *[(str(day), "phone", "bins", number(day), None, None, None, None) for day in days]
    )


def only(results, measure, service="bins", key=""):
    found = results[
        results["measure"].eq(measure)
        & results["service"].eq(service)
        & results["breakdown"].eq(key)
    ]
    return found.iloc[0]


def test_calls_are_weighed_by_days_sizes():
    rows = daily(
        ("2026-10-01", "phone", "bins", 100, 90, 8, 30.0, 0.9),
        ("2026-10-02", "phone", "bins", 10, 5, 5, 200.0, 0.2),
        ("2026-10-02", "email", "bins", 99, 1, 1, 1.0, 1.0),
    )
    found = call_results(rows, [OCTOBER])
    assert only(found, "calls_answered_share")["value"] == pytest.approx(95 / 110)
    assert only(found, "calls_abandoned_share")["value"] == pytest.approx(13 / 110)
    level = only(found, "service_level_share")
    assert level["value"] == pytest.approx((0.9 * 90 + 0.2 * 5) / 95)
    assert only(found, "wait_seconds_mean")["value"] == pytest.approx((30 * 90 + 200 * 5) / 95)


def test_alike_days_give_wilsons_interval_and_unlike_days_a_wider_one():
    same = [(f"2026-10-{d:02d}", "phone", "bins", 10, 8 if d % 2 else 9, 0, None, None)
            for d in range(1, 21)]  # fmt: skip
    row = only(call_results(daily(*same), [OCTOBER]), "calls_answered_share")
    low, high = proportion_confint(170, 200, method="wilson")
    assert (row["lower"], row["upper"]) == (pytest.approx(low), pytest.approx(high))
    unlike = [(f"2026-10-{d:02d}", "phone", "bins", 10, 10 if d % 2 else 7, 0, None, None)
              for d in range(1, 21)]  # fmt: skip
    worse = only(call_results(daily(*unlike), [OCTOBER]), "calls_answered_share")
    assert worse["value"] == row["value"]
    assert worse["upper"] - worse["lower"] >= row["upper"] - row["lower"]


def test_more_answered_than_offered_is_left_out_and_said():
    rows = daily(
        ("2026-10-01", "phone", "bins", 100, 90, 8, None, None),
        ("2026-10-02", "phone", "bins", 10, 50, 0, None, None),
    )
    found = demand_figures([OCTOBER], Sources(counts=rows), DemandMethod(), CLOSED)
    assert only(found.results, "calls_answered_share")["value"] == 0.9
    (said,) = found.problems
    assert "October 2026 have 1 row with more calls answered" in said
    assert "02/10/2026" in said


def test_a_month_with_no_contacts_between_others_is_said():
    rows = pd.concat([steady("2026-08-01", "2026-08-31", lambda _: 5),
                      steady("2026-10-01", "2026-10-31", lambda _: 5)])  # fmt: skip
    months = [date(2026, 8, 1), date(2026, 9, 1), OCTOBER]
    found = demand_figures(months, Sources(counts=rows), DemandMethod(), CLOSED)
    assert "No contacts at all are on record for September 2026" in found.problems[0]
    counted = found.results[found.results["measure"].eq("contacts")]
    assert set(counted["period"]) == {"2026-08", "2026-10"}


def test_weeks_meet_the_weeks_of_the_same_number_and_easter_is_set_aside():
    rows = steady("2025-01-01", "2026-05-31", lambda day: 20 if day.year == 2026 else 10)
    cells = contact_cells([date(2025, 1, 1), date(2026, 5, 1)], counts=rows)
    weeks = weekly_contacts(cells, CLOSED)
    mine = weeks[weeks["service"].eq("bins") & weeks["channel"].eq("")].set_index("monday")
    assert mine.loc["2026-03-30", "contacts"] == 140
    assert mine.loc["2026-03-30", "last_year"] == 70
    # Good Friday was 3 April 2026, in week 14; in 2025 it was 18 April, in week 16.
    assert mine.loc["2026-03-30", ["holidays", "holidays_last_year"]].tolist() == [1, 0]
    found = week_results(weeks, [date(2026, 4, 1)])
    listed = found[found["measure"].eq("contacts_by_week") & found["service"].eq("bins")]
    noted = listed[listed["breakdown"].str.startswith("holidays=")]
    assert noted["breakdown"].tolist() == [
        "holidays=0 not 1;week=2026-W16", "holidays=0 not 1;week=2026-W17",
        "holidays=1 not 0;week=2026-W14", "holidays=1 not 0;week=2026-W15",
    ]  # fmt: skip
    change = only(found, "contacts_change")
    assert change["value"] == pytest.approx(1.0)
    assert change["numerator"] == 140, "only week 18 has the same number of bank holidays"


def test_a_change_on_last_year_has_the_quasi_poisson_interval_of_its_weeks():
    rng = np.random.default_rng(3)
    rows = steady("2025-01-01", "2026-10-31", lambda day: int(rng.poisson(40)))
    cells = contact_cells([date(2025, 1, 1), OCTOBER], counts=rows)
    weeks = weekly_contacts(cells, CLOSED)
    row = only(week_results(weeks, [OCTOBER]), "contacts_change")
    mine = weeks[weeks["service"].eq("bins") & weeks["channel"].eq("")]
    mine = mine[mine["last_year"].notna() & mine["holidays"].eq(mine["holidays_last_year"])]
    chi, freedom = 0.0, 0
    for _, pairs in mine.groupby("period"):
        a, b = pairs["contacts"].to_numpy(), pairs["last_year"].to_numpy()
        p = a.sum() / (a + b).sum()
        chi += (((a - p * (a + b)) ** 2) / ((a + b) * p * (1 - p))).sum()
        freedom += len(pairs) - 1
    now = mine[mine["period"].eq("2026-10")]
    a, b = now["contacts"].sum(), now["last_year"].sum()
    from scipy.stats import t

    reach = t.ppf(0.975, freedom) * np.sqrt(max(chi / freedom, 1) * (1 / a + 1 / b))
    assert row["value"] == pytest.approx(a / b - 1)
    assert row["lower"] == pytest.approx(np.exp(np.log(a / b) - reach) - 1)
    assert row["upper"] == pytest.approx(np.exp(np.log(a / b) + reach) - 1)


def test_week_53_is_compared_with_the_week_52_weeks_before():
    assert same_week_last_year([date(2026, 12, 28)]) == [date(2025, 12, 29)]
    assert same_week_last_year([date(2027, 3, 29)]) == [date(2026, 3, 23)]


def test_events_may_go_over_the_new_year():
    christmas = EVENTS[1]
    days = pd.DatetimeIndex(["2026-12-26", "2026-12-28", "2027-01-02", "2027-01-20"])
    assert christmas.covers(days).tolist() == [False, True, True, False]


def contacts(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["channel", "outcome", "service"])
    at = pd.Timestamp("2026-10-05 10:00", tz="Europe/London")
    return frame.assign(contacted_at=at, customer=pd.NA).astype("string").assign(contacted_at=at)


def test_digital_take_up_counts_assisted_digital_as_digital():
    logged = contacts(
        *[("phone", "Resolved", "bins")] * 6,
        *[("phone", "Assisted digital", "bins")] * 3,
        *[("phone", "Passed on", "bins")] * 5,
        *[("web", "Resolved", "bins")] * 4,
        *[("phone", "Resolved", "trees")] * 4,
    )
    web = pd.DataFrame(
        {"date": pd.to_datetime(["2026-10-05"]), "page": "/bins", "service": "bins",
         "form_starts": 20, "form_completions": 14}
    )  # fmt: skip
    records = single_records([OCTOBER], contacts=logged)
    found = take_up_results(records, web, [OCTOBER], DemandMethod())
    row = only(found, "digital_take_up_share")
    # 14 forms, those that staff filled in among them; the four web contacts are the same forms.
    assert row["value"] == pytest.approx(14 / 20)
    assert (row["lower"], row["upper"]) == pytest.approx(
        proportion_confint(14, 20, method="wilson")
    )
    assert "trees" not in set(found["service"]), "nobody knows whether it has an online form"


def test_hours_need_minutes_and_pounds_need_the_councils_own_costs():
    rows = pd.concat(
        [
            daily(("2026-10-01", "phone", "bins", 60, None, None, None, None)),
            daily(("2026-10-01", "face to face", "bins", 10, None, None, None, None)),
            daily(("2026-10-01", "post", "bins", 7, None, None, None, None)),
        ]
    )
    cells = contact_cells([OCTOBER], counts=rows)
    method = DemandMethod(minutes={"phone": 6, "face to face": 12})
    hours = effort_results(cells, method)
    assert only(hours, "contact_hours")["value"] == pytest.approx((60 * 6 + 10 * 12) / 60)
    assert "contact_pounds" not in set(hours["measure"])
    priced = DemandMethod(pounds={"phone": (2.0, 4.0)})
    cost = only(effort_results(cells, priced), "contact_pounds")
    assert cost["value"] == pytest.approx(60 * 3)
    assert cost["lower"] < 60 * 2 < 60 * 4 < cost["upper"]
    found = demand_figures([OCTOBER], Sources(counts=rows), method, CLOSED)
    assert "Staff hours leave out contacts by post" in found.problems[0]


def test_no_source_gives_no_figure_and_no_complaint():
    found = demand_figures([OCTOBER], Sources(), DemandMethod(), CLOSED)
    assert found.results.empty
    assert found.problems == []
