"""What rows that arrive mean for those that are stored: new, corrections, or nothing to do."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of arriving rows, each aligned with them, and which of them to write.

    `new`, `corrections` and `duplicates` are boolean and exclude one another; each row is one of
    them. `write` are positions of the rows to store, one for each key that changes.
    """

    new: pd.Series
    corrections: pd.Series
    duplicates: pd.Series
    write: pd.Index


def find_changes(arriving: pd.DataFrame, stored: pd.Series) -> Changes:
    """Compare rows with those stored, as if their files had come one after the other.

    Parameters
    ----------
    arriving
        ``file`` (which file of the batch), ``row_key`` and ``row_hash`` in the order in which
        they came, uniquely indexed.
    stored
        ``row_hash`` by ``row_key`` of rows already stored; other keys don't matter.

    Returns
    -------
    Changes
        Within one file the last row of a key counts and those before it are duplicates
        (DECISIONS, 4). A row with the contents of the version before it is a duplicate too; with
        other contents, a correction.

    Examples
    --------
    >>> rows = pd.DataFrame({"file": [0, 0, 1], "row_key": list("aba"), "row_hash": list("123")})
    >>> changes = find_changes(rows, pd.Series({"b": "2"}))
    >>> changes.new.tolist(), changes.corrections.tolist(), changes.write.tolist()
    ([True, False, False], [False, False, True], [2])
    """
    repeated = arriving["row_key"].duplicated(keep=False)
    last = pd.Series(data=True, index=arriving.index)
    if repeated.any():
        last = ~(repeated & arriving.duplicated(["file", "row_key"], keep="last"))
    counted, repeated = arriving.loc[last], repeated.loc[last]
    hashes = counted["row_hash"].astype("string")
    before = pd.Series(pd.NA, index=counted.index, dtype="string")
    if len(stored):
        before = counted["row_key"].map(stored).astype("string")
    if repeated.any():
        earlier = hashes[repeated].groupby(counted.loc[repeated, "row_key"], sort=False).shift()
        before = before.mask(repeated, earlier.fillna(before[repeated]))
    same = before.eq(hashes).fillna(value=False).astype(bool)
    unknown = before.isna()
    changed = counted.loc[~same]
    final = changed.index
    if repeated.any():
        final = changed.loc[~changed["row_key"].duplicated(keep="last")].index

    def everywhere(flags: pd.Series) -> pd.Series:
        return flags.reindex(arriving.index, fill_value=False)

    new = everywhere(unknown & ~same)
    corrections = everywhere(~unknown & ~same)
    return Changes(new, corrections, ~(new | corrections), final)
