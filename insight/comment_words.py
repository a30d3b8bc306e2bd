"""The words of comments: what is one, and what redaction left that is none."""

import pandas as pd

WORD = r"(?u)\b[a-z][a-z'\u2019]+\b"
"""A word, as a pattern for lower-case text."""


def plain_words(comments: pd.Series) -> pd.Series:
    """Return comments in lower case, without what redaction put in, such as ``[name]``.

    Examples
    --------
    >>> plain_words(pd.Series(["Ring [name] at TEN", None])).tolist()
    ['ring   at ten', '']
    """
    plain = comments.astype("string").fillna("")
    plain = plain.str.replace(r"\[[^\]]{1,40}\]", " ", regex=True)
    return plain.str.casefold().str.replace("\u2019", "'")
