from datetime import date

import pandas as pd
import pytest

from insight.quarantine import carried_over, is_open

TODAY = date(2026, 11, 23)


@pytest.fixture
def cells():
    def make(*numbers, rule="must not be blank", resolution="", seen="2026-10-01"):
        return pd.DataFrame(
            {
                "source": "calls",
                "file_hash": "a1",
                "row_number": pd.array(numbers, dtype="Int64"),
                "column": "channel",
                "rule": rule,
                "first_seen": pd.Timestamp(seen, tz="UTC"),
                "resolution": pd.array([resolution] * len(numbers), dtype="string"),
            }
        )

    return make


def taken(*numbers):
    return pd.DataFrame({"file_hash": "a1", "row_number": pd.array(numbers, dtype="Int64")})


def told(rows):
    return dict(zip(rows["row_number"], rows["resolution"], strict=True))


def test_a_row_refused_no_more_is_kept_with_what_became_of_it(cells):
    after = carried_over(cells(2, 3), cells(3), rows_taken=taken(2, 3), today=TODAY)
    assert told(after) == {3: "", 2: "accepted on replay 2026-11-23"}
    assert is_open(after).sum() == 1


def test_a_row_that_the_mapping_leaves_out_is_not_called_accepted(cells):
    after = carried_over(cells(2), cells(), rows_taken=taken(3, 4), today=TODAY)
    assert told(after) == {2: "left out by the mapping on replay 2026-11-23"}


def test_rows_of_two_files_are_not_taken_for_each_other(cells):
    other = cells(2, rule="is in the future").assign(file_hash="b2")
    after = carried_over(cells(2), other, rows_taken=None, today=TODAY)
    assert sorted(after["resolution"]) == ["", "accepted on replay 2026-11-23"]


def test_a_row_still_refused_keeps_the_time_it_was_first_seen(cells):
    after = carried_over(cells(2), cells(2, seen="2026-11-23"), rows_taken=None, today=TODAY)
    assert after["first_seen"].tolist() == [pd.Timestamp("2026-10-01", tz="UTC")]
    assert told(after) == {2: ""}


def test_a_row_refused_for_another_reason_is_open_once(cells):
    now = cells(2, rule="is in the future")
    after = carried_over(cells(2), now, rows_taken=None, today=TODAY)
    assert after["rule"].tolist() == ["is in the future"]


def test_what_was_resolved_before_stays_as_it_was_said(cells):
    before = cells(2, resolution="accepted on replay 2026-10-05")
    after = carried_over(before, cells(), rows_taken=None, today=TODAY)
    assert told(after) == {2: "accepted on replay 2026-10-05"}


def test_a_resolved_row_that_is_refused_again_is_open_again(cells):
    before = cells(2, resolution="accepted on replay 2026-10-05")
    assert told(carried_over(before, cells(2), rows_taken=None, today=TODAY)) == {2: ""}


def test_what_a_person_gave_up_stays_given_up(cells):
    before = cells(2, resolution="given up 2026-10-05")
    after = carried_over(before, cells(2), rows_taken=None, today=TODAY)
    assert told(after) == {2: "given up 2026-10-05"}
