"""How a page writes a number, an interval, a date, a status: words a warden would use."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import pandas as pd

from insight.periods import UnknownPeriodError, period_title
from insight.rounding import written_value

MINUS = "\N{MINUS SIGN}"
HALF_AN_HOUR = 0.5  # which would be rounded to none
SHARES = frozenset({"share"})
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A status in words, its shape for those who see no colour, and its place in an order."""

    word: str
    shape: str
    kind: str
    order: int


RAG = {
    "red": Mark("Red", "\N{BLACK SQUARE}", "red", 0),
    "amber": Mark("Amber", "\N{BLACK UP-POINTING TRIANGLE}", "amber", 1),
    "green": Mark("Green", "\N{BLACK CIRCLE}", "green", 2),
    "awaited": Mark("Awaited", "\N{HORIZONTAL ELLIPSIS}", "none", 3),
    "suppressed": Mark("Not shown", "\N{BALLOT BOX}", "none", 4),
    "no target": Mark("No target", "\N{WHITE CIRCLE}", "none", 5),
}
UNRATED = Mark("Not rated", "\N{WHITE CIRCLE}", "none", 6)

EVIDENCE = {
    "strong": Mark("Strong evidence", "\N{BLACK CIRCLE}" * 3, "strong", 0),
    "moderate": Mark("Some evidence", "\N{BLACK CIRCLE}" * 2 + "\N{WHITE CIRCLE}", "moderate", 1),
    "weak": Mark("Weak evidence", "\N{BLACK CIRCLE}" + "\N{WHITE CIRCLE}" * 2, "weak", 2),
    "too few": Mark("Too few reports to say", "\N{WHITE CIRCLE}" * 3, "weak", 3),
}

DIRECTIONS = {
    "improving": Mark("Getting better", "\N{NORTH EAST ARROW}", "better", 0),
    "worsening": Mark("Getting worse", "\N{SOUTH EAST ARROW}", "worse", 1),
    "no change": Mark("No change", "\N{RIGHTWARDS ARROW}", "same", 2),
}
UNCOMPARED = Mark("Nothing to compare with", "\N{EN DASH}", "same", 3)


def missing(value: object) -> bool:
    """Tell whether a cell holds nothing."""
    if isinstance(value, str):  # most cells of a page are texts, and a million are asked
        return False
    return value is None or bool(pd.isna(cast("Any", value)))


def _float(value: object) -> float:
    return float(str(value))


def text(value: object, otherwise: str = "") -> str:
    """Write a cell as text; `otherwise` where it holds nothing."""
    return otherwise if missing(value) or str(value).strip() == "" else str(value)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a frame's rows as dictionaries with ``None`` for what is missing."""
    # By column: through one frame of objects it takes pandas three times as long.
    nothing: Any = None
    columns = {
        str(name): column.to_numpy(dtype=object, na_value=nothing).tolist()
        for name, column in frame.items()
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def count(value: object) -> str:
    """Write a whole number with thousands separators.

    >>> count(12345.0)
    '12,345'
    """
    return "not known" if missing(value) else f"{round(_float(value)):,}".replace("-", MINUS)


def plural(value: object, one: str, many: str | None = None) -> str:
    """Write a count and its noun, in the number that fits.

    >>> plural(1, "row"), plural(2, "enquiry", "enquiries")
    ('1 row', '2 enquiries')
    """
    single = not missing(value) and _float(value) == 1
    return f"{count(value)} {one if single else many or one + 's'}"


def figure(value: object, unit: str = "count", decimals: object = None) -> str:
    """Write a value in its unit, as a reader says it.

    `decimals` are those of the number shown: of the percentage, for a share. Without them a
    score has one and everything else none.

    >>> figure(0.6642, "share", 1), figure(1, "days", 0), figure(25, "pounds", 0)
    ('66.4%', '1 day', '£25')
    >>> figure(0.3, "hours")
    'under 1 hour'
    """
    if missing(value):
        return "awaited"
    if unit == "hours" and missing(decimals) and 0 < _float(value) < HALF_AN_HOUR:
        return "under 1 hour"
    places = int(unit == "score") if missing(decimals) else int(_float(decimals))
    return written_value(_float(value), unit, places)


def interval(lower: object, upper: object, unit: str = "count", decimals: object = None) -> str:
    """Write a 95% interval, or nothing where there is none.

    >>> interval(0.611, 0.724, "share")
    '61% to 72%'
    """
    if missing(lower) or missing(upper):
        return ""
    return f"{figure(lower, unit, decimals)} to {figure(upper, unit, decimals)}"


def day(value: object, otherwise: str = "not known") -> str:
    """Write a date as the United Kingdom does; `otherwise` where there is none.

    >>> day("2026-11-03")
    '3 November 2026'
    """
    if missing(value):
        return otherwise
    when = pd.Timestamp(str(value))
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def period(key: object) -> str:
    """Write a period's key in words; what is no period stays as it is.

    >>> period("2026-10"), period("2026-27 Q4"), period("autumn")
    ('October 2026', 'January to March 2027 (2026-27 Q4)', 'autumn')
    """
    return _period(text(key))


@cache  # a page asks for the same few again and again
def _period(key: str) -> str:
    try:
        return period_title(key)
    except UnknownPeriodError:
        return key


def rag(value: object) -> Mark:
    """Give a RAG status its word and shape."""
    return RAG.get(text(value).casefold(), UNRATED)


def evidence(value: object) -> Mark:
    """Give a hotspot's evidence its words and dots."""
    return EVIDENCE.get(text(value).casefold(), EVIDENCE["too few"])


def direction(value: object) -> Mark:
    """Give a direction of travel its words and arrow."""
    return DIRECTIONS.get(text(value).casefold(), UNCOMPARED)


def label(code: object) -> str:
    """Write a code or an allowed value as a label.

    >>> label("council-tax_refunds"), label("stage 1")
    ('Council tax refunds', 'Stage 1')
    """
    words = re.sub(r"[-_]+", " ", text(code)).strip()
    return words[:1].upper() + words[1:]
