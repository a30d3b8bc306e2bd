"""Special causes on a control chart: which points, by which rule, and what they mean.

The rules are those of NHS England's Making Data Count as NHSRplotthedots 0.2.2 has them
(``ptd_spc_standard.R``, ``ptd_calculate_point_type.R``, ``ptd_calculate_assurance_type.R``).
Everything takes flat arrays of points in the order of series, segment and time, so that ten
thousand series take no longer than one long one.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Words = NDArray[np.object_]

RUN = 7
"""Points in a trend and in a shift."""
_OF, _NEAR = 3, 2


class Rule(StrEnum):
    """Why a point is a special cause, in the order in which they are said."""

    BEYOND = "beyond the limit"
    TREND = "trend"
    TWO_OF_THREE = "two of three near the limit"
    SHIFT = "shift"


class Variation(StrEnum):
    """What a point says of the process."""

    COMMON = "common cause"
    IMPROVEMENT_HIGH = "improvement high"
    IMPROVEMENT_LOW = "improvement low"
    CONCERN_HIGH = "concern high"
    CONCERN_LOW = "concern low"
    NEUTRAL_HIGH = "neutral high"
    NEUTRAL_LOW = "neutral low"


class Assurance(StrEnum):
    """Whether the process, left as it is, meets its target."""

    PASS = "pass"  # noqa: S105 (a word, no password)
    FAIL = "fail"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a chart at each point; NaN where there are none."""

    mean: Floats
    lpl: Floats
    upl: Floats
    near_lpl: Floats
    near_upl: Floats


RULES: Words = np.array(["", *(rule.value for rule in Rule)], dtype=object)
_TYPES = {
    1: (Variation.CONCERN_LOW, Variation.COMMON, Variation.IMPROVEMENT_HIGH),
    -1: (Variation.IMPROVEMENT_LOW, Variation.COMMON, Variation.CONCERN_HIGH),
    0: (Variation.NEUTRAL_LOW, Variation.COMMON, Variation.NEUTRAL_HIGH),
}


def position_in(group: Ints) -> Ints:
    """Give each point its place in its group, from 0; a group's points stand together.

    Examples
    --------
    >>> position_in(np.array([4, 4, 4, 9, 9])).tolist()
    [0, 1, 2, 0, 1]
    """
    starts = np.flatnonzero(np.append(True, group[1:] != group[:-1])[: len(group)])
    sizes = np.diff(np.append(starts, len(group)))
    return np.arange(len(group)) - np.repeat(starts, sizes)


def special_causes(values: Floats, segment: Ints, lines: Lines, slip: Floats) -> tuple[Ints, Ints]:
    """Find the special causes.

    Parameters
    ----------
    values
        Points in the order of series and time, none missing.
    segment
        Number of each point's rebase segment, different for each series: no rule looks beyond.
    lines
        The mean and the limits at each point.
    slip
        Differences up to this are the computer's rounding, and none.

    Returns
    -------
    tuple of arrays
        Place of each point's rule in `RULES` (0 for none), and its direction: 1 for high or
        rising, -1 for low or falling, 0 for a common cause.

    Notes
    -----
    1. Beyond a limit, strictly.
    2. Trend: six consecutive moves the same way; all seven points. A tie ends it. Where one
       trend turns into another, the turning point belongs to the later.
    3. Two of three consecutive points between near limit and limit, all three on one side of the
       mean; a point beyond the limit is none of the two. Only the points near the limit.
    4. Shift: seven consecutive points on one side of the mean; a point on it ends the run.

    The first that applies is given.
    """
    place = position_in(segment)
    above = values - lines.mean
    side = np.where(np.abs(above) <= slip, 0, np.sign(np.nan_to_num(above))).astype(np.int64)
    high, low = values > lines.upl + slip, values < lines.lpl - slip
    near = ~high & ~low
    near &= (values > lines.near_upl + slip) | (values < lines.near_lpl - slip)

    move = np.zeros(len(values))
    move[1:] = np.diff(values)
    move[np.abs(move) <= slip] = 0
    move = np.sign(move)
    found = np.zeros(len(values), dtype=np.int64)
    direction = np.zeros(len(values), dtype=np.int64)

    shift = {way: _covered(_all_of(side == way, RUN) & (place >= RUN - 1), RUN) for way in (1, -1)}
    pair = _within(near, _OF) >= _NEAR
    three = {way: pair & _all_of(side == way, _OF) & (place >= _OF - 1) for way in (1, -1)}
    ends = {way: _all_of(move == way, RUN - 1) & (place >= RUN - 1) for way in (1, -1)}
    trend = {way: _covered(ends[way], RUN) for way in (1, -1)}
    later = np.append(move[1:], 0)[: len(move)]  # at a turning point, the trend that begins there
    turning = trend[1] & trend[-1]
    trend = {way: trend[way] & (~turning | (later == way)) for way in (1, -1)}
    marks = (
        (Rule.SHIFT, shift),
        (Rule.TWO_OF_THREE, {way: near & _covered(three[way], _OF) for way in (1, -1)}),
        (Rule.TREND, trend),
        (Rule.BEYOND, {1: high, -1: low}),
    )
    for rule, marked in marks:
        for way in (1, -1):
            found[marked[way]] = list(Rule).index(rule) + 1
            direction[marked[way]] = way
    return found, direction


def variation_of(direction: Ints, improvement: Ints) -> Words:
    """Say what points with these directions mean where `improvement` is up, down or neither (0).

    Examples
    --------
    >>> variation_of(np.array([1, 1, 0, -1]), np.array([1, -1, 1, 0])).tolist()
    ['improvement high', 'concern high', 'common cause', 'neutral low']
    """
    given: Words = np.full(len(direction), None, dtype=object)
    for better, types in _TYPES.items():
        for way, kind in zip((-1, 0, 1), types, strict=True):
            given[(improvement == better) & (direction == way)] = kind.value
    return given


def assurance_of(target: Floats, lpl: Floats, upl: Floats, improvement: Ints) -> Words:
    """Say whether the process meets its target, from the latest segment's limits.

    None where there is no target, no limits, no way that is better, or no variation at all and
    the target just where every value is: limits without width say nothing of a near miss.

    Examples
    --------
    >>> up = np.array([1, 1, 1, 0])
    >>> target = np.array([96.0, 84.0, 95.0, 50.0])
    >>> assurance_of(target, np.full(4, 85.0), np.full(4, 95.0), up).tolist()
    ['fail', 'pass', 'inconsistent', None]
    """
    given: Words = np.full(len(target), None, dtype=object)
    known = np.isfinite(target) & np.isfinite(lpl) & (improvement != 0)
    known &= ~((upl == lpl) & (target == upl))
    given[known] = Assurance.INCONSISTENT.value
    out = known & ((target > upl) | (target < lpl))
    failing = np.where(target > upl, 1, -1) == improvement
    given[out & failing] = Assurance.FAIL.value
    given[out & ~failing] = Assurance.PASS.value
    return given


def improvement_of(polarity: pd.Series) -> Ints:
    """Give the way that is better: 1 for "higher", -1 for "lower", 0 for any other."""
    higher, lower = (polarity.eq(word).fillna(False).to_numpy(bool) for word in ("higher", "lower"))
    return higher.astype(np.int64) - lower.astype(np.int64)


def _within(flags: Bools, window: int) -> Ints:
    """Count the flags among each point and the `window` - 1 before it."""
    total = np.cumsum(flags, dtype=np.int64)
    before = np.zeros_like(total)
    before[window:] = total[:-window]
    return total - before


def _all_of(flags: Bools, window: int) -> Bools:
    full: Bools = _within(flags, window) == window
    return full


def _covered(ends: Bools, window: int) -> Bools:
    """Tell the points of the windows that end where flagged."""
    return (_within(ends[::-1], window) > 0)[::-1]
