"""Replace what identifies a person in free text by words in brackets."""

import re
from collections.abc import Callable, Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.errors import InsightError
from insight.personal_names import RULES as NAME_RULES
from insight.personal_names import NameFinder
from insight.personal_numbers import ANY_NUMBER, Rule
from insight.personal_numbers import RULES as NUMBER_RULES

TOKENS = (
    "[email]",
    "[phone]",
    "[postcode]",
    "[national insurance number]",
    "[NHS number]",
    "[card number]",
    "[bank account]",
    "[reference]",
    "[name]",
)
_TOKEN = re.compile("(" + "|".join(map(re.escape, TOKENS)) + ")")


class RedactionError(InsightError):
    """The pattern of a council's references is not a regular expression."""


def redact(
    texts: pd.Series, *, names: Sequence[str] = (), council_references: str | None = None
) -> pd.Series:
    """Return `texts` with what identifies a person replaced.

    Parameters
    ----------
    texts
        What residents wrote.
    names
        Of staff or others, to replace wherever they stand; one word only where capitalised.
    council_references
        Regular expression of account and case numbers that are nobody's business here.

    Returns
    -------
    pandas.Series
        ``string``, with the same index and the same missing values. Replaced are e-mail
        addresses, phone numbers, postcodes, National Insurance numbers, NHS numbers and payment
        cards whose checksum holds, sort codes and accounts, references, and names after greetings
        and titles, in signatures or given.

    Raises
    ------
    RedactionError
        If `council_references` is not a regular expression.

    Notes
    -----
    Names elsewhere in a sentence stay unless given: no list holds them all. A redacted text does
    not change when it is redacted again.

    Examples
    --------
    >>> texts = pd.Series(["Dear Mr Smith, ring 07700 900123 by 12/03/2026 about bin 4."])
    >>> redact(texts)[0]
    'Dear Mr [name], ring [phone] by 12/03/2026 about bin 4.'
    """
    steps = _steps(names, council_references)
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


def _steps(names: Sequence[str], council_references: str | None) -> list[Step]:
    steps: list[Step] = []
    if council_references is not None:
        steps.append(_references(council_references))
    steps.append(_numbers)
    steps += [_by_text(rule.marker, rule.apply) for rule in NAME_RULES]
    if names:
        finder = NameFinder(names)
        steps.append(_by_text(finder.marker, lambda text: _outside_tokens(text, finder.apply)))
    return steps


def _numbers(texts: pa.Array) -> pa.Array:
    # One look for all of them saves most texts, and every second round, a look for each.
    marked = pc.match_substring_regex(texts, ANY_NUMBER)
    changed = texts.filter(marked)
    if not len(changed):
        return texts
    for rule in NUMBER_RULES:
        changed = (_by_pattern(rule) if rule.holds is None else _by_checksum(rule))(changed)
    return pc.replace_with_mask(texts, marked, changed)


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
