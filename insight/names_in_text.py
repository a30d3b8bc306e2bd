"""Find people's names in the middle of a sentence: by a forename, or by the words before them."""

import re
from collections.abc import Callable

from insight.forenames import FORENAMES, FORENAMES_OR_WORDS
from insight.personal_addresses import STREET_TYPES
from insight.personal_words import IN_NAMES, NO_NAMES, TOKEN, bare, word_set

# A run of capitals with one of these is a place or a body: Victoria Park, Thomas Cook Ltd.
_NO_PERSON = word_set(
    """
    academy agency arms center centre church clinic club college company cottage curie currie
    east estate farm group hall hospital hotel house infant infants inn junction junior limited
    lodge ltd mill nhs north pharmacy plc practice primary pub russell south sponge station
    surgery theatre trust uk university ward west
    """
) | (STREET_TYPES - {"lea", "dr", "st"})
# Surnames too: a place but behind one forename.
_PLACES = frozenset({"hill", "hall", "ward", "green", "dale", "banks"})
_SAINTS = frozenset({"st", "saint", "ss"})
_CAPITAL = rf"[A-ZÀ-ÖØ-Þ](?:[^\W\d_]|[{IN_NAMES}])*"
_PARTICLE = r"(?:(?:van|von|der|den|de|da|di|del|la|le|al|el)[ \t]+)?"
_NEXT = rf"\.?[ \t]{{1,3}}{_PARTICLE}{_CAPITAL}"
# What may not go before it is asked of a match: a search for a capital alone is twice as fast.
_RUN = re.compile(rf"{_CAPITAL}(?:{_NEXT}){{0,5}}(?![@\w])")
_BEFORE_RUN = re.compile(rf"[\w@.\[{IN_NAMES}]")
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{IN_NAMES}])*")
_LONGEST_NAME = 4  # words

# Before two words with capitals, of which neither is an office's or a place's.
_FULL = (
    r"I am|I.m|[Tt]his is|[Ii]t is|[Ii]t's|[Bb]ehalf of|[Ss]p(?:oke|oken|eak) (?:to|with)"
    r"|[Ss]ent by|[Rr]efund to|[Pp]ayable to|[Cc]aller|[Cc]ust\.|^I,"
    r"|[Nn]eighbour|[Tt]enant|[Cc]arer"
)
# Before one.
_OF_SOMEONE = (
    r"[Hh]usband|[Ww]ife|[Pp]artner|[Ss]on|[Dd]aughter|[Mm]other|[Ff]ather|[Mm]um|[Dd]ad|[Bb]rother"
    r"|[Ss]ister"
)
_INTRODUCED = re.compile(
    rf"(?m:\b(?:(?:{_FULL})[ \t]{{1,3}}(?P<full>{_CAPITAL}(?:{_NEXT}){{1,3}})"
    rf"|(?:{_OF_SOMEONE}),?[ \t]{{1,3}}(?P<any>{_CAPITAL}(?:{_NEXT}){{0,3}})))"
)
# A line of its own above a mail address, a telephone number or a home.
_SIGNED = re.compile(
    rf"(?m:^[ \t]{{0,9}}(?P<full>{_CAPITAL}(?:{_NEXT}){{1,3}})"
    r"(?=,?[ \t]{0,9}\r?\n[ \t]{0,9}\[))"
)
_SAID = (
    r"(?i:\b(?:name is|name.s|i am|i.m|this is|husband|wife|partner|son|daughter|mother|father|mum"
    r"|dad|brother|sister)),? "
)
_SMALL = re.compile(rf"{_SAID}(?P<name>[a-z{IN_NAMES}]+)\b")
_BEGUN = "|".join(
    sorted(form for name in FORENAMES | FORENAMES_OR_WORDS for form in (name.title(), name.upper()))
)


def _known(text: str) -> str:
    return _RUN.sub(_from_forename, text)


def _said(text: str) -> str:
    return _SMALL.sub(_small, text)


def _introduced(text: str) -> str:
    return _INTRODUCED.sub(_whole, text)


def _signed(text: str) -> str:
    return _SIGNED.sub(_whole, text)


RULES: tuple[tuple[str, Callable[[str], str]], ...] = (
    (rf"\b(?:{_BEGUN})\b", _known),
    (rf"{_SAID}(?:{'|'.join(sorted(FORENAMES))})\b", _said),
    (rf"(?m)\b(?:{_FULL}|{_OF_SOMEONE}),?[ \t]{{1,3}}[A-ZÀ-ÖØ-Þ]", _introduced),
)
"""RE2 patterns that every text with such a name has, and what replaces the names in it."""
SIGNED_RULE: tuple[str, Callable[[str], str]] = (
    r"(?m)^[ \t]{0,9}[A-ZÀ-ÖØ-Þ][^\n.!?\d]{0,40}[ \t][A-ZÀ-ÖØ-Þ][^\n.!?\d]{0,40}\n[ \t]{0,9}\[",
    _signed,
)
"""The same, apart: with the others in one pattern, RE2 would run out of memory and go slowly."""


def _from_forename(match: re.Match[str]) -> str:
    """Return the run of words with capitals, its name from a forename on replaced."""
    run = match.group()
    if match.start() and _BEFORE_RUN.match(match.string, match.start() - 1):
        return run
    after = _WORD.match(match.string, match.end() + 1)
    if after and after.group() in _NO_PERSON:
        return run
    words = list(_WORD.finditer(run))
    plain = [bare(word.group()) for word in words]
    if _is_place(plain):
        return run
    for place, word in enumerate(plain):
        if place and plain[place - 1] in _SAINTS:
            continue
        end = place + 1
        while end < min(len(plain), place + _LONGEST_NAME) and (
            plain[end] not in NO_NAMES or plain[end] in _PLACES
        ):
            end += 1
        first = word.split("-")[0]
        if first in FORENAMES or (first in FORENAMES_OR_WORDS and end > place + 1):
            # Where all is in capitals, nothing tells where a name ends.
            last = words[place if run.isupper() and len(words) > 3 else end - 1].end()
            return run[: words[place].start()] + TOKEN + run[last:]
    return run


def _is_place(words: list[str]) -> bool:
    if len(words) == 2 and words[0] in FORENAMES and words[1] in _PLACES:
        return False
    return bool(_NO_PERSON.intersection(words))


def _whole(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    name = match[kind]
    words = [bare(word) for word in _WORD.findall(name)]
    kept = 0
    for word in words:
        if word in NO_NAMES - _PLACES:
            break
        kept += 1
    least = 2 if kind == "full" else 1
    if _is_place(words) or kept < least or name.isupper():
        return match.group()
    end = list(_WORD.finditer(name))[kept - 1].end()
    start = match.start(kind) - match.start()
    return f"{match.group()[:start]}{TOKEN}{name[end:]}"


def _small(match: re.Match[str]) -> str:
    if match["name"] not in FORENAMES:
        return match.group()
    return match.group()[: match.start("name") - match.start()] + TOKEN
