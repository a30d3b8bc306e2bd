"""Weeks into months, months into quarters and years, by the rule that each measure states."""

import numpy as np
import pandas as pd

from insight.intervals import poisson_interval, wilson
from insight.numbering import Ints, numbered, places
from insight.periods import month_key, months_of
from insight.weeks import weeks_of_month

KEYS = ["measure", "service", "breakdown"]
_SUMMED = ["value", "numerator", "denominator", "base"]
_BOUNDS = ["lower", "upper"]


def aggregate(results: pd.DataFrame, wanted: pd.DataFrame) -> pd.DataFrame:
    """Make figures of longer periods from those of their months.

    Parameters
    ----------
    results
        Monthly figures in a results frame, and weekly ones of measures entered by week.
    wanted
        ``measure``, ``service``, ``breakdown``, ``period`` (the longer one), ``frequency``
        (a month is made of weeks, a quarter or year of months), ``aggregation`` (``sum``,
        ``mean``, ``ratio of sums``, ``last`` or ``worst``) and ``polarity``.

    Returns
    -------
    pandas.DataFrame
        Figures under the keys and period of `wanted`; none for a period that lacks a part,
        because two months are not a quarter. A sum has the Poisson interval where it counts
        events, a ratio Wilson's, a mean none, and the last or worst month its own.
    """
    by_week = any("W" in period for period in results["period"].dropna().unique())
    parted = ["monthly", "quarterly", "annual"] if by_week else ["quarterly", "annual"]
    long = wanted[wanted["frequency"].isin(parted)].drop_duplicates()
    if long.empty:
        return _empty()
    return combine(results, _with_months(long))


def combine(results: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Make one figure of several periods' figures.

    Parameters
    ----------
    results
        Figures in a results frame.
    parts
        A row for each part: ``measure``, ``service``, ``breakdown``, ``period`` (the whole),
        ``month`` (the part's key), ``months`` (how many parts there are), ``aggregation`` and
        ``polarity``.

    Returns
    -------
    pandas.DataFrame
        See `aggregate`.
    """
    by = [*KEYS, "period"]
    results = results[results["period"].isin(parts["month"].unique())]
    (whole,) = numbered(by, parts)
    of_parts, of_results = numbered(
        [*KEYS, "month"], parts, results.rename(columns={"period": "month"})
    )
    made = together(results, places(of_parts, of_results), parts.assign(whole=whole))
    if made.empty:
        return _empty()
    names = parts[by].iloc[places(made.index.to_numpy(), whole)].reset_index(drop=True)
    return pd.concat([names, made.reset_index(drop=True)], axis="columns")


def together(results: pd.DataFrame, at: Ints, parts: pd.DataFrame) -> pd.DataFrame:
    """Make one figure of each whole's parts.

    Parameters
    ----------
    results
        Figures.
    at
        Where in `results` each part's figure is, -1 where there is none.
    parts
        ``whole`` (its number), ``month``, ``months``, ``aggregation`` and ``polarity``.

    Returns
    -------
    pandas.DataFrame
        ``value``, ``numerator``, ``denominator``, ``base``, ``lower`` and ``upper`` by the number
        of the whole; none for one that lacks a part.
    """
    known = at >= 0
    figures = results[[*_SUMMED, *_BOUNDS]].iloc[at[known]].astype("float64")
    names = ["whole", "month", "months", "aggregation", "polarity"]
    given = parts.loc[known, names].reset_index(drop=True)
    months = pd.concat([given, figures.reset_index(drop=True)], axis="columns")
    months = months[months["value"].notna()]
    complete = months.groupby("whole")["whole"].transform("size").eq(months["months"])
    months = months[complete]
    order = np.lexsort((pd.factorize(months["month"], sort=True)[0], months["whole"]))
    months = months.iloc[order]
    chosen = months["aggregation"].isin(["last", "worst"])
    one = _chosen(months[chosen]).drop_duplicates("whole", keep="last").set_index("whole")
    columns = [*_SUMMED, *_BOUNDS]
    return pd.concat([_summed(months[~chosen])[columns], one[columns]])


def _empty() -> pd.DataFrame:
    text = pd.DataFrame(columns=[*KEYS, "period"], dtype="string")
    return text.reindex(columns=[*text.columns, *_SUMMED, *_BOUNDS]).astype(
        dict.fromkeys([*_SUMMED, *_BOUNDS], "float64")
    )


def _with_months(long: pd.DataFrame) -> pd.DataFrame:
    periods = long[["period", "frequency"]].drop_duplicates()
    listed = [
        {"period": key, "frequency": frequency, "month": part, "months": len(parts)}
        for key, frequency in zip(periods["period"], periods["frequency"], strict=True)
        for parts in [_parts(key, frequency)]
        for part in parts
    ]
    texts = dict.fromkeys(["period", "frequency", "month"], "string")
    return long.merge(pd.DataFrame(listed).astype(texts), on=["period", "frequency"])


def _parts(key: str, frequency: str) -> tuple[str, ...]:
    months = months_of(key, frequency)
    return weeks_of_month(months[0]) if len(months) == 1 else tuple(map(month_key, months))


def _summed(months: pd.DataFrame) -> pd.DataFrame:
    """Make sums, means and ratios of sums, of complete periods."""
    groups = months.groupby("whole")
    found = groups[_SUMMED].sum(min_count=1).astype("float64")
    rule = groups["aggregation"].first()
    counted = groups["lower"].count().gt(0) & rule.eq("sum")
    mean = groups["value"].mean()
    ratio = found["numerator"] / found["denominator"].where(found["denominator"].gt(0))
    found["value"] = found["value"].mask(rule.eq("mean"), mean)
    found["value"] = found["value"].mask(rule.eq("ratio of sums"), ratio)
    sure = found["base"].fillna(found["denominator"]).where(rule.eq("ratio of sums"))
    low, high = wilson(found["value"], sure)
    least, most = poisson_interval(found["value"])
    found["lower"] = np.where(counted, least, low)
    found["upper"] = np.where(counted, most, high)
    return found


def _chosen(months: pd.DataFrame) -> pd.DataFrame:
    """Months in such an order that the one to take is last."""
    sign = np.where(months["polarity"].eq("lower"), 1.0, -1.0)
    badness = (months["value"] * sign).where(months["aggregation"].eq("worst"), 0.0)
    return months.assign(badness=badness).sort_values(["badness", "month"], kind="stable")
