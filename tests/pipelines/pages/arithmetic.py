"""The few formulas that the tests of the pages share, from statsmodels, scipy or a textbook."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import NamedTuple

import pandas as pd
from scipy.stats import chi2
from statsmodels.stats.proportion import proportion_confint


class Hand(NamedTuple):
    """One figure worked out by hand; the ends and the base are missing where it has none."""

    value: float
    lower: float | None = None
    upper: float | None = None
    base: float | None = None


def wilson(hits: float, base: float) -> tuple[float, float]:
    low, high = proportion_confint(hits, base, method="wilson")
    return float(low), float(high)


def poisson(count: float) -> tuple[float, float]:
    """Garwood's exact interval of a count."""
    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    return float(low), float(chi2.ppf(0.975, 2 * count + 2) / 2)


def counted(number: float) -> Hand:
    return Hand(number, *poisson(number), number)


def plain_share(hits: float, base: float) -> Hand:
    return Hand(hits / base, *wilson(hits, base), base)


def clustered_share(
    hits: Iterable[float], base: Iterable[float], cluster: Iterable[Hashable]
) -> Hand:
    """Share of sums, its interval by the ratio estimator's variance between clusters.

    Cochran, Sampling Techniques, 3rd edition, 11.12, as a design effect of at least one.
    """
    sums: dict[Hashable, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for name, k, n in zip(cluster, hits, base, strict=True):
        sums[name][0] += k
        sums[name][1] += n
    total, number = sum(n for _, n in sums.values()), len(sums)
    p = sum(k for k, _ in sums.values()) / total
    effect = 1.0
    if number > 1 and 0 < p < 1:
        between = sum((k - p * n) ** 2 for k, n in sums.values())
        between *= number / (number - 1) * (total - 1) / total
        effect = max(1.0, between / (total * p * (1 - p)))
    return Hand(p, *wilson(p * total / effect, total / effect), total)


def shares_of_one_person(rows: pd.DataFrame, hits: pd.Series) -> Hand:
    """Share of contacts, those of one person about one service as a cluster."""
    people = zip(rows["service"], rows["person"], strict=True)
    return clustered_share(hits, [1.0] * len(rows), people)
