"""Where it will be next: each cell's share of the next reports, given that cells may change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from insight.hotspots.change_points import ChangePoints, expected, fitted, weights_before
from insight.hotspots.grid import Floats, Grid
from insight.hotspots.method import HotspotMethod
from insight.hotspots.stacking import HALF_LIVES_DAYS, LEVEL, halving_count, stacked_weights
from insight.hotspots.windows import Windows, before

FITTED_UNITS = 20_000
BLOCK_UNITS = 20_000
MOMENTS, LEAST_SEEN = 2, 30  # past moments to predict from, and reports known by then
RARE = 0.01


@dataclass(frozen=True, slots=True)
class Ranking:
    """What is expected next.

    Parameters
    ----------
    share
        Each cell's share of the next reports; adds up to 1 over the area, 0 outside.
    changed
        Chance, from 0 to 1, that a cell's own rate changed within the history.
    weights
        How much each forecast counts: change points, then a count that halves in each of
        `HALF_LIVES_DAYS`. They add up to 1.
    """

    share: Floats
    changed: Floats
    weights: Floats


def expected_shares(windows: Windows, grid: Grid, method: HotspotMethod) -> Ranking:
    """Return each cell's expected share of the next reports.

    Parameters
    ----------
    windows
        Reports by cell and window.
    grid
        The cells.
    method
        Reaches of the surfaces and how far a cell may be from them.

    Returns
    -------
    Ranking
        Shares by cell, shaped as the grid.

    Notes
    -----
    Three forecasts are averaged. In the first a cell has had one rate ever since some moment, the
    beginning or the start of a window, and another before. Its rates are gamma about the smooth
    surface of all reports, with three reaches of that surface and three spreads about it. How
    common each of these combinations is among cells is fitted to the reports themselves
    (empirical Bayes, maximum likelihood by expectation and maximisation), and a cell's share is
    the mean over what its own counts leave likely. So a place that began five weeks ago is judged
    by five weeks, its neighbour by all that is known, and one with three reports mostly by the
    streets around. The others are plain counts that halve in three months and in two years,
    shrunk to their own surface: better where places drift, or reports come in bursts. How much
    each counts is what would have predicted the last windows best, each from what was known
    before it (rolling origins); see "Three forecasts of where next are stacked" in DECISIONS.md
    for what each reached.
    """
    inside, shape = grid.inside.ravel(), grid.inside.shape
    within = Windows(windows.days, windows.counts[:, inside], windows.exposure)
    area = np.full(int(inside.sum()), 1 / max(inside.sum(), 1))

    @cache
    def ground(reach: float) -> Floats:
        there = ndimage.gaussian_filter(grid.inside.astype(float), reach, mode="constant")
        return np.asarray(np.maximum(there[grid.inside], 1e-9), dtype=np.float64)

    def surface(values: Floats, reach: float) -> Floats:
        spread = np.zeros(shape)
        spread[grid.inside] = values
        smooth = ndimage.gaussian_filter(spread, reach, mode="constant")
        # Corrected for the ground missing beyond the boundary.
        return np.asarray(smooth[grid.inside] / ground(reach), dtype=np.float64)

    told = unit_shares(within, area, surface, _reaches(grid, method), method)
    flat, moved = np.zeros(inside.size), np.zeros(inside.size)
    flat[inside], moved[inside] = told.share, told.changed
    return Ranking(flat.reshape(shape), moved.reshape(shape), told.weights)


def unit_shares(
    windows: Windows,
    base: Floats,
    surface: Callable[[Floats, float], Floats],
    reaches: Sequence[float],
    method: HotspotMethod,
) -> Ranking:
    """Return the expected share of each unit, square or piece of street.

    Parameters
    ----------
    windows
        Reports by unit and window.
    base
        Each unit's share of the ground: of the area, or of the streets' length.
    surface
        Smooths a value by unit: what each would have if it were as its surroundings. Its second
        argument is the reach.
    reaches
        Reaches of the surfaces, narrowest first: cells, or hundreds of metres of street.
    method
        How far a unit may be from the surfaces.

    Returns
    -------
    Ranking
        By unit.
    """
    units = len(base)
    even = np.full(1 + len(HALF_LIVES_DAYS), 1 / (1 + len(HALF_LIVES_DAYS)))
    if windows.exposure[-1] <= 0:
        return Ranking(np.zeros(units), np.zeros(units), even)

    def changing(seen: Windows, chosen: npt.NDArray[np.bool_] | None = None) -> ChangePoints:
        surfaces = np.array([surface(seen.counts[-1], reach) for reach in reaches])
        means = np.maximum(surfaces * (1 - LEVEL), 0.0) / seen.exposure[-1] + LEVEL * base
        return ChangePoints(seen, method.spreads, means, chosen)

    def halving(seen: Windows) -> list[Floats]:
        return [halving_count(seen, days, surface) for days in HALF_LIVES_DAYS]

    model, every = changing(windows), slice(None, None, max(1, -(-units // FITTED_UNITS)))
    known = model.likelihood(every)
    common = fitted(known[0], model.start())
    if every.step == 1:
        share, changed = expected(*known, common)
    else:
        share, changed = np.empty(units), np.empty(units)
        for first in range(0, units, BLOCK_UNITS):
            part = slice(first, first + BLOCK_UNITS)
            share[part], changed[part] = expected(*model.likelihood(part), common)
    forecasts, outcomes = [], []
    frequent = common.sum(axis=1) >= RARE
    for back in range(min(MOMENTS, len(windows.days) - 1)):
        seen, followed = before(windows, back)
        if seen.exposure[-1] < LEAST_SEEN:
            break
        known = changing(seen, frequent).likelihood(every)
        rate, _ = expected(*known, weights_before(common[frequent], back))
        made = np.array([rate, *(each[every] for each in halving(seen))])
        forecasts.append(made / made.sum(axis=1, keepdims=True))
        outcomes.append(followed[every])
    weights = stacked_weights(forecasts, outcomes) if forecasts else even
    told = weights @ np.array([share / share.sum(), *halving(windows)])
    return Ranking(told / told.sum(), changed, weights)


def _reaches(grid: Grid, method: HotspotMethod) -> list[float]:
    """Return the surfaces' standard deviations in cells, a cell or more for the narrowest."""
    narrowest = method.bandwidths_m[0]
    return [max(reach / grid.cell_m, reach / narrowest) for reach in method.bandwidths_m]
