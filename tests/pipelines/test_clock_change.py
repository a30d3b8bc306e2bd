"""The nights on which clocks change, from a file's times to the month's counts."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models import Contact, Result
from pipelines.edge import workspace as workspace_module
from pipelines.edge.store import read_table
from pipelines.edge.workspace import open_workspace
from pipelines.steps.demand import publish_demand
from pipelines.steps.events import read_events
from pipelines.steps.ingest import ingest_inbox
from tests.small_month import write_csv

LONDON = ZoneInfo("Europe/London")
CONTACTS = ["contact_id", "contacted_at", "channel", "service"]


def contacts(workspace, times):
    rows = [(name, time, "phone", "waste") for name, time in times.items()]
    write_csv(workspace.inbox("contacts") / "contacts.csv", CONTACTS, rows)
    (outcome,) = ingest_inbox(workspace, ["contacts"])
    return outcome.account


def instants(workspace):
    with workspace.engine.connect() as connection:
        rows = read_table(connection, Contact, timezone="UTC")
    return dict(zip(rows["contact_id"], rows["contacted_at"].dt.strftime("%d %H:%M"), strict=True))


def test_the_hour_that_comes_twice_is_told_apart_where_the_file_does(workspace):
    account = contacts(
        workspace,
        {
            "summer": "2026-10-25T01:30:00+01:00",
            "winter": "2026-10-25T01:30:00+00:00",
            "winter-utc": "2026-10-25T01:45:00Z",
            "unsaid": "2026-10-25 01:30",
            "before": "2026-10-25 00:59",
            "after": "2026-10-25 02:00",
        },
    )
    assert (account.accepted, account.quarantined) == (6, 0)
    assert instants(workspace) == {
        "summer": "25 00:30",
        "winter": "25 01:30",
        "winter-utc": "25 01:45",
        "unsaid": "25 00:30",  # the first of the two
        "before": "24 23:59",
        "after": "25 02:00",
    }


def test_a_time_that_never_was_counts_as_the_moment_the_clocks_went_to(workspace):
    account = contacts(
        workspace,
        {"never": "2026-03-29 01:30", "before": "2026-03-29 00:59", "after": "2026-03-29 02:00"},
    )
    assert (account.accepted, account.quarantined) == (3, 0)
    assert instants(workspace) == {"never": "29 01:00", "before": "29 00:59", "after": "29 01:00"}


@pytest.mark.parametrize(
    ("month", "times", "wanted"),
    [
        # Summer time at both ends: the month begins and ends an hour before Greenwich's.
        ("2026-09", ["2026-08-31T22:59:59Z", "2026-09-30T23:00:00Z"], 0),
        ("2026-09", ["2026-08-31T23:00:00Z", "2026-09-30T22:59:59Z"], 2),
        # October begins in summer time and ends in winter time, March the other way round.
        ("2026-10", ["2026-09-30T23:00:00Z", "2026-10-31T23:59:59Z"], 2),
        ("2026-10", ["2026-09-30T22:59:59Z", "2026-11-01T00:00:00Z"], 0),
        ("2026-03", ["2026-03-01T00:00:00Z", "2026-03-31T22:59:59Z"], 2),
        ("2026-03", ["2026-02-28T23:59:59Z", "2026-03-31T23:00:00Z"], 0),
    ],
)
def test_months_begin_and_end_at_local_midnight(workspace, month, times, wanted):
    contacts(workspace, {f"c{number}": time for number, time in enumerate(times)})
    first = date.fromisoformat(f"{month}-01")
    assert len(read_events(workspace, "contacts", months=[first])) == wanted
    publish_demand(workspace, first)
    with workspace.engine.connect() as connection:
        where = {"measure": "contacts", "period": month, "service": "all", "breakdown": ""}
        figures = read_table(connection, Result, where=where, timezone="Europe/London")
    assert figures["value"].sum() == wanted


def test_the_days_of_both_changes_hold_each_of_their_hours(workspace):
    # 23 hours in March and 25 in October, each with one contact at its half hour.
    days = {date(2026, 3, 29): 23, date(2026, 10, 25): 25}
    times = {}
    for day, hours in days.items():
        start = datetime(day.year, day.month, day.day, 0, 30, tzinfo=LONDON).astimezone(UTC)
        for hour in range(hours):
            moment = start + timedelta(hours=hour)
            times[f"{day:%m}-{hour}"] = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    contacts(workspace, times)
    stored = read_events(workspace, "contacts")["contacted_at"]
    assert stored.dt.date.value_counts().to_dict() == days


def test_waits_over_a_change_are_whole_days(workspace):
    header = ["case_id", "service", "case_type", "received_at", "decided_at"]
    rows = [
        ("longer", "planning", "minor", "2026-10-24 00:10", "2026-10-26 00:05"),
        ("dated", "planning", "minor", "2026-10-24", "2026-10-26"),
        ("shorter", "planning", "minor", "2026-03-28 23:50", "2026-03-30 00:10"),
    ]
    write_csv(workspace.inbox("cases") / "cases.csv", header, rows)
    ingest_inbox(workspace, ["cases"])
    for month in (date(2026, 3, 1), date(2026, 10, 1)):
        publish_demand(workspace, month)
    with workspace.engine.connect() as connection:
        where = {"measure": "case_wait_days_typical", "service": "planning", "breakdown": ""}
        figures = read_table(connection, Result, where=where, timezone="Europe/London")
    assert dict(zip(figures["period"], figures["value"], strict=True)) == {
        "2026-03": 2,
        "2026-10": 2,
    }


@pytest.mark.parametrize(
    ("now", "today", "last_month", "run_id"),
    [
        ("2026-10-25T00:30:00+00:00", date(2026, 10, 25), date(2026, 9, 1), "20261025T013000"),
        ("2026-10-25T01:30:00+00:00", date(2026, 10, 25), date(2026, 9, 1), "20261025T013000"),
        ("2026-03-29T01:00:00+00:00", date(2026, 3, 29), date(2026, 2, 1), "20260329T020000"),
        ("2026-09-30T23:30:00+00:00", date(2026, 10, 1), date(2026, 9, 1), "20261001T003000"),
        ("2026-10-31T23:30:00+00:00", date(2026, 10, 31), date(2026, 9, 1), "20261031T233000"),
    ],
)
def test_a_run_in_the_changed_hour_knows_its_day_and_has_an_id_of_its_own(
    root, monkeypatch, now, today, last_month, run_id
):
    monkeypatch.delenv("INSIGHT_TODAY")
    moment = datetime.fromisoformat(now)

    class Clock(datetime):
        @classmethod
        def now(cls, zone=None):
            return moment.astimezone(zone)

    monkeypatch.setattr(workspace_module, "datetime", Clock)
    first, second = open_workspace(root), open_workspace(root)
    assert first.today == today
    assert first.month(None) == last_month
    assert first.run_id.startswith(run_id)
    assert first.run_id != second.run_id
