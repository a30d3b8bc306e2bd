from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from data_contracts import INPUTS, load_contract
from insight.retention import cutoff, event_days, is_past, needed_columns

LONDON = ZoneInfo("Europe/London")
BEFORE = cutoff(date(2026, 11, 23), 365, LONDON)


def instants(*texts):
    return pd.Series(pd.to_datetime(list(texts), utc=True, format="ISO8601")).dt.as_unit("us")


def test_the_first_moment_kept_is_local_midnight():
    assert pd.Timestamp("2025-11-23T00:00Z") == BEFORE
    assert cutoff(date(2026, 8, 2), 1, LONDON) == pd.Timestamp("2026-07-31T23:00Z")


def test_a_row_of_the_last_evening_is_past_and_one_of_the_morning_is_not():
    rows = pd.DataFrame({"contacted_at": instants("2025-11-22T23:59:59Z", "2025-11-23", None)})
    assert is_past(rows, load_contract("contacts"), BEFORE).tolist() == [True, False, False]


def test_the_day_is_the_councils_own_not_utc():
    before = cutoff(date(2026, 8, 2), 1, LONDON)
    rows = pd.DataFrame({"contacted_at": instants("2026-07-31T22:59Z", "2026-07-31T23:30Z")})
    assert is_past(rows, load_contract("contacts"), before).tolist() == [True, False]


def test_days_without_a_time_are_compared_as_days():
    rows = pd.DataFrame({"date": pd.to_datetime(["2025-11-22", "2025-11-23"])})
    assert is_past(rows, load_contract("web_counts"), BEFORE).tolist() == [True, False]


@pytest.mark.parametrize(
    ("decided", "outcome", "past"),
    [
        ("2020-05-01", "granted", True),
        ("2026-05-01", "granted", False),  # the decision is what counts
        (None, "undecided", False),
        (None, None, False),
        (None, "withdrawn", True),
    ],
)
def test_a_case_counts_from_its_decision_and_an_open_one_is_never_past(decided, outcome, past):
    rows = pd.DataFrame(
        {
            "received_at": instants("2020-01-01"),
            "decided_at": instants(decided),
            "outcome": pd.Series([outcome], dtype="string"),
        }
    )
    assert is_past(rows, load_contract("cases"), BEFORE).tolist() == [past]


def test_a_return_counts_from_the_end_of_its_period():
    periods = pd.Series(["2025-10", "2025-11", "2025-26 Q2", "2024-25", "2025-26", "soon"])
    rows = pd.DataFrame({"period": periods.astype("string")})
    contract = load_contract("kpi_returns")
    assert is_past(rows, contract, BEFORE).tolist() == [True, False, True, True, False, False]
    assert event_days(rows, contract, BEFORE).isna().tolist() == [False] * 5 + [True]


@pytest.mark.parametrize("name", INPUTS)
def test_every_input_has_a_time_and_a_period_and_takes_an_empty_table(name):
    contract = load_contract(name)
    assert contract.event_time is not None
    assert contract.retention_days is not None
    empty = pd.DataFrame({column: instants() for column in needed_columns(contract)})
    if contract.name == "kpi_returns":
        empty = empty.astype("string")
    if contract.name in {"web_counts", "contact_counts"}:
        empty = pd.DataFrame({name: empty[name].dt.tz_localize(None) for name in empty})
    assert is_past(empty, contract, BEFORE).empty
