from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.periods import UnknownPeriodError, add_months
from insight.weeks import is_week, parse_week, period_end, week_key, weeks_of_month

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(days)
def test_every_week_lies_in_one_month_that_of_its_thursday(day):
    key = week_key(day)
    thursday = parse_week(key) + timedelta(days=3)
    month = thursday.replace(day=1)
    assert key in weeks_of_month(month)
    assert key not in weeks_of_month(add_months(month, 1))
    assert key not in weeks_of_month(add_months(month, -1))
    assert len(weeks_of_month(month)) in {4, 5}


def test_a_month_has_the_weeks_that_a_calendar_shows():
    # January 2026 begins on a Thursday, so the week of 29 December 2025 is its first.
    assert weeks_of_month(date(2026, 1, 1)) == tuple(f"2026-W{week:02d}" for week in range(1, 6))
    assert weeks_of_month(date(2027, 1, 1))[0] == "2027-W01"
    assert parse_week("2027-W01") == date(2027, 1, 4)


@pytest.mark.parametrize("text", ["2026-W54", "2026-W00", "2027-W53", "2026-10", "W12", ""])
def test_what_is_no_week_is_refused(text):
    with pytest.raises(UnknownPeriodError):
        parse_week(text)


def test_a_period_ends_on_its_last_day():
    assert period_end("2026-W53") == date(2027, 1, 3)
    assert period_end("2026-02") == date(2026, 2, 28)
    assert period_end("2026-27") == date(2027, 3, 31)
    assert is_week("2026-W01")
    assert not is_week("2026-01")
