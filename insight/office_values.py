"""Values as Excel and reports leave them in a contract's columns: dates as numbers, durations.

Only what has no other meaning in its column is rewritten, and how often is said in a note.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.contract import Contract, Kind

_SERIAL = r"^[2-7]\d{4}(?:\.\d{1,17})?$"  # the days of 1954 to 2119
_CLOCK = r"^(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d)(?:\.\d+)?$"
_NUMERIC = r"^\d{1,2}[-/. ]\d{1,2}[-/. ]\d"
_SECOND_IS_DAY = r"^(?:0?[1-9]|1[0-2])[-/. ](?:1[3-9]|2\d|3[01])[-/. ]\d"
_FIRST_IS_DAY = r"^(?:1[3-9]|2\d|3[01])[-/. ](?:0?[1-9]|1[0-2])[-/. ]\d"
_BEGINS = {
    "1900": np.datetime64("1899-12-30T00:00:00", "s"),  # Excel counts a 29 February 1900
    "1904": np.datetime64("1904-01-01T00:00:00", "s"),
}
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A table with such values rewritten, and sentences on what was done or looks wrong."""

    frame: pd.DataFrame
    notes: tuple[str, ...]


def rewrite_office_values(
    frame: pd.DataFrame, contract: Contract, *, dates: str, serial_dates: str = "1900"
) -> Rewritten:
    """Rewrite Excel's dates and clock durations in `frame`, and tell of dates in another order.

    Parameters
    ----------
    frame
        Text (``string``) under the contract's names.
    contract
        Which of its columns hold dates, and which (``..._seconds...``) durations.
    dates
        How its dates are written, as in `parse_times`. Where that is a pattern or ``epoch``, a
        number is left to it.
    serial_dates
        The year that Excel's days count from, ``1900`` or ``1904``, or ``never``.

    Examples
    --------
    A column of dates that holds 46143 becomes ``2026-05-01``, and one of seconds that holds
    ``0:01:32`` becomes ``92``.
    """
    changed: dict[str, pd.Series] = {}
    notes: list[str] = []
    named = dates in _OTHER_ORDER or dates == "iso"
    for column in contract.columns:
        if column.name not in frame:
            continue
        text = frame[column.name]
        if column.kind in {Kind.DATE, Kind.TIMESTAMP} and named:
            if serial_dates != "never":
                text, count = _serials_as_dates(text, serial_dates)
                if count:
                    changed[column.name] = text
                    notes.append(
                        f"Numbers in {column.name} were read as dates, {count} of them; Excel "
                        f"keeps dates as days since {serial_dates}. If they are none, say "
                        "layout: {serial_dates: never} in the mapping."
                    )
            notes += _order_notes(text, column.name, dates)
        elif "seconds" in column.name and column.kind in {Kind.INTEGER, Kind.NUMBER}:
            text, count = _clocks_as_seconds(text)
            if count:
                changed[column.name] = text
                notes.append(
                    f"Durations in {column.name} were read as hours:minutes:seconds, {count} of "
                    "them."
                )
    return Rewritten(frame.assign(**changed) if changed else frame, tuple(notes))


_OTHER_ORDER = {"day-first": "month-first", "month-first": "day-first"}


def _serials_as_dates(text: pd.Series, begins: str) -> tuple[pd.Series, int]:
    found = _matches(text, _SERIAL)
    if not found.any():
        return text, 0
    days = text[found].str.strip().astype("float64").to_numpy()
    seconds = np.round(days * _SECONDS_A_DAY).astype("timedelta64[s]")
    moments = pd.Series(_BEGINS[begins] + seconds, index=text.index[found])
    midnight = moments.eq(moments.dt.floor("D")).all()
    written = moments.dt.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M:%S")
    rewritten = text.copy()
    rewritten[found] = written.astype("string")
    return rewritten, int(found.sum())


def _clocks_as_seconds(text: pd.Series) -> tuple[pd.Series, int]:
    found = _matches(text, _CLOCK)
    if not found.any():
        return text, 0
    parts = text[found].str.strip().str.extract(_CLOCK).astype("int64")
    seconds = parts["hours"] * 3600 + parts["minutes"] * 60 + parts["seconds"]
    rewritten = text.copy()
    rewritten[found] = seconds.astype("string")
    return rewritten, int(found.sum())


def _order_notes(text: pd.Series, name: str, dates: str) -> list[str]:
    """Say where some dates can only be read in the other order than the mapping's."""
    other = _OTHER_ORDER.get(dates)
    if other is None or not _matches(text.head(_LOOK_AT), _NUMERIC).any():
        return []
    wrong, right = _SECOND_IS_DAY, _FIRST_IS_DAY
    if dates == "month-first":
        wrong, right = right, wrong
    impossible = int(_matches(text, wrong).sum())
    if not impossible:
        return []
    sure = int(_matches(text, right).sum())
    return [
        f"Of the dates in {name}, {impossible} can only be read {other} and {sure} only {dates}, "
        f"as the mapping says; those that fit both were read {dates} and may be wrong. If the file "
        f"is {other}, say dates: {other} in the mapping; if it mixes both, correct its export."
    ]


_LOOK_AT = 1000  # rows in which a column shows whether its dates are written in numbers


def _matches(text: pd.Series, pattern: str) -> np.ndarray:
    column = pa.array(text, type=pa.large_string())
    found = pc.match_substring_regex(pc.utf8_trim_whitespace(column), pattern)
    return np.asarray(pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False), bool)
