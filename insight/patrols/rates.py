"""How often each place is best visited, and which of those visits fall into one week."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from insight.patrols.method import PatrolMethod

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
DAYS = 7.0
STEPS = 4_000  # of the table of slopes, from no visit to the most
HALVINGS = 80  # of the bracket around the price of a visit
NOWHERE = 1e-9  # worth of a place where nothing is expected, against the best one
GOLDEN = (np.sqrt(5) - 1) / 2
DECIMALS = 9


def share_met(visits_a_week: npt.ArrayLike, method: PatrolMethod) -> Floats:
    """Return the share of a place's fouling that regular visits meet while it lies there.

    Parameters
    ----------
    visits_a_week
        Any numbers from 0; a half is a visit every other week.

    Returns
    -------
    numpy.ndarray
        Proportions, shaped as `visits_a_week`.

    Notes
    -----
    Fouling comes at any time and lies for ``method.lies_days`` on average, each day as likely to
    be its last (it is cleaned up, trodden or washed away). Of what comes between two visits that
    are g of those mean lives apart, (1 - exp(-g)) / g still lies when the second is made. So each
    further visit adds less than the one before it.

    Examples
    --------
    >>> share_met([0, 0.5, 1, 2, 5], PatrolMethod(lies_days=7)).round(2).tolist()
    [0.0, 0.43, 0.63, 0.79, 0.91]
    """
    gap = _gap(np.asarray(visits_a_week, dtype=np.float64), method)
    return np.asarray(-np.expm1(-gap) / gap, dtype=np.float64)


def equal_rate(places: int, visits: int, method: PatrolMethod) -> float:
    """Return each place's visits a week where `visits` are spread equally over `places`."""
    return min(visits / max(places, 1), float(method.most_a_week))


def best_rates(worth: Floats, visits: int, method: PatrolMethod) -> Floats:
    """Share out `visits` a week so that they meet most of what is expected.

    Parameters
    ----------
    worth
        What is expected at each place, in any unit; any order.
    visits
        Visits a week.

    Returns
    -------
    numpy.ndarray
        Visits a week of each place, on average over the weeks: none above
        ``method.most_a_week``, and none below ``method.quiet_share`` of equal effort.

    Notes
    -----
    `share_met` is concave, so the best plan is where the last bit of a visit would add equally
    much everywhere (Lagrange; as in planning how often to inspect or to crawl). That price is
    found by halving. Equal effort is among the plans that it is the best of, so it is never
    worse than equal effort by what is expected, however many visits there are.

    Examples
    --------
    >>> best_rates(np.array([8.0, 2.0, 0.0]), 3, PatrolMethod()).round(2).tolist()
    [2.07, 0.83, 0.1]
    """
    most, equal = float(method.most_a_week), equal_rate(len(worth), visits, method)
    if len(worth) == 0 or visits >= most * len(worth) or worth.max() <= 0:
        return np.full(len(worth), equal)
    value = np.maximum(worth / worth.max(), NOWHERE)
    table = np.linspace(0.0, most, STEPS + 1)
    gap = _gap(table, method)
    slope = method.lies_days / DAYS * -np.expm1(np.log1p(gap) - gap)

    def at(price: float) -> Floats:
        """Return the rates at which a further bit of a visit is worth `price` everywhere."""
        rates = np.interp(price / value, slope[::-1], table[::-1])
        return np.asarray(np.clip(rates, method.quiet_share * equal, most), dtype=np.float64)

    low, high = np.log(slope[-1] * value.min()), np.log(slope[0] * 2)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if at(np.exp(middle)).sum() > visits else (low, middle)
    # Where many places are worth the same they come in together, and part of them is enough.
    more, fewer = at(np.exp(low)), at(np.exp(high))
    apart = more.sum() - fewer.sum()
    part = (visits - fewer.sum()) / apart if apart > 0 else 0.0
    return np.asarray(fewer + part * (more - fewer), dtype=np.float64)


def visits_in_week(rates: Floats, order: pd.DataFrame, week: int) -> Integers:
    """Return the whole visits that fall into one week.

    Parameters
    ----------
    rates
        Visits a week on average.
    order
        ``ward`` and ``cell`` of each place: visits are dealt out in this order, so that each
        ward has its part of every week.
    week
        The week's number, counted without a break.

    Returns
    -------
    numpy.ndarray
        Each place's rate, rounded up or down so that over the weeks it comes to the rate, and in
        each week to the same number of visits. A place with a rate above 0 has its turn in time.

    Notes
    -----
    Systematic sampling; starting points that follow the golden section lie evenly over the
    weeks, so a place's turns do too.
    """
    at = order.reset_index(drop=True).sort_values(["ward", "cell"], kind="stable").index.to_numpy()
    reached = np.append(0.0, np.cumsum(rates[at]).round(DECIMALS)) + week * GOLDEN % 1
    made = np.empty(len(rates), dtype=np.int64)
    made[at] = np.diff(np.floor(reached)).astype(np.int64)
    return made


def _gap(visits_a_week: Floats, method: PatrolMethod) -> Floats:
    """Days from visit to visit, in mean lives of what lies there."""
    return np.asarray(DAYS / method.lies_days / np.maximum(visits_a_week, 1e-12), dtype=np.float64)
