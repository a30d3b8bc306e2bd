"""Dates that Excel left as numbers, clock durations, and dates in another order."""

from datetime import datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts import load_contract
from insight.office_values import rewrite_office_values

CONTACTS = load_contract("contacts")


def rewritten(name, values, **options):
    frame = pd.DataFrame({name: pd.Series(values, dtype="string")})
    result = rewrite_office_values(frame, CONTACTS, **({"dates": "day-first"} | options))
    return result.frame[name].tolist(), result.notes


def test_a_number_of_days_becomes_its_date_and_is_counted():
    values, notes = rewritten("contacted_at", ["46143", "46143.5", "01/05/2026", None])
    assert values == ["2026-05-01 00:00:00", "2026-05-01 12:00:00", "01/05/2026", pd.NA]
    assert len(notes) == 1
    assert "contacted_at" in notes[0]
    assert "2 of them" in notes[0]


def test_days_may_count_from_1904_or_not_at_all():
    assert rewritten("contacted_at", ["44681"], serial_dates="1904")[0] == ["2026-05-01"]
    assert rewritten("contacted_at", ["46143"], serial_dates="never") == (["46143"], ())


@pytest.mark.parametrize("dates", ["%y%j", "%d%m%Y", "epoch"])
def test_a_pattern_of_digits_has_the_last_word(dates):
    assert rewritten("contacted_at", ["26121"], dates=dates) == (["26121"], ())


@pytest.mark.parametrize("value", ["4614", "461430", "12000", "80001", "46143x", "-46143"])
def test_other_numbers_stay_for_the_contract_to_refuse(value):
    assert rewritten("contacted_at", [value]) == ([value], ())


def test_numbers_in_other_columns_stay():
    assert rewritten("contact_id", ["46143"]) == (["46143"], ())


def test_hours_minutes_and_seconds_become_seconds_and_two_parts_alone_do_not():
    values, notes = rewritten("wait_seconds", ["0:01:32", "00:00:05", "92", "1:32", None])
    assert values == ["92", "5", "92", "1:32", pd.NA]
    assert "2 of them" in notes[0]


def test_dates_that_only_fit_the_other_order_are_counted_beside_those_that_fit_this_one():
    values = ["05/13/2026", "13/05/2026", "04/05/2026", "31/05/2026"]
    assert rewritten("contacted_at", values)[0] == values
    (note,) = rewritten("contacted_at", values)[1]
    assert "1 can only be read month-first and 2 only day-first" in note
    (note,) = rewritten("contacted_at", values, dates="month-first")[1]
    assert "2 can only be read day-first and 1 only month-first" in note
    assert rewritten("contacted_at", values[1:])[1] == ()
    assert rewritten("contacted_at", values, dates="%d/%m/%Y")[1] == ()


@given(st.datetimes(datetime(1955, 1, 1), datetime(2118, 12, 31)))  # noqa: DTZ001
def test_each_moment_comes_back_from_the_number_that_excel_keeps(moment):
    moment = moment.replace(microsecond=0)
    days = (moment - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001
    (value,), _ = rewritten("contacted_at", [repr(days)])
    assert pd.Timestamp(value) == moment
