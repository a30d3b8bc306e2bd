"""Units whose rate may have changed once, their rates gamma about smooth surfaces."""

from itertools import compress, product

import numpy as np
import numpy.typing as npt

from insight.hotspots.grid import Floats
from insight.hotspots.windows import Windows

ROUNDS = 40
WEIGHT_OF_CHANGE = 0.2


class ChangePoints:
    """The likelihood of units' counts under each combination of spread, surface and change.

    A unit has had one rate since some moment, the beginning or the start of a window, and another
    before.

    Parameters
    ----------
    windows
        Reports by unit and window.
    spreads
        Shapes of the gamma distribution of a unit's rate about a surface.
    surfaces
        Each surface (rows) at each unit, as a share of all reports.
    chosen
        Which of the kinds, every spread about every surface, to look at; all if not given.
    """

    def __init__(
        self,
        windows: Windows,
        spreads: tuple[float, ...],
        surfaces: Floats,
        chosen: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        self.windows = windows
        kinds = list(product(spreads, surfaces))
        self.kinds = kinds if chosen is None else list(compress(kinds, chosen))
        upto = np.arange(int(windows.counts[-1].max(initial=0)))
        # log gamma(a + n) - log gamma(a) for every n that occurs.
        self.rising = {
            a: np.append(0.0, np.log(a + upto).cumsum()) for a in {a for a, _ in self.kinds}
        }

    def start(self) -> Floats:
        """Weights to begin with, by kind and change: a fifth of the units changed."""
        changes = len(self.windows.days)
        weights = np.full(changes, WEIGHT_OF_CHANGE / max(changes - 1, 1))
        weights[0] = 1 - WEIGHT_OF_CHANGE * (changes > 1)
        return np.tile(weights, (len(self.kinds), 1)) / len(self.kinds)

    def likelihood(self, units: slice) -> tuple[Floats, Floats]:
        """Return likelihood (up to a factor for each unit) and rate.

        Both by combination (each kind's changes, of which the first is none) and unit.
        """
        counts = self.windows.counts[:, units]
        total, whole = self.windows.exposure[-1], counts[-1]
        since, earlier = counts[:-1], whole - counts[:-1]
        spent = self.windows.exposure[:-1, None]
        logs = np.empty((len(self.kinds), *counts.shape))
        rates = np.empty_like(logs)
        at_all, at_since, at_earlier = (n.astype(np.int64) for n in (whole, since, earlier))
        for (a, surface), log, rate in zip(self.kinds, logs, rates, strict=True):
            b, table = a / surface[units], self.rising[a]
            log_b = a * np.log(b)
            log[0] = table[at_all] + log_b - (a + whole) * np.log(b + total)
            rate[0] = (a + whole) / (b + total)
            log[1:] = table[at_since] + table[at_earlier]
            log[1:] += 2 * log_b - (a + since) * np.log(b + spent)
            log[1:] -= (a + earlier) * np.log(b + total - spent)
            rate[1:] = (a + since) / (b + spent)
        logs = logs.reshape(-1, counts.shape[1])
        logs -= logs.max(axis=0)
        return np.exp(logs, out=logs), rates.reshape(logs.shape)


def fitted(likelihood: Floats, weights: Floats) -> Floats:
    """How common each combination is, by expectation and maximisation, shaped as `weights`."""
    units, shape = likelihood.shape[1], weights.shape
    weights = weights.ravel()
    for _ in range(ROUNDS):
        weights = weights * (likelihood @ (1 / (weights @ likelihood))) / units
        # None ever becomes impossible: a later map may need it.
        weights = np.maximum(weights, 1e-9)
        weights /= weights.sum()
    return weights.reshape(shape)


def expected(likelihood: Floats, rates: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return each unit's rate, and the chance that it changed, from how common changes are."""
    posterior = likelihood * weights.ravel()[:, None]
    posterior /= posterior.sum(axis=0)
    unchanged = posterior[:: weights.shape[-1]].sum(axis=0)
    return np.einsum("kc,kc->c", posterior, rates), 1 - unchanged


def weights_before(weights: Floats, back: int) -> Floats:
    """How common changes were when window `back` began: later ones had not happened yet."""
    unchanged = weights[..., : back + 2].sum(axis=-1, keepdims=True)
    return np.concatenate([unchanged, weights[..., back + 2 :]], axis=-1)
