"""Intervals that say how sure a figure is: 95% unless another confidence is given.

Shares use Wilson's score interval, differences of shares Newcombe's hybrid of two such
intervals, counts the exact Poisson interval, and waits order statistics. Everything takes and
gives arrays; where the base is nought there is no interval, only NaN.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv, ndtri
from scipy.stats import binom

Bounds = tuple[NDArray[np.float64], NDArray[np.float64]]


def _floats(values: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)


def wilson(share: ArrayLike, base: ArrayLike, *, confidence: float = 0.95) -> Bounds:
    """Wilson score interval of a share.

    Parameters
    ----------
    share
        Proportion from 0 to 1.
    base
        Answers behind it; for weighted answers the effective base (`effective_base`), which
        needn't be whole.
    confidence
        Proportion from 0 to 1.

    Examples
    --------
    >>> lower, upper = wilson(8 / 12, 12)
    >>> f"{lower:.4f} to {upper:.4f}"
    '0.3906 to 0.8619'
    """
    p, n = np.broadcast_arrays(_floats(share), _floats(base))
    z = float(ndtri((1 + confidence) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 1 + z**2 / n
        centre = (p + z**2 / (2 * n)) / scale
        half = z / scale * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    known = (n > 0) & (p >= 0) & (p <= 1)
    # At the ends the formula gives exactly 0 and 1 but for rounding.
    lower = np.where(p == 0, 0.0, np.clip(centre - half, 0, 1))
    upper = np.where(p == 1, 1.0, np.clip(centre + half, 0, 1))
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def effective_base(weight_sum: ArrayLike, squared_weight_sum: ArrayLike) -> NDArray[np.float64]:
    """Kish's effective base: the plain answers that weighted ones are worth.

    Examples
    --------
    >>> float(effective_base(3.0, 1 + 1 + 1)), round(float(effective_base(4.0, 4 + 1 + 1)), 2)
    (3.0, 2.67)
    """
    total, squares = _floats(weight_sum), _floats(squared_weight_sum)
    return np.divide(
        total**2, squares, out=np.zeros(np.broadcast(total, squares).shape), where=squares > 0
    )


def difference_of(
    first: ArrayLike,
    first_bounds: tuple[ArrayLike, ArrayLike],
    second: ArrayLike,
    second_bounds: tuple[ArrayLike, ArrayLike],
    *,
    correlation: ArrayLike = 0.0,
) -> Bounds:
    """Interval of ``first - second`` from the two figures' own intervals.

    With Wilson bounds of independent shares this is Newcombe's hybrid interval; with any
    others it is the same rule (squares of the distances to the bounds are added).

    Parameters
    ----------
    first, second
        The figures.
    first_bounds, second_bounds
        Their lower and upper bounds.
    correlation
        Correlation of the two estimates, from -1 to 1; 0 when independent.
    """
    p, q, r = _floats(first), _floats(second), _floats(correlation)
    (l1, u1), (l2, u2) = map(_floats, first_bounds), map(_floats, second_bounds)

    def reach(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.sqrt(np.maximum(a**2 - 2 * r * a * b + b**2, 0))

    return p - q - reach(p - l1, u2 - q), p - q + reach(u1 - p, q - l2)


def ratio_of(
    first: ArrayLike,
    first_bounds: tuple[ArrayLike, ArrayLike],
    second: ArrayLike,
    second_bounds: tuple[ArrayLike, ArrayLike],
) -> Bounds:
    """Interval of ``first / second`` of two independent figures, from their own intervals.

    The counterpart of `difference_of` for ratios (Donner and Zou, 2012, "Closed-form confidence
    intervals for functions of the normal mean and standard deviation"). The upper bound is
    infinite where the second figure's interval touches 0.

    Examples
    --------
    >>> lower, upper = ratio_of(0.6, wilson(0.6, 150), 0.46, wilson(0.46, 150))
    >>> f"{lower:.3f} to {upper:.3f}"
    '1.052 to 1.624'
    """
    p, q = _floats(first), _floats(second)
    (l1, u1), (l2, u2) = map(_floats, first_bounds), map(_floats, second_bounds)
    with np.errstate(divide="ignore", invalid="ignore"):
        below, above = u2 * (2 * q - u2), l2 * (2 * q - l2)
        lower = p * q - np.sqrt(np.maximum((p * q) ** 2 - l1 * below * (2 * p - l1), 0))
        upper = p * q + np.sqrt(np.maximum((p * q) ** 2 - u1 * above * (2 * p - u1), 0))
        # At below = 0 the quotient has a limit, the smaller root of a quadratic become a line.
        low = np.where(
            np.abs(below) > 1e-12, lower / below, l1 * (2 * p - l1) / np.maximum(2 * p * q, 1e-300)
        )
        high = np.where(above > 0, upper / above, np.inf)
    known = np.isfinite(l1) & np.isfinite(l2) & (q > 0)
    return np.where(known, np.maximum(low, 0), np.nan), np.where(known, high, np.nan)


def newcombe(
    first: ArrayLike,
    first_base: ArrayLike,
    second: ArrayLike,
    second_base: ArrayLike,
    *,
    confidence: float = 0.95,
) -> Bounds:
    """Newcombe's hybrid interval of the difference ``first - second`` of two shares.

    The change is real only if 0 lies outside.

    Examples
    --------
    >>> lower, upper = newcombe(56 / 70, 70, 48 / 80, 80)
    >>> f"{lower:.4f} to {upper:.4f}"
    '0.0524 to 0.3339'
    """
    return difference_of(
        first,
        wilson(first, first_base, confidence=confidence),
        second,
        wilson(second, second_base, confidence=confidence),
    )


def net_interval(
    share_for: ArrayLike, share_against: ArrayLike, base: ArrayLike, *, confidence: float = 0.95
) -> Bounds:
    """Interval of a net score: the difference of two shares of the *same* answers.

    Newcombe's rule with the correlation that two shares of one total have. Where all answers
    are for or against, it is the Wilson interval of one share stretched to -1..1.

    Examples
    --------
    >>> lower, upper = net_interval(0.75, 0.25, 20)
    >>> wide = wilson(0.75, 20)
    >>> bool(np.isclose(lower, 2 * wide[0] - 1)), bool(np.isclose(upper, 2 * wide[1] - 1))
    (True, True)
    """
    p, q = _floats(share_for), _floats(share_against)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = p * q / ((1 - p) * (1 - q))
    correlation = -np.sqrt(np.where(np.isfinite(odds), odds, 1.0))
    return difference_of(
        p,
        wilson(p, base, confidence=confidence),
        q,
        wilson(q, base, confidence=confidence),
        correlation=correlation,
    )


def poisson_interval(counts: ArrayLike, *, confidence: float = 0.95) -> Bounds:
    """Exact (Garwood) interval of a count of independent events.

    Examples
    --------
    >>> lower, upper = poisson_interval([0, 10])
    >>> lower.round(3).tolist(), upper.round(3).tolist()
    ([0.0, 4.795], [3.689, 18.39])
    """
    k = _floats(counts)
    known = k >= 0
    tail = (1 - confidence) / 2
    safe = np.where(known, k, 0.0)
    # Half a chi-squared quantile on 2k degrees of freedom is a gamma quantile of shape k.
    lower = np.where(safe > 0, gammaincinv(np.where(safe > 0, safe, 1.0), tail), 0.0)
    upper = gammaincinv(safe + 1, 1 - tail)
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def quantile_ranks(base: ArrayLike, quantile: float, *, confidence: float = 0.95) -> Bounds:
    """Ranks (from 1) of the sorted values that bound a quantile, without assuming a shape.

    NaN where so few values bound it on one side only: the slowest tenth of twelve waits has
    a lower bound and no upper one.

    Examples
    --------
    >>> [rank.tolist() for rank in quantile_ranks([5, 10, 100], 0.5)]
    [[nan, 2.0, 40.0], [nan, 9.0, 61.0]]
    """
    n = _floats(base)
    tail = (1 - confidence) / 2
    safe = np.where(n > 0, n, 1)
    low = binom.ppf(tail, safe, quantile)
    high = binom.ppf(1 - tail, safe, quantile) + 1
    return (
        np.where((n > 0) & (low >= 1), low, np.nan),
        np.where((n > 0) & (high <= n), high, np.nan),
    )
