"""How many visits each place gets: the best use of a week's hours, with a floor for the quiet."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from insight.patrols.method import PatrolMethod

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def best_visits(worth: Floats, visits: int, method: PatrolMethod) -> Integers:
    """Share out `visits` so that they are worth most.

    A place's first visit of the week is worth its share of the expected reports; each further
    one `repeat_worth` of the one before. Since that only ever falls, taking the best next visit
    again and again is the best plan of all.

    Parameters
    ----------
    worth
        Expected reports of each place, best first; any unit.
    visits
        How many visits there are.

    Returns
    -------
    numpy.ndarray
        Visits per place, in `worth`'s order.

    Examples
    --------
    >>> best_visits(np.array([8.0, 3.0, 1.0]), 3, PatrolMethod()).tolist()
    [2, 1, 0]
    """
    times = np.arange(method.most_visits)
    each = worth[:, None] * method.repeat_worth**times
    # Of equal worth, the better-ranked place and the earlier visit go first.
    order = np.lexsort(
        (np.tile(times, len(worth)), np.repeat(np.arange(len(worth)), len(times)), -each.ravel())
    )
    chosen = order[: max(visits, 0)]
    chosen = chosen[each.ravel()[chosen] > 0]
    return np.bincount(chosen // method.most_visits, minlength=len(worth)).astype(np.int64)


def quiet_turn(quiet: pd.DataFrame, visits: int, week: int) -> pd.DataFrame:
    """Return the quiet places whose turn it is, every one of them coming round in time.

    Parameters
    ----------
    quiet
        Places to take turns: ``cell`` and ``ward``, in an order that stays from week to week.
    visits
        How many are visited in one week.
    week
        The week's number, counted without a break.

    Returns
    -------
    pandas.DataFrame
        Rows of `quiet`. Wards take turns too: neighbours in the list are of different wards.
    """
    if quiet.empty or visits <= 0:
        return quiet.iloc[:0]
    within = quiet.groupby("ward", dropna=False, sort=True).cumcount()
    dealt = quiet.assign(within=within).sort_values(["within", "ward", "cell"], kind="stable")
    taken = min(visits, len(dealt))
    places = (np.arange(taken) + week * taken) % len(dealt)
    return dealt.iloc[places].drop(columns="within")
