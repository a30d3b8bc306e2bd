"""How a text opens: its first clause, which often says what the whole is about."""

import re
from collections.abc import Sequence

_WORD = re.compile(r"\w\w")
_BREAK = re.compile(r"[.!?;/&\n]|,\s|\s(?:-|and|but)\s", re.IGNORECASE)


def openings(texts: Sequence[str]) -> list[str]:
    r"""Return the first clause of each text, or nothing where the text is but one clause.

    A clause ends at a mark or at "and" or "but", and holds a word of two letters. The subject
    line of an e-mail, which `insight.topics.features.readable_texts` puts first, is its opening.

    Examples
    --------
    >>> openings(["Staff were kind, but I waited", "The bin.", "Bin missed\nNo. 5, again"])
    ['Staff were kind', '', 'Bin missed']
    """
    return [_opening(text) for text in texts]


def _opening(text: str) -> str:
    word = _WORD.search(text)
    end = _BREAK.search(text, word.end()) if word else None
    return text[: end.start()] if end and _WORD.search(text, end.end()) else ""
