"""Is it real: excess over the surroundings, false discovery rate, and Gi* for texture."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage, optimize, special

from insight.hotspots.grid import Floats, Grid
from insight.hotspots.method import HotspotMethod

LEAST_CELLS = 20
PRIOR_CELLS = 90.0
WINDOW_M = 60.0  # squares up to this side are tested in blocks of three by three
SOFT = 0.5  # of a usual window is added to the second-busiest beside, which may be empty
LOWER, UPPER = 0.5, 0.93  # quantiles of windows between which the background is fitted
USUAL_TIMES = 4.0
SPARSE_TIMES = 2.0
FITTED_WINDOWS = 2_000
# Means and standard deviations of the normal priors of level (log), spread (log), share (logit).
PRIORS = ((0.0, 0.3), (-0.3, 0.5), (-0.5, 1.0))


@dataclass(frozen=True, slots=True)
class Excess:
    """Per cell: `expected` reports, `p` (chance of so many or more) and `q` (p after FDR).

    `near` is the count that was tested: that of the window in whose middle the cell lies.
    """

    expected: Floats
    p: Floats
    q: Floats
    near: Floats


def excess(count: Floats, grid: Grid, method: HotspotMethod) -> Excess:
    """Test each window that has reports against the windows around it.

    Parameters
    ----------
    count
        Reports per cell.
    grid
        The cells.
    method
        Reach of the surroundings and the clipping quantile.

    Returns
    -------
    Excess
        A cell's ``p`` and ``q`` are the smallest of the windows that reach it, provided that it
        holds its part of the excess: four times the usual cell. They are 1 elsewhere, and
        everywhere when fewer than twenty windows have reports.

    Notes
    -----
    Reports fall where streets are, so a plain Poisson test against everything nearby calls any
    busy street a hotspot. A hotspot differs from a busy street in two ways: it holds more than
    the busiest streets would, and it ends. So a window (three by three cells of up to 60 metres,
    one larger cell) is expected to hold, between them in proportions that are fitted, what the
    clipped mean of its surroundings says and what the second-busiest of the eight windows 150
    metres or two cells away holds: a street that runs on shows on two sides. About that mean
    counts vary as a negative binomial. Level, proportion and spread are fitted to the windows
    between the median and the 93rd percentile (a likelihood truncated at both), so that
    hotspots, which lie above, neither raise the background nor widen its spread, however many
    there are.
    """
    reach = 1 if grid.cell_m <= WINDOW_M else 0
    near = np.rint(_box(count, reach))
    used = (near > 0) & grid.inside
    one = np.ones(count.shape)
    if used.sum() < LEAST_CELLS or near[used].max() < 2:
        level = near[used].mean() if used.any() else 0.0
        return Excess(np.where(used, level, 0.0), one, one, near)
    typical, around = _surroundings(near, used, reach, method)
    beside = _second_busiest(near, reach + 2) + SOFT * typical
    apart = used & _lattice(count.shape, 2 * reach + 1)
    chosen = np.flatnonzero(apart.ravel())
    chosen = chosen[:: max(1, len(chosen) // FITTED_WINDOWS)]
    held = near.ravel()[chosen]
    least = max(float(np.quantile(held, LOWER, method="higher")), 1.0)
    most = max(float(np.quantile(held, UPPER, method="higher")), least + 1)
    logs = np.log(around.ravel()[chosen]), np.log(beside.ravel()[chosen])
    level, spread, share = _fit(held, *logs, least, most)
    # Of many reports little is chance, and the tail is that of streets alone: it is wider.
    spread *= 1 + 0.5 * typical / (typical + 20)
    mean = np.exp(level) * around ** (1 - share) * beside**share
    p, q = np.ones(count.shape), np.ones(count.shape)
    tested = used & (near >= least)
    tail = _tail(near[tested], mean[tested], spread)
    tail /= _tail(np.full(tail.shape, least), mean[tested], spread)
    p[tested] = np.minimum(tail * (held >= least).mean(), 1.0)
    q[used] = false_discovery(p[used])
    expected = np.where(used, mean / (2 * reach + 1) ** 2, 0.0)
    if not reach:
        # So few windows tell the background's spread poorly: twice as much is asked of them.
        return Excess(expected, p, np.minimum(q * SPARSE_TIMES, 1.0), near)
    # Two windows' reach: the middle of a window, and the cells beside it.
    q[near < method.least_reports] = 1.0
    size = 4 * reach + 1
    p, q = (ndimage.minimum_filter(each, size, mode="nearest") for each in (p, q))
    smooth = ndimage.gaussian_filter(count, 0.7, mode="constant")
    busy = (smooth >= USUAL_TIMES * typical / (2 * reach + 1) ** 2) & (count > 0)
    return Excess(expected, np.where(busy, p, 1.0), np.where(busy, q, 1.0), near)


def false_discovery(p: Floats) -> Floats:
    """Benjamini-Hochberg q: the false discovery rate at which each test would be called.

    Examples
    --------
    >>> false_discovery(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    order = np.argsort(p, kind="stable")
    raised = p[order] * len(p) / np.arange(1, len(p) + 1)
    falling = np.minimum.accumulate(raised[::-1])[::-1]
    q = np.empty(len(p))
    q[order] = np.minimum(falling, 1.0)
    return q


def gi_star(values: Floats, inside: npt.NDArray[np.bool_]) -> Floats:
    """Getis-Ord Gi* z of each cell with its eight neighbours, all weights 1.

    Parameters
    ----------
    values
        One value per cell.
    inside
        The cells that count; others are nobody's neighbour.

    Returns
    -------
    numpy.ndarray
        z per cell, 0 outside and where all values are alike.

    Notes
    -----
    z = (sum of the neighbourhood - W m) / (s sqrt((N W - W^2) / (N - 1))), with W cells in the
    neighbourhood, itself included, N cells in all, m and s their mean and standard deviation.
    The map's texture only: it doesn't know how few reports lie behind it.
    """
    held = values[inside]
    size = held.size
    sd = held.std() if size else 0.0
    if size < 2 or sd == 0:
        return np.zeros(values.shape)
    near = _box(inside.astype(float), 1)
    total = _box(np.where(inside, values, 0.0), 1)
    scale = sd * np.sqrt(np.maximum(size * near - near**2, 0.0) / (size - 1))
    z = np.divide(total - near * held.mean(), scale, out=np.zeros(values.shape), where=scale > 0)
    return np.asarray(np.where(inside, z, 0.0), dtype=np.float64)


def evidence_grades(
    count: Floats, q: Floats, method: HotspotMethod
) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.bool_]]:
    """Evidence in words, and whether it is significant: never below `least_reports`."""
    enough = count >= method.least_reports
    grade = np.select(
        [~enough, q <= method.strong_alpha, q <= method.alpha],
        ["too few", "strong", "moderate"],
        default="weak",
    )
    return grade, enough & (q <= method.alpha)


def _box(values: Floats, reach: int) -> Floats:
    """Sum of each cell's square of neighbours, `reach` cells to each side, itself included."""
    # Summing (not averaging and multiplying back) keeps whole numbers whole.
    ones = np.ones(2 * reach + 1)
    across = ndimage.correlate1d(values, ones, axis=1, mode="constant")
    return np.asarray(ndimage.correlate1d(across, ones, axis=0, mode="constant"), dtype=np.float64)


def _surroundings(
    near: Floats, used: npt.NDArray[np.bool_], reach: int, method: HotspotMethod
) -> tuple[float, Floats]:
    """Return the mean window and, for each, the mean of those around it; both of clipped counts."""
    clip = float(np.quantile(near[used], method.clip_quantile))
    clipped = np.where(used, np.minimum(near, clip), 0.0)
    typical = float(clipped[used].mean())
    cells = method.background_cells * (2 if reach else 1)
    total = _box(clipped, cells) + PRIOR_CELLS * typical
    return typical, np.maximum(total / (_box(used.astype(float), cells) + PRIOR_CELLS), 1e-3)


def _second_busiest(near: Floats, step: int) -> Floats:
    """Return the second-largest count of the eight windows beside each."""
    height, width = near.shape
    padded = np.pad(near, step)
    beside = np.array(
        [
            padded[step + up : step + up + height, step + along : step + along + width]
            for up in (-step, 0, step)
            for along in (-step, 0, step)
            if up or along
        ]
    )
    return np.asarray(np.partition(beside, 6, axis=0)[6], dtype=np.float64)


def _lattice(shape: tuple[int, ...], step: int) -> npt.NDArray[np.bool_]:
    """Windows of which no two that were drawn together share a cell: a third of all, or all."""
    rows, columns = np.indices(shape)
    return np.asarray(rows % step == columns % step)


def _fit(
    held: Floats, around: Floats, beside: Floats, least: float, most: float
) -> tuple[float, float, float]:
    """Level (log), spread, and the share of what lies beside, of windows from `least` to `most`."""
    kept = (held >= least) & (held <= most)
    some, log_around, log_beside = held[kept], around[kept], beside[kept]
    constant = special.gammaln(some + 1).sum()

    def misfit(told: Floats) -> float:
        level, spread, share = _parameters(told)
        size = 1 / spread
        mean = np.exp(level + (1 - share) * log_around + share * log_beside)
        part = mean / (size + mean)
        inside = special.betainc(least, size, part) - special.betainc(most + 1, size, part)
        exact = special.gammaln(some + size).sum() - len(some) * special.gammaln(size) - constant
        exact += (size * np.log1p(-part) + some * np.log(part)).sum()
        prior = sum(
            0.5 * ((at - mid) / sd) ** 2 for at, (mid, sd) in zip(told, PRIORS, strict=True)
        )
        return float(prior - exact + np.log(np.maximum(inside, 1e-300)).sum())

    start = np.array([mid for mid, _ in PRIORS])
    best = optimize.fmin(misfit, start, xtol=0.02, ftol=0.02, maxiter=160, disp=False)
    return _parameters(best)


def _parameters(told: Floats) -> tuple[float, float, float]:
    level, spread, share = np.clip(told, [-3.0, -4.0, -6.0], [3.0, 2.0, 6.0])
    return float(level), float(np.exp(spread)), float(special.expit(share))


def _tail(least: Floats, mean: Floats, spread: float) -> Floats:
    """Chance that a negative binomial of `mean` and `spread` reaches `least` or more."""
    size = 1.0 / spread
    chance = special.betainc(np.maximum(least, 1e-9), size, mean / (size + mean))
    return np.asarray(np.where(least <= 0, 1.0, chance), dtype=np.float64)
