"""Take written dates and times of day apart, over whole columns at once.

Arrow runs the patterns (RE2), in time linear in the text, whatever a file holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.fixed_times import FixedTimes, fixed_times

_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {
    **{name: number for number, name in enumerate(_MONTH_NAMES, start=1)},
    **{name[:3]: number for number, name in enumerate(_MONTH_NAMES, start=1)},
    "sept": 9,
}
# Two-digit years, as POSIX reads them: 69 to 99 are 1969 to 1999.
_CENTURY_TURN = 69

_DATE_AND_CLOCK = (
    r"^(?P<date>.*?)"
    r"(?:(?:T|, ?| +(?:at +)?)(?:"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?|(?P<just_hour>\d{1,2}) ?(?P<just_half>[AaPp])\.?[Mm]\.?)"
    r" ?(?P<zone>Z|z|UTC|GMT|BST|[+-]\d{2}(?::?\d{2})?)?)?$"
)
_NUMERIC_DATE = (
    r"^(?P<first>\d{1,2})(?P<mark>[-/. ])(?P<second>\d{1,2})(?P<mark_again>[-/. ])"
    r"(?P<year>\d{4}|\d{2})$"
)
_ISO_DATES = (
    r"^(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})$",
    r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})$",
)
_WEEKDAY = r"^(?:(?i:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? +)?"
_ORDINAL = r"(?i:st|nd|rd|th)?"
_WORDED_DATES = (
    _WEEKDAY + r"(?P<day>\d{1,2})" + _ORDINAL + r"[-/ ]*(?:of +)?"
    r"(?P<name>[A-Za-z]{3,9})\.?,?[-/ ]*(?P<year>\d{4}|\d{2})$",
    _WEEKDAY + r"(?P<name>[A-Za-z]{3,9})\.? +(?P<day>\d{1,2})" + _ORDINAL + r",? +(?P<year>\d{4})$",
)


@dataclass(frozen=True, slots=True)
class WrittenTimes:
    """Times as written: `local` on some clock (NaT where unreadable), and where that clock is.

    `offset` is the clock's distance from UTC where `zoned`, else zero.
    """

    local: npt.NDArray[np.datetime64]
    offset: npt.NDArray[np.timedelta64]
    zoned: npt.NDArray[np.bool_]


def written_times(text: pd.Series, style: str) -> WrittenTimes:
    """Read dates with or without times of day; `style` is day-first, month-first or iso."""
    whole = trimmed(text)
    alike = fixed_times(whole, style)
    if alike is not None:
        return _from_parts(alike, pc.is_valid(whole).to_numpy(zero_copy_only=False))
    parts = extract(whole, _DATE_AND_CLOCK)
    offset, zoned = _offsets(parts["zone"])
    return WrittenTimes(_days(parts["date"], style) + _since_midnight(parts), offset, zoned)


def _from_parts(parts: FixedTimes, there: npt.NDArray[np.bool_]) -> WrittenTimes:
    days = _assembled(parts.year, parts.month, parts.day)
    possible = there & (parts.hour < 24) & (parts.minute < 60)
    clock = (parts.hour * 60 + parts.minute) * 60_000_000 + parts.microseconds
    local = np.where(possible, days + clock.astype("timedelta64[us]"), np.datetime64("NaT", "us"))
    minutes = parts.minutes_from_utc
    if minutes is None:
        nowhere = np.zeros(len(there), dtype="timedelta64[m]")
        return WrittenTimes(local, nowhere, np.zeros(len(there), dtype=bool))
    return WrittenTimes(local, minutes.astype("timedelta64[m]"), there)


def trimmed(text: pd.Series) -> pa.Array:
    """Return the column as Arrow text without the white space around each value."""
    column = pa.array(text.astype("string"), type=pa.large_string())
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return pc.utf8_trim_whitespace(whole)


def extract(text: pa.Array, pattern: str) -> dict[str, pa.Array]:
    """Return the named groups of `pattern`: null without a match, ``""`` for an absent group."""
    found = pc.extract_regex(text, pattern)
    return {found.type.field(n).name: column for n, column in enumerate(found.flatten())}


def is_any(text: pa.Array, *values: str) -> npt.NDArray[np.bool_]:
    """Return where `text` is one of `values`."""
    return _booleans(pc.is_in(text, pa.array(values, type=text.type)))


def _booleans(column: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=bool)


def _integers(digits: pa.Array, *, missing: int = -1) -> npt.NDArray[np.int64]:
    """Return groups of digits as integers, `missing` where a group is absent or empty."""
    blank = pc.fill_null(pc.equal(digits, ""), fill_value=True)
    numbers = pc.cast(pc.if_else(blank, None, digits), pa.int64())
    return np.asarray(pc.fill_null(numbers, missing).to_numpy(zero_copy_only=False))


def _days(dates: pa.Array, style: str) -> npt.NDArray[np.datetime64]:
    """Return dates at midnight, NaT where no form that `style` allows fits."""
    days = np.full(len(dates), np.datetime64("NaT", "us"), dtype="datetime64[us]")
    for parts in _forms(dates, style):
        year = _integers(parts["year"])
        short = _booleans(pc.fill_null(pc.less(pc.utf8_length(parts["year"]), 4), fill_value=False))
        year = np.where(short, year + np.where(year < _CENTURY_TURN, 2000, 1900), year)
        month = _month_numbers(parts["name"]) if "name" in parts else _integers(parts["month"])
        found = _assembled(year, month, _integers(parts["day"]))
        days = np.where(np.isnat(days), found, days)
    return days


def _forms(dates: pa.Array, style: str) -> Iterable[dict[str, pa.Array]]:
    for pattern in _ISO_DATES:
        yield extract(dates, pattern)
    if style == "iso":
        return
    parts = extract(dates, _NUMERIC_DATE)
    day, month = ("first", "second") if style == "day-first" else ("second", "first")
    uneven = pc.not_equal(parts["mark"], parts["mark_again"])
    yield {
        "year": parts["year"],
        "month": parts[month],
        "day": pc.if_else(uneven, "", parts[day]),
    }
    for pattern in _WORDED_DATES:
        yield extract(dates, pattern)


def _month_numbers(names: pa.Array) -> npt.NDArray[np.int64]:
    known = pa.array(list(_MONTHS), type=names.type)
    places = pc.index_in(pc.utf8_lower(names), known)
    numbers = np.array([*_MONTHS.values(), -1], dtype=np.int64)
    return np.asarray(numbers[pc.fill_null(places, len(_MONTHS)).to_numpy(zero_copy_only=False)])


def _assembled(
    year: npt.NDArray[np.int64], month: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> npt.NDArray[np.datetime64]:
    sound = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = np.where(sound, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    dates = months.astype("datetime64[D]") + np.where(sound, day - 1, 0)
    # 31 April runs over into May.
    sound &= dates.astype("datetime64[M]") == months
    return np.where(sound, dates, np.datetime64("NaT", "us")).astype("datetime64[us]")


def _since_midnight(parts: dict[str, pa.Array]) -> npt.NDArray[np.timedelta64]:
    """Return the time of day, zero where there is none, NaT where there is no such time."""
    exact, rough = _integers(parts["hour"]), _integers(parts["just_hour"])
    hour = np.maximum(np.where(exact >= 0, exact, rough), 0)
    minute = _integers(parts["minute"], missing=0)
    second = _integers(parts["second"], missing=0)
    fraction = pc.utf8_slice_codeunits(pc.utf8_rpad(parts["fraction"], 6, "0"), 0, 6)
    after = np.zeros(len(hour), dtype=bool)
    halved = np.zeros(len(hour), dtype=bool)
    for name in ("half", "just_half"):
        after |= is_any(parts[name], "p", "P")
        halved |= is_any(parts[name], "a", "A", "p", "P")
    possible = np.where(halved, (hour >= 1) & (hour <= 12), hour < 24)
    possible &= (minute < 60) & (second < 60)
    hour = np.where(halved, hour % 12, hour) + np.where(after, 12, 0)
    microseconds = ((hour * 60 + minute) * 60 + second) * 1_000_000
    microseconds += _integers(fraction, missing=0)
    moments = np.where(possible, microseconds, 0).astype("timedelta64[us]")
    return np.where(possible, moments, np.timedelta64("NaT", "us"))


def _offsets(zones: pa.Array) -> tuple[npt.NDArray[np.timedelta64], npt.NDArray[np.bool_]]:
    """Return each zone's distance from UTC, and which rows have one."""
    parts = extract(zones, r"^(?P<sign>[-+])(?P<hours>\d{2}):?(?P<minutes>\d{2})?$")
    minutes = _integers(parts["hours"], missing=0) * 60 + _integers(parts["minutes"], missing=0)
    minutes = np.where(is_any(parts["sign"], "-"), -minutes, minutes)
    minutes = np.where(is_any(zones, "BST"), 60, minutes)
    zoned = _booleans(pc.fill_null(pc.not_equal(zones, ""), fill_value=False))
    return minutes.astype("timedelta64[m]"), zoned
