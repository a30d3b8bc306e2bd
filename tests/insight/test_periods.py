from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.errors import InsightError
from insight.periods import (
    Frequency,
    UnknownPeriodError,
    add_months,
    canonical_period,
    in_month,
    latest_complete_period,
    local_dates,
    month_end,
    month_key,
    month_of,
    months_of,
    months_of_quarter,
    parse_period,
    period_key,
    period_title,
    previous_period,
    quarter_key,
    same_period_last_year,
    uk_date,
    year_key,
)

months = st.builds(date, st.integers(2013, 2090), st.integers(1, 12), st.just(1))
frequencies = st.sampled_from(list(Frequency))


def london(*times: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(times), utc=True)).dt.tz_convert("Europe/London")


def test_the_financial_year_begins_in_april():
    assert year_key(date(2026, 3, 1)) == "2025-26"
    assert year_key(date(2026, 4, 1)) == "2026-27"
    assert year_key(date(2099, 4, 1)) == "2099-00"


@pytest.mark.parametrize(
    ("month", "quarter"),
    [(4, "Q1"), (6, "Q1"), (7, "Q2"), (9, "Q2"), (10, "Q3"), (12, "Q3"), (1, "Q4"), (3, "Q4")],
)
def test_quarters_count_from_april(month, quarter):
    assert quarter_key(date(2026, month, 1)).endswith(quarter)


def test_a_quarter_lists_its_three_months():
    assert months_of_quarter("2026-27 Q2") == (
        date(2026, 7, 1),
        date(2026, 8, 1),
        date(2026, 9, 1),
    )


@given(months, frequencies)
def test_a_period_contains_the_month_that_named_it(month, frequency):
    key = period_key(month, frequency)
    assert month in months_of(key, frequency)
    assert parse_period(key)[0] is frequency
    assert canonical_period(key) == key


@given(months, frequencies)
def test_the_previous_period_ends_where_this_one_begins(month, frequency):
    key = period_key(month, frequency)
    before = months_of(previous_period(key, frequency), frequency)
    assert add_months(before[-1], 1) == months_of(key, frequency)[0]


@given(months, frequencies)
def test_last_years_period_has_the_same_months(month, frequency):
    key = period_key(month, frequency)
    then = months_of(same_period_last_year(key, frequency), frequency)
    assert [add_months(first, 12) for first in then] == list(months_of(key, frequency))


@given(months)
def test_a_month_ends_the_day_before_the_next(month):
    assert month_end(month) + timedelta(days=1) == add_months(month, 1)


@given(months, frequencies)
def test_the_latest_complete_period_is_over_with_the_month(month, frequency):
    last = months_of(latest_complete_period(month, frequency), frequency)[-1]
    assert last <= month < add_months(last, {"monthly": 1, "quarterly": 3, "annual": 12}[frequency])


def test_a_year_that_reads_like_a_month_needs_its_frequency():
    assert parse_period("2011-12")[1] == date(2011, 12, 1)
    assert parse_period("2011-12", "annual")[1] == date(2011, 4, 1)
    assert previous_period("2011-12", "annual") == "2010-11"


@pytest.mark.parametrize(
    "text", ["", "2026-13x", "2026-28", "2026-27 Q5", "October", "2026/2028", "26-27", "2026-00"]
)
def test_what_is_no_period_is_refused_with_the_ways_to_write_one(text):
    with pytest.raises(UnknownPeriodError, match="2026-27 Q2"):
        parse_period(text)
    assert issubclass(UnknownPeriodError, InsightError)


def test_a_month_given_for_a_quarter_is_refused():
    with pytest.raises(UnknownPeriodError):
        parse_period("2026-10", "quarterly")


def test_months_are_local_not_universal():
    times = london("2026-09-30T23:30Z", "2026-10-31T23:59Z", "2026-11-01T00:00Z", None)
    assert month_of(times).fillna("").tolist() == ["2026-10", "2026-10", "2026-11", ""]
    assert in_month(times, date(2026, 10, 1)).tolist() == [True, True, False, False]


def test_both_hours_of_the_night_the_clocks_go_back_are_in_the_month():
    times = london("2026-10-25T00:30Z", "2026-10-25T01:30Z")
    assert in_month(times, date(2026, 10, 1)).all()
    assert local_dates(times).tolist() == [pd.Timestamp("2026-10-25")] * 2


def test_dates_without_a_zone_are_taken_as_they_are():
    days = pd.Series(pd.to_datetime(["2026-10-01", None]))
    assert month_of(days).fillna("").tolist() == ["2026-10", ""]
    assert month_of(days).index.equals(days.index)


@given(st.lists(st.datetimes(pd.Timestamp(2000, 1, 1), pd.Timestamp(2060, 1, 1)), max_size=5))
def test_month_of_agrees_with_in_month(times):
    series = pd.Series(times, dtype="datetime64[us]")
    for time, key in zip(times, month_of(series), strict=True):
        assert key == month_key(time.date())
        assert in_month(series, time.date().replace(day=1)).sum() >= 1


def test_dates_and_periods_read_as_people_write_them():
    assert uk_date(date(2026, 10, 3)) == "3 October 2026"
    assert period_title("2026-10") == "October 2026"
    assert period_title("2026-27 Q4") == "January to March 2027 (2026-27 Q4)"
    assert period_title("2010-11", "annual") == "April 2010 to March 2011"
