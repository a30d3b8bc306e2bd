"""Weeks, for measures that have a figure each week: ISO weeks, Monday to Sunday.

A week belongs to the month that its Thursday lies in, as it belongs to that year; so every month
has four or five whole weeks, and no week two months.
"""

import re
from datetime import date, timedelta

from insight.periods import UnknownPeriodError, add_months, month_end, months_of

_WEEK = re.compile(r"(\d{4})-?[Ww](\d{1,2})")


def week_key(day: date) -> str:
    """Name the week that `day` lies in.

    Examples
    --------
    >>> week_key(date(2027, 1, 1))
    '2026-W53'
    """
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def parse_week(text: str) -> date:
    """Return a week's Monday.

    Raises
    ------
    UnknownPeriodError
        If the text names no week.

    Examples
    --------
    >>> parse_week("2026-W42"), parse_week("2026w1")
    (datetime.date(2026, 10, 12), datetime.date(2025, 12, 29))
    """
    found = _WEEK.fullmatch(text.strip())
    try:
        if found:
            return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise UnknownPeriodError(text) from None
    raise UnknownPeriodError(text)


def is_week(text: str) -> bool:
    """Tell whether a text is written as a week."""
    return _WEEK.fullmatch(text.strip()) is not None


def weeks_of_month(month: date) -> tuple[str, ...]:
    """List the weeks of a month: those whose Thursday lies in it.

    Examples
    --------
    >>> weeks_of_month(date(2026, 10, 1))
    ('2026-W40', '2026-W41', '2026-W42', '2026-W43', '2026-W44')
    """
    first = month + timedelta(days=(3 - month.weekday()) % 7)
    end = add_months(month, 1)
    days = (first + timedelta(days=7 * week) for week in range(5))
    return tuple(week_key(day) for day in days if day < end)


def period_end(key: str) -> date:
    """Return the last day of a week, month, financial quarter or financial year.

    Examples
    --------
    >>> period_end("2026-W42"), period_end("2026-27 Q2")
    (datetime.date(2026, 10, 18), datetime.date(2026, 9, 30))
    """
    if is_week(key):
        return parse_week(key) + timedelta(days=6)
    return month_end(months_of(key)[-1])
