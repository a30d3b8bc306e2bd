"""Working days by calendar: whole columns counted and moved at once, bank holidays left out.

Day 0 is the day something came in; the first working day counted is the next one. What comes in
on a Saturday therefore has Monday as its first day.
"""

from functools import lru_cache
from typing import Literal

import holidays
import numpy as np
import pandas as pd
from numpy.typing import NDArray

Calendar = Literal["england and wales", "united kingdom", "every day"]
Days = NDArray[np.datetime64]

_NATIONS = {"england and wales": ("ENG",), "united kingdom": ("ENG", "WLS", "SCT", "NIR")}
_WEEK = {"every day": "1111111"}
_MONDAY_TO_FRIDAY = "1111100"
_YEARS_AHEAD = 2
_EARLIEST, _LATEST = 1990, 2100


@lru_cache
def bank_holidays(calendar: Calendar, first_year: int, last_year: int) -> Days:
    """Return a calendar's bank holidays of those years, ordered; none where every day counts.

    "united kingdom" leaves out a day that is a bank holiday anywhere in it, as the Freedom of
    Information Act does.
    """
    years = range(first_year, last_year + 1)
    closed = {
        day
        for nation in _NATIONS.get(calendar, ())
        for day in holidays.country_holidays("GB", subdiv=nation, years=years)
    }
    return np.array(sorted(closed), dtype="M8[D]")


def _holidays_around(days: Days, calendar: Calendar) -> Days:
    """Return the holidays of the years that `days` lie in and the next ones, for due dates."""
    known = days[~np.isnat(days)]
    if not known.size:
        return np.array([], dtype="M8[D]")
    years = known.astype("M8[Y]").astype(int) + 1970
    first, last = (int(np.clip(year, _EARLIEST, _LATEST)) for year in (years.min(), years.max()))
    return bank_holidays(calendar, first, last + _YEARS_AHEAD)


def _as_days(dates: pd.Series) -> Days:
    return dates.to_numpy(dtype="datetime64[D]")


def _as_dates(days: Days, index: pd.Index) -> pd.Series:
    return pd.Series(days.astype("M8[us]"), index=index)


def add_working_days(dates: pd.Series, number: int | pd.Series, calendar: Calendar) -> pd.Series:
    """Return the working day that comes `number` working days after each date.

    Parameters
    ----------
    dates
        Days without a zone; a missing one stays missing.
    number
        How many, not below nought: the same for all, or one each.
    calendar
        Which days don't count.

    Examples
    --------
    >>> received = pd.Series(pd.to_datetime(["2026-12-23", "2026-12-26"]))
    >>> add_working_days(received, 5, "england and wales").dt.date.tolist()
    [datetime.date(2027, 1, 4), datetime.date(2027, 1, 5)]
    """
    days = _as_days(dates)
    wanted = np.broadcast_to(np.asarray(number, dtype="int64"), days.shape)
    there = ~np.isnat(days)
    moved = days.copy()
    moved[there] = np.busday_offset(
        days[there],
        wanted[there],
        # Backward: Monday is the first day after a Saturday, so nothing is counted twice.
        roll="backward",
        weekmask=_WEEK.get(calendar, _MONDAY_TO_FRIDAY),
        holidays=_holidays_around(days, calendar),
    )
    return _as_dates(moved, dates.index)


def working_days_between(start: pd.Series, end: pd.Series, calendar: Calendar) -> pd.Series:
    """Count the working days after `start` up to and with `end`; missing where either is.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2026-12-23", "2027-01-04"]))
    >>> working_days_between(days.iloc[[0]], days.iloc[[1]].set_axis([0]), "england and wales")[0]
    np.int64(5)
    """
    first, last = _as_days(start), _as_days(end)
    there = ~(np.isnat(first) | np.isnat(last))
    counted = np.zeros(first.shape, dtype="int64")
    next_day = np.timedelta64(1, "D")
    counted[there] = np.busday_count(
        first[there] + next_day,
        last[there] + next_day,
        weekmask=_WEEK.get(calendar, _MONDAY_TO_FRIDAY),
        holidays=_holidays_around(np.concatenate([first, last]), calendar),
    )
    return pd.Series(counted, index=start.index, dtype="Int64").where(pd.Series(there, start.index))
