"""Has a place's part of the reports changed within the year: evidence that needs no background."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from insight.hotspots.grid import Floats

SHORTEST = 0.1  # of all reports, on each side of a change
FEWEST = 10  # reports of a window that tells how much reports come in bursts
FEWEST_WINDOWS = 20
# Splits a month apart see nearly the same reports: a quarter as many tests as there are, in effect.
ALIKE = 0.25


@dataclass(frozen=True, slots=True)
class Changes:
    """The busiest of each place's spells: the months up to `split`, or those after it.

    Parameters
    ----------
    p
        Chance of a spell so busy, corrected for looking at all of them.
    split
        Number of the last month of the earlier spell.
    early
        Whether the earlier spell is the busy one.
    share
        What part of all reports came in the busy spell.
    """

    p: Floats
    split: npt.NDArray[np.int64]
    early: npt.NDArray[np.bool_]
    share: Floats


def change(months: Floats) -> Changes:
    """Test whether each place's share of all reports changed at some month's end.

    Parameters
    ----------
    months
        Reports by month (rows, oldest first) and place.

    Returns
    -------
    Changes
        p is 1 where no split leaves a tenth of all reports on each side, and where none lies a
        standard deviation from even.

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
    past = totals.cumsum() / max(totals.sum(), 1)
    splits = np.flatnonzero((past > SHORTEST) & (past < 1 - SHORTEST))
    places = months.shape[1]
    p, at, first = np.ones(places), np.zeros(places, np.int64), np.zeros(places, np.bool_)
    if not len(splits):
        return Changes(p, at, first, np.ones(places))
    before = months.cumsum(axis=0)
    held = before[-1]
    weight = 1 / (1 + np.maximum(held - 1, 0) * _correlation(months, totals / totals.sum()))
    for split in splits:
        even = held * past[split]
        sd = np.sqrt(even * (1 - past[split]) / weight)
        for early in (True, False):
            more = before[split] - even if early else even - before[split]
            tried = np.flatnonzero(more > sd)
            count = (before[split] if early else held - before[split])[tried] * weight[tried]
            share = past[split] if early else 1 - past[split]
            chance = _at_least(count, held[tried] * weight[tried] - count, share)
            better = chance < p[tried]
            changed = tried[better]
            p[changed], at[changed], first[changed] = chance[better], split, early
    p = np.minimum(p * 2 * len(splits) * ALIKE, 1.0)
    return Changes(p, at, first, np.where(first, past[at], 1 - past[at]))


def kept_and_gained(months: Floats, changes: Changes) -> tuple[Floats, Floats]:
    """Return what each place holds without its busy spell's excess, and that excess.

    `months` are those of `change`, or smoothed ones: a place's own other months say what streets
    there bring, better than any surroundings do.
    """
    before = months.cumsum(axis=0)
    held = before[-1]
    first = np.take_along_axis(before, changes.split[None], axis=0)[0]
    rest = np.where(changes.early, held - first, first)
    kept = rest / np.maximum(1 - changes.share, SHORTEST)
    return kept, held - kept


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
