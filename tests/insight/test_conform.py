from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts import load_contract
from insight.conform import conform
from insight.errors import MissingColumnsError

TODAY = date(2026, 11, 23)


def contacts(**columns):
    rows = len(next(iter(columns.values())))
    whole = {
        "contact_id": [str(n) for n in range(rows)],
        "contacted_at": ["03/04/2026 09:30"] * rows,
        "channel": ["Phone"] * rows,
        "service": ["waste"] * rows,
    }
    return pd.DataFrame(whole | columns, dtype="string")


def checked(**columns):
    return conform(contacts(**columns), load_contract("contacts"), today=TODAY)


def rules(result):
    found = result.failures[["row", "column", "rule"]]
    return [tuple(row) for row in found.to_numpy()]


def test_seconds_are_read_from_a_clock_and_other_numbers_are_not():
    waits = checked(wait_seconds=["00:02:35", "1:00:00", "45"]).rows["wait_seconds"]
    assert waits.tolist() == [155, 3600, 45]
    assert rules(checked(wait_seconds=["0:45"])) == [(0, "wait_seconds", "is not a whole number")]


def test_rows_are_typed_and_times_are_day_first_in_london():
    (time,) = checked(wait_seconds=["1,200"]).rows["contacted_at"]
    assert time == pd.Timestamp("2026-04-03 08:30", tz="UTC")
    assert checked(wait_seconds=["1,200"]).rows["wait_seconds"].tolist() == [1200]


@pytest.mark.parametrize("spelt", ["Phone", "telephone", "Tel.", " TEL ", "phone call"])
def test_spellings_of_a_channel_become_the_contracts_own(spelt):
    assert checked(channel=[spelt]).rows["channel"].tolist() == ["phone"]


def test_an_unknown_channel_is_set_aside_with_what_is_allowed():
    result = checked(channel=["phone", "pigeon"])
    assert result.rows.index.tolist() == [0]
    ((row, column, rule),) = rules(result)
    assert (row, column) == (1, "channel")
    assert rule.startswith("must be one of phone, email")


def test_a_blank_in_a_required_column_is_said_once():
    assert rules(checked(service=["waste", " "])) == [(1, "service", "must not be blank")]


def test_an_unreadable_date_is_not_also_called_blank():
    ((row, column, rule),) = rules(checked(contacted_at=["31/02/2026"]))
    assert (row, column) == (0, "contacted_at")
    assert "not a date" in rule


def test_a_date_in_2062_is_in_the_future():
    assert rules(checked(contacted_at=["03/04/2062"])) == [(0, "contacted_at", "is in the future")]


def test_numbers_out_of_range_and_fractions_of_whole_numbers_are_set_aside():
    found = rules(checked(wait_seconds=["-5", "1.5", "12"]))
    assert [(row, rule) for row, _, rule in found] == [
        (1, "is not a whole number"),
        (0, "must not be below 0"),
    ]


def test_a_row_that_breaks_two_rules_is_one_row_with_two_failures():
    result = checked(channel=["pigeon"], wait_seconds=["-5"])
    assert len(result.failures) == 2
    assert result.rows.empty


def test_a_report_needs_a_place_of_some_kind():
    frame = pd.DataFrame(
        {
            "report_id": ["1", "2", "3"],
            "reported_at": ["2026-04-03"] * 3,
            "category": ["Litter"] * 3,
            "latitude": ["52.6", "52.6", pd.NA],
            "longitude": ["-1.1", pd.NA, pd.NA],
            "ward": [pd.NA, pd.NA, "North"],
        },
        dtype="string",
    )
    result = conform(frame, load_contract("street_reports"), today=TODAY)
    assert result.failures["row"].tolist() == [1]


def test_a_decision_before_its_application_is_set_aside_but_not_one_given_as_the_same_day():
    frame = pd.DataFrame(
        {
            "case_id": ["1", "2"],
            "service": ["planning"] * 2,
            "case_type": ["major"] * 2,
            "received_at": ["04/05/2026 10:00"] * 2,
            "decided_at": ["04/05/2026", "02/05/2026"],
        },
        dtype="string",
    )
    result = conform(frame, load_contract("cases"), today=TODAY)
    assert rules(result) == [(1, "decided_at", "is before received_at")]


def test_a_missing_column_is_named_with_the_file():
    frame = contacts(channel=["phone"]).drop(columns="channel")
    with pytest.raises(MissingColumnsError, match=r"calls\.csv has no column channel"):
        conform(frame, load_contract("contacts"), today=TODAY, where="calls.csv")


@given(st.lists(st.sampled_from(["phone", "Tel.", "pigeon", "", " "]), min_size=1, max_size=20))
def test_every_row_is_either_kept_or_explained(channels):
    result = checked(channel=channels)
    assert len(result.rows) + result.failures["row"].nunique() == len(channels)
    assert not set(result.rows.index) & set(result.failures["row"])
