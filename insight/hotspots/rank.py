"""Where it will be next: recent reports, steadied by what lies around them."""

import numpy as np
from scipy import ndimage

from insight.hotspots.grid import Floats, Grid
from insight.hotspots.method import HotspotMethod

STEADIEST, LOOSEST = 100.0, 0.05


def recency_weights(age_days: Floats, half_life_days: float) -> Floats:
    """Return what each report counts: 1 when new, a half after `half_life_days`.

    Examples
    --------
    >>> recency_weights(np.array([0.0, 180.0, 360.0]), 180.0).tolist()
    [1.0, 0.5, 0.25]
    """
    return np.asarray(0.5 ** (np.maximum(age_days, 0.0) / half_life_days))


def density_score(
    grid: Grid, easting: Floats, northing: Floats, weights: Floats, method: HotspotMethod
) -> Floats:
    """Weighted count of each cell, shrunk to the smooth surface of the same counts.

    Parameters
    ----------
    grid
        The cells.
    easting, northing
        Reports in metres.
    weights
        What each report counts (`recency_weights`).
    method
        Bandwidth of the surface.

    Returns
    -------
    numpy.ndarray
        One score per cell, in weighted reports; 0 outside the area.

    Notes
    -----
    Linear credibility: surface + k / (k + a w) * (count - surface), where k is the surface, w
    the weight of an average report and a is 1 over the variance, between cells, of the rate
    relative to the surface (moments). Few reports: the surface rules. Many: the count does.
    """
    count = grid.total(easting, northing, weights)
    squares = grid.total(easting, northing, weights**2)
    surface = _smooth(count, grid, method.bandwidth_m)
    whole = count.sum()
    if whole <= 0:
        return count
    weight = squares.sum() / whole
    extra = ((count - surface) ** 2 - squares)[grid.inside].sum()
    spread = extra / (surface[grid.inside] ** 2).sum()
    steadiness = float(np.clip(1.0 / max(spread, 1e-9), LOOSEST, STEADIEST))
    trust = surface / np.maximum(surface + steadiness * weight, 1e-12)
    return np.where(grid.inside, surface + trust * (count - surface), 0.0)


def _smooth(count: Floats, grid: Grid, bandwidth_m: float) -> Floats:
    """Gaussian surface of `count`, corrected for the ground missing beyond the boundary."""
    sigma = bandwidth_m / grid.cell_m
    inside = grid.inside.astype(float)
    total = ndimage.gaussian_filter(count * inside, sigma, mode="constant")
    ground = ndimage.gaussian_filter(inside, sigma, mode="constant")
    return np.where(grid.inside, total / np.maximum(ground, 1e-9), 0.0)
