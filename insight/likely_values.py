"""Which allowed value an unknown spelling likely stands for, or none where that is unsure."""

import re
from collections import Counter
from collections.abc import Mapping
from difflib import SequenceMatcher

_CLOSE = 0.84  # one slip in a word of six letters
_CLEAR = 0.08  # by how much the best allowed value must stand out
_SHORTEST = 3  # letters; a shorter spelling, such as "x", is in too much
# What turns a decision round, or makes it half of one: "not upheld" has "upheld" in it.
_TURNS = frozenset(
    {"not", "no", "non", "never", "without", "un", "part", "partly", "partially", "some", "ex"}
)
_OPPOSITES = ("un", "non", "in", "dis", "re", "de")


def likely_value(written: str, spellings: Mapping[str, str]) -> str | None:
    """Return the allowed value that `written` likely stands for.

    Parameters
    ----------
    written
        What stands in the file.
    spellings
        Casefolded spellings and the allowed value of each, the values themselves among them.

    Returns
    -------
    str or None
        None unless one allowed value stands out. Digits and words that turn a meaning round
        (not, part) are never taken for slips of the pen.

    Examples
    --------
    >>> channels = {"phone": "phone", "telephone": "phone", "email": "email", "e-mail": "email"}
    >>> likely_value("Telephone line", channels), likely_value("Pigeon", channels)
    ('phone', None)
    """
    words = _words(written)
    best: dict[str, float] = {}
    for spelling, value in spellings.items():
        score = _closeness(words, _words(spelling))
        best[value] = max(score, best.get(value, 0.0))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < _CLOSE:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _CLEAR:
        return None
    return ranked[0][0]


def _closeness(written: tuple[str, ...], spelling: tuple[str, ...]) -> float:
    """Return how alike a value and a known spelling are, from 0 to 1."""
    if not written or not spelling or _marks(written) != _marks(spelling):
        return 0.0
    one, other = Counter(written), Counter(spelling)
    if one == other:
        return 1.0
    if not other - one and len("".join(spelling)) >= _SHORTEST:
        # The known spelling and more: the more of it, the likelier.
        return 0.86 + 0.13 * len(spelling) / len(written)
    plain, known = "".join(written), "".join(spelling)
    if plain == known:
        return 0.99
    if any(
        {plain, known} == {word, f"{start}{word}"}
        for start in _OPPOSITES
        for word in (plain, known)
    ):
        return 0.0
    if plain[0] != known[0]:
        return 0.0  # hardly anybody gets the first letter wrong
    if sorted(plain) == sorted(known) and len(plain) > _SHORTEST:
        return 0.9  # letters in another order: "emial"
    return SequenceMatcher(None, plain, known, autojunk=False).ratio()


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+|[^\W\d_]+", text.casefold()))


def _marks(words: tuple[str, ...]) -> Counter[str]:
    """Return what must agree exactly: numbers, and words that turn a meaning round."""
    return Counter(word for word in words if word.isdigit() or word in _TURNS)
