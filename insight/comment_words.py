"""The words of comments: what is one, and what redaction left that is none."""

import pandas as pd
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

WORD = r"(?u)\b[a-z][a-z'\u2019]+\b"
"""A word, as a pattern for lower-case text."""

NEGATIONS = frozenset(
    {
        "no", "not", "never", "nobody", "nothing", "without", "cannot", "cant", "can't", "don't",
        "didn't", "doesn't", "won't", "wasn't", "weren't", "isn't", "aren't", "couldn't",
        "wouldn't", "shouldn't", "hasn't", "haven't", "hadn't",
    }
)  # fmt: skip
"""Words that turn what follows round."""
STOP_WORDS = sorted(ENGLISH_STOP_WORDS - NEGATIONS)
"""Words that say nothing by themselves."""


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
