"""How counts vary about what is expected of a place: as Poisson counts of unequal rates."""

from typing import ClassVar, Protocol

import numpy as np
from scipy import special

from insight.hotspots.grid import Floats

# Points and weights by which a mean over a standard normal is taken.
STEPS, WEIGHTS = np.polynomial.hermite_e.hermegauss(13)
WEIGHTS /= WEIGHTS.sum()
LARGE = 50.0


class Law(Protocol):
    """Counts (whole, at least 1), one a place, asked how likely they are.

    `mean` is what is expected of each place, or of all places when there is one count alone, and
    `spread` how unequal their rates are about that: the variance of rate over mean, or of its log.
    `priors` are means and standard deviations of what is believed before any are counted of level
    (log), spread (log) and the share of what lies beside (logit).
    """

    priors: ClassVar[tuple[tuple[float, float], ...]]

    def __init__(self, count: Floats) -> None: ...

    def reached(self, mean: Floats, spread: float) -> Floats:
        """Chance of so many reports or more."""

    def log_exact(self, mean: Floats, spread: float) -> Floats:
        """Log of the chance of exactly so many."""


class GammaRates(Law):
    """Rates are gamma about their mean, so that counts are negative binomial."""

    priors = ((0.0, 0.3), (-0.3, 0.5), (-0.5, 1.0))

    def __init__(self, count: Floats) -> None:
        self._count = count
        self._constant = special.gammaln(count + 1)

    def reached(self, mean: Floats, spread: float) -> Floats:
        """Chance of so many reports or more."""
        size = 1 / spread
        return np.asarray(special.betainc(self._count, size, mean / (size + mean)))

    def log_exact(self, mean: Floats, spread: float) -> Floats:
        """Log of the chance of exactly so many."""
        size, part = 1 / spread, mean / (1 / spread + mean)
        ways = special.gammaln(self._count + size) - special.gammaln(size) - self._constant
        return np.asarray(ways + size * np.log1p(-part) + self._count * np.log(part))


class LognormalRates(Law):
    """Rates are lognormal about `mean`, their median: a few are far above the rest.

    A Poisson count of rate r reaches k where r is above a gamma variable of shape k, so that its
    chance is a mean over that gamma, taken at thirteen points.
    """

    priors = ((-0.3, 1.0), (0.0, 0.6), (-0.5, 1.0))

    def __init__(self, count: Floats) -> None:
        each, place = np.unique(count, return_inverse=True)
        self._log_rates, self._next = (
            _log_gamma(shape[:, None])[place] for shape in (each, each + 1)
        )

    def reached(self, mean: Floats, spread: float) -> Floats:
        """Chance of so many reports or more."""
        return _above(self._log_rates, mean, spread)

    def log_exact(self, mean: Floats, spread: float) -> Floats:
        """Log of the chance of exactly so many."""
        exact = _above(self._log_rates, mean, spread) - _above(self._next, mean, spread)
        return np.asarray(np.log(np.maximum(exact, 1e-300)))


def _above(log_rates: Floats, mean: Floats, spread: float) -> Floats:
    """Chance that a rate is above one drawn from those (rows)."""
    return np.asarray(special.ndtr((np.log(mean)[:, None] - log_rates) / np.sqrt(spread)) @ WEIGHTS)


def _log_gamma(shape: Floats) -> Floats:
    """Return logs of gamma variables of those shapes (rows), where a normal one is at `STEPS`.

    Large ones by Wilson and Hilferty's cube root (1931), which is then as good and fast.
    """
    few = np.minimum(shape, LARGE)
    exact = np.log(special.gammaincinv(np.unique(few)[:, None], special.ndtr(STEPS)))
    large = np.maximum(shape, LARGE)
    root = 1 - 1 / (9 * large) + STEPS / (3 * np.sqrt(large))
    place = np.searchsorted(np.unique(few), few[:, 0])
    return np.asarray(np.where(shape < LARGE, exact[place], np.log(large) + 3 * np.log(root)))
