"""Find where a person lives: a house number or name with its street.

A street alone stays, because the council has to know where things happen, and so does a house's
name without its street.
"""

import re
from collections.abc import Iterable

from insight.personal_words import word_set

TOKEN = "[address]"  # noqa: S105

STREET_TYPES = word_set(
    """
    road street avenue lane drive close crescent court gardens terrace grove place square rise mews
    walk parade croft hill row green park way view vale yard gate chase mount path fields meadow
    meadows leys garth boulevard paddock orchard wharf common cottages villas buildings bank spinney
    covert dale holt nook ridge heights parkway lea rd st ave av ln dr cl cres ct gdns ter terr gr
    pl sq blvd
    """
)
"""What streets end in."""
# What ends a street in small letters, where "park" and "close" end much else.
_SMALL_TYPES = word_set(
    "road street avenue lane drive close crescent gardens terrace grove rd ave cres"
)
_BLOCKS = word_set("house lodge tower towers point hall mansions")
_NO_STREET = word_set(
    """
    january february march april june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday am pm a an the of in on at to by for from and
    or is are was were has have had with my our your their his her this that these those it they we
    i all way ways lane lanes mph minute minutes min mins mile miles hour hours day days week weeks
    month months year years yr yrs bed car cars bin bins bags boxes houses people times metres
    meters yards feet foot ton point more other different new main separate along across outside
    near up down past off behind opposite between bus buses trees lights
    """
)
# "Junction 21 Narborough Road" and "since 9 Glen Road" are no homes.
_BEFORE = re.compile(
    r"(?:junction|route|bus|buses|service|week|phase|page|item|question|tour|number of)\s*$",
    re.IGNORECASE,
)
_BEFORE_SMALL = re.compile(
    r"(?:^|[\n,;:(]|\b(?:at|of|from|to|in|outside|opposite|behind|near|by|for|on|is|no|nos|number"
    r"|address|lives?|and|flat|flats)\b\.?)\s*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_FLAT = r"(?i:flat|apartment|apt|unit|room|plot)\.? ?(?:\d{1,4}[A-Za-z]?|[A-Za-z])\b,? ?"
_NUMBER = r"\d{1,4}(?: ?[A-Ha-h]\b)?(?:(?: ?[\-/&\u2013] ?| and )\d{1,4}[A-Ha-h]?\b)?"
_LETTERS = r"[^\W\d_](?:[^\W\d_]|['\u2019\-])*"
_WORD = re.compile(_LETTERS)
_CANDIDATE = re.compile(
    rf"(?<![\w£$.:/\-\u2013])(?:(?P<flat>{_FLAT})(?:{_NUMBER},? )?|(?P<number>{_NUMBER}),? )"
    rf"(?P<words>{_LETTERS}(?:\.?[ ]{_LETTERS}){{0,4}})"
)
_HOUSES = (
    "Cottage|House|Lodge|Farm|Farmhouse|Villa|Vicarage|Rectory|View|Barn|Mill|Hall|Bungalow|Manor"
    "|Grange|Stables"
)
_CAPITAL = r"[A-Z][A-Za-z'\u2019\-]*"
_NAMED = re.compile(
    rf"\b(?P<house>(?:{_CAPITAL} ){{1,3}}(?:{_HOUSES})),? "
    rf"(?P<words>{_CAPITAL}(?: {_CAPITAL}){{0,3}})"
)
_PUBLIC = word_set("town village church parish public coffee school council county city memorial")
_ENDS = "|".join(sorted(STREET_TYPES | _BLOCKS))
_MOST_IN_A_MARKER = 1_000  # first words; a pattern of many more would outgrow RE2's memory


class AddressFinder:
    """Replaces house numbers and names together with their streets.

    Parameters
    ----------
    streets
        Names of the council's streets, found behind a number in any case, whatever they end in.

    Examples
    --------
    >>> AddressFinder(["Saffron Hill"]).apply("14 Elm Drive, 2 saffron hill, then Elm Drive")
    '[address], [address], then Elm Drive'
    """

    def __init__(self, streets: Iterable[str] = ()) -> None:
        known = {_plain(street) for street in streets} - {""}
        self._streets = frozenset(known)
        # Those that end in a type of street are marked by it.
        first = {street.split()[0] for street in known if street.split()[-1] not in STREET_TYPES}
        if len(first) > _MOST_IN_A_MARKER:
            first = {r"\pL"}
        unmarked = rf"|\d ?[a-h]?,? (?:{'|'.join(sorted(first))})" if first else ""
        words = r"(?:[\pL'\x{2019}\-]+\.? ){1,4}"
        # RE2 pattern that every text with an address has.
        self.marker = (
            rf"(?i)(?:\d ?[a-h]?|\b(?:flat|apartment|apt|unit|room|plot)\.? ?\w{{1,5}}"
            rf"|\b(?:{_HOUSES})),? {words}(?:{_ENDS})\b{unmarked}"
        )

    def apply(self, text: str) -> str:
        """Return `text` with the addresses replaced."""
        return _NAMED.sub(self._house, _CANDIDATE.sub(self._numbered, text))

    def _numbered(self, match: re.Match[str]) -> str:
        before = match.string[max(0, match.start() - 16) : match.start()]
        number, words = match["number"] or "", match["words"]
        if _BEFORE.search(before) or _YEAR.match(number):
            return match.group()
        flat = match["flat"] is not None
        small = flat or bool(_BEFORE_SMALL.search(before))
        length = self._street(words, small=small, block=flat)
        return f"{TOKEN}{words[length:]}" if length else match.group()

    def _house(self, match: re.Match[str]) -> str:
        words = match["words"]
        length = self._street(words, small=False, block=False)
        if not length or _PUBLIC & set(match["house"].casefold().split()):
            return match.group()
        return f"{TOKEN}{words[length:]}"

    def _street(self, text: str, *, small: bool, block: bool) -> int:
        """Return how many letters of `text`, from its first, are a street; 0 for none."""
        words = list(_WORD.finditer(text))
        plain = [_plain(word.group()) for word in words]
        ends = STREET_TYPES | _BLOCKS if block else STREET_TYPES
        for count in range(len(words), 0, -1):
            *names, last = plain[:count]
            known = " ".join(plain[:count]) in self._streets
            if known or (last in ends and _named(names, text, words[:count])):
                return words[count - 1].end()
        for count in range(2, len(words) + 1 if small else 0):
            *names, last = plain[:count]
            if last in _SMALL_TYPES and not _NO_STREET & set(names):
                return words[count - 1].end()
        return 0


def _named(names: list[str], text: str, words: list[re.Match[str]]) -> bool:
    """Tell whether words with capitals before the type of a street name it."""
    named = names[1:] if names[:1] == ["the"] else names
    return (
        bool(names)
        and not _NO_STREET & set(named)
        and all(text[word.start()].isupper() for word in words)
    )


def _plain(text: str) -> str:
    return " ".join(re.sub("['\u2019.]", "", text).casefold().split())
