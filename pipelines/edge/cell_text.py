"""A workbook's cells as text: dates in ISO form, whole numbers without ``.0``."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

Value = str | float | bool | date | datetime | time | timedelta

_EXACT = 1e15  # Excel keeps fifteen digits; beyond them a float is no whole number


def cell_text(value: Value) -> str | None:
    """Return a cell as text, the way it would be in a CSV; None for an empty one."""
    return _WRITERS[type(value)](value)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


def _moment(value: datetime) -> str:
    # Excel keeps times as fractions of a day, whose last digits are noise.
    rounded = value.replace(microsecond=0) + timedelta(milliseconds=round(value.microsecond / 1000))
    return rounded.isoformat(sep=" ", timespec="milliseconds" if rounded.microsecond else "seconds")


_WRITERS: dict[type, Callable[..., str | None]] = {
    str: lambda value: value or None,
    float: _number,
    int: str,
    bool: lambda value: "true" if value else "false",
    datetime: _moment,
    date: date.isoformat,
    time: lambda value: value.isoformat(timespec="seconds"),
    timedelta: lambda value: f"{value.total_seconds():g}",
}
