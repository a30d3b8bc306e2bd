"""How counts vary about what is expected of a place: as Poisson counts of unequal rates."""

from typing import ClassVar, Protocol

import numpy as np
from scipy import special

from insight.hotspots.grid import Floats

# Points and weights by which a mean over a standard normal is taken.
STEPS, WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
WEIGHTS /= WEIGHTS.sum()


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


class GammaRates:
    """Rates are gamma about their mean, so that counts are negative binomial."""

    priors = ((0.0, 0.3), (-0.3, 0.5), (-0.5, 1.0))

    def __init__(self, count: Floats) -> None:
        self._count = count
        self._constant = special.gammaln(count + 1)

    def reached(self, mean: Floats, spread: float) -> Floats:
        size = 1 / spread
        return np.asarray(special.betainc(self._count, size, mean / (size + mean)))

    def log_exact(self, mean: Floats, spread: float) -> Floats:
        size, part = 1 / spread, mean / (1 / spread + mean)
        ways = special.gammaln(self._count + size) - special.gammaln(size) - self._constant
        return np.asarray(ways + size * np.log1p(-part) + self._count * np.log(part))


class LognormalRates:
    """Rates are lognormal about `mean`, their median: a few are far above the rest.

    A Poisson count of rate r reaches k when r is above a gamma variable of shape k, so that its
    chance is a mean over that gamma, taken at nine points; that of exactly k is the same mean of
    the density of r, by k (Bulmer 1974 has the integral).
    """

    priors = ((-0.3, 1.0), (-0.6, 1.0), (-0.5, 1.0))

    def __init__(self, count: Floats) -> None:
        each, place = np.unique(count, return_inverse=True)
        self._log_rates = np.log(special.gammaincinv(each[:, None], special.ndtr(STEPS)))[place]
        self._log_count = np.log(count)

    def reached(self, mean: Floats, spread: float) -> Floats:
        return np.asarray(special.ndtr(-self._above(mean, spread)) @ WEIGHTS)

    def log_exact(self, mean: Floats, spread: float) -> Floats:
        density = np.exp(-0.5 * self._above(mean, spread) ** 2) @ WEIGHTS
        density /= np.sqrt(2 * np.pi * spread)
        return np.asarray(np.log(np.maximum(density, 1e-300)) - self._log_count)

    def _above(self, mean: Floats, spread: float) -> Floats:
        return np.asarray((self._log_rates - np.log(mean)[:, None]) / np.sqrt(spread))
