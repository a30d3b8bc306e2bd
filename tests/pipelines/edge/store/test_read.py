from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from models import Contact, ContactCount, Hotspot, Measure, Service, Target

LONDON = ZoneInfo("Europe/London")


def test_rows_are_chosen_by_value_list_emptiness_and_time(put, read, contacts):
    put(Contact, contacts())

    def keys(**where):
        return "".join(read(Contact, where=where)["row_key"])

    second = datetime(2026, 10, 2, tzinfo=LONDON)
    assert keys(source="calls", row_key="b") == "b"
    assert keys(source="chat") == ""
    assert keys(row_key=["a", "b", "c"]) == "ab"
    assert keys(row_key=[]) == ""
    assert keys(wait_seconds=None) == "b"
    assert keys(contacted_at=second) == "b"
    assert keys(contacted_at=slice(None, second)) == "a"
    assert keys(contacted_at=slice(second, None)) == "b"
    assert keys(contacted_at=slice(None, None)) == "ab"


def test_reading_most_of_a_table_gives_the_same_rows_in_the_same_order(put, read, contacts):
    put(Contact, contacts())
    second = datetime(2026, 10, 2, tzinfo=LONDON)
    for chosen in (slice(None, second), slice(second, None), slice(None, None)):
        plain, mostly = (
            read(Contact, where={"contacted_at": chosen}, **how) for how in ({}, {"mostly": True})
        )
        pd.testing.assert_frame_equal(plain, mostly)


def test_days_are_chosen_by_day(put, read, contacts):
    rows = contacts().filter(["source", "row_key", "row_hash", "file_hash", "row_number", "run_id"])
    put(ContactCount, rows.assign(date=pd.to_datetime(["2026-09-30", "2026-10-01"])))
    for day in (date, pd.Timestamp):
        october = slice(day(2026, 10, 1), day(2026, 11, 1))
        assert read(ContactCount, where={"date": october})["row_key"].tolist() == ["b"]


def test_columns_come_in_the_order_asked_for(put, read, contacts):
    put(Contact, contacts())
    rows = read(Contact, columns=["text", "contacted_at", "row_key"])
    assert rows.columns.tolist() == ["text", "contacted_at", "row_key"]
    assert rows["contacted_at"].tolist() == contacts()["contacted_at"].tolist()


@pytest.mark.parametrize("rows", [2, 0])
def test_the_types_read_are_the_documented_ones_even_without_rows(put, read, contacts, rows):
    put(Contact, contacts().head(rows))
    kinds = read(Contact).dtypes.astype(str)
    assert kinds["text"] == "string"
    assert kinds["wait_seconds"] == "Int64"
    assert kinds["contacted_at"] == "datetime64[us, Europe/London]"
    assert read(Hotspot).dtypes.astype(str)["significant"] == "boolean"
    assert read(Hotspot).dtypes.astype(str)["z"] == "float64"
    assert read(Target).dtypes.astype(str)["agreed_on"] == "datetime64[us]"


def test_rows_come_in_an_order_that_no_language_decides(put, read):
    codes = ["b", "B", "a", "Ä", "_", "10", "9", "é", "🗑"]
    put(Service, pd.DataFrame({"code": codes, "name": "x"}))
    assert read(Service)["code"].tolist() == sorted(codes)


def test_python_objects_are_stored_too(put, read, contacts):
    row = {"measure": "m", "service": "all", "period": "2026-10"}
    when = {"value": Decimal("0.85"), "agreed_on": date(2026, 4, 1)}
    put(Target, pd.DataFrame([row | when]))
    assert read(Target)["value"].tolist() == [0.85]
    assert read(Target)["agreed_on"].tolist() == [pd.Timestamp("2026-04-01")]
    summer, winter = (datetime(2026, month, 1, 8, tzinfo=LONDON) for month in (7, 12))
    put(Contact, contacts(contacted_at=pd.Series([summer, winter], dtype=object)))
    assert read(Contact)["contacted_at"].tolist() == [summer, winter]


def test_a_measure_keeps_whether_it_is_published(put, read):
    words = ["code", "title", "family", "service", "unit", "polarity"]
    measures = pd.DataFrame({word: ["a", "b"] for word in words} | {"published": [True, False]})
    put(Measure, measures)
    assert read(Measure)["published"].tolist() == [True, False]
