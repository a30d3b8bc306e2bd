"""Has a place's part of the reports changed within the year: evidence that needs no background."""

import numpy as np
from scipy import special

from insight.hotspots.grid import Floats

SHORTEST = 0.1  # of all reports, on each side of a change
FEWEST = 10  # reports of a window that tells how much reports come in bursts
FEWEST_WINDOWS = 20
# Splits a month apart see nearly the same reports: a quarter as many tests as there are, in effect.
ALIKE = 0.25


def change(months: Floats) -> Floats:
    """Test whether each place's share of all reports changed at some month's end.

    Parameters
    ----------
    months
        Reports by month (rows, oldest first) and place.

    Returns
    -------
    numpy.ndarray
        One p per place: of the busiest split in two spells, corrected for looking at all of
        them. 1 where no split leaves a tenth of all reports on each side.

    Notes
    -----
    Given how many reports a place had, how many came in the first months is binomial with the
    share that all places' had, whatever streets run there: the conditional test of Kulldorff and
    others' space-time permutation scan (2005). So a season changes nothing. Reports that come
    in bursts are fewer pieces of evidence than they are reports: the correlation within a place's
    month is estimated from places with ten or more (a median, which real changes don't move
    much) and counts are divided by their design effect.
    """
    totals = months.sum(axis=1)
    share = totals.cumsum() / max(totals.sum(), 1)
    splits = np.flatnonzero((share > SHORTEST) & (share < 1 - SHORTEST))
    best = np.ones(months.shape[1])
    if not len(splits):
        return best
    before = months.cumsum(axis=0)
    held = before[-1]
    weight = 1 / (1 + np.maximum(held - 1, 0) * _correlation(months, totals / totals.sum()))
    for split in splits:
        first, last = before[split] * weight, (held - before[split]) * weight
        early = _at_least(first, last, share[split])
        late = _at_least(last, first, 1 - share[split])
        best = np.minimum(best, np.minimum(early, late))
    return np.minimum(best * 2 * len(splits) * ALIKE, 1.0)


def _at_least(count: Floats, rest: Floats, share: float) -> Floats:
    """Chance that a binomial of `count` + `rest` draws reaches `count`; parts of reports too."""
    chance = special.betainc(np.maximum(count, 1e-9), rest + 1, share)
    return np.asarray(np.where(count > 0, chance, 1.0), dtype=np.float64)


def _correlation(months: Floats, share: Floats) -> float:
    """How alike the months of two reports of one place are, beyond the season; 0 if unknown."""
    busy = months[:, months.sum(axis=0) >= FEWEST]
    share = share[share > 0][:, None]
    if busy.shape[1] < FEWEST_WINDOWS or len(share) < 2:
        return 0.0
    busy = busy[months.sum(axis=1) > 0]
    held, free = busy.sum(axis=0), len(share) - 1
    uneven = ((busy - held * share) ** 2 / (held * share)).sum(axis=0)
    usual = 1 - 2 / (3 * free)  # the median of chi squared over its degrees of freedom, nearly
    return float(np.clip(np.median((uneven / free - usual) / (held - 1)), 0.0, 1.0))
