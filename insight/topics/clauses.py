"""The clauses of a text: people name several things, and the first is often what it is about."""

import re

_WORD = re.compile(r"\w\w")
_BREAK = re.compile(r"[.!?;/&\n]|,\s|\s(?:-|and|but)\s", re.IGNORECASE)


def clauses(text: str) -> list[str]:
    r"""Return the clauses of a text in order, or nothing where it is but one.

    A clause ends at a mark or at "and" or "but", and holds a word of two letters. The subject
    line of an e-mail, which `insight.topics.features.readable_texts` puts first, is a clause.

    Examples
    --------
    >>> clauses("Staff were kind, but I waited"), clauses("The bin.")
    (['Staff were kind', 'but I waited'], [])
    >>> clauses("Bin missed\nCall 5, again")
    ['Bin missed', 'Call 5', 'again']
    """
    found: list[str] = []
    start = 0
    while (word := _WORD.search(text, start)) and (end := _BREAK.search(text, word.end())):
        if not _WORD.search(text, end.end()):
            break
        found.append(text[start : end.start()])
        start = end.end()
    return [*found, text[start:]] if found else []
