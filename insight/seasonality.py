"""Whether series repeat themselves every year so strongly that a plain control chart misleads.

Each series is regressed on its segments' levels, a straight trend and a level for each month (or
quarter) of the year. Seasonality is strong where the months' levels differ by the F test for
stable seasonality at 0.1%, the level that the Census Bureau's X-11 uses because successive
figures are alike (J. Shiskin, A. Young and J. Musgrave, 1967, Technical Paper 15), and the
months explain at least `STRONG` of the variance beside level and trend: the threshold from which
seasonality is differenced away in forecasting (X. Wang, K. Smith and R. Hyndman, 2006,
"Characteristic-based clustering for time series data", and ``nsdiffs`` in R's forecast package),
here allowing for the levels that chance alone would fit.
"""

import numpy as np
from scipy.stats import f as f_distribution

from insight.spc_rules import Bools, Floats, Ints, position_in

LEVEL = 0.001
STRONG = 0.64
FEWEST_SPARE = 10
"""Degrees of freedom that must be left: 24 months, or 16 quarters, with none missing."""
MOST_POINTS = 120
_BATCH = 1000
_NOTHING = 1e-18  # of the variance: rounding


def strongly_seasonal(
    values: Floats, series: Ints, segment: Ints, ordinal: Ints, per_year: Ints
) -> Bools:
    """Tell which series are strongly seasonal.

    Parameters
    ----------
    values, series, segment, ordinal
        Points in the order of series and time, with their period's number.
    per_year
        For each series, 12 where it is monthly and 4 where it is quarterly.

    Examples
    --------
    >>> month = np.arange(36)
    >>> zeros = np.zeros(36, dtype=int)
    >>> wave = 100 + 10 * np.sin(month * np.pi / 6) + np.tile([0, 1, 2, 1], 9)
    >>> strongly_seasonal(wave, zeros, zeros, month, np.array([12])).tolist()
    [True]
    """
    strong: Bools = np.zeros(len(per_year), dtype=np.bool_)
    level = np.bincount(segment, values) / np.maximum(np.bincount(segment), 1)
    apart = values - level[segment] if len(values) else values
    sizes = np.bincount(series, minlength=len(per_year))
    from_end = sizes[series] - 1 - position_in(series)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    for seasons in (12, 4):
        wanted = np.flatnonzero((per_year == seasons) & (sizes >= FEWEST_SPARE + seasons + 1))
        wanted = wanted[np.argsort(sizes[wanted], kind="stable")]  # alike in length together
        for first in range(0, len(wanted), _BATCH):
            batch = wanted[first : first + _BATCH]
            most = min(int(sizes[batch].max()), MOST_POINTS)
            at = starts[batch + 1][:, None] - 1 - np.arange(most)
            held = np.arange(most) < sizes[batch][:, None]
            at = np.where(held, at, 0)
            held &= from_end[at] < MOST_POINTS
            strong[batch] = _test(apart[at], ordinal[at], held, seasons)
    return strong


def _test(values: Floats, ordinal: Ints, held: Bools, seasons: int) -> Bools:
    """Test series as rows; only the cells `held` count."""
    time = np.where(held, ordinal - ordinal[:, :1], 0) / seasons
    season = ordinal % seasons
    months = (season[..., None] == np.arange(seasons)) & held[..., None]
    enough = (months.sum(axis=1) >= 2).all(axis=1)
    spare = held.sum(axis=1) - seasons - 1
    enough &= spare >= FEWEST_SPARE
    y = np.where(held, values, 0.0)
    scale = np.sqrt((y**2).mean(axis=1, keepdims=True))
    y = y / np.where(scale > 0, scale, 1.0)
    plain = np.stack([held.astype(float), time], axis=2)
    full = np.concatenate([months.astype(float), time[..., None]], axis=2)
    without, beside = _unexplained(plain, y), _unexplained(full, y)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = ((without - beside) / (seasons - 1)) / (beside / spare)
        share = 1 - (beside / spare) / (without / (spare + seasons - 1))
    flat = without <= _NOTHING * held.sum(axis=1)
    ratio = np.where(beside <= _NOTHING, np.inf, ratio)
    chance = f_distribution.sf(ratio, seasons - 1, np.maximum(spare, 1))
    given: Bools = enough & ~flat & (chance < LEVEL) & (share >= STRONG)
    return given


def _unexplained(design: Floats, y: Floats) -> Floats:
    """Give the sum of squares that each row's regression leaves."""
    information = design.transpose(0, 2, 1) @ design
    # Too small to matter, but a month without a point would leave no solution.
    information += 1e-10 * np.eye(design.shape[2])
    beta = np.linalg.solve(information, design.transpose(0, 2, 1) @ y[..., None])
    left: Floats = ((y - (design @ beta)[..., 0]) ** 2).sum(axis=1)
    return left
