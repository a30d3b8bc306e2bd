"""From the words that tell two groups apart to the phrases that people wrote.

A word or a pair of words is what is tested; alone it reads as a stub ("gave waiting"). It is shown
as the longest phrase that nearly all who use it share ("builder gave up waiting").
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from insight.comment_words import NEGATIONS, STOP_WORDS

NEARLY_ALL = 0.8
"""Share of those who use a term that must go on with the same word for it to be the phrase's."""
MOST_WORDS = 9
END = "|"
GAP = "\N{HORIZONTAL ELLIPSIS}"
_BETWEEN = rf"(?: (?:{'|'.join(map(re.escape, STOP_WORDS))}|[a-z0-9]|{GAP}|\{END}))* "


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as it is shown, and the pattern by which `written_lines` are searched for it."""

    shown: str
    pattern: str


def written_lines(comments: pd.Series) -> pd.Series:
    """Return comments as lower-case words between single blanks, sentences ending in ``|``.

    Examples
    --------
    >>> written_lines(pd.Series(["Ring me on MONDAY. Nobody's in!"]))[0]
    " ring me on monday | nobody's in | "
    """
    lines = comments.astype("string").fillna("").str.casefold()
    for pattern, becomes in (
        (r"\[[^\]]{1,40}\]", f" {GAP} "),
        ("\u2019", "'"),
        (r"[.!?;:\n]+", f" {END} "),
        (rf"[^\w'{GAP}\{END}]+", " "),
    ):
        lines = lines.str.replace(pattern, becomes, regex=True)
    return " " + lines.str.strip() + " "


def whole_phrase(lines: pd.Series, term: str) -> Phrase:
    """Grow a term by the words that nearly all who use it put beside it.

    Parameters
    ----------
    lines
        As `written_lines` gives.
    term
        A word, or words that stand together once stop words are left out.

    Returns
    -------
    Phrase
        Without stop words at its ends, but for those that negate. Where people put different
        stop words between the term's own, an ellipsis stands for them.
    """
    words = term.split(" ")
    pattern = _BETWEEN.join(map(re.escape, words))
    found = lines.str.extract(f" ({pattern}) ", expand=False).dropna()
    if found.empty:
        return Phrase(term, pattern)
    held, enough = lines[found.index], NEARLY_ALL * len(found)
    counts = found.value_counts()
    shown = words
    if counts.iloc[0] >= enough:
        shown = [END if word == GAP else word for word in str(counts.index[0]).split(" ")]
        pattern = re.escape(str(counts.index[0]))
    elif len(words) > 1:
        shown = [word for each in words for word in (each, GAP)][:-1]
    after, pattern = _grown(held, pattern, enough, MOST_WORDS - len(shown), forwards=True)
    before, pattern = _grown(
        held, pattern, enough, MOST_WORDS - len(shown) - len(after), forwards=False
    )
    told = " ".join(GAP if word == END else word for word in [*before, *shown, *after])
    return Phrase(told, pattern)


def _grown(
    held: pd.Series, pattern: str, enough: float, most: int, *, forwards: bool
) -> tuple[list[str], str]:
    """Find the words to add on one side, no stop word last, and the pattern with them."""
    added: list[str] = []
    kept: tuple[list[str], str] = ([], pattern)
    while len(added) < most:
        asked = f" {pattern} ([^ ]+) " if forwards else f" ([^ ]+) {pattern} "
        beside = held.str.extract(asked, expand=False).value_counts()
        if beside.empty or beside.iloc[0] < enough or beside.index[0] == END:
            break
        word = str(beside.index[0])
        added = [*added, word] if forwards else [word, *added]
        escaped = re.escape(word)
        pattern = f"{pattern} {escaped}" if forwards else f"{escaped} {pattern}"
        if word not in _STUBS:
            kept = (added, pattern)
    return kept


_STUBS = frozenset({*STOP_WORDS, GAP, *"abcdefghijklmnopqrstuvwxyz"}) - NEGATIONS


def longest_only(holders: Sequence[tuple[str, Collection[int]]]) -> list[int]:
    """Return the places of the phrases to show: those that longer ones don't say already.

    Parameters
    ----------
    holders
        Each phrase as it is shown, and the people who use it.

    Returns
    -------
    list of int
        A phrase is left out where nearly all who use it use a longer one that holds it; of
        phrases that read alike the first stays.
    """
    kept = []
    for place, (shown, people) in enumerate(holders):
        inside = [
            set(others)
            for at, (longer, others) in enumerate(holders)
            if at != place
            and f" {shown} " in f" {longer} "
            and (len(longer) > len(shown) or at < place)
        ]
        said = set().union(*inside) & set(people)
        if not inside or len(said) < NEARLY_ALL * len(people):
            kept.append(place)
    return kept
