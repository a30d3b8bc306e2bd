"""Sums by month, service and breakdown in one pass over all months."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from insight.errors import MissingColumnsError
from insight.periods import add_months, local_dates, month_of
from insight.results import ALL_SERVICES, NOT_RECORDED, breakdowns

_KEYS = ["period", "service", "breakdown"]


def rows_of_months(frame: pd.DataFrame, time: str, months: Sequence[date]) -> pd.DataFrame:
    """Return the rows of `months` with ``day`` (local, midnight) and ``period``.

    Raises
    ------
    MissingColumnsError
        If `time` is absent.
    """
    if time not in frame:
        raise MissingColumnsError({time})
    days = local_dates(frame[time]).astype("datetime64[us]")
    first, end = pd.Timestamp(min(months)), pd.Timestamp(add_months(max(months), 1))
    kept = days.ge(first) & days.lt(end)
    days = days[kept]
    return frame[kept].assign(day=days, period=month_of(days).astype("category"))


def as_category(values: pd.Series, blank: str = NOT_RECORDED) -> pd.Series:
    """Return texts as a category, a blank as `blank`; a million of them group quickly."""
    if isinstance(values.dtype, pd.CategoricalDtype) and not values.hasnans:
        return values
    return values.astype("string").fillna(blank).astype("category")


def _category(values: pd.Series) -> pd.Series:
    """Return texts as a category; what is one already isn't written out and read again."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values
    return values.astype("string").astype("category")


def monthly_sums(
    frame: pd.DataFrame, sums: Sequence[str], *, dims: Sequence[Sequence[str]] = ()
) -> pd.DataFrame:
    """Sum columns by ``period`` and ``service``, whole and by each breakdown, and for all services.

    Parameters
    ----------
    frame
        Rows with ``period``, ``service``, the dimensions and the columns to sum.
    sums, dims
        As for `insight.results.sum_parts`.

    Returns
    -------
    pandas.DataFrame
        ``period``, ``service``, ``breakdown`` and the sums.
    """
    names = list(dict.fromkeys(name for dim in dims for name in dim))
    keys = [frame["period"], as_category(frame["service"])]
    keys += [_category(frame[name]) for name in names]
    # Once over all rows to the finest cells, of which there are few; then from these.
    cells = frame[list(sums)].astype("float64").groupby(keys, observed=True, dropna=False).sum()
    cells = cells.reset_index().astype(dict.fromkeys(["period", "service", *names], "string"))
    parts = []
    for dim in [[], *map(list, dims)]:
        grouped = cells.groupby(["period", "service", *dim], dropna=False)[list(sums)].sum()
        grouped = grouped.reset_index()
        parts.append(grouped.assign(breakdown=breakdowns(grouped[dim]))[[*_KEYS, *sums]])
    each = pd.concat(parts, ignore_index=True)
    total = each.groupby(["period", "breakdown"], as_index=False)[list(sums)].sum()
    return pd.concat([each, total.assign(service=ALL_SERVICES)], ignore_index=True)


def clustered_shares(
    frame: pd.DataFrame, hits: pd.Series, cluster: pd.Series, *, dims: Sequence[Sequence[str]] = ()
) -> pd.DataFrame:
    """Sum a share by month and breakdown, its base worth less where a few people are many rows.

    Parameters
    ----------
    frame
        Rows of the base, with ``period``, ``service`` and the dimensions.
    hits
        Which of them count.
    cluster
        Whole numbers: who each row is of. Rows of one person say less than as many people's.

    Returns
    -------
    pandas.DataFrame
        As `insight.results.shares_of` takes it. ``squares`` makes the effective base that of the
        ratio estimator's variance between clusters, never more than the base.

    Notes
    -----
    Cochran, Sampling Techniques, 3rd ed., 11.12: the variance of a ratio of cluster totals.
    """
    names = list(dict.fromkeys(name for dim in dims for name in dim))
    keys = [frame["period"], as_category(frame["service"]), cluster]
    keys += [_category(frame[name]) for name in names]
    counted = pd.DataFrame({"k": hits.to_numpy(np.float64), "n": 1.0}, index=frame.index)
    finest = counted.groupby(keys, observed=True, dropna=False, sort=False).sum()
    finest.index = finest.index.set_names(["period", "service", "cluster", *names])
    finest = finest.reset_index()
    parts = []
    for dim in [[], *map(list, dims)]:
        by_person = finest
        if len(dim) < len(names):
            by_person = (
                finest.groupby(
                    ["period", "service", "cluster", *dim], observed=True, dropna=False, sort=False
                )[["k", "n"]]
                .sum()
                .reset_index()
            )
        summed = ratio_parts(by_person, dims=[dim] if dim else [])
        parts.append(summed[summed["breakdown"].ne("") == bool(dim)])
    return pd.concat(parts, ignore_index=True)


def ratio_parts(clusters: pd.DataFrame, *, dims: Sequence[Sequence[str]] = ()) -> pd.DataFrame:
    """Sum a ratio of totals over clusters that are each alike inside, such as people or days.

    Parameters
    ----------
    clusters
        One row per cluster: ``period``, ``service``, the dimensions, ``k`` and ``n``.

    Returns
    -------
    pandas.DataFrame
        As `insight.results.shares_of` takes it.
    """
    k, n = clusters["k"], clusters["n"]
    squared = clusters.assign(
        numerator=k, denominator=n, kk=k * k, kn=k * n, nn=n * n, clusters=1.0
    )
    sums = ["numerator", "denominator", "kk", "kn", "nn", "clusters"]
    return _with_squares(monthly_sums(squared, sums, dims=dims))


def _with_squares(parts: pd.DataFrame) -> pd.DataFrame:
    base = parts["denominator"]
    share = parts["numerator"] / base
    spread = parts["kk"] - 2 * share * parts["kn"] + share**2 * parts["nn"]
    groups = parts["clusters"]
    several = groups > 1
    # The usual correction for few clusters; one where each row is a cluster of its own.
    few = groups / (groups - 1) * (base - 1) / base
    spread = spread * few.where(several, 1.0)
    plain = share * (1 - share)
    worth = (spread / plain).where(plain.gt(0) & several, base)
    squares = np.maximum(worth, base)
    return parts[[*_KEYS, "numerator", "denominator"]].assign(squares=squares, base=base)
