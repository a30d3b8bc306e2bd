"""Is it real: excess over the surroundings, false discovery rate, and Gi* for texture."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage, special

from insight.hotspots.background import (
    MOST_OF_TAIL,
    lattice,
    place_test,
    running_on,
    surroundings,
)
from insight.hotspots.changed import Changes, change, kept_and_gained
from insight.hotspots.grid import Floats, Grid, box_sum
from insight.hotspots.laws import LognormalRates
from insight.hotspots.method import HotspotMethod

LEAST_CELLS = 20
WINDOW_M = 60.0  # squares up to this side are tested in blocks of three by three
Flags = npt.NDArray[np.bool_]
SOFT = 0.5  # of a usual window is added to what lies beside, which may be nothing
USUAL_TIMES, LOCAL_TIMES = 4.0, 2.5
FEWEST_PLACES, MOST_PLACES = 3, 12  # that stand out together
ALONE = 0.2  # how much rarer a place must be that stands out alone
PLACE_WEIGHT = 0.8  # of the false claims allowed, what may come of places by their whole count
SURELY_CHANGED = 0.001
CLEARLY = 0.001  # so small a p keeps a window out of the second fit of the background


@dataclass(frozen=True, slots=True)
class Excess:
    """Per cell: `expected` reports, `p` (chance of so many or more) and `q` (p after FDR).

    `near` is the count that was tested: that of the window in whose middle the cell lies.
    """

    expected: Floats
    p: Floats
    q: Floats
    near: Floats


def excess(
    count: Floats, grid: Grid, method: HotspotMethod, months: Floats | None = None
) -> Excess:
    """Test each window that has reports against the windows around it, and against its own past.

    Parameters
    ----------
    count
        Reports per cell.
    grid
        The cells.
    method
        Reach of the surroundings and the clipping quantile.
    months
        The same reports by month (rows, oldest first) and cell, flattened as the grid is; without
        them places are tested by their whole count alone.

    Returns
    -------
    Excess
        A cell's ``p`` and ``q`` are the smallest of the windows that hold it, provided that it
        holds its part of the excess: four times the usual cell, and two and a half times what is
        expected of it, so that more than half is the hotspot's and not the street's; or, where
        reports came in a spell, more in that than its other months bring in a year. They are 1
        elsewhere, and everywhere when fewer than twenty windows have reports.

    Notes
    -----
    Reports fall where streets are, so a plain Poisson test against everything nearby calls any
    busy street a hotspot. A hotspot differs from a busy street in two ways: it holds more than
    the busiest streets would, and it ends. So a window (three by three cells of up to 60 metres,
    one larger cell) is expected to hold, between them in proportions that are fitted, what the
    clipped mean of its surroundings says and what the busiest three of the windows that
    touch it hold, which is where its streets run on. About that mean counts vary
    as a negative binomial. Level, proportion and spread are fitted to the windows between the
    median and the 90th percentile (a likelihood truncated at both), and again without the windows
    that then clearly stand out, so that hotspots neither raise the background nor widen its
    spread, however many there are.

    Busy places stay busy, while hotspots come and go; so `months` give evidence of another kind
    (`change`), independent of the first given a place's count. A window's p is the smaller, each
    by its weight, of the first and of both together (Fisher's method).

    How heavy the tail is beyond those windows differs from town to town. So a map claims nothing
    unless three places or more stand out together (`in_company`), by another background, of
    lognormal streets, fitted further up, hotspots and all; or one place does that is five times
    as rare, by that background or by its change alone, which needs none.
    """
    reach = 1 if grid.cell_m <= WINDOW_M else 0
    near = np.rint(box_sum(count, reach))
    used = (near > 0) & grid.inside
    one = np.ones(count.shape)
    if used.sum() < LEAST_CELLS or near[used].max() < 2:
        level = near[used].mean() if used.any() else 0.0
        return Excess(np.where(used, level, 0.0), one, one, near)
    typical, around = surroundings(near, used, method)
    beside = running_on(near, 2 * reach + 1) + SOFT * typical
    apart = used & lattice(count.shape, 2 * reach + 1)
    p, mean, told = place_test(near, used, around, beside, apart)
    loud = used & (p <= CLEARLY)
    if loud.any():
        # Places that clearly stand out say nothing of the background.
        p, mean, told = place_test(near, used, around, beside, apart & ~loud, told)
    wide = place_test(near, used, around, beside, apart, law=LognormalRates, most=MOST_OF_TAIL)[0]
    changes = None
    if months is not None:
        slices = np.array([box_sum(each.reshape(count.shape), reach)[used] for each in months])
        changes = change(slices)
        p[used], wide[used] = _together(p[used], changes.p), _together(wide[used], changes.p)
    rarest = min(wide.min(), 1.0 if changes is None else changes.p.min())
    chance = min(rarest * used.sum() / ALONE, in_company(wide, used, reach + 2))
    q = one.copy()
    q[used] = np.maximum(false_discovery(p[used]), chance)
    expected = np.where(used, mean / (2 * reach + 1) ** 2, 0.0)
    if not reach:
        return Excess(expected, p, q, near)
    q[near < method.least_reports] = 1.0
    size = 2 * reach + 1
    p, q = (ndimage.minimum_filter(each, size, mode="nearest") for each in (p, q))
    smooth = _smooth(count) * size**2
    busy = smooth >= np.maximum(USUAL_TIMES * typical, LOCAL_TIMES * mean)
    if months is not None and changes is not None:
        busy[used] |= _mostly_of_a_spell(months, count.shape, used, changes, typical / size**2)
    busy &= count > 0
    return Excess(expected, np.where(busy, p, 1.0), np.where(busy, q, 1.0), near)


def _smooth(cells: Floats) -> Floats:
    """Smooth counts of cells by little more than a cell."""
    return np.asarray(ndimage.gaussian_filter(cells, 0.7, mode="constant"), dtype=np.float64)


def _mostly_of_a_spell(
    months: Floats, shape: tuple[int, ...], used: Flags, changes: Changes, usual: float
) -> Flags:
    """Cells in use whose window surely changed, and that hold more of its spell than without it.

    A cell whose other months bring less than half the usual is held to that half.
    """
    smooth = np.array([_smooth(each.reshape(shape))[used] for each in months])
    kept, gained = kept_and_gained(smooth, changes)
    return (changes.p <= SURELY_CHANGED) & (gained >= np.maximum(kept, usual / 2))


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
    near = box_sum(inside.astype(float), 1)
    total = box_sum(np.where(inside, values, 0.0), 1)
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


def in_company(p: Floats, used: Flags, apart: int) -> float:
    """Chance that a map without a hotspot has so many places so striking.

    Parameters
    ----------
    p
        Per window, its chance of so many reports.
    used
        The windows that were tested.
    apart
        How many cells apart two windows must be, more than which, to be two places.

    Returns
    -------
    float
        The least, for 3 to 12 places, of the chance that a Poisson number of them, with the mean
        that is expected among all windows, reaches so many.

    Notes
    -----
    One street far busier than the rest is what a heavy tail brings, and says nothing of hotspots;
    several such places seldom are (Berk and Jones 1979, without the first two).
    """
    left, windows, least = p.copy(), int(used.sum()), 1.0
    for places in range(1, MOST_PLACES + 1):
        row, column = np.unravel_index(left.argmin(), left.shape)
        if places >= FEWEST_PLACES:
            chance = special.gammainc(places, float(left[row, column]) * windows)
            least = min(least, float(chance))
        beside = slice(max(row - apart, 0), row + apart + 1)
        left[beside, max(column - apart, 0) : column + apart + 1] = 1.0
    return least


def _together(place: Floats, changed: Floats) -> Floats:
    """Join two independent p: the smaller, by weight, of the first and of both by Fisher's."""
    both = np.maximum(place * changed, 1e-300)
    fisher = both * (1 - np.log(both))
    joined = np.minimum(place / PLACE_WEIGHT, fisher / (1 - PLACE_WEIGHT))
    return np.asarray(np.minimum(joined, 1.0), dtype=np.float64)
