"""Praise, kept apart from the rest so that what went well is seen."""

import pandas as pd

PRAISE_FROM = 9
"""Rating of ten from which a comment of unknown kind is praise."""
POSITIVE_FROM, NEGATIVE_TO = 7, 4
"""Ratings of ten that say which way a comment goes; those between say neither."""


def is_praise(comments: pd.DataFrame) -> pd.Series:
    """Tell which comments are praise: compliments, and what got 9 or 10 and has no kind.

    Parameters
    ----------
    comments
        Rows of the comments contract; ``kind`` and ``rating`` may be absent.

    Examples
    --------
    >>> rows = pd.DataFrame({"kind": ["compliment", "comment", None], "rating": [2, 10, 9]})
    >>> is_praise(rows).tolist()
    [True, False, True]
    """
    rows = comments.reindex(columns=["kind", "rating"])
    kind = rows["kind"].astype("string").str.casefold()
    rated = pd.to_numeric(rows["rating"], errors="coerce").ge(PRAISE_FROM).fillna(False)
    return (kind.eq("compliment").fillna(False) | (kind.isna() & rated)).astype(bool)


def direction_of(comments: pd.DataFrame) -> pd.Series:
    """Give each comment's direction by its rating: 1 positive, 0 negative, else missing."""
    rating = pd.to_numeric(comments.reindex(columns=["rating"])["rating"], errors="coerce")
    known = rating.astype("Float64")
    direction = pd.Series(pd.NA, index=comments.index, dtype="Int64")
    direction = direction.mask(known.ge(POSITIVE_FROM).fillna(False), 1)
    return direction.mask(known.le(NEGATIVE_TO).fillna(False), 0)
