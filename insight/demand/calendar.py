"""Days that change how many people get in touch: bank holidays, and the council's own events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import holidays
import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Event:
    """Something that comes every year, such as annual billing: from and to, as month and day."""

    name: str
    start: tuple[int, int]
    end: tuple[int, int]

    def covers(self, days: pd.DatetimeIndex) -> NDArray[np.bool_]:
        """Tell which days it covers; one that ends before it starts goes over the new year."""
        at = np.asarray(days.month * 100 + days.day)
        first, last = (month * 100 + day for month, day in (self.start, self.end))
        if first <= last:
            return np.asarray((at >= first) & (at <= last), dtype=bool)
        return np.asarray((at >= first) | (at <= last), dtype=bool)


SATURDAY = 5
EVENTS = (Event("annual billing", (3, 5), (4, 10)), Event("after Christmas", (12, 27), (1, 12)))
"""Council tax bills go out in March; collections slip after Christmas."""


def bank_holidays(
    first: date, last: date, *, country: str = "GB", part: str = "ENG"
) -> pd.DatetimeIndex:
    """Return a country's public holidays from the year of `first` to that of `last`."""
    years = range(first.year, last.year + 1)
    found = holidays.country_holidays(country, subdiv=part or None, years=years)
    return pd.DatetimeIndex(sorted(found)).as_unit("us")


def holidays_in_weeks(mondays: pd.Series, closed: pd.DatetimeIndex) -> pd.Series:
    """Count the public holidays from Monday to Friday of each week."""
    working = pd.Series(closed[closed.day_of_week < SATURDAY])
    number = monday_of(working).value_counts()
    counted: pd.Series = mondays.map(number).fillna(0).astype("int64")
    return counted


def monday_of(days: pd.Series) -> pd.Series:
    """Return the Monday of each day's week."""
    mondays: pd.Series = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
    return mondays


def same_week_last_year(mondays: Sequence[date]) -> list[date]:
    """Return the Monday of the week with the same ISO number a year before.

    Week 53, which the year before has not, is compared with the week 52 weeks before.

    Examples
    --------
    >>> same_week_last_year([date(2026, 10, 12), date(2026, 12, 28)])
    [datetime.date(2025, 10, 13), datetime.date(2025, 12, 29)]
    """
    found = []
    for monday in mondays:
        year, week, _ = monday.isocalendar()
        try:
            found.append(date.fromisocalendar(year - 1, week, 1))
        except ValueError:
            found.append(date.fromordinal(monday.toordinal() - 364))
    return found
