"""What stays of refused rows when their file is read again: what is open, and what became of it."""

from datetime import date

import pandas as pd

OPEN = ""
ACCEPTED = "accepted on replay"
LEFT_OUT = "left out by the mapping on replay"
REPLACED = "replaced by a corrected file"
GIVEN_UP = "given up"
_KEY = ["source", "file_hash", "row_number", "column", "rule"]


def carried_over(
    before: pd.DataFrame, now: pd.DataFrame, *, rows_taken: pd.DataFrame | None, today: date
) -> pd.DataFrame:
    """Return what quarantine holds of files after they were read again.

    Parameters
    ----------
    before
        What it held of them, resolved rows included.
    now
        Cells that this reading refuses, each with an empty ``resolution``.
    rows_taken
        ``file_hash`` and ``row_number`` of the rows that the mapping took; what left quarantine
        without being among them was filtered. All of them when absent.
    today
        When the resolution is said to have happened.

    Returns
    -------
    pandas.DataFrame
        `now`, since when each was first seen, and the rows of `before` that are refused no more
        with what became of them. A row that a person gave up stays given up; one that is refused
        again for a reason it had before is open again.
    """
    if before.empty:
        return now
    was = before.set_index(_KEY)
    again = pd.MultiIndex.from_frame(now[_KEY])
    known = was.reindex(again)
    kept = now.copy()
    first = known["first_seen"].set_axis(now.index)
    kept["first_seen"] = first.where(first.notna(), now["first_seen"])
    given_up = known["resolution"].astype("string").str.startswith(GIVEN_UP).set_axis(now.index)
    kept["resolution"] = now["resolution"].mask(
        given_up.fillna(value=False), known["resolution"].set_axis(now.index)
    )
    gone = before.loc[~was.index.isin(again)]
    refused_still = _among(gone, now) & is_open(gone)
    # Refused for another reason now: that one is in `now`, and this one told nothing more.
    gone = gone.loc[~refused_still]
    taken = (
        pd.Series(data=True, index=gone.index) if rows_taken is None else _among(gone, rows_taken)
    )
    became = taken.map({True: ACCEPTED, False: LEFT_OUT}) + f" {today:%Y-%m-%d}"
    gone = gone.assign(resolution=gone["resolution"].mask(is_open(gone), became))
    return pd.concat([kept, gone[kept.columns]], ignore_index=True)


def _among(rows: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    """Return which rows are, by file and number, among the others."""
    both = [pd.MultiIndex.from_frame(each[["file_hash", "row_number"]]) for each in (rows, others)]
    return pd.Series(both[0].isin(both[1]), index=rows.index)


def is_open(rows: pd.DataFrame) -> pd.Series:
    """Return which rows of quarantine nothing has become of yet."""
    opened: pd.Series = rows["resolution"].fillna(OPEN).eq(OPEN)
    return opened.astype(bool)
