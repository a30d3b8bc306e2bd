"""Texts of CSV files that no spreadsheet will run as a formula, out and back in."""

import pandas as pd

# A cell that starts so is a formula to some spreadsheet; the wide forms count in East Asian Excel.
_BEGINS = r"\s*[=+\-@\t\r\n＝＋－＠]"  # noqa: RUF001
PLAIN_NUMBER = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d+)?$"


def guarded(texts: pd.Series) -> pd.Series:
    """Put an apostrophe before what a spreadsheet would run; numbers stay as they are.

    Examples
    --------
    >>> guarded(pd.Series(["=A1", "-2", "Oadby"])).tolist()
    ["'=A1", '-2', 'Oadby']
    """
    written = texts.astype("string")
    risky = written.str.match(_BEGINS) & ~written.str.match(PLAIN_NUMBER)
    return written.mask(risky.fillna(False), "'" + written)


def unguarded(texts: pd.Series) -> pd.Series:
    """Take off the apostrophe that `guarded` put before a text."""
    return texts.astype("string").str.replace(rf"^'(?={_BEGINS})", "", regex=True)
