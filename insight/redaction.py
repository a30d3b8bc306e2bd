"""Replace what identifies a person in free text by words in brackets."""

import re
from collections.abc import Callable, Sequence
from functools import reduce

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import InsightError
from insight.names_in_text import RULES as SENTENCE_RULES
from insight.names_in_text import SIGNED_RULE
from insight.personal_addresses import AddressFinder
from insight.personal_names import ANY_NAME, NameFinder
from insight.personal_names import RULES as NAME_RULES
from insight.personal_numbers import ANY_NUMBER, Rule
from insight.personal_numbers import RULES as NUMBER_RULES

VERSION = 2
"""Of what is found. It grows with every rule, so that what was stored before is redacted again."""
TOKENS = (
    "[email]",
    "[phone]",
    "[postcode]",
    "[national insurance number]",
    "[NHS number]",
    "[card number]",
    "[bank account]",
    "[registration]",
    "[date of birth]",
    "[reference]",
    "[address]",
    "[name]",
)
_FEW = 100  # texts, in which to look at all is quicker than to compile what marks some
_TOKEN = re.compile("(" + "|".join(map(re.escape, TOKENS)) + ")")


class RedactionError(InsightError):
    """The pattern of a council's references is not a regular expression."""


def redact(
    texts: pd.Series,
    *,
    names: Sequence[str] = (),
    streets: Sequence[str] = (),
    council_references: str | None = None,
) -> pd.Series:
    """Return `texts` with what identifies a person replaced.

    Parameters
    ----------
    texts
        What residents wrote.
    names
        Of staff or others, to replace wherever they stand; one word only where capitalised.
    streets
        Of the council, to know a house number by; a street alone stays.
    council_references
        Regular expression of account and case numbers that are nobody's business here.

    Returns
    -------
    pandas.Series
        ``string``, with the same index and the same missing values. Replaced are e-mail
        addresses, phone numbers, postcodes, National Insurance numbers, NHS numbers and payment
        cards whose checksum holds, sort codes and accounts, registrations of cars, dates of birth,
        references, house numbers and names with their street, and names of people that are known
        by a common forename, introduced ("my name is", "my son"), after greetings and titles, in
        signatures or given.

    Raises
    ------
    RedactionError
        If `council_references` is not a regular expression.

    Notes
    -----
    A rare name alone in a sentence stays unless given: no list holds them all. A street without a
    number stays too, so that the place of a report is known. A redacted text does not change when
    it is redacted again.

    Examples
    --------
    >>> texts = pd.Series(["Dear Mr Smith, ring 07700 900123 by 12/03/2026 about bin 4."])
    >>> redact(texts)[0]
    'Dear Mr [name], ring [phone] by 12/03/2026 about bin 4.'
    """
    steps = _steps(names, streets, council_references)
    text = pa.array(texts.astype("string"), type=pa.large_string())
    if isinstance(text, pa.ChunkedArray):
        text = text.combine_chunks()
    # A replacement can lay bare another match beside it. Each round leaves fewer letters outside
    # the brackets, so the rounds end.
    changing = pc.is_valid(text)
    while pc.any(changing).as_py():
        before = text.filter(changing)
        after = before
        for step in steps:
            after = step(after)
        text = pc.replace_with_mask(text, changing, after)
        changing = pc.replace_with_mask(changing, changing, pc.not_equal(before, after))
    redacted: pd.Series = text.to_pandas(types_mapper={text.type: pd.StringDtype("pyarrow")}.get)
    return pd.Series(redacted.array, index=texts.index, name=texts.name)


Step = Callable[[pa.Array], pa.Array]


def _steps(
    names: Sequence[str], streets: Sequence[str], council_references: str | None
) -> list[Step]:
    steps: list[Step] = []
    if council_references is not None:
        steps.append(_references(council_references))
    steps.append(_if_marked(ANY_NUMBER, [_number_step(rule) for rule in NUMBER_RULES], cheap=False))
    addresses = AddressFinder(streets)
    steps.append(_by_text(addresses.marker, addresses.apply))
    steps += [_if_marked(ANY_NAME, [_by_text(rule.marker, rule.apply) for rule in NAME_RULES])]
    in_sentences = [_by_text(marker, change) for marker, change in SENTENCE_RULES]
    steps.append(
        _if_marked("|".join(f"(?:{marker})" for marker, _ in SENTENCE_RULES), in_sentences)
    )
    steps.append(_by_text(*SIGNED_RULE))
    if names:
        finder = NameFinder(names)
        steps.append(_by_text(finder.marker, lambda text: _outside_tokens(text, finder.apply)))
    return steps


def _if_marked(marker: str, steps: Sequence[Step], *, cheap: bool = True) -> Step:
    """Return `steps` as one; a look for any of them saves most texts a look for each.

    Those that are `cheap` on a few texts are taken without it.
    """

    def step(texts: pa.Array) -> pa.Array:
        if cheap and len(texts) < _FEW:
            return reduce(lambda found, each: each(found), steps, texts)
        marked = pc.match_substring_regex(texts, marker)
        changed = texts.filter(marked)
        if not len(changed):
            return texts
        for each in steps:
            changed = each(changed)
        return pc.replace_with_mask(texts, marked, changed)

    return step


def _number_step(rule: Rule) -> Step:
    return _by_pattern(rule) if rule.holds is None else _by_checksum(rule)


def _by_pattern(rule: Rule) -> Step:
    return lambda texts: pc.replace_substring_regex(
        texts, pattern=rule.pattern, replacement=rule.token
    )


def _by_checksum(rule: Rule) -> Step:
    holds, compiled = rule.holds, rule.compiled

    def replaced(match: re.Match[str]) -> str:
        return rule.token if holds is not None and holds(match.group()) else match.group()

    return _by_text(rule.pattern, lambda text: compiled.sub(replaced, text))


def _by_text(marker: str, change: Callable[[str], str]) -> Step:
    """Return a step that runs `change` on the texts that have `marker`."""

    def step(texts: pa.Array) -> pa.Array:
        if len(texts) < _FEW:
            return pa.array([change(text) for text in texts.to_pylist()], type=texts.type)
        marked = pc.match_substring_regex(texts, marker)
        changed = [change(text) for text in texts.filter(marked).to_pylist()]
        return pc.replace_with_mask(texts, marked, pa.array(changed, type=texts.type))

    return step


def _references(pattern: str) -> Step:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise RedactionError(
            f"The pattern of council references is not a regular expression: {error}."
        ) from error

    def replaced(match: re.Match[str]) -> str:
        return "[reference]" if match.group() else ""

    return _by_text(
        "", lambda text: _outside_tokens(text, lambda piece: compiled.sub(replaced, piece))
    )


def _outside_tokens(text: str, change: Callable[[str], str]) -> str:
    pieces = _TOKEN.split(text)
    pieces[::2] = [change(piece) for piece in pieces[::2]]
    return "".join(pieces)
