"""Read a column of times that are all written alike, digit by digit over the whole column.

Systems write every time in the same form; people don't. Where the first form that fits one value
fits them all, no pattern has to be tried on each.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_DAY_LENGTH = 10
_CLOCKS = {0: 0, 6: 2, 9: 3, 13: 3, 16: 3}
"""Length of what follows the day, `` 09:30`` say, and how many pairs of digits it begins with."""
_ZERO = ord("0")
_NINE = ord("9")


@dataclass(frozen=True, slots=True)
class FixedTimes:
    """Year, month, day and microseconds since midnight of each value, and minutes from UTC.

    `minutes` is None where the values name no zone. The rows of missing values hold noughts.
    """

    year: npt.NDArray[np.int64]
    month: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    hour: npt.NDArray[np.int64]
    minute: npt.NDArray[np.int64]
    microseconds: npt.NDArray[np.int64]
    minutes_from_utc: npt.NDArray[np.int64] | None


def fixed_times(text: pa.Array, style: str) -> FixedTimes | None:
    """Return the parts of times that are all of one form, or None where they are not.

    Parameters
    ----------
    text
        Trimmed text (``large_string``); nulls are left out of the comparison.
    style
        ``day-first``, ``month-first`` or ``iso``, as for `written_times`.

    Notes
    -----
    The forms are ``dd/mm/yyyy`` (also with ``-`` or ``.``) and ``yyyy-mm-dd`` (also with ``/``),
    alone or followed by a space or ``T`` and ``hh:mm``, ``hh:mm:ss``, ``hh:mm:ss.fff`` or
    ``hh:mm:ss.ffffff``; after a clock ``Z`` or ``+hh:mm``.
    """
    there = pc.is_valid(text).to_numpy(zero_copy_only=False)
    signs = _signs(text.drop_null())
    if signs is None:
        return None
    day_first = _day_places(signs, style)
    zone = _zone_length(signs)
    clock = signs.shape[1] - _DAY_LENGTH - zone
    if day_first is None or clock not in _CLOCKS or (zone and not clock):
        return None
    read = _Reader(signs)
    year, month, day = (read.number(*places) for places in day_first)
    hour, minute, micro = read.clock(clock)
    minutes = read.zone(zone)
    if not read.sound:
        return None

    def whole(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        placed = np.zeros(len(there), dtype=np.int64)
        placed[there] = values
        return placed

    return FixedTimes(
        whole(year),
        whole(month),
        whole(day),
        whole(hour),
        whole(minute),
        whole(micro),
        None if minutes is None else whole(minutes),
    )


def _signs(text: pa.Array) -> npt.NDArray[np.uint8] | None:
    """Return the text's bytes, a row per value, if all are equally long and none is missing."""
    if not len(text):
        return None
    span = pc.min_max(pc.binary_length(text)).as_py()
    if span["min"] != span["max"] or not span["min"]:
        return None
    packed = pc.binary_join_element_wise(text, "").buffers() if text.offset else text.buffers()
    starts = np.frombuffer(packed[1], dtype=np.int64, count=len(text) + 1)
    signs = np.frombuffer(packed[2], dtype=np.uint8)[starts[0] : starts[-1]]
    return signs.reshape(len(text), span["min"])


def _day_places(
    signs: npt.NDArray[np.uint8], style: str
) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]] | None:
    """Return where year, month and day begin and how long they are, or None."""
    if signs.shape[1] < _DAY_LENGTH:
        return None
    if _all_marks(signs, (4, 7), "-/"):
        return (0, 4), (5, 2), (8, 2)
    if style == "iso" or not _all_marks(signs, (2, 5), "/-."):
        return None
    first, second = (0, 2), (3, 2)
    return ((6, 4), second, first) if style == "day-first" else ((6, 4), first, second)


def _all_marks(signs: npt.NDArray[np.uint8], places: tuple[int, ...], allowed: str) -> bool:
    mark = signs[0, places[0]]
    return chr(mark) in allowed and all((signs[:, place] == mark).all() for place in places)


def _zone_length(signs: npt.NDArray[np.uint8]) -> int:
    if signs.shape[1] <= _DAY_LENGTH:
        return 0
    if chr(signs[0, -1]) == "Z":
        return 1
    return 6 if chr(signs[0, -6]) in "+-" and chr(signs[0, -3]) == ":" else 0


class _Reader:
    """Reads numbers out of the rows of signs, and remembers whether all of it was as it should."""

    def __init__(self, signs: npt.NDArray[np.uint8]) -> None:
        self.signs = signs
        self.sound = True

    def number(self, start: int, length: int) -> npt.NDArray[np.int64]:
        total = np.zeros(len(self.signs), dtype=np.int64)
        for place in range(start, start + length):
            column = self.signs[:, place]
            self.sound &= bool(((column >= _ZERO) & (column <= _NINE)).all())
            total = total * 10 + (column.astype(np.int64) - _ZERO)
        return total

    def mark(self, place: int, allowed: str) -> None:
        column = self.signs[:, place]
        self.sound &= chr(column[0]) in allowed and bool((column == column[0]).all())

    def clock(
        self, length: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return hours, minutes and the microseconds after them."""
        nothing = np.zeros(len(self.signs), dtype=np.int64)
        if not length:
            return nothing, nothing, nothing
        self.mark(_DAY_LENGTH, " T")
        self.mark(_DAY_LENGTH + 3, ":")
        hour, minute = self.number(_DAY_LENGTH + 1, 2), self.number(_DAY_LENGTH + 4, 2)
        micro = nothing
        if _CLOCKS[length] > 2:
            self.mark(_DAY_LENGTH + 6, ":")
            seconds = self.number(_DAY_LENGTH + 7, 2)
            self.sound &= bool((seconds < 60).all())
            micro = seconds * 1_000_000
        if digits := max(length - 10, 0):
            self.mark(_DAY_LENGTH + 9, ".")
            micro = micro + self.number(_DAY_LENGTH + 10, digits) * 10 ** (6 - digits)
        return hour, minute, micro

    def zone(self, length: int) -> npt.NDArray[np.int64] | None:
        """Return the minutes that the clock is ahead of UTC; None without a zone."""
        if not length:
            return None
        if length == 1:
            self.mark(self.signs.shape[1] - 1, "Z")
            return np.zeros(len(self.signs), dtype=np.int64)
        start = self.signs.shape[1] - length
        ahead = self.signs[:, start] == ord("+")
        self.sound &= bool((ahead | (self.signs[:, start] == ord("-"))).all())
        self.mark(start + 3, ":")
        minutes = self.number(start + 1, 2) * 60 + self.number(start + 4, 2)
        return np.where(ahead, minutes, -minutes)
