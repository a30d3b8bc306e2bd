"""Real calls and feedback cases as demand and case figures, worked out again from the raw files."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pipelines.steps.demand import publish_demand
from pipelines.steps.figures import read_figures
from tests.real_accounts import told

DECEMBER = date(2018, 12, 1)


@pytest.fixture(scope="module")
def calls(real_data):
    path = real_data / "vancouver-311-calls" / "contact_centre_daily_to_2019.csv"
    raw = pd.read_csv(path, sep=";", encoding="utf-8-sig", parse_dates=["Date"])
    return path, raw.set_index(raw["Date"].dt.date)


@pytest.fixture
def figures(make_workspace, ingest, calls):
    """Give December 2018, with Canada's holidays, of all services together."""
    workspace = make_workspace(demand={"bank_holidays": ["CA", "BC"]})
    ingest(workspace, calls[0], "vancouver_calls", "telephony")
    publish_demand(workspace, DECEMBER)
    found = read_figures(workspace, months=[DECEMBER])
    return found[found["service"].eq("all")].set_index(["measure", "breakdown"])


def weeks_of(month):
    """Give the Mondays of weeks whose Thursday lies in the month."""
    first = month - timedelta(days=month.weekday())
    mondays = [first + timedelta(weeks=n) for n in range(6)]
    return [day for day in mondays if (day + timedelta(days=3)).month == month.month]


def test_weekly_calls_stand_beside_the_same_weeks_of_the_year_before(figures, calls):
    offered = calls[1]["CallsOffered"]

    def in_week(monday):
        return float(sum(offered.get(monday + timedelta(days=n), 0) for n in range(7)))

    weeks = figures.loc["contacts_by_week"]
    now_and_then = {}
    for monday in weeks_of(DECEMBER):
        year, number, _ = monday.isocalendar()
        then = date.fromisocalendar(year - 1, number, 1)
        (row,) = [key for key in weeks.index if f"week={year}-W{number:02d}" in key]
        assert weeks.loc[row, "value"] == in_week(monday)
        assert weeks.loc[row, "denominator"] == in_week(then)
        now_and_then[number] = (in_week(monday), in_week(then))
    assert len(now_and_then) == 4
    change = figures.loc[("contacts_change", ""), "value"]
    # Weeks 49 to 52 have as many holidays in both years: Christmas and New Year's Day lie in 52
    # and 1 of both.
    kept = [now_and_then[number] for number in now_and_then]
    whole = sum(now for now, _ in kept) / sum(then for _, then in kept) - 1
    assert change == pytest.approx(whole)


def test_the_months_calls_are_shared_out_as_in_the_raw_file(figures, calls):
    raw = calls[1]
    month = raw[[day.year == 2018 and day.month == 12 for day in raw.index]]
    whole = figures.xs("", level="breakdown")
    assert whole.loc["contacts", "value"] == month["CallsOffered"].sum()
    for measure, column in (
        ("calls_answered_share", "CallsHandled"),
        ("calls_abandoned_share", "CallsAbandoned"),
    ):
        share = month[column].sum() / month["CallsOffered"].sum()
        assert whole.loc[measure, "value"] == pytest.approx(share)
    answered = month["CallsHandled"]
    wait = np.average(month["AverageSpeedofAnswer"], weights=answered)
    assert whole.loc["wait_seconds_mean", "value"] == pytest.approx(wait)


def test_feedback_cases_are_received_decided_and_open_as_in_the_raw_file(
    workspace, ingest, real_data
):
    path = real_data / "vancouver-feedback-cases" / "feedback_cases_2023.csv"
    account = ingest(workspace, path, "vancouver_feedback_cases", "feedback")
    raw = pd.read_csv(path)
    assert told(account) == (len(raw), len(raw), 0, 0, 0)
    month = date(2023, 6, 1)
    publish_demand(workspace, month)
    found = read_figures(workspace, months=[month])
    whole = found[found["service"].eq("contact-centre") & found["breakdown"].eq("")]
    value = whole.set_index("measure")["value"]
    opened = pd.to_datetime(raw["Service request open timestamp"], utc=True)
    opened = opened.dt.tz_convert("Europe/London").dt.tz_localize(None).dt.normalize()
    closed = pd.to_datetime(raw["Service request close date"])
    # Days without a time are read as midnight in Vancouver: breakfast in London, the same day.
    start, end = pd.Timestamp("2023-06-01"), pd.Timestamp("2023-06-30")
    wrong = closed.lt(opened)
    assert value["cases_received"] == opened.between(start, end).sum()
    assert value["cases_decided"] == closed.between(start, end).sum()
    assert value["cases_open"] == (opened.le(end) & ~closed.le(end)).sum()
    days = (closed - opened).dt.days[closed.between(start, end) & ~wrong]
    assert value["case_wait_days_typical"] == pytest.approx(days.median(), abs=1)
