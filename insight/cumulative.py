"""Figures of the year so far, and what each period added to them."""

from datetime import date

import numpy as np
import pandas as pd

from insight.numbering import Floats, Ints, numbered, places
from insight.periods import Frequency, UnknownPeriodError, parse_period

_SERIES = ["figure", "figure_service", "breakdown"]
_ADDED = ["value", "numerator", "denominator"]
_APRIL = 4
_STEPS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.ANNUAL: 12}


def in_period(figures: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Take each cumulative figure apart: what its own period added.

    Parameters
    ----------
    figures
        ``figure``, ``figure_service``, ``breakdown``, ``period``, ``value``, ``numerator`` and
        ``denominator``.
    measures
        Those columns of the key, ``accumulation``, ``frequency`` and ``aggregation``.

    Returns
    -------
    pandas.DataFrame
        `figures` with other values where ``accumulation`` is ``"cumulative"``: a sum's is the
        difference from the period before in the same financial year, a ratio's is made of the
        differences of its numerator and denominator, and there is none where that period is missing
        or the two can't be taken apart. Their intervals, which are of the year so far, go.
    """
    rules = measures.loc[
        measures["accumulation"].eq("cumulative"), [*_SERIES, "frequency", "aggregation"]
    ]
    rules = rules.drop_duplicates(_SERIES)
    if rules.empty:
        return figures
    if figures.empty:
        return figures
    series, of_rules = numbered(_SERIES, figures, rules)
    place = places(series, of_rules)
    chosen = np.flatnonzero(place >= 0)
    if not len(chosen):
        return figures
    place = place[chosen]
    rows, rule = figures.iloc[chosen], rules.iloc[place]
    first, step = _months(rows["period"], rule["frequency"])
    order = np.lexsort((first, step, place))
    begins = (first - _APRIL) % 12 == 0
    earlier = np.append(-1, order[:-1])
    same = (place[order] == place[earlier]) & (step[order] == step[earlier])
    follows = np.zeros(len(order), dtype=bool)
    follows[order] = same & (first[order] - first[earlier] == step[order])
    before = np.zeros(len(order), dtype=np.int64)
    before[order] = earlier
    own = {}
    for name in _ADDED:
        whole = rows[name].to_numpy(dtype="float64", na_value=np.nan)
        taken = np.where(begins, 0.0, np.where(follows, whole[before], np.nan))
        own[name] = whole - taken
    with np.errstate(divide="ignore", invalid="ignore"):
        over = np.where(own["denominator"] > 0, own["denominator"], np.nan)
        summed = rule["aggregation"].eq("sum").to_numpy(dtype=bool)
        own["value"] = np.where(summed, own["value"], own["numerator"] / over)
    own |= dict.fromkeys(("lower", "upper"), np.full(len(order), np.nan))
    return figures.assign(**{name: _put(figures, name, chosen, own[name]) for name in own})


def _put(figures: pd.DataFrame, name: str, at: Ints, values: Floats) -> pd.Series:
    column = figures[name].to_numpy(dtype="float64", na_value=np.nan).copy()
    column[at] = values
    return pd.Series(column, index=figures.index).astype(figures[name].dtype)


def _months(periods: pd.Series, frequency: pd.Series) -> tuple[Ints, Ints]:
    """Give the number of each period's first month, and its length."""
    pairs = pd.DataFrame({"period": periods.to_numpy(), "frequency": frequency.to_numpy()})
    (number,) = numbered(["period", "frequency"], pairs)
    distinct = pairs.iloc[np.unique(number, return_index=True)[1]]
    kinds = distinct["frequency"].replace("weekly", "monthly")
    parsed = [_parse(*pair) for pair in zip(distinct["period"], kinds, strict=True)]
    first = np.array([month.year * 12 + month.month for _, month in parsed], dtype=np.int64)
    step = np.array([_STEPS[kind] for kind, _ in parsed], dtype=np.int64)
    return first[number], step[number]


def _parse(period: str, frequency: str) -> tuple[Frequency, date]:
    try:
        return parse_period(period, frequency)
    except UnknownPeriodError:  # a quarterly measure's months
        return parse_period(period)
