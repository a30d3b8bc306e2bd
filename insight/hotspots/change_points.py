"""Units whose rate may have changed once, their rates gamma about smooth surfaces."""

import numpy as np

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
    priors
        Each surface (rows) at each unit, as a share of all reports.
    """

    def __init__(self, windows: Windows, spreads: tuple[float, ...], priors: Floats) -> None:
        self.windows, self.spreads, self.priors = windows, spreads, priors
        most = int(windows.counts[-1].max(initial=0))
        # log Γ(a + n) - log Γ(a) for every n that occurs.
        self.tables = [
            np.append(0.0, np.log(a + np.arange(most)).cumsum()) for a in spreads
        ]

    def start(self) -> Floats:
        """Weights to begin with, by spread, surface and change: a fifth of the units changed."""
        changes = len(self.windows.days)
        weights = np.full(changes, WEIGHT_OF_CHANGE / max(changes - 1, 1))
        weights[0] = 1 - WEIGHT_OF_CHANGE * (changes > 1)
        kinds = (len(self.spreads), len(self.priors))
        return np.broadcast_to(weights, (*kinds, changes)) / np.prod(kinds)

    def likelihood(self, units: slice) -> tuple[Floats, Floats]:
        """Return likelihood (up to a factor for each unit) and rate, by combination and unit."""
        counts, priors = self.windows.counts[:, units], self.priors[:, units]
        total, whole = self.windows.exposure[-1], counts[-1]
        since, before = counts[:-1], whole - counts[:-1]
        spent = self.windows.exposure[:-1, None]
        logs = np.empty((len(self.spreads), len(priors), *counts.shape))
        rates = np.empty_like(logs)
        at_all, at_since, at_before = (n.astype(np.int64) for n in (whole, since, before))
        for at, (a, table) in enumerate(zip(self.spreads, self.tables, strict=True)):
            alone, paired = table[at_all], table[at_since] + table[at_before]
            for which, prior in enumerate(priors):
                b = a / prior
                log_b = a * np.log(b)
                log, rate = logs[at, which], rates[at, which]
                log[0] = alone + log_b - (a + whole) * np.log(b + total)
                rate[0] = (a + whole) / (b + total)
                log[1:] = paired + 2 * log_b - (a + since) * np.log(b + spent)
                log[1:] -= (a + before) * np.log(b + total - spent)
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
