"""Months, financial quarters and financial years, and the text keys that name them.

A month is a `datetime.date` on its first day. The financial year runs April to March.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import pandas as pd

from insight.errors import InsightError

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"(\d{4})[-/](\d{2}|\d{4})")
_QUARTER = re.compile(r"(\d{4})[-/](\d{2}|\d{4})\s*[Qq]([1-4])")
_APRIL = 4


class Frequency(StrEnum):
    """How often a measure has a figure."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"


class UnknownPeriodError(InsightError):
    """A text names no month, financial quarter or financial year."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"'{text}' is not a period. Write a month as 2026-10, a financial quarter as "
            "2026-27 Q2 or a financial year as 2026-27."
        )


def month_key(month: date) -> str:
    """Name a month: ``2026-10``."""
    return f"{month:%Y-%m}"


def year_key(month: date) -> str:
    """Name the financial year that `month` lies in: ``2026-27``."""
    start = month.year if month.month >= _APRIL else month.year - 1
    return f"{start}-{(start + 1) % 100:02d}"


def quarter_key(month: date) -> str:
    """Name the financial quarter that `month` lies in.

    Examples
    --------
    >>> quarter_key(date(2026, 9, 1)), quarter_key(date(2027, 1, 1))
    ('2026-27 Q2', '2026-27 Q4')
    """
    return f"{year_key(month)} Q{(month.month - _APRIL) % 12 // 3 + 1}"


def period_key(month: date, frequency: Frequency | str) -> str:
    """Name the period of this frequency that `month` lies in."""
    name = {
        Frequency.MONTHLY: month_key,
        Frequency.QUARTERLY: quarter_key,
        Frequency.ANNUAL: year_key,
    }[Frequency(frequency)]
    return name(month)


def add_months(month: date, months: int) -> date:
    """Return the first day of the month that is `months` later (earlier if negative)."""
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month_end(month: date) -> date:
    """Return the last day of the month."""
    return add_months(month, 1) - timedelta(days=1)


def parse_period(text: str, frequency: Frequency | str | None = None) -> tuple[Frequency, date]:
    """Read a period written any usual way: its frequency and its first month.

    Parameters
    ----------
    text
        Such as ``2026-10``, ``2026-27 Q2``, ``2026-27Q2``, ``2026/27`` or ``2026/2027``.
    frequency
        What the text must be. Needed for the financial years 2000-01 to 2011-12 alone, which
        read like months; without it they are taken as months.

    Raises
    ------
    UnknownPeriodError
        If the text is none of these, or not of the frequency asked for.

    Examples
    --------
    >>> parse_period("2026/27 q2")
    (<Frequency.QUARTERLY: 'quarterly'>, datetime.date(2026, 7, 1))
    >>> parse_period("2010-11"), parse_period("2010-11", "annual")  # doctest: +ELLIPSIS
    ((<Frequency.MONTHLY: 'monthly'>, ...(2010, 11, 1)), (<Frequency.ANNUAL: ...(2010, 4, 1)))
    """
    wanted = set(Frequency) if frequency is None else {Frequency(frequency)}
    written = text.strip()
    if Frequency.MONTHLY in wanted and (found := _MONTH.fullmatch(written)):
        return Frequency.MONTHLY, date(int(found[1]), int(found[2]), 1)
    if Frequency.QUARTERLY in wanted and (found := _QUARTER.fullmatch(written)):
        start = _year_start(found[1], found[2], text)
        return Frequency.QUARTERLY, add_months(start, 3 * (int(found[3]) - 1))
    if Frequency.ANNUAL in wanted and (found := _YEAR.fullmatch(written)):
        return Frequency.ANNUAL, _year_start(found[1], found[2], text)
    raise UnknownPeriodError(text)


def _year_start(first: str, second: str, text: str) -> date:
    following = int(first) + 1
    if int(second) not in {following, following % 100}:
        raise UnknownPeriodError(text)
    return date(int(first), _APRIL, 1)


def canonical_period(text: str, frequency: Frequency | str | None = None) -> str:
    """Rewrite a period as its key.

    Examples
    --------
    >>> canonical_period("2026/27Q2"), canonical_period("2026/2027")
    ('2026-27 Q2', '2026-27')
    """
    kind, first = parse_period(text, frequency)
    return period_key(first, kind)


_MONTHS_IN = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.ANNUAL: 12}


def months_of(key: str, frequency: Frequency | str | None = None) -> tuple[date, ...]:
    """List the months of a period, first to last.

    Examples
    --------
    >>> [month_key(month) for month in months_of("2026-27 Q4")]
    ['2027-01', '2027-02', '2027-03']
    """
    kind, first = parse_period(key, frequency)
    return tuple(add_months(first, later) for later in range(_MONTHS_IN[kind]))


def months_of_quarter(key: str) -> tuple[date, ...]:
    """List the three months of a financial quarter."""
    return months_of(key, Frequency.QUARTERLY)


def previous_period(key: str, frequency: Frequency | str | None = None) -> str:
    """Name the period just before.

    Examples
    --------
    >>> previous_period("2026-04"), previous_period("2026-27 Q1"), previous_period("2026-27")
    ('2026-03', '2025-26 Q4', '2025-26')
    """
    kind, first = parse_period(key, frequency)
    return period_key(add_months(first, -_MONTHS_IN[kind]), kind)


def same_period_last_year(key: str, frequency: Frequency | str | None = None) -> str:
    """Name the same month, quarter or year twelve months before.

    Examples
    --------
    >>> same_period_last_year("2026-10"), same_period_last_year("2026-27 Q2")
    ('2025-10', '2025-26 Q2')
    """
    kind, first = parse_period(key, frequency)
    return period_key(add_months(first, -12), kind)


def latest_complete_period(month: date, frequency: Frequency | str) -> str:
    """Name the last period of this frequency that is over when `month` is over.

    Examples
    --------
    >>> latest_complete_period(date(2026, 9, 1), "quarterly")
    '2026-27 Q2'
    >>> latest_complete_period(date(2026, 10, 1), "quarterly")
    '2026-27 Q2'
    """
    kind = Frequency(frequency)
    key = period_key(month, kind)
    return key if months_of(key, kind)[-1] == month else previous_period(key, kind)


def wall_clock(times: pd.Series) -> pd.Series:
    """Local times without their zone: what the clock on the wall showed."""
    local: pd.Series = times if times.dt.tz is None else times.dt.tz_localize(None)
    return local


def local_dates(times: pd.Series) -> pd.Series:
    """Midnight of each time's local day, without a zone; dates stay as they are."""
    dates: pd.Series = wall_clock(times).dt.normalize()
    return dates


def month_of(times: pd.Series) -> pd.Series:
    """Key of each time's local month, as text; missing where the time is.

    Examples
    --------
    >>> late = pd.Series(pd.to_datetime(["2026-09-30T23:30Z"])).dt.tz_convert("Europe/London")
    >>> month_of(late).tolist()
    ['2026-10']
    """
    codes, months = pd.factorize(wall_clock(times).to_numpy().astype("datetime64[M]"))
    names = pd.array(np.datetime_as_string(months), dtype="string").take(codes, allow_fill=True)
    return pd.Series(names, index=times.index, name=times.name)


def in_month(times: pd.Series, month: date) -> pd.Series:
    """Tell which times lie in the local month; a missing time lies in none."""
    local = wall_clock(times)
    return local.ge(pd.Timestamp(month)) & local.lt(pd.Timestamp(add_months(month, 1)))


def period_within(times: pd.Series, months: Sequence[date]) -> pd.Series:
    """Key of each time's month where it is one of `months`, else missing.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2026-09-30", "2026-10-01"]))
    >>> period_within(days, [date(2026, 10, 1)]).tolist()
    [<NA>, '2026-10']
    """
    keys = month_of(times)
    return keys.where(keys.isin([month_key(month) for month in months]))


def uk_date(day: date) -> str:
    """Write a date as people here read it.

    Examples
    --------
    >>> uk_date(date(2026, 10, 3))
    '3 October 2026'
    """
    return f"{day.day} {day:%B %Y}"


def period_title(key: str, frequency: Frequency | str | None = None) -> str:
    """Write a period out in words.

    Examples
    --------
    >>> period_title("2026-10"), period_title("2026-27 Q2")
    ('October 2026', 'July to September 2026 (2026-27 Q2)')
    >>> period_title("2026-27")
    'April 2026 to March 2027'
    """
    kind, first = parse_period(key, frequency)
    last = months_of(key, kind)[-1]
    if kind is Frequency.MONTHLY:
        return f"{first:%B %Y}"
    if kind is Frequency.QUARTERLY:
        return f"{first:%B} to {last:%B %Y} ({period_key(first, kind)})"
    return f"{first:%B %Y} to {last:%B %Y}"
