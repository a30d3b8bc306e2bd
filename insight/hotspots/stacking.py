"""Forecasts of several kinds, weighted by how well each would have predicted lately."""

from collections.abc import Callable, Sequence

import numpy as np

from insight.hotspots.grid import Floats
from insight.hotspots.windows import Windows

HALF_LIVES_DAYS = (90.0, 720.0)
STEADY_REACH = 1.5  # cells, or hundreds of metres of street
STEADIEST, LOOSEST = 100.0, 0.05
LEVEL = 0.02  # of every forecast is the mean of all units: nowhere is impossible
PRIOR_REPORTS = 10.0
STEPS, CLOSE = 50, 1e-7


def halving_count(
    windows: Windows, half_life_days: float, surface_of: Callable[[Floats, float], Floats]
) -> Floats:
    """Share of each unit by a count that halves in some days, shrunk to its own surface.

    Linear credibility: surface + k / (k + a w) * (count - surface), where k is the surface, w
    the weight of an average report and a is 1 over the variance, between units, of the rate
    relative to the surface (moments).
    """
    starts = np.append(0, windows.days[:-1])
    weight = 0.5 ** ((starts + windows.days) / 2 / half_life_days)
    each = np.diff(windows.counts, axis=0, prepend=0.0)
    count, squares = weight @ each, weight**2 @ each
    surface = surface_of(count, STEADY_REACH)
    extra = ((count - surface) ** 2 - squares).sum() / (surface**2).sum()
    spread = np.clip(1 / max(extra, 1e-9), LOOSEST, STEADIEST) * squares.sum() / count.sum()
    shrunk = surface + surface / np.maximum(surface + spread, 1e-12) * (count - surface)
    share = np.maximum(shrunk, 0.0) + LEVEL * surface.mean()
    return np.asarray(share / share.sum(), dtype=np.float64)


def stacked_weights(forecasts: Sequence[Floats], outcomes: Sequence[Floats]) -> Floats:
    """Weigh forecasts so that their mean makes what followed likeliest.

    Parameters
    ----------
    forecasts
        For each past moment, each forecast's (rows) share of the next reports by unit.
    outcomes
        The reports that followed each of those moments, by unit.

    Returns
    -------
    numpy.ndarray
        Weights that add up to 1; equal ones where nothing followed.

    Notes
    -----
    Stacking of predictive distributions (Yao, Vehtari, Simpson and Gelman, 2018, "Using stacking
    to average Bayesian predictive distributions"), by Newton's method. Equal weights count as
    much as `PRIOR_REPORTS` reports, so that few reports change little, and none becomes 0.
    """
    kinds = len(forecasts[0])
    weights, prior = np.full(kinds, 1 / kinds), PRIOR_REPORTS / kinds
    followed = [outcome > 0 for outcome in outcomes]
    shares = np.concatenate([f[:, at] for f, at in zip(forecasts, followed, strict=True)], axis=1)
    reports = np.concatenate([o[at] for o, at in zip(outcomes, followed, strict=True)])
    # The border keeps the sum of the weights at 1.
    bordered = np.pad(np.zeros((kinds, kinds)), (0, 1), constant_values=1.0)
    bordered[-1, -1] = 0.0
    for _ in range(STEPS):
        mean = weights @ shares
        slope = shares @ (reports / mean) + prior / weights
        bordered[:-1, :-1] = (shares * (reports / mean**2)) @ shares.T
        bordered[:-1, :-1] += np.diag(prior / weights**2)
        step = np.linalg.solve(bordered, np.append(slope, 0.0))[:-1]
        # Never all the way to 0.
        reach = 0.9 / max(float((-step / weights).max()), 0.9)
        weights = weights + reach * step
        if np.abs(step).max() < CLOSE:
            break
    return np.asarray(weights / weights.sum(), dtype=np.float64)
