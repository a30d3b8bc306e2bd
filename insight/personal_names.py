"""Find people's names where letters carry them: after a greeting or a title, under a sign-off."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from insight.personal_words import IN_NAMES, NO_NAMES, OFFICE_WORDS, TOKEN, bare

_DASHES = "\u2013\u2014\\-"

_WORD = rf"[A-ZÀ-ÖØ-Þ](?:[^\W\d_]|[{IN_NAMES}])*"
_PARTICLE = r"(?:(?:van|von|der|den|de|da|di|dos|del|la|le|al|el)[ \t]+)*"
_NAME = rf"({_WORD}(?:\.?[ \t]+{_PARTICLE}{_WORD}|\.{_WORD}){{0,3}})"
_NAMES = rf"({_WORD}(?:\.?[ \t]+(?:(?:and|&)[ \t]+)?{_PARTICLE}{_WORD}|\.{_WORD}){{0,4}})"
_SMALL_NAME = rf"([a-z{IN_NAMES}]+(?:[ \t]+[a-z{IN_NAMES}]+)?)"
# Counted, not starred, where two stand side by side: pages of blanks must not take minutes.
_BLANKS = r"[ \t]{0,20}"
_LINE_END = rf"(?={_BLANKS}[.,]?{_BLANKS}(?:[\r\n]|\Z|\[))"
_NAME_END = rf"(?={_BLANKS}(?:[,.;|(\[/\r\n\-]|\Z))"
_NEW_LINE = rf"{_BLANKS}[,.!;:{_DASHES}]{{0,9}}{_BLANKS}(?:\r?\n{_BLANKS}){{1,4}}"
_SAME_LINE = rf"{_BLANKS}[,{_DASHES}]?[ \t]{{1,20}}"
_TRAILING = re.compile(r"(?:[ \t.]|\b(?:and|&))+$")


class NameRule:
    """Where names stand: behind one of some words.

    Parameters
    ----------
    words
        What goes before a name, as it is written.
    between
        Pattern of what lies between word and name.
    name
        Pattern of the name, in one group.
    end
        Pattern of what must follow.
    line_start
        Whether only white space and a quotation mark may go before the word on its line.
    addressee
        If true, a name that ends in an office word is an office's ("Dear Planning Team");
        otherwise the words before it are a person's ("Jane Smith, Planning Officer").
    """

    def __init__(
        self,
        words: Iterable[str],
        between: str = r"[ \t]+",
        name: str = _NAMES,
        end: str = "",
        *,
        line_start: bool = False,
        addressee: bool = True,
    ) -> None:
        self.line_start = line_start
        self.addressee = addressee
        # One pattern a word: Python's search runs an order of magnitude faster to fixed letters.
        self.patterns = {
            word: re.compile(re.escape(word) + rf"({between}){name}{end}", re.MULTILINE)
            for word in words
        }
        start = r"(?m:^)[ \t\"'>]*(?:[Gg]ood )?" if line_start else r"\b"
        first = "[a-z]" if name.startswith("([a-z") else "[A-ZÀ-ÖØ-Þ]"
        alternatives = "|".join(map(re.escape, self.patterns))
        # RE2 pattern that every text with a match has.
        self.marker = rf"{start}(?:{alternatives})(?:{between}){first}"

    def apply(self, text: str) -> str:
        """Return `text` with the names replaced."""
        for word, pattern in self.patterns.items():
            if word in text:
                text = pattern.sub(self._replaced, text)
        return text

    def _replaced(self, match: re.Match[str]) -> str:
        text, start, name = match.string, match.start(), match.group(2)
        if start and text[start - 1].isalnum():
            return match.group()
        if self.line_start:
            lead = text[text.rfind("\n", 0, start) + 1 : start]
            if lead.strip(" \t\"'>").casefold() not in {"", "good"}:
                return match.group()
        kept, ended_by = _person(name)
        if not kept or (self.addressee and ended_by in OFFICE_WORDS):
            return match.group()
        return f"{text[start : match.start(2)]}{TOKEN}{name[len(kept) :]}"


@lru_cache(maxsize=4096)
def _person(name: str) -> tuple[str, str]:
    """Return the part of `name` before the first word that is no name, and that word."""
    for word in re.finditer(r"[^\s.]+\.?", name):
        plain = bare(word.group().rstrip("."))
        initial = len(plain) == 1 and word.group().endswith(".")
        if not initial and plain in NO_NAMES:
            return _TRAILING.sub("", name[: word.start()]), plain
    return name, ""


_FORMAL = (
    *("regards", "sincerely", "faithfully", "truly", "wishes", "rgds", "REGARDS", "SINCERELY"),
    *("Regards", "Sincerely", "Faithfully", "Truly", "Wishes", "Rgds"),
)
_CASUAL = (
    *("thanks", "thank you", "thankyou", "cheers", "signed", "THANKS", "THANK YOU"),
    *("Thanks", "Thank you", "Thank You", "Thankyou", "Cheers", "Signed"),
)
_GREETINGS = (
    *("Hi", "Hello", "Hey", "Hiya", "Morning", "Afternoon", "Evening", "HI", "HELLO"),
    *("hi", "hello", "hey", "hiya", "morning", "afternoon", "evening"),
)
_TITLES = (
    *("Mr", "Mrs", "Ms", "Mx", "Miss", "Dr", "Prof", "Professor", "Rev", "Reverend", "Cllr"),
    *("Councillor", "MR", "MRS", "MS", "MISS", "DR", "CLLR"),
)
_SMALL_TITLES = ("mr", "mrs", "ms", "cllr")
RULES = (
    NameRule(
        (*_TITLES, *_SMALL_TITLES),
        r"\.?[ \t]+",
        _NAME,
        addressee=False,
    ),
    NameRule(_SMALL_TITLES, r"\.?[ \t]+", rf"([a-z{IN_NAMES}]{{2,}})(?!\w)", addressee=False),
    NameRule(("Dear", "DEAR")),
    NameRule(("dear", "Dear"), name=_SMALL_NAME, end=r"(?=[ \t]*(?:,|\r?$))", line_start=True),
    NameRule(
        _GREETINGS,
        end=rf"(?=[ \t]*(?:[,!.;:{_DASHES}]|\r?$))",
        line_start=True,
    ),
    NameRule(
        ("Name", "name", "NAME", "From", "from", "Signed", "signed", "Contact", "Customer"),
        r"[ \t]*:[ \t]*",
    ),
    NameRule(("name is", "name's", "name\u2019s")),
    NameRule(_FORMAL, f"(?:{_NEW_LINE}|{_SAME_LINE})", _NAMES, _NAME_END, addressee=False),
    NameRule(_CASUAL, f"(?:{_NEW_LINE}|{_SAME_LINE})", _NAMES, _LINE_END, addressee=False),
    NameRule(_FORMAL, _NEW_LINE, _SMALL_NAME, _LINE_END),
)

ANY_NAME = "|".join(f"(?:{rule.marker})" for rule in RULES)
"""RE2 pattern that every text has in which one of `RULES` finds a name."""

_ANY_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{IN_NAMES}])*")
_MOST_IN_A_MARKER = 1_000  # first words; a pattern of many more would outgrow RE2's memory
_BETWEEN_NAMES = re.compile(r"[ \t.,]{1,3}")


class NameFinder:
    """Replaces given names in a text.

    A name of several words is found in any case; a single word only where it has a capital, for
    many names are words too (Will, May, Rose).

    Examples
    --------
    >>> NameFinder(["Will", "Jane Smith"]).apply("will WILL and jane smith come?")
    'will [name] and [name] come?'
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._known: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for name in names:
            words = tuple(bare(word.group()) for word in _ANY_WORD.finditer(name))
            if words:
                self._known[words[0]].append(words)
        for alternatives in self._known.values():
            alternatives.sort(key=len, reverse=True)
        listed = len(self._known) <= _MOST_IN_A_MARKER
        # RE2 pattern that every text with one of the names has.
        self.marker = rf"(?i)\b(?:{'|'.join(map(re.escape, self._known))})" if listed else ""

    def apply(self, text: str) -> str:
        """Return `text` with the names replaced."""
        words = list(_ANY_WORD.finditer(text))
        pieces, done = [], 0
        for place, word in enumerate(words):
            alternatives = self._known.get(bare(word.group()))
            if alternatives is None or word.start() < done:
                continue
            length = _length_of_name(text, words, place, alternatives)
            if length:
                pieces += [text[done : word.start()], TOKEN]
                done = words[place + length - 1].end()
        return "".join([*pieces, text[done:]]) if pieces else text


def _length_of_name(
    text: str, words: list[re.Match[str]], place: int, alternatives: list[tuple[str, ...]]
) -> int:
    """Return how many words from `place` on are one of the names; 0 for none."""
    for name in alternatives:
        found = words[place : place + len(name)]
        if [bare(word.group()) for word in found] != list(name):
            continue
        if len(name) == 1:
            if found[0].group()[0].isupper():
                return 1
        elif all(
            _BETWEEN_NAMES.fullmatch(text, one.end(), other.start())
            for one, other in pairwise(found)
        ):
            return len(name)
    return 0
