from datetime import date

import numpy as np
import pandas as pd

from insight.borough.clock import (
    ANY_DAY,
    add_working_days,
    bank_holidays,
    days_of,
    times_in,
    working_days_of,
)


def test_working_days_leave_out_weekends_and_christmas():
    days = working_days_of(date(2026, 12, 1))
    assert np.datetime64("2026-12-25") not in days
    assert np.datetime64("2026-12-28") not in days  # Boxing Day is a Saturday, kept on Monday
    assert days.size == 21


def test_days_run_to_the_end_of_the_month():
    assert days_of(date(2028, 2, 1)).size == 29


def test_working_days_are_counted_over_a_bank_holiday():
    friday = np.array(["2026-04-02"], "M8[D]")  # Maundy Thursday
    assert add_working_days(friday, np.array([1])).tolist() == [date(2026, 4, 7)]
    assert np.datetime64("2026-04-06") in bank_holidays(2026, 2026)


def test_no_days_need_no_calendar():
    assert add_working_days(np.array([], "M8[s]"), np.array([], "i8")).size == 0


def test_office_times_are_ordered_and_in_office_hours():
    times = pd.Series(times_in(date(2026, 10, 1), 500, np.random.default_rng(1)))
    assert times.is_monotonic_increasing
    assert times.dt.day_of_week.max() <= 4
    assert times.dt.hour.between(8, 17).all()
    assert times.dt.strftime("%Y-%m").eq("2026-10").all()


def test_people_report_at_weekends_too_but_never_in_the_hour_that_clocks_skip():
    rng = np.random.default_rng(1)
    times = pd.Series(times_in(date(2026, 3, 1), 2000, rng, days=ANY_DAY))
    assert times.dt.day_of_week.max() == 6
    assert times.dt.hour.min() >= 6
