"""Limits of p- and u-charts: shares and rates whose bases are small or differ widely.

Every point has limits of its own, wider where its base is smaller. As long as the points scatter
as chance makes them, the limits are exact quantiles of the binomial or Poisson distribution that
leave the same share outside as three (near limits: two) standard deviations of a normal one,
since the textbook's symmetric limits are wrong where few cases are expected. Where the points
scatter more, the limits are those of Laney's p' and u': D. B. Laney (2002), "Improved control
charts for attributes", Quality Engineering 14(4), 531-537.
"""

from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import binom, chi2, norm, poisson

from insight.spc_rules import Bools, Floats, Ints, Lines

D2 = 1.128
"""Mean range of two values from a normal distribution, in standard deviations."""
OVERDISPERSION_LEVEL = 0.01
"""Significance at which more scatter than chance's is taken for real (Pearson's statistic)."""
_LIMIT, _NEAR_LIMIT = 3.0, 2.0


def attribute_lines(
    numerator: Floats,
    denominator: Floats,
    segment: Ints,
    baseline: Bools,
    kind: Literal["p", "u"],
) -> tuple[Lines, Floats]:
    """Work out the lines of p- or u-charts.

    Parameters
    ----------
    numerator, denominator
        Cases, and what they are among (`kind` "p") or the exposure (`kind` "u"), in the order of
        series and time. Denominators are over nought.
    segment
        Number from 0 of each point's segment, different for each series.
    baseline
        The points from which the limits are worked out.

    Returns
    -------
    tuple
        The lines, and at each point Laney's sigma z: NaN where chance explains the scatter.

    Examples
    --------
    >>> cases, base = np.array([2.0, 4, 3, 3]), np.array([20.0, 40, 30, 30])
    >>> lines, _ = attribute_lines(cases, base, np.zeros(4, int), np.ones(4, bool), "p")
    >>> lines.mean.tolist(), lines.upl.round(3).tolist()
    ([0.1, 0.1, 0.1, 0.1], [0.35, 0.275, 0.3, 0.3])
    """
    segments = int(segment.max(initial=-1)) + 1

    def total(values: Floats, where: Bools) -> Floats:
        sums = np.bincount(segment[where], values[where], minlength=segments)
        return sums.astype(np.float64, copy=False)

    with np.errstate(divide="ignore", invalid="ignore"):
        centre = (total(numerator, baseline) / total(denominator, baseline))[segment]
        spread = np.sqrt(centre * (1 - centre if kind == "p" else 1) / denominator)
        z = np.where(spread > 0, (numerator / denominator - centre) / spread, 0.0)
        pairs = baseline & np.append(False, segment[1:] == segment[:-1])[: len(segment)]
        ranges = np.abs(np.diff(z, prepend=np.nan))
        ones = np.ones(len(z))
        sigma = total(ranges, pairs) / total(ones, pairs) / D2
        spare = total(ones, baseline) - 1
        scattered = chi2.sf(total(z**2, baseline), np.maximum(spare, 1)) < OVERDISPERSION_LEVEL
    sigma_z = np.where(scattered & (sigma > 1), sigma, np.nan)[segment]
    # Many months of one series share their base.
    pairs, where = _distinct(centre, denominator)
    reach = {
        times: _exact(*pairs, kind, times)[where]
        for times in (-_LIMIT, -_NEAR_LIMIT, _NEAR_LIMIT, _LIMIT)
    }
    laney = np.isfinite(sigma_z)
    for times, line in reach.items():
        line[laney] = (centre + times * spread * sigma_z)[laney]
    lpl, near_lpl, near_upl, upl = reach.values()
    return Lines(centre, lpl, upl, near_lpl, near_upl), sigma_z


def _distinct(centre: Floats, denominator: Floats) -> tuple[tuple[Floats, Floats], Ints]:
    """Return the distinct pairs of centre and base, and which of them each point has."""
    codes, centres = pd.factorize(centre, use_na_sentinel=False)
    base_codes, bases = pd.factorize(denominator, use_na_sentinel=False)
    where, both = pd.factorize(codes * max(len(bases), 1) + base_codes)
    most = max(len(bases), 1)
    return (centres[both // most], bases[both % most]), where.astype(np.int64)


def _exact(centre: Floats, denominator: Floats, kind: str, times: float) -> Floats:
    """Give the quantile as far out as `times` standard deviations of a normal distribution."""
    n = np.maximum(np.round(denominator), 1)
    tail = float(norm.cdf(-abs(times)))
    if kind == "p":
        cases = binom.ppf(tail, n, centre) if times < 0 else binom.isf(tail, n, centre)
        limits = np.clip(cases / n, 0, 1)
    else:
        mean = centre * denominator
        cases = poisson.ppf(tail, mean) if times < 0 else poisson.isf(tail, mean)
        limits = np.maximum(cases, 0) / denominator
    given: Floats = np.where(np.isfinite(centre), limits, np.nan)
    return given
