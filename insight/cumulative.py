"""Figures of the year so far, and what each period added to them."""

from datetime import date

import pandas as pd

from insight.periods import Frequency, UnknownPeriodError, parse_period, year_key

_SERIES = ["figure", "figure_service", "breakdown"]
_ADDED = ["value", "numerator", "denominator"]


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
    marked = figures.merge(rules, on=_SERIES, how="left")
    chosen = marked["frequency"].notna()
    rows = marked[chosen].copy()
    pairs = zip(rows["period"], rows["frequency"].replace("weekly", "monthly"), strict=True)
    firsts = [_parse(*pair) for pair in pairs]
    rows["first"] = [month.year * 12 + month.month for _, month in firsts]
    rows["year"] = [year_key(month) for _, month in firsts]
    rows["kind"] = [str(kind) for kind, _ in firsts]
    rows = rows.sort_values("first")
    groups = rows.groupby([*_SERIES, "kind", "year"])
    step = rows["kind"].map({"monthly": 1, "quarterly": 3, "annual": 12})
    begins = (rows["first"] - 4) % 12 == 0
    follows = groups["first"].diff().eq(step)
    for name in _ADDED:
        before = groups[name].shift().where(follows).mask(begins, 0.0)
        rows[f"own {name}"] = rows[name] - before
    own = rows[[f"own {name}" for name in _ADDED]].set_axis(_ADDED, axis="columns")
    ratio = own["numerator"] / own["denominator"].where(own["denominator"].gt(0))
    value = own["value"].where(rows["aggregation"].eq("sum"), ratio)
    rows = rows.assign(**own).assign(value=value, lower=float("nan"), upper=float("nan"))
    back = pd.concat([marked[~chosen], rows]).sort_index()
    return back[list(figures.columns)].astype(figures.dtypes.to_dict())


def _parse(period: str, frequency: str) -> tuple[Frequency, date]:
    try:
        return parse_period(period, frequency)
    except UnknownPeriodError:  # a quarterly measure's months
        return parse_period(period)
