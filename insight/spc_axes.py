"""The axes of many control charts at once: where periods and values stand, and their labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from insight.chart_parts import MONTHS_IN
from insight.periods import Frequency, parse_period
from insight.rounding import written
from insight.spc_rules import Floats, Ints, Words

_ABOUT = 5  # ticks on an axis of values
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Axis:
    """Axes of values: where each begins and ends, its ticks and what is written at them."""

    low: Floats
    high: Floats
    ticks: list[list[float]]
    words: list[list[str]]


def period_places(
    periods: pd.Series, frequency: pd.Series, owner: Ints, starts: Ints
) -> tuple[Floats, Ints, Ints]:
    """Place periods on their axes.

    Parameters
    ----------
    periods
        Keys of the points' periods, those of a series together and in order.
    frequency
        Each series', as `insight.periods.Frequency` has them.
    owner, starts
        Each point's series, and where each series' points begin.

    Returns
    -------
    tuple
        Each point's place from 0, the first period, to 1, the last, with room for the missing
        ones; the number of its period (one more is the next); and each series' period in months.
    """
    codes, keys = pd.factorize(periods)
    kinds, names = pd.factorize(frequency.astype("object"))
    pair, pairs = pd.factorize(codes * len(names) + kinds[owner])
    parsed = [
        _parsed(str(keys[int(each) // len(names)]), str(names[int(each) % len(names)]))
        for each in pairs
    ]
    step = np.array([months for months, _ in parsed], dtype=np.int64)[pair]
    numbers = np.array([number for _, number in parsed], dtype=np.int64)[pair]
    ends = np.append(starts[1:], len(owner)) - 1
    span = np.maximum(numbers[ends] - numbers[starts], 1)
    places = (numbers - numbers[starts][owner]) / span[owner]
    return np.where(numbers[ends] == numbers[starts], 0.5, 0.0)[owner] + places, numbers, step[ends]


def _parsed(key: str, frequency: str) -> tuple[int, int]:
    # Only financial years such as 2010-11, which read like months, need to be told.
    kind, first = parse_period(key, Frequency.ANNUAL if frequency == Frequency.ANNUAL else None)
    months = MONTHS_IN[kind]
    return months, (first.year * 12 + first.month - 1) // months


def period_labels(numbers: Sequence[int], step: int) -> list[tuple[str, str]]:
    """Name periods by their numbers, each with its year where that is another than before's.

    Examples
    --------
    >>> period_labels([24318, 24324], 1), period_labels([8107, 8108], 3)
    ([('Jul', '2026'), ('Jan', '2027')], [('Q3', '2026-27'), ('Q4', '')])
    """
    labels, before = [], ""
    for number in numbers:
        month = number * step
        if step == 1:
            name, year = _MONTHS[month % 12], str(month // 12)
        else:
            # Calendar quarters begin in January, financial years in April.
            start = (month - 3) // 12
            year = f"{start}-{(start + 1) % 100:02d}"
            name, year = (f"Q{(month - 3) % 12 // 3 + 1}", year) if step == 3 else (year, "")
        labels.append((name, "" if year == before else year))
        before = year
    return labels


def value_axes(lines: Floats, owner: Ints, starts: Ints, units: Words) -> Axis:
    """Fit an axis to the numbers of each series.

    Parameters
    ----------
    lines
        A row per point; what is drawn of it.
    owner, starts
        As for `period_places`.
    units
        Each series'.
    """
    low = np.fmin.reduceat(np.fmin.reduce(lines, axis=1), starts)
    high = np.fmax.reduceat(np.fmax.reduce(lines, axis=1), starts)
    share = units == "share"
    pad = np.maximum((high - low) * 0.12, np.where(share, 0.03, np.abs(high) * 0.05))
    bottom = np.maximum(low - pad, np.where(low >= 0, 0.0, -np.inf))
    top = high + pad
    bottom = np.where((bottom > 0) & (bottom < 0.35 * top), 0.0, bottom)
    top = np.where(share & (high <= 1), np.minimum(top, 1.02), top)
    top = np.where(top > bottom, top, bottom + 1)
    step = _steps(top - bottom, whole=units == "count")
    first = np.ceil(bottom / step - 1e-9)
    count = np.floor((top - first * step) / step + 1e-9).astype(np.int64) + 1
    series = np.repeat(np.arange(len(step)), count)
    begins = np.cumsum(count) - count
    ticks = (first[series] + np.arange(len(series)) - begins[series]) * step[series]
    shown = step * np.where(share, 100, 1)
    decimals = np.zeros(len(step), dtype=np.int64)
    for places in (3, 2, 1):
        coarse = np.abs(shown * 10 ** (places - 1) % 1 - 0.5) < 0.5 - 1e-6
        decimals = np.where((decimals == 0) & coarse, places, decimals)
    said = written(pd.Series(ticks), units[series], decimals[series]).astype("object").tolist()
    # A tick's unit is said once, by the figures at the lines' ends.
    said = [str(each).removesuffix(" days").removesuffix(" day") for each in said]
    cut = np.cumsum(count)[:-1]
    levels = [part.tolist() for part in np.split(ticks, cut)]
    stops = np.append(begins, len(said)).tolist()
    words = [said[one:two] for one, two in pairwise(stops)]
    return Axis(bottom, top, levels, words)


def _steps(span: Floats, *, whole: np.ndarray) -> Floats:
    """Give steps of 1, 2, 2.5 or 5 times a power of ten: `_ABOUT` of them to a span.

    Examples
    --------
    >>> _steps(np.array([9.0, 0.11, 3.0]), whole=np.array([False, False, True])).tolist()
    [2.0, 0.025, 1.0]
    """
    rough = span / _ABOUT
    scale = 10 ** np.floor(np.log10(rough))
    times = np.select([rough <= n * scale for n in (1, 2, 2.5, 5)], [1, 2, 2.5, 5], 10)
    steps = np.asarray(times * scale, dtype=np.float64)
    steps = np.where(whole & (steps == 2.5), 5.0, steps)
    return np.where(whole, np.maximum(steps, 1.0), steps)
