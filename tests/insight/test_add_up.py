import numpy as np
import pandas as pd
import pytest

from insight.add_up import added_up, replaced_within, same_count


@pytest.fixture
def half_hours():
    return pd.DataFrame(
        {
            "date": ["1 May", "1 May", "2 May", "1 May"],
            "service": pd.array(["waste", "waste", "waste", pd.NA], dtype="string"),
            "offered": pd.array([10, 30, 5, 7], dtype="Int64"),
            "answered": pd.array([10, 20, 5, pd.NA], dtype="Int64"),
            "wait_seconds_mean": pd.array([30, 60, pd.NA, 9], dtype="Float64"),
        },
        index=[0, 2, 3, 4],
    )


def test_half_hours_of_a_day_are_added_up_and_their_waits_weighed(half_hours):
    rows, stands_for = added_up(half_hours, ["date", "service"], np.zeros(4, dtype=int))
    assert rows["offered"].tolist() == [40, 5, 7]
    assert rows["wait_seconds_mean"].iloc[0] == 50
    assert stands_for.to_dict() == {0: 2, 3: 1, 4: 1}


def test_a_mean_without_the_number_it_is_of_is_not_weighed(half_hours):
    rows, _ = added_up(half_hours, ["date", "service"], np.zeros(4, dtype=int))
    assert rows["wait_seconds_mean"].isna().tolist() == [False, True, True]
    assert rows["answered"].isna().tolist() == [False, False, True]


def test_rows_of_two_files_are_never_added_up(half_hours):
    rows, _ = added_up(half_hours, ["date", "service"], np.array([0, 1, 1, 1]))
    assert len(rows) == 4


def test_rows_that_another_of_their_file_replaces_are_told_from_repeated_ones():
    rows = pd.DataFrame({"row_key": ["a", "a", "a", "b"], "row_hash": ["1", "2", "2", "1"]})
    assert replaced_within(rows, np.zeros(4, dtype=int)).tolist() == [True, False, False, False]
    assert "add_up: true" in same_count(1, ["date"])[0]
