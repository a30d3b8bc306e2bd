"""When things happen in a council: days, office hours, bank holidays."""

from datetime import date
from functools import cache

import holidays
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.periods import add_months

Times = NDArray[np.datetime64]

OFFICE_DAYS = np.array([1.3, 1.1, 1.0, 0.95, 0.9, 0.0, 0.0])
"""Weight of each weekday, Monday first: offices answer on five days, Mondays are the busiest."""
ANY_DAY = np.array([1.0, 1.0, 0.95, 0.95, 0.95, 1.1, 1.15])
ONLINE_DAYS = np.array([1.25, 1.1, 1.05, 1.0, 0.9, 0.5, 0.55])


@cache
def bank_holidays(first_year: int, last_year: int) -> Times:
    """Return England's bank holidays of those years, ordered."""
    years = range(first_year, last_year + 1)
    return np.array(sorted(holidays.country_holidays("GB", subdiv="ENG", years=years)), "M8[D]")


def days_of(month: date) -> Times:
    """Return all days of `month`."""
    return np.arange(np.datetime64(month), np.datetime64(add_months(month, 1)))


def working_days_of(month: date) -> Times:
    """Return `month`'s days without weekends and bank holidays."""
    days = days_of(month)
    closed = bank_holidays(month.year, month.year)
    return days[np.is_busday(days, holidays=closed)]


def add_working_days(days: Times, count: NDArray[np.int64]) -> Times:
    """Return the days `count` working days after `days`; a day off counts as the next open one."""
    dates = days.astype("M8[D]")
    if not dates.size:
        return dates
    first, last = dates.min().astype(object).year, dates.max().astype(object).year
    closed = bank_holidays(first, last + 2)
    later: Times = np.busday_offset(dates, count, roll="forward", holidays=closed)
    return later


def times_in(
    month: date, count: int, rng: np.random.Generator, *, days: NDArray[np.float64] = OFFICE_DAYS
) -> Times:
    """Return `count` local times in `month`, ordered, to the second.

    `days` weighs the weekdays. Weights that give weekends nothing also leave out bank
    holidays, and keep to office hours; others run from six to eleven at night.
    """
    office = days[5] == 0
    open_days = working_days_of(month) if office else days_of(month)
    weekday = pd.DatetimeIndex(open_days).day_of_week.to_numpy()
    weight = days[weekday]
    chosen = rng.choice(open_days, size=count, p=weight / weight.sum())
    if office:
        seconds = 30600 + rng.beta(1.3, 1.6, size=count) * 30300  # half past eight to five
    else:
        seconds = 21600 + rng.beta(2.2, 1.7, size=count) * 61000  # six to eleven at night
    return np.sort(at_seconds(chosen, seconds))


def at_seconds(days: Times, seconds: NDArray[np.float64]) -> Times:
    """Return the times `seconds` after the beginning of `days`."""
    times: Times = days.astype("M8[s]") + seconds.astype(np.int64).astype("m8[s]")
    return times
