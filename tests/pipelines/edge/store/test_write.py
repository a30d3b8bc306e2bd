import pandas as pd
import pytest

from models import Contact, Result, Target
from pipelines.edge.store import (
    StoreRefusedError,
    UpsertCount,
    existing_hashes,
    replace_period,
    write_transaction,
)
from pipelines.edge.store import read as store_read
from pipelines.edge.store import staging as store_staging


def test_new_rows_are_inserted_and_the_same_rows_again_are_unchanged(put, read, contacts):
    assert put(Contact, contacts()) == UpsertCount(2, 0, 0)
    assert put(Contact, contacts(run_id="second")) == UpsertCount(0, 0, 2)
    assert set(read(Contact)["run_id"]) == {"first"}


def test_a_correction_replaces_its_row_and_says_which_run_brought_it(put, read, contacts):
    put(Contact, contacts())
    corrected = contacts(row_hash=["1", "2b"], wait_seconds=[30, 90], run_id="second")
    assert put(Contact, corrected) == UpsertCount(0, 1, 1)
    rows = read(Contact)
    assert rows["wait_seconds"].tolist() == [30, 90]
    assert rows["run_id"].tolist() == ["first", "second"]


def test_new_corrected_and_known_rows_are_counted_apart(put, read, contacts):
    put(Contact, contacts())
    mixed = contacts(
        row_key=["a", "b", "c"],
        row_hash=["1", "2b", "3"],
        row_number=[2, 3, 4],
        contacted_at=pd.Timestamp("2026-10-03", tz="Europe/London"),
        wait_seconds=5,
        text=None,
    )
    assert put(Contact, mixed) == UpsertCount(inserted=1, updated=1, unchanged=1)
    assert read(Contact)["wait_seconds"].tolist() == [30, 5, 5]


def test_the_same_key_from_another_source_is_another_row(put, contacts):
    put(Contact, contacts())
    assert put(Contact, contacts(source="chat")) == UpsertCount(2, 0, 0)


def test_a_figure_that_only_a_new_run_repeats_is_unchanged(put, figures):
    put(Result, figures([10.0, None]))
    again = figures([10.0, None], run_id="second", computed_at=pd.Timestamp.now("UTC"))
    assert put(Result, again) == UpsertCount(0, 0, 2)
    assert put(Result, figures([10.0, 5.0], run_id="third")) == UpsertCount(0, 1, 1)
    assert put(Result, figures([None, 5.0])) == UpsertCount(0, 1, 1)


def test_columns_left_out_stay_as_they_are(put, read, figures):
    put(Result, figures([1.0, 2.0], commentary=["Snow", None]))
    put(Result, figures([3.0, 4.0]))
    rows = read(Result)
    assert rows["commentary"].tolist() == ["Snow", pd.NA]
    assert rows["value"].tolist() == [3.0, 4.0]


def test_a_table_of_keys_alone_can_be_stored_twice(put):
    target = pd.DataFrame({"measure": ["m"], "service": ["all"], "period": ["2026-10"]})
    assert put(Target, target) == UpsertCount(1, 0, 0)
    assert put(Target, target) == UpsertCount(0, 0, 1)


def test_no_rows_are_no_work(put, contacts):
    assert put(Contact, contacts().head(0)) == UpsertCount(0, 0, 0)


def test_rows_beyond_one_helping_are_all_stored_and_read(put, read, contacts, monkeypatch):
    monkeypatch.setattr(store_staging, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(store_read, "ROWS_AT_ONCE", 3)
    many = contacts(
        **{
            "row_key": list("gfedcba"),
            "row_hash": list("gfedcba"),
            "row_number": range(7),
            "contacted_at": pd.NaT,
            "wait_seconds": range(7),
            "text": None,
        }
    )
    assert put(Contact, many) == UpsertCount(7, 0, 0)
    rows = read(Contact)
    assert rows["row_key"].tolist() == list("abcdefg")
    assert rows["wait_seconds"].tolist() == [6, 5, 4, 3, 2, 1, 0]
    assert rows.index.tolist() == list(range(7))


def test_a_replaced_period_holds_the_new_rows_alone_and_other_periods_stay(
    store, put, read, figures
):
    put(Result, figures([1.0, 2.0]))
    put(Result, figures([7.0, 8.0], period="2026-09"))
    with write_transaction(store) as connection:
        new = figures([3.0, 4.0]).query("measure == 'contacts'")
        assert replace_period(connection, Result, new, where={"period": "2026-10"}) == 1
    assert read(Result, where={"period": "2026-10"})["value"].tolist() == [3.0]
    assert read(Result, where={"period": "2026-09"})["value"].tolist() == [7.0, 8.0]


def test_replacing_a_period_with_the_same_figures_touches_nothing(store, put, read, figures):
    put(Result, figures([1.0, 2.0], commentary=["Snow", None]))
    with write_transaction(store) as connection:
        again = figures([1.0, 2.0], run_id="second")
        assert replace_period(connection, Result, again, where={"period": "2026-10"}) == 2
    rows = read(Result)
    assert set(rows["run_id"]) == {"first"}
    assert rows["commentary"].tolist() == ["Snow", pd.NA]


def test_replacing_some_measures_leaves_the_others(store, put, read, figures):
    put(Result, figures([1.0, 2.0]))
    slice_ = {"measure": ["contacts", "complaints_received"], "period": "2026-10"}
    with write_transaction(store) as connection:
        assert replace_period(connection, Result, figures([1.0, 2.0]).head(0), where=slice_) == 0
    assert read(Result)["measure"].tolist() == ["enquiries"]


def test_a_row_outside_the_slice_is_refused_and_nothing_is_lost(store, put, read, figures):
    put(Result, figures([1.0, 2.0]))
    with (
        pytest.raises(StoreRefusedError, match="result: some rows lie outside the slice"),
        write_transaction(store) as connection,
    ):
        replace_period(connection, Result, figures([3.0, 4.0]), where={"measure": "contacts"})
    assert read(Result)["value"].tolist() == [1.0, 2.0]


def test_hashes_are_found_for_the_keys_asked_for_in_their_own_source(store, put, contacts):
    put(Contact, contacts())
    put(Contact, contacts(source="chat", row_hash=["8", "9"]))
    with store.connect() as connection:
        found = existing_hashes(connection, Contact, "calls", ["b", "z", "b"])
        assert found.to_dict() == {"b": "2"}
        assert existing_hashes(connection, Contact, "calls", []).empty
        many = pd.Series([str(i) for i in range(40_000)] + ["a"], dtype="string")
        assert existing_hashes(connection, Contact, "chat", many)["a"] == "8"
