"""Where a year's figures will end, and how sure that is; never from fewer points than it needs.

Everything is arrays of measures by years by periods, the current year last, so that thousands of
measures are forecast at once. The method, its assumptions and the coverage measured of it are in
DECISIONS.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PRIOR_YEARS = 3
FEWEST_YEARS = 2
"""Whole years before that a seasonal pattern is taken from; with one, a year is even."""
FEWEST_FREEDOM = 4
"""Degrees of freedom below which the spread isn't known well enough."""
FEWEST_STEPS = 12
"""Past changes over the same number of periods that the last value's spread is taken from."""
MOST_ALIKE = 0.7
"""Neighbouring periods' deviations are taken to be no more alike than this correlation."""


@dataclass(frozen=True, slots=True)
class YearEnd:
    """A forecast for each measure; NaN and a note where there is none.

    `so_far` is how many periods of the year are in; `note` says what it rests on, or what it waits
    for.
    """

    value: Floats
    lower: Floats
    upper: Floats
    so_far: NDArray[np.int64]
    note: NDArray[np.object_]


def sum_at_year_end(
    values: Floats, *, events: Bools | bool = False, confidence: float = 0.95
) -> YearEnd:
    """Forecast the year's sum from its run-rate.

    With two or three whole years before, their pooled share of the year that lay in the same
    periods is the share that is over now (seasonal). With one, the periods count alike (even), half
    of them must be in, and what the season does shows as spread. With none there is no forecast: a
    season that nobody has seen could be anything. The interval is Student's on the spread of past
    periods about their pattern, wider where neighbours deviate alike and for the pattern's own
    uncertainty.

    Parameters
    ----------
    values
        Measures by years by periods, the current year last, NaN where not known; none negative.
    events
        Which measures count separate events: their spread is never below that of chance.
    """
    done, so_far, gap = _leading(values)
    number, _, periods = values.shape
    whole: Bools = np.asarray(~np.isnan(values[:, :-1]).any(axis=2), dtype=np.bool_)
    years = whole.sum(axis=1)
    prior = np.where(whole[:, :, None], values[:, :-1], 0.0)
    in_sum = np.where(done, np.nan_to_num(values[:, -1]), 0.0)
    totals = prior.sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = prior.sum(axis=1) / totals[:, None]
        over = (share * done).sum(axis=1)
        seasonal = (years >= FEWEST_YEARS) & (over > 0) & (totals > 0)
        share = np.where(seasonal[:, None], share, 1 / periods)
        over = np.where(seasonal, over, so_far / periods)
        value = in_sum.sum(axis=1) / np.where(so_far == periods, 1.0, over)
        spread, freedom = _spread(values, whole, done, share, seasonal, value)
        spread = np.where(np.broadcast_to(events, number), np.maximum(spread, 1.0), spread)
        pattern = np.where(seasonal, 1 / np.maximum(years, 1), 0.0)
        deviation = np.sqrt(spread * np.abs(value) * (1 - over) / over * (1 + pattern))
    fewest = np.where(seasonal, _quarter_of(periods), periods // 2)
    notes = _notes(number, np.where(seasonal, "the season of years before", "even months"))
    notes[so_far < fewest] = "too few periods of the year are in"
    notes[years < 1] = "no whole year before to know the season from"
    notes[freedom < FEWEST_FREEDOM] = "too few periods to know the spread"
    notes[np.nanmin(np.where(np.isnan(values), 0, values), axis=(1, 2)) < 0] = "a value is negative"
    notes[gap] = "a period of the year is missing"
    reach = deviation * _quantile(freedom, confidence)
    floor = in_sum.sum(axis=1)
    return _told(value, np.maximum(value - reach, floor), value + reach, so_far, notes, periods)


def _spread(
    values: Floats, whole: Bools, done: Bools, share: Floats, seasonal: Bools, level: Floats
) -> tuple[Floats, Floats]:
    """Variance of a period over its mean, and the degrees of freedom it rests on."""
    known = ~np.isnan(values)
    known[:, -1] = done
    known[:, :-1] &= whole[:, :, None] | ~seasonal[:, None, None]
    seen = np.where(known, values, 0.0)
    shares = np.where(known, share[:, None, :], 0.0)
    levels = seen.sum(axis=2) / shares.sum(axis=2)
    levels[:, -1] = level
    mean = levels[:, :, None] * share[:, None, :]
    used = known & (mean > 0)
    deviations = np.where(used, (seen - mean) / np.sqrt(np.where(used, mean, 1.0)), 0.0)
    fitted = used.any(axis=2).sum(axis=1) + np.where(seasonal, values.shape[2] - 1, 0)
    freedom = used.sum(axis=(1, 2)) - fitted
    squares = (deviations**2).sum(axis=(1, 2))
    return squares / freedom * _alike(deviations, used), freedom.astype(np.float64)


def _alike(deviations: Floats, used: Bools) -> Floats:
    """By how much neighbours that deviate alike widen a sum's variance, 1 if they don't."""
    flat = deviations.reshape(len(deviations), -1)
    there = used.reshape(len(used), -1)
    pairs = there[:, 1:] & there[:, :-1]
    products = np.where(pairs, flat[:, 1:] * flat[:, :-1], 0.0).sum(axis=1)
    correlation = products / pairs.sum(axis=1) / ((flat**2).sum(axis=1) / there.sum(axis=1))
    # Deviations about a fitted level are a little unlike each other by themselves.
    correlation = np.nan_to_num(correlation) + 1 / deviations.shape[2]
    correlation = np.clip(correlation, 0.0, MOST_ALIKE)
    return np.asarray((1 + correlation) / (1 - correlation), dtype=np.float64)


def ratio_at_year_end(
    numerator: Floats,
    denominator: Floats,
    *,
    shares: Bools | bool = False,
    confidence: float = 0.95,
) -> YearEnd:
    """Forecast the year's pooled ratio: the rest of the year goes as the year so far.

    A mean is a ratio whose denominators are 1. The rest's denominators follow the seasonal shares
    of the years before where there are two; the spread is that of past periods about their own
    year's ratio, and for a share never below that of chance.

    Parameters
    ----------
    numerator, denominator
        Measures by years by periods, the current year last, NaN where not known.
    shares
        Which measures are shares, from 0 to 1.
    """
    both = ~np.isnan(numerator) & (denominator >= 0)
    top, bottom = np.where(both, numerator, np.nan), np.where(both, denominator, np.nan)
    done, so_far, gap = _leading(top)
    number, _, periods = top.shape
    share = np.broadcast_to(shares, number)
    known = both.copy()
    known[:, -1] = done
    above, below = np.where(known, top, 0.0), np.where(known, bottom, 0.0)
    some = known & (bottom > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = above.sum(axis=2) / below.sum(axis=2)
        deviations = np.where(
            some, (above - rates[:, :, None] * below) / np.sqrt(np.where(some, bottom, 1.0)), 0.0
        )
        freedom = (some.sum(axis=2) - some.any(axis=2)).sum(axis=1).astype(np.float64)
        spread = (deviations**2).sum(axis=(1, 2)) / freedom
        n, k = below[:, -1].sum(axis=1), above[:, -1].sum(axis=1)
        hedged = (k + 1) / (n + 2)
        chance = np.where(share, hedged * (1 - hedged), 0.0)
        spread = np.maximum(spread * _alike(deviations, some), chance)
        value = k / n
        rest = n * (1 / _over(bottom, done) - 1)
        deviation = np.sqrt(spread * rest / (n * (n + rest)))
    notes = _notes(number, "the year so far, pooled")
    notes[so_far < _quarter_of(periods)] = "too few periods of the year are in"
    notes[freedom < FEWEST_FREEDOM] = "too few periods to know the spread"
    notes[gap] = "a period of the year is missing"
    notes[n <= 0] = "there is nothing yet to divide by"
    with np.errstate(divide="ignore", invalid="ignore"):
        # Half a record, because the ratio of few records moves in steps.
        step = np.where(share, 0.5 / (n + rest), 0.0)
    reach = deviation * _quantile(freedom, confidence) + step
    lower = np.where(share, np.maximum(value - reach, 0), value - reach)
    upper = np.where(share, np.minimum(value + reach, 1), value + reach)
    return _told(value, lower, upper, so_far, notes, periods)


def _over(bottom: Floats, done: Bools) -> Floats:
    """Return the share of the year's denominators that is in."""
    whole: Bools = np.asarray(~np.isnan(bottom[:, :-1]).any(axis=2), dtype=np.bool_)
    prior = np.where(whole[:, :, None], bottom[:, :-1], 0.0).sum(axis=1)
    seasonal = (prior * done).sum(axis=1) / prior.sum(axis=1)
    even = done.sum(axis=1) / done.shape[1]
    known = (whole.sum(axis=1) >= FEWEST_YEARS) & (seasonal > 0)
    return np.asarray(np.where(known, seasonal, even), dtype=np.float64)


def last_at_year_end(
    values: Floats, *, shares: Bools | bool = False, confidence: float = 0.95
) -> YearEnd:
    """Forecast the year's last value: the latest one, give or take what it has moved before.

    The spread is that of past changes over as many periods as are left.

    Parameters
    ----------
    values
        Measures by years by periods, the current year last, NaN where not known.
    shares
        Which measures are shares, from 0 to 1.
    """
    _, so_far, gap = _leading(values)
    number, years, periods = values.shape
    flat = values.reshape(number, years * periods)
    latest = np.where(
        so_far > 0, np.take_along_axis(values[:, -1], np.maximum(so_far - 1, 0)[:, None], 1)[:, 0],
        np.nan,
    )  # fmt: skip
    moved, freedom = np.full(number, np.nan), np.zeros(number)
    steps = np.zeros(number, dtype=np.int64)
    for left in np.unique(periods - so_far):
        if left == 0:
            continue
        rows = periods - so_far == left
        changes = flat[rows, left:] - flat[rows, :-left]
        there = ~np.isnan(changes)
        steps[rows] = there.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            moved[rows] = np.sqrt(np.nansum(changes**2, axis=1) / there.sum(axis=1))
        # Changes that overlap say little that is new.
        freedom[rows] = there.sum(axis=1) / left
    notes = _notes(number, "the latest value")
    notes[(steps < FEWEST_STEPS) | (freedom < FEWEST_FREEDOM - 1)] = (
        "too few past values to know how far it moves"
    )
    notes[so_far == 0] = "too few periods of the year are in"
    notes[gap] = "a period of the year is missing"
    reach = np.nan_to_num(moved) * _quantile(freedom, confidence)
    share = np.broadcast_to(shares, number)
    lower = np.where(share, np.maximum(latest - reach, 0), latest - reach)
    upper = np.where(share, np.minimum(latest + reach, 1), latest + reach)
    return _told(latest, lower, upper, so_far, notes, periods)


def _leading(values: Floats) -> tuple[Bools, NDArray[np.int64], Bools]:
    """Tell which periods of the current year are in, how many, and whether one was skipped."""
    known = ~np.isnan(values[:, -1])
    done: Bools = np.asarray(np.logical_and.accumulate(known, axis=1), dtype=np.bool_)
    gap: Bools = np.asarray((known & ~done).any(axis=1), dtype=np.bool_)
    return done, done.sum(axis=1), gap


def _quarter_of(periods: int) -> int:
    """Return the fewest periods of a year to go by: three months, two quarters."""
    return max(periods // 4, 2)


def _quantile(freedom: Floats, confidence: float) -> Floats:
    safe = np.where(freedom >= 1, freedom, 1.0)
    return np.asarray(student.ppf((1 + confidence) / 2, safe), dtype=np.float64)


def _notes(number: int, words: object) -> NDArray[np.object_]:
    notes = np.empty(number, dtype=object)
    notes[:] = words
    return notes


_RESTS_ON = ("the season", "even months", "the year so far", "the latest value")


def _told(
    value: Floats,
    lower: Floats,
    upper: Floats,
    so_far: NDArray[np.int64],
    notes: NDArray[np.object_],
    periods: int,
) -> YearEnd:
    """Put a forecast together: a year that is over is known, one that can't be told has none."""
    over = so_far == periods
    notes[over] = "the year is over"
    known = np.array([str(note).startswith(_RESTS_ON) for note in notes], dtype=bool) | over
    value = np.where(known, value, np.nan)
    return YearEnd(
        value,
        np.where(known, np.where(over, value, lower), np.nan),
        np.where(known, np.where(over, value, upper), np.nan),
        so_far,
        notes,
    )
