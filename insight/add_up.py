"""Counts kept finer than a contract asks for, such as by half-hour, as one count each."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

WEIGHED_BY = {"wait_seconds_mean": "answered", "share_within_target": "offered"}
"""Means and shares, which can't be added: they are weighed by the contacts they are of."""

COUNTS = frozenset({"contact_counts", "web_counts", "kpi_returns"})
"""Contracts whose rows may be parts of one count."""


def same_count(rows: int, key: Sequence[str]) -> tuple[str, ...]:
    """Say that `rows` of a file gave way to a later row of it with the same key.

    Examples
    --------
    >>> same_count(0, ["date"])
    ()
    """
    if not rows:
        return ()
    names = ", ".join(key)
    return (
        f"{rows} rows gave way to a later row of the same {names}. If they are parts of one count, "
        "such as half-hours of a day, put add_up: true into the mapping.",
    )


def added_up(
    rows: pd.DataFrame, key: Sequence[str], file_of: npt.NDArray[np.int64]
) -> tuple[pd.DataFrame, pd.Series]:
    """Add up the rows of each file that share a key.

    Parameters
    ----------
    rows
        Typed rows of a contract of counts.
    key
        The contract's key.
    file_of
        The number of each row's file; rows of two files are never added up.

    Returns
    -------
    tuple of pandas.DataFrame and pandas.Series
        One row a file and key, in the place of the first of them: numbers added up, means and
        shares weighed, anything else as the first row has it. And how many rows each stands for.

    Examples
    --------
    >>> day = pd.DataFrame({"date": ["1 May", "1 May"], "answered": [1, 3]})
    >>> rows, stands_for = added_up(day, ["date"], np.array([0, 0]))
    >>> int(rows["answered"][0]), int(stands_for[0])
    (4, 2)
    """
    parts = [pd.Series(file_of, index=rows.index), *(rows[name] for name in key)]
    table = pd.DataFrame(dict(enumerate(parts)))
    group = table.groupby(list(table.columns), dropna=False, sort=False).ngroup()
    first = ~group.duplicated()
    whole = rows.loc[first].copy()
    place = pd.Index(group[first])
    for name in rows.columns:
        if name in key or not pd.api.types.is_numeric_dtype(rows[name]):
            continue
        if name in WEIGHED_BY:
            total = _weighed(rows, name, group)
        else:
            total = rows[name].groupby(group).sum(min_count=1)
        whole[name] = total.loc[place].to_numpy()
        whole[name] = whole[name].astype(rows[name].dtype)
    stands_for = group.groupby(group).size().loc[place].set_axis(whole.index)
    return whole, stands_for


def _weighed(rows: pd.DataFrame, name: str, group: pd.Series) -> pd.Series:
    """Return each group's mean by weight; missing where a row has a figure but no weight."""
    value = rows[name].astype("Float64")
    weight = rows[WEIGHED_BY[name]].astype("Float64").where(value.notna())
    unknown = (value.notna() & weight.isna()).groupby(group).any()
    total = weight.groupby(group).sum(min_count=1)
    mean = (value * weight).groupby(group).sum(min_count=1) / total.mask(total.eq(0))
    return mean.mask(unknown)


def replaced_within(rows: pd.DataFrame, file_of: npt.NDArray[np.int64]) -> pd.Series:
    """Tell which rows another of their file replaces: the same key later on, other contents.

    `rows` has ``row_key`` and ``row_hash``.
    """
    held = rows[["row_key", "row_hash"]].assign(file=file_of)
    last = held.groupby(["file", "row_key"])["row_hash"].transform("last")
    replaced: pd.Series = held["row_hash"].ne(last)
    return replaced
