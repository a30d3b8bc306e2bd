"""Each due date is counted again here on the calendar, day by day."""

from datetime import date, timedelta

import holidays
import pandas as pd
import pytest

from insight.complaints.clocks import fault_counts, run_clocks
from insight.complaints.due import due_complaints
from insight.complaints.handling import handling_results
from insight.intervals import wilson
from insight.working_days import add_working_days, working_days_between

BANK = holidays.country_holidays("GB", subdiv="ENG", years=range(2024, 2030))


def later(day: date, number: int) -> date:
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5 and day not in BANK
    return day


def complaint(received, acknowledged=None, responded=None, **more):
    row = {
        "complaint_id": "C1", "service": "waste", "stage": "stage 1", "regime": "lgsco",
        "received_at": received, "acknowledged_at": acknowledged, "responded_at": responded,
        "extended_to": None, "outcome": "upheld" if responded else "open",
    }  # fmt: skip
    return row | more


def frame(*rows):
    table = pd.DataFrame(rows)
    for name in ("received_at", "acknowledged_at", "responded_at", "extended_to"):
        table[name] = pd.to_datetime(table[name], format="ISO8601").dt.tz_localize("Europe/London")
    return table


@pytest.mark.parametrize("start", pd.date_range("2026-12-18", periods=20).date)
@pytest.mark.parametrize("number", [5, 10, 20])
def test_working_days_leave_out_weekends_christmas_and_the_day_of_receipt(start, number):
    days = pd.Series([pd.Timestamp(start)])
    due = add_working_days(days, number, "england and wales")
    assert due.iloc[0].date() == later(start, number)
    assert working_days_between(days, due, "england and wales").iloc[0] == number


def test_every_stage_has_its_own_clock_from_its_own_acknowledgement():
    rows = run_clocks(
        frame(
            complaint("2026-10-01", "2026-10-05 16:00", "2026-10-19"),
            complaint("2026-10-01", "2026-10-05", "2026-10-20", stage="stage 2"),
            complaint("2026-10-01", stage="ombudsman"),
            complaint("2026-10-01", stage="request"),
        )
    )
    assert rows["acknowledge_by"].iloc[0].date() == later(date(2026, 10, 1), 5)
    assert rows["respond_by"].dt.date.iloc[0] == later(date(2026, 10, 5), 10)
    assert rows["respond_by"].dt.date.iloc[1] == later(date(2026, 10, 5), 20)
    assert rows["on_time"].tolist()[:2] == [True, True]
    assert rows["respond_by"].isna().tolist() == [False, False, True, True]


def test_an_extension_counts_only_in_the_figure_with_extensions_and_only_so_far():
    rows = run_clocks(
        frame(
            complaint("2026-10-01", "2026-10-02", "2026-10-26", extended_to="2026-10-28"),
            complaint("2026-10-01", "2026-10-02", "2026-11-30", extended_to="2026-12-20"),
        )
    )
    assert rows["on_time"].tolist() == [False, False]
    assert rows["on_time_extended"].tolist() == [True, False]
    assert rows["respond_by_extended"].dt.date.iloc[1] == later(date(2026, 10, 2), 20)
    assert rows["fault"].iloc[1] == "extended further than the code allows"


def test_without_an_acknowledgement_the_clock_runs_from_the_last_day_for_it_and_says_so():
    rows = run_clocks(frame(complaint("2026-10-01", None, "2026-10-20")))
    assert rows["respond_by"].dt.date.item() == later(later(date(2026, 10, 1), 5), 10)
    assert rows["fault"].item() == "no acknowledgement date"


def test_wrong_dates_are_said_and_cost_no_row():
    rows = run_clocks(
        frame(
            complaint("2026-10-10", "2026-10-01", "2026-10-19"),
            complaint("2026-10-10", "2026-10-12", "2026-10-01"),
            complaint("2026-10-10", "2026-10-20", "2026-10-15"),
            complaint("2026-10-10", "2026-10-12", None, outcome="upheld"),
            complaint("2026-10-10", "2026-10-12", "2026-10-13", regime=None),
            complaint("2026-10-10", "2026-10-12", "2026-10-13", stage=None),
        )
    )
    assert rows["fault"].tolist() == [
        "acknowledged before receipt", "answered before receipt",
        "answered before acknowledgement", "no answer date", "no regime", "",
    ]  # fmt: skip
    assert len(fault_counts(rows)) == 5
    assert rows["respond_by"].isna().tolist() == [False] * 5 + [True]


def test_one_complaint_has_a_mean_and_no_interval_and_none_has_no_figure():
    rows = run_clocks(frame(complaint("2026-10-01", "2026-10-05", "2026-10-19", compensation=50.0)))
    results = handling_results(rows, date(2026, 10, 1)).set_index(
        ["measure", "service", "breakdown"]
    )
    mean = results.loc[("complaint_working_days", "waste", "")]
    assert (mean["value"], mean["base"]) == (12, 1)
    assert pd.isna(mean["lower"])
    share = results.loc[("complaints_on_time_share", "waste", "")]
    low, high = (float(end) for end in wilson(1.0, 1))
    assert (share["value"], share["lower"], share["upper"]) == pytest.approx((1, low, high))
    assert results.loc[("complaint_compensation", "all", ""), "value"] == 50
    assert handling_results(rows, date(2026, 8, 1)).empty
    assert handling_results(rows.iloc[:0], date(2026, 10, 1)).empty


def test_acknowledgements_are_of_those_due_in_the_month_and_one_never_sent_is_late():
    rows = run_clocks(
        frame(
            complaint("2026-10-01", "2026-10-05", "2026-10-19"),
            complaint("2026-10-01", "2026-10-20"),
            complaint("2026-10-02"),
            complaint("2026-10-02", None, "2026-10-06"),
            complaint("2026-10-29"),
        )
    )
    results = handling_results(rows, date(2026, 10, 1))
    mine = results[results["measure"].eq("complaints_acknowledged_on_time_share")]
    whole = mine[mine["breakdown"].eq("") & mine["service"].eq("all")].iloc[0]
    assert (whole["numerator"], whole["denominator"]) == (1, 3)
    still = results[results["measure"].eq("complaints_open") & results["breakdown"].eq("")]
    assert still["value"].tolist() == [3, 3]


def test_what_is_due_is_listed_by_reference_most_pressing_first():
    rows = run_clocks(
        frame(
            complaint("2026-10-20", "2026-10-21", complaint_id="later"),
            complaint("2026-10-12", "2026-10-13", complaint_id="soon"),
            complaint("2026-10-12", "2026-10-12", complaint_id="today"),
            complaint("2026-10-01", "2026-10-02", complaint_id="late"),
            complaint("2026-10-01", "2026-10-02", "2026-10-09", complaint_id="done"),
            complaint("2026-10-19", complaint_id="unacknowledged"),
        )
    )
    due = due_complaints(rows, date(2026, 10, 26))
    assert due[["bucket", "complaint_id", "step"]].to_numpy().tolist() == [
        ["overdue", "late", "answer"],
        ["due today", "today", "answer"],
        ["due today", "unacknowledged", "acknowledge"],
        ["about to breach", "soon", "answer"],
        ["due later", "later", "answer"],
        ["due later", "unacknowledged", "answer"],
    ]
    assert due["working_days_left"].tolist() == [-6, 0, 0, 1, 8 - 1 + 0, 10]
    assert "description" not in due
