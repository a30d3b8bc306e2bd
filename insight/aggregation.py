"""Weeks into months, months into quarters and years, by the rule that each measure states."""

import numpy as np
import pandas as pd

from insight.intervals import poisson_interval, wilson
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
    months = parts.merge(
        results.rename(columns={"period": "month"}), on=[*KEYS, "month"], how="inner"
    )
    months = months[months["value"].notna()].sort_values([*by, "month"])
    complete = months.groupby(by)["month"].transform("size").eq(months["months"])
    months = months[complete]
    if months.empty:
        return _empty()
    chosen = months[months["aggregation"].isin(["last", "worst"])]
    summed = _summed(months.drop(chosen.index), by)
    one = _chosen(chosen).drop_duplicates(by, keep="last")
    columns = [*by, *_SUMMED, *_BOUNDS]
    return pd.concat([summed[columns], one[columns]], ignore_index=True)


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


def _summed(months: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Make sums, means and ratios of sums, of complete periods."""
    groups = months.groupby(by)
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
    return found.reset_index()


def _chosen(months: pd.DataFrame) -> pd.DataFrame:
    """Months in such an order that the one to take is last."""
    sign = np.where(months["polarity"].eq("lower"), 1.0, -1.0)
    badness = (months["value"] * sign).where(months["aggregation"].eq("worst"), 0.0)
    return months.assign(badness=badness).sort_values(["badness", "month"], kind="stable")
