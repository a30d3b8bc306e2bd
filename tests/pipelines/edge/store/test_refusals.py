import pandas as pd
import pytest

from insight.errors import MissingColumnsError
from models import Contact, Target
from pipelines.edge.store import (
    StoreRefusedError,
)


def test_a_missing_column_that_no_row_may_lack_is_named(put, contacts):
    with pytest.raises(MissingColumnsError, match="contact has no column file_hash, run_id"):
        put(Contact, contacts().drop(columns=["run_id", "file_hash"]))


def test_an_unknown_column_is_named(put, contacts):
    with pytest.raises(StoreRefusedError, match="contact has no column shoe_size"):
        put(Contact, contacts(shoe_size=42))


def test_a_value_that_no_row_may_lack_is_named(put, contacts):
    with pytest.raises(StoreRefusedError, match="contact: row_hash can't be empty"):
        put(Contact, contacts(row_hash=["1", None]))


def test_a_key_given_twice_is_refused(put, read, contacts):
    with pytest.raises(StoreRefusedError, match=r"contact: 1 row\(s\) have the key"):
        put(Contact, contacts(row_key="a"))
    assert read(Contact).empty


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("wait_seconds", 1.5, "isn't a whole number"),
        ("wait_seconds", 2**63, "isn't a whole number"),
        ("wait_seconds", "soon", "isn't a whole number"),
        ("contacted_at", pd.Timestamp("2026-10-01 09:00"), "isn't a time with a time zone"),
        ("contacted_at", "Tuesday", "isn't a time with a time zone"),
        ("text", "half a pair: \ud83d", "isn't text"),
    ],
)
def test_a_value_of_another_kind_is_refused_without_being_shown(
    put, contacts, column, value, expected
):
    with pytest.raises(StoreRefusedError, match=f"contact: column {column} .*{expected}") as error:
        put(Contact, contacts(**{column: pd.Series([value, value], dtype=object)}))
    assert str(value) not in str(error.value)
    assert error.value.__suppress_context__


@pytest.mark.parametrize(
    "day", [pd.Timestamp("2026-10-01 09:00"), pd.Timestamp("2026-10-01", tz="UTC"), "soon"]
)
def test_a_day_with_a_time_is_refused(put, day):
    agreed = pd.DataFrame(
        {"measure": ["m"], "service": ["all"], "period": ["p"], "agreed_on": [day]}
    )
    with pytest.raises(StoreRefusedError, match=r"target: column agreed_on .*isn't a day"):
        put(Target, agreed)


def test_two_keys_that_differ_only_in_a_nul_are_refused(put, read, contacts):
    with pytest.raises(StoreRefusedError, match="breaks a rule of its table"):
        put(Contact, contacts(row_key=["a", "a\0"]))
    assert read(Contact).empty


def test_a_nul_is_dropped_from_text(put, read, contacts):
    put(Contact, contacts(text=["Bin\0 day", "\0"]))
    assert read(Contact)["text"].tolist() == ["Bin day", ""]
