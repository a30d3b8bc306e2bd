import pandas as pd

from models import Contact, ContactCount
from pipelines.edge.store.tally import tally_events

LONDON = "Europe/London"


def bounds(*days, zone=None):
    return [pd.Timestamp(day, tz=zone) for day in days]


def test_events_are_counted_by_local_month_and_value(store, put, contacts):
    moments = [
        "2026-08-31 23:30", "2026-09-30 23:59", "2026-10-01 00:00", "2026-10-31 23:59",
        "2026-11-01 00:00",
    ]  # fmt: skip
    put(
        Contact,
        contacts(
            row_key=list("abcde"),
            row_hash=list("12345"),
            row_number=range(2, 7),
            contacted_at=[pd.Timestamp(moment, tz=LONDON) for moment in moments],
            channel=["phone", "phone", "phone", "email", "email"],
            wait_seconds=pd.array([1, 2, None, 4, 5], dtype="Int64"),
            text=None,
        ),
    )
    months = bounds("2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01", zone=LONDON)
    with store.connect() as connection:
        found = tally_events(
            connection,
            Contact,
            time="contacted_at",
            bounds=months,
            by=["channel"],
            filled=["wait_seconds", "text"],
        )
    found = found.sort_values(["span", "channel"])
    columns = ["span", "channel", "rows", "filled_wait_seconds", "filled_text"]
    assert found[columns].to_numpy().tolist() == [
        [0, "phone", 1, 1, 0],
        [1, "phone", 1, 1, 0],
        [2, "email", 1, 1, 0],
        [2, "phone", 1, 0, 0],
    ]
    assert found["newest"].max() == "2026-10-31T23:59:00.000000Z"


def test_days_are_counted_and_nothing_gives_no_rows(store, put, contacts):
    rows = contacts().filter(["source", "row_key", "row_hash", "file_hash", "row_number", "run_id"])
    put(ContactCount, rows.assign(date=pd.to_datetime(["2026-09-30", "2026-10-01"])))
    with store.connect() as connection:
        october = bounds("2026-10-01", "2026-11-01")
        found = tally_events(connection, ContactCount, time="date", bounds=october)
        assert found[["span", "rows", "newest"]].to_numpy().tolist() == [[0, 1, "2026-10-01"]]
        none = bounds("2027-10-01", "2027-11-01")
        assert tally_events(connection, ContactCount, time="date", bounds=none).empty
