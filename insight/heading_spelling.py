"""The same heading in spite of what people and programs do to the space and quotes in it."""

import unicodedata
from collections import Counter
from collections.abc import Iterable

import pandas as pd

_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d\u2010\u2011\u2013\u2014", "''\"\"----")


def headings_as_named(frame: pd.DataFrame, named: Iterable[str]) -> pd.DataFrame:
    r"""Return `frame` with its headings spelt as the mapping that reads it names them.

    Line breaks, hard and double spaces, capitals and curly quotes don't tell two headings apart,
    unless two of the file's would become one, or the file also has the name as it stands.

    Examples
    --------
    >>> frame = pd.DataFrame(columns=["How easy\nwas\u00a0it? ", "Name"])
    >>> headings_as_named(frame, ["How easy was it?"]).columns.tolist()
    ['How easy was it?', 'Name']
    """
    given = list(map(str, frame.columns))
    plain = [plain_spelling(heading) for heading in given]
    times = Counter(plain)
    wanted = {plain_spelling(name): name for name in named if name not in given}
    spelt = {
        heading: wanted[bare]
        for heading, bare in zip(given, plain, strict=True)
        if bare in wanted and times[bare] == 1
    }
    return frame.rename(columns=spelt) if spelt else frame


def plain_spelling(heading: str) -> str:
    """Return a heading in one case, with single spaces and straight quotes."""
    even = unicodedata.normalize("NFKC", heading).translate(_QUOTES)
    visible = "".join(c for c in even if unicodedata.category(c) != "Cf")
    return " ".join(visible.split()).casefold()
