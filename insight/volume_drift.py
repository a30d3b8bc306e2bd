"""Whether a month brought as many rows as a source's own past promises.

Monthly counts are few, seasonal and more scattered than chance alone, so each is held to a
prediction interval from a regression on the source's own 36 months at most:

- Counts are negative binomial, log-linear in a level, a trend and, from 15 months, a yearly wave,
  with the days of the month as offset. Months unlike the others are given less weight before the
  fit is repeated, so that an old outbreak neither lifts the level nor widens the interval: the
  scheme of Farrington, Andrews, Beale and Catchpole (1996), "A statistical algorithm for the early
  detection of outbreaks of infectious disease", J. R. Statist. Soc. A 159(3), as Noufaily and
  others revised it (2013), Statistics in Medicine 32(7).
- The scatter beyond chance is estimated from the residuals, so its tail is Student's.
- A peak that came in the same month last year is expected this year: annual billing is no news.

A change is told where chance would bring it once in 200 months of an undisturbed source, and it is
at least `SMALLEST_CHANGE`. Sources that miss a quarter of their months, as a quarterly survey does,
are left to `insight.freshness`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import nbinom, norm
from scipy.stats import t as student

FALSE_ALARMS = 1 / 200
"""How often an undisturbed source may be told of, a source and month."""
FALLS = 0.8
"""The falls' part of the false alarms: a source that stopped or halved matters more than a rush."""
SMALLEST_CHANGE = 0.2
"""Smaller changes, as a share of what was expected, are no reason to act."""
FEWEST_MONTHS = 5
MOST_MONTHS = 36
MOST_EMPTY = 0.25
_TREND_FROM, _WAVE_FROM, _YEAR = 9, 15, 12
_ROUNDS = 3
_LEAST_SCATTER = 1e-6
_UNLIKE = 3.5  # standard deviations from which a month counts less

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class VolumeChange:
    """A month with more or fewer rows than the source's past promises.

    `lower` and `upper` hold all but `FALSE_ALARMS` of months like those before.
    """

    rows: int
    expected: float
    lower: float
    upper: float
    months: int

    @property
    def share(self) -> float:
        """The change as a proportion of what was expected; -0.5 is half."""
        return self.rows / self.expected - 1


def volume_change(counts: pd.Series) -> VolumeChange | None:
    """Return how the last of consecutive months stands out, or nothing if it doesn't.

    Parameters
    ----------
    counts
        Rows a month, oldest first, indexed by the month's first day; 0 where none came. The past
        begins with the first month that has a quarter of the usual rows: a register's first file
        brings a few cases that are much older.

    Returns
    -------
    VolumeChange or None
        None too where there is too little to compare with: under five months, or a source that
        sends nothing in a quarter of them.

    Examples
    --------
    >>> months = pd.date_range("2025-10-01", periods=13, freq="MS")
    >>> usual = [410, 395, 402, 420, 388, 405, 399, 412, 401, 396, 408, 404]
    >>> volume_change(pd.Series([*usual, 205], index=months)).share < -0.4
    True
    >>> volume_change(pd.Series([*usual, 391], index=months)) is None
    True
    """
    counts = _since_begun(counts.iloc[-MOST_MONTHS - 1 :])
    past = counts.to_numpy(dtype="float64")[:-1]
    if len(past) < FEWEST_MONTHS or np.mean(past == 0) > MOST_EMPTY:
        return None
    days = pd.DatetimeIndex(counts.index).days_in_month.to_numpy(dtype="float64")
    fit = _fit(past, days[:-1])
    expected, scatter = fit.predict(len(past), days[-1])
    # Student's tails, since the scatter is only estimated.
    falls = FALLS * FALSE_ALARMS
    reach = tuple(float(student.isf(tail, fit.spare)) for tail in (falls, FALSE_ALARMS - falls))
    lower, upper = _interval(expected, scatter, reach)
    if len(past) >= _YEAR and fit.weights[-_YEAR] < 1:
        # Last year's month was unlike its neighbours too, so this year's may be as unlike.
        again = expected * past[-_YEAR] / fit.fitted[-_YEAR]
        last_year = _interval(again, scatter + fit.alpha, reach)
        lower, upper = min(lower, last_year[0]), max(upper, last_year[1])
    rows = int(counts.iloc[-1])
    beyond = rows < lower or rows > upper
    if not beyond or abs(rows / expected - 1) < SMALLEST_CHANGE:
        return None
    return VolumeChange(rows, expected, lower, upper, len(past))


def _since_begun(counts: pd.Series) -> pd.Series:
    past = counts.iloc[:-1]
    usual = past[past > 0].median()
    begun = (past >= usual / 4).to_numpy()
    return counts.iloc[int(begun.argmax()) :] if begun.any() else counts.iloc[-1:]


@dataclass(frozen=True, slots=True)
class _Fit:
    """A fitted source: its coefficients, their covariance, and its scatter beyond chance."""

    fitted: Floats
    weights: Floats
    beta: Floats
    covariance: Floats
    alpha: float
    spare: int

    def predict(self, at: int, days: float) -> tuple[float, float]:
        """Return the mean expected at month `at`, and the squared scatter of its logarithm."""
        row = _design(at + 1, at, len(self.beta))[-1]
        mean = float(np.exp(row @ self.beta) * days)
        return mean, self.alpha + float(row @ self.covariance @ row)


def _design(months: int, known: int, columns: int) -> Floats:
    """Return level, trend and yearly wave for `months`, as many as there are `columns`."""
    at = np.arange(months, dtype="float64")
    angle = 2 * np.pi * at / _YEAR
    parts = [np.ones(months), (at - known / 2) / _YEAR, np.cos(angle), np.sin(angle)]
    return np.column_stack(parts[:columns])


def _fit(past: Floats, days: Floats) -> _Fit:
    known = len(past)
    columns = 1 + (known >= _TREND_FROM) + 2 * (known >= _WAVE_FROM)
    design = _design(known, known, columns)
    spare = known - columns
    weights = _plain_months(past)
    beta: Floats = np.zeros(columns)
    beta[0] = np.log(max(float(np.median(past / days)), 0.1 / 30))
    alpha = _LEAST_SCATTER
    for round_left in range(_ROUNDS, -1, -1):
        beta, covariance = _regress(past, days, design, beta, weights, alpha)
        mean = np.exp(design @ beta) * days
        alpha = _scatter(past, mean, weights, spare)
        if round_left:
            weights = _weights(past, mean, alpha, design, covariance)
    return _Fit(mean, weights, beta, covariance, alpha, spare)


def _regress(
    past: Floats, days: Floats, design: Floats, beta: Floats, weights: Floats, alpha: float
) -> tuple[Floats, Floats]:
    """Fit log-linear means by iterated weighted least squares; variance is mean + alpha mean²."""
    for _ in range(6):
        eta = np.clip(design @ beta + np.log(days), -20, 25)
        mean = np.exp(eta)
        precision = weights * mean / (1 + alpha * mean)
        working = eta - np.log(days) + (past - mean) / mean
        information = design.T @ (precision[:, None] * design)
        information += 1e-9 * np.eye(design.shape[1])
        beta = np.linalg.solve(information, design.T @ (precision * working))
    return beta, np.linalg.inv(information)


def _plain_months(past: Floats) -> Floats:
    """Give next to no weight to months far from their neighbours (Hampel's identifier).

    Without it one great peak bends the first fit so far that it no longer stands out.
    """
    logs = pd.Series(np.log(np.maximum(past, 0.5)))
    apart = (logs - logs.rolling(7, center=True, min_periods=4).median()).to_numpy()
    typical = max(float(np.median(np.abs(apart))) * 1.4826, 0.05)
    noise = np.sqrt(typical**2 + 1 / np.maximum(past, 1))
    plain: Floats = np.where(np.abs(apart) > _UNLIKE * noise, 0.01, 1.0)
    return plain


def _scatter(past: Floats, mean: Floats, weights: Floats, spare: int) -> float:
    """Return alpha, for which the weighted Pearson statistic is its degrees of freedom."""
    squares = weights * (past - mean) ** 2
    wanted = spare * weights.sum() / len(past)
    low, high = _LEAST_SCATTER, 10.0
    if (squares / (mean + low * mean**2)).sum() <= wanted:
        return low
    for _ in range(40):
        middle = float(np.sqrt(low * high))
        too_small = (squares / (mean + middle * mean**2)).sum() > wanted
        low, high = (middle, high) if too_small else (low, middle)
    return high


def _weights(
    past: Floats, mean: Floats, alpha: float, design: Floats, covariance: Floats
) -> Floats:
    """Give months beyond two standard deviations less weight, by their square's inverse."""
    # On the 2/3 power's scale counts are nearly symmetric (Farrington and others, 3.5).
    leverage = np.einsum("ij,jk,ik->i", design, covariance, design)
    deviation = (2 / 3) * mean ** (2 / 3) * np.sqrt(1 / mean + alpha)
    spread = np.sqrt(np.clip(1 - leverage / (1 / mean + alpha), 0.1, 1))
    z = np.abs(past ** (2 / 3) - mean ** (2 / 3)) / (deviation * spread)
    weights: Floats = np.where(z > _UNLIKE, (_UNLIKE / np.maximum(z, _UNLIKE)) ** 4, 1.0)
    return weights


def _interval(mean: float, scatter: float, reach: tuple[float, ...]) -> tuple[float, float]:
    """Return the negative binomial's quantiles at `reach` standard deviations of a normal."""
    size = 1 / max(scatter, _LEAST_SCATTER)
    chance = size / (size + mean)
    below, above = (float(norm.sf(each)) for each in reach)
    return float(nbinom.ppf(below, size, chance)), float(nbinom.isf(above, size, chance))
