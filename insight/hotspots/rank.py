"""Where it will be next: each cell's share of the next reports, given that cells may change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage, special

from insight.hotspots.grid import Floats, Grid
from insight.hotspots.method import HotspotMethod
from insight.hotspots.windows import Windows

LEVEL = 0.02  # of every prior is the mean of all cells: nowhere is impossible
FITTED_CELLS = 20_000
BLOCK_CELLS = 20_000
ROUNDS = 40
WEIGHT_OF_CHANGE = 0.2
HALF_LIFE_DAYS, STEADY_PART = 364.0, 0.3
STEADY_REACH = 1.5  # cells, or hundreds of metres of street
STEADIEST, LOOSEST = 100.0, 0.05


@dataclass(frozen=True, slots=True)
class Ranking:
    """What is expected next.

    Parameters
    ----------
    share
        Each cell's share of the next reports; adds up to 1 over the area, 0 outside.
    memory_days
        The window from which a report's cell is judged, on average over reports.
    bandwidth_m
        The reach of the surface that cells are shrunk to, on average over cells.
    changed
        Chance, from 0 to 1, that a cell's own rate changed within the history.
    """

    share: Floats
    memory_days: float
    bandwidth_m: float
    changed: Floats


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
    A cell has had one rate ever since some moment, the beginning or the start of a window, and
    another before. Its rates are gamma about the smooth surface of all reports, with three
    reaches of that surface and three spreads about it. How common each of these combinations
    is among cells is fitted to the reports themselves (empirical Bayes, maximum likelihood by
    expectation and maximisation), and a cell's share is the mean over what its own counts leave
    likely. So a place that began five weeks ago is judged by five weeks, its neighbour by all
    that is known, and one with three reports mostly by the streets around. A single half-life for
    all cells, however well chosen, can't do that. But what looks like a change may be a burst that
    subsides, so the share is steadied (a weighted geometric mean) by a plain count that halves
    in a year, shrunk to its own surface; see "Places are ranked by change points" in DECISIONS.md
    for what each reached.
    """
    inside, shape = grid.inside.ravel(), grid.inside.shape
    within = Windows(windows.days, windows.counts[:, inside], windows.exposure)
    area = np.full(int(inside.sum()), 1 / max(inside.sum(), 1))

    def surface(values: Floats, reach: float) -> Floats:
        spread = np.zeros(inside.size)
        spread[inside] = values
        return _surface(spread.reshape(shape), grid, reach)[grid.inside]

    told = unit_shares(within, area, surface, _reaches(grid, method), method)
    flat, moved = np.zeros(inside.size), np.zeros(inside.size)
    flat[inside], moved[inside] = told.share, told.changed
    return Ranking(
        flat.reshape(shape),
        told.memory_days,
        told.bandwidth_m * grid.cell_m,
        moved.reshape(shape),
    )


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
        Reaches of the surfaces, narrowest first, in the unit of `STEADY_REACH`: cells, or
        hundreds of metres of street.
    method
        How far a unit may be from the surfaces.

    Returns
    -------
    Ranking
        By unit; ``bandwidth_m`` in the unit of `reaches`.
    """
    counts, total, units = windows.counts, windows.exposure[-1], len(base)
    if total <= 0:
        return Ranking(np.zeros(units), 0.0, 0.0, np.zeros(units))
    surfaces = np.array([surface(counts[-1], reach) for reach in reaches])
    means = np.maximum(surfaces * (1 - LEVEL), 0.0) + LEVEL * total * base
    model = _Model(windows.exposure, method.spreads, means / total, counts)
    every = max(1, -(-units // FITTED_CELLS))
    weights = _fitted(model.likelihood(slice(None, None, every))[0], model.start())
    share, changed = np.empty(units), np.empty(units)
    for first in range(0, units, BLOCK_CELLS):
        part = slice(first, first + BLOCK_CELLS)
        likelihood, rates = model.likelihood(part)
        likelihood *= weights[:, None]
        likelihood /= likelihood.sum(axis=0)
        share[part] = np.einsum("kc,kc->c", likelihood, rates)
        changed[part] = 1 - likelihood[model.unchanged].sum(axis=0)
    share = share ** (1 - STEADY_PART) * _steady(windows, surface) ** STEADY_PART
    days = np.tile(
        np.append(windows.days[-1:], windows.days[:-1]), len(weights) // len(windows.days)
    )
    reach = np.repeat(np.tile(reaches, len(method.spreads)), len(windows.days))
    return Ranking(share / share.sum(), float(weights @ days), float(weights @ reach), changed)


def _steady(windows: Windows, surface_of: Callable[[Floats, float], Floats]) -> Floats:
    """Count that halves in a year, shrunk to its surface: one value per unit.

    Linear credibility: surface + k / (k + a w) * (count - surface), where k is the surface, w
    the weight of an average report and a is 1 over the variance, between cells, of the rate
    relative to the surface (moments).
    """
    starts = np.append(0, windows.days[:-1])
    weight = 0.5 ** ((starts + windows.days) / 2 / HALF_LIFE_DAYS)
    each = np.diff(windows.counts, axis=0, prepend=0.0)
    count, squares = weight @ each, weight**2 @ each
    surface = surface_of(count, STEADY_REACH)
    extra = ((count - surface) ** 2 - squares).sum() / (surface**2).sum()
    spread = np.clip(1 / max(extra, 1e-9), LOOSEST, STEADIEST) * squares.sum() / count.sum()
    floor = LEVEL * surface.mean()
    shrunk = surface + surface / np.maximum(surface + spread, 1e-12) * (count - surface)
    return np.asarray(np.maximum(shrunk, 0.0) + floor, dtype=np.float64)


class _Model:
    """The likelihood of cells' counts under each combination of spread, surface and change."""

    def __init__(
        self, exposure: Floats, spreads: tuple[float, ...], priors: Floats, counts: Floats
    ) -> None:
        self.exposure, self.spreads, self.priors, self.counts = exposure, spreads, priors, counts
        steps = len(exposure)
        self.unchanged = np.arange(len(spreads) * len(priors)) * steps

    def start(self) -> Floats:
        """Weights to begin with: a fifth of the cells have changed."""
        windows, kinds = len(self.exposure), len(self.unchanged)
        weights = np.full(kinds * windows, WEIGHT_OF_CHANGE / max(windows - 1, 1) / kinds)
        weights[self.unchanged] = (1 - WEIGHT_OF_CHANGE * (windows > 1)) / kinds
        return weights

    def likelihood(self, cells: slice) -> tuple[Floats, Floats]:
        """Return likelihood (up to a factor for each cell) and rate, by combination and cell."""
        counts, priors = self.counts[:, cells], self.priors[:, cells]
        total, whole = self.exposure[-1], counts[-1]
        before = whole - counts[:-1]
        logs = np.empty((len(self.spreads), len(priors), *counts.shape))
        rates = np.empty_like(logs)
        most = int(whole.max(initial=0))
        tables = [special.gammaln(a + np.arange(most + 1)) - special.gammaln(a)
                  for a in self.spreads]  # fmt: skip
        recent, earlier = counts[:-1].astype(np.int64), before.astype(np.int64)
        spent = self.exposure[:-1, None]
        for at, (a, table) in enumerate(zip(self.spreads, tables, strict=True)):
            alone, paired = table[whole.astype(np.int64)], table[recent] + table[earlier]
            for which, prior in enumerate(priors):
                b = a / prior
                log_b = a * np.log(b)
                log, rate = logs[at, which], rates[at, which]
                log[0] = alone + log_b - (a + whole) * np.log(b + total)
                rate[0] = (a + whole) / (b + total)
                log[1:] = paired + 2 * log_b - (a + counts[:-1]) * np.log(b + spent)
                log[1:] -= (a + before) * np.log(b + total - spent)
                rate[1:] = (a + counts[:-1]) / (b + spent)
        logs = logs.reshape(-1, counts.shape[1])
        logs -= logs.max(axis=0)
        return np.exp(logs, out=logs), rates.reshape(logs.shape)


def _fitted(likelihood: Floats, weights: Floats) -> Floats:
    """How common each combination is, by expectation and maximisation."""
    cells = likelihood.shape[1]
    for _ in range(ROUNDS):
        weights = weights * (likelihood @ (1 / (weights @ likelihood))) / cells
        # None ever becomes impossible: a later map may need it.
        weights = np.maximum(weights, 1e-9)
        weights /= weights.sum()
    return weights


def _reaches(grid: Grid, method: HotspotMethod) -> list[float]:
    """Return the surfaces' standard deviations in cells, a cell or more for the narrowest."""
    narrowest = method.bandwidths_m[0]
    return [max(reach / grid.cell_m, reach / narrowest) for reach in method.bandwidths_m]


def _surface(count: Floats, grid: Grid, sigma: float) -> Floats:
    """Gaussian surface of `count`, corrected for the ground missing beyond the boundary."""
    inside = grid.inside.astype(float)
    total = ndimage.gaussian_filter(count * inside, sigma, mode="constant")
    ground = ndimage.gaussian_filter(inside, sigma, mode="constant")
    return np.where(grid.inside, total / np.maximum(ground, 1e-9), 0.0)
