"""What to do about what was refused, said so that it can be done without asking anybody.

A value is repeated in a suggestion only if its column has a list of allowed values, is neither
free text nor an identifier, and the value looks like a code rather than like somebody's words:
short, unredacted, and either there twice or without digits (see `may_be_shown`). One that is close
to no allowed value must be there twice, among a dozen such at most: it may be a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pandas as pd

from insight.contract import Column, Contract, Privacy
from insight.date_orders import likely_orders, shows_its_order
from insight.headings import likely_columns
from insight.likely_values import likely_value
from insight.remedies import remedy

__all__ = ["HowRead", "Setting", "Suggestion", "likely_columns", "made_up", "suggest"]

COUNCIL_FILE = "settings/council.yaml"
_LONGEST_CODE = 40  # characters; longer is a sentence
_MOST_WORDS = 4
_SHORT = 20
_MOST_VALUES = 12  # named one by one; more is a column mapped wrongly
_MOST_LOOKED_AT = 200  # different values, most frequent first; each is compared with all spellings
_MOST = 0.5  # of a file's rows: then the reading is wrong, not the rows
_ONE_OF = "must be one of"
_WITH_UNIT = r"^[£$€]?\s*[-+]?[\d.,]+\s*(?P<unit>[a-z]+)\.?$"
_UNITS = frozenset(
    ("s", "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "h", "hr", "hrs",
     "hour", "hours", "d", "day", "days", "wk", "wks", "week", "weeks", "k", "m", "km", "mi",
     "miles", "metres", "pct", "percent", "calls", "visits")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HowRead:
    """How the files of one source are read now, as far as a suggestion must know it.

    `mapping_file` is what ``sources.yaml`` names, empty where the headings are the contract's
    own; `columns` are contract column to heading; `wards` the names in the boundary file;
    `new_mapping` the file to make where there is none.
    """

    source: str
    contract: Contract
    today: date
    mapping_file: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    dates: str = "day-first"
    timezone: str = "Europe/London"
    wards: tuple[str, ...] = ()
    new_mapping: str = ""

    @property
    def mapping(self) -> str:
        """The mapping file to write in; where the source has none, the one to make."""
        return self.mapping_file or self.new_mapping or f"mappings/{self.source}.yaml"


@dataclass(frozen=True, slots=True)
class Setting:
    """A line to write: in which file, under which keys; `add` puts it into a list there."""

    file: str
    keys: tuple[str, ...]
    value: str
    add: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to do about `rows` refused rows, and the settings that do it, where any do."""

    sentence: str
    rows: int
    settings: tuple[Setting, ...] = ()


def suggest(
    column: str,
    rule: str,
    values: pd.Series,
    how: HowRead,
    *,
    accepted: pd.Series | None = None,
    share: float = 0.0,
) -> list[Suggestion]:
    """Return what to do about the rows that break one rule in one column, one thing at least.

    Parameters
    ----------
    column
        The contract's name of the column, or what `insight.places` calls the place.
    rule
        The rule, in the words of `insight.conform` or `insight.places`.
    values
        What stands in the refused rows, redacted; ``[identifier]`` and blank say nothing.
    how
        How the source's files are read now.
    accepted
        Times of the column that the same files were accepted with, as far as they are known:
        they show which order of day and month the files really have.
    share
        Which part of the files' rows break this rule; a fault of the reading is in most of them.
    """
    told = next((c for c in how.contract.columns if c.name == column), None)
    rows = len(values)
    found: list[Suggestion] = []
    if told is not None and told.privacy not in {Privacy.IDENTIFIER, Privacy.FREE_TEXT}:
        if rule.startswith(_ONE_OF):
            found = _elsewhere(told, values, share) or _spellings(told, values)
        elif rule.startswith(("is not a date", "is in the future")):
            found = _orders(told, rule, values, how, accepted)
        elif rule.startswith("must not be blank") and how.contract.key == (column,):
            found = [made_up(column, rows, how, share)]
        elif rule == "unknown ward":
            found = _wards(values, how)
        elif rule.endswith(" number"):
            found = _numbers(told, values)
    elif rule.endswith(" swapped"):
        found = _swapped(column, rows, how, share)
    return found or [Suggestion(remedy(rule), rows)]


def may_be_shown(value: str, times: int) -> bool:
    """Return whether a refused value of a column with allowed values may be repeated.

    Examples
    --------
    >>> may_be_shown("Tel in", 1), may_be_shown("Flat 12", 1), may_be_shown("Stage 4", 2)
    (True, False, True)
    """
    if len(value) > _LONGEST_CODE or len(value.split()) > _MOST_WORDS:
        return False
    if any(mark in value for mark in "[]@\n\r\t") or not value.isprintable():
        return False
    return times > 1 or (len(value) <= _SHORT and not any(letter.isdigit() for letter in value))


def _elsewhere(column: Column, values: pd.Series, share: float) -> list[Suggestion]:
    """Say where most rows hold values that are like none of the allowed: of another column."""
    counts = values.dropna().str.strip().value_counts()
    strange = [str(value) for value in counts.index[:_MOST_LOOKED_AT]]
    if share < _MOST or any(likely_value(value, column.synonyms) for value in strange):
        return []
    shown = [f'"{value}"' for value in strange if may_be_shown(value, int(counts[value]))]
    such = f", such as {' and '.join(shown[:2])}" if len(shown) > 1 else ""
    sentence = (
        f"Most rows have something else in {column.name}{such}: look whether the cells have moved "
        f"by a column, or another heading holds {column.name}. Correct the file, or the mapping "
        f"under columns; or, if they do mean one of those, add them under synonyms: "
        f"{column.vocabulary}: in {COUNCIL_FILE}."
    )
    return [Suggestion(sentence, len(values))] if len(shown) > 1 else []


def _spellings(column: Column, values: pd.Series) -> list[Suggestion]:
    """Suggest what each unknown spelling stands for; say what is allowed where that is unsure."""
    counts = values.dropna().str.strip().value_counts()
    allowed = ", ".join(column.allowed)
    found: list[Suggestion] = []
    ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    hidden = int(values.isna().sum()) + sum(int(times) for _, times in ranked[_MOST_LOOKED_AT:])
    ranked = ranked[:_MOST_LOOKED_AT]
    known = {str(value): likely_value(str(value), column.synonyms) for value, _ in ranked}
    # Many unknown values are another column's, names perhaps: then none of them is repeated.
    strange = sum(likely is None for likely in known.values()) > _MOST_VALUES
    for written, times in ranked:
        value = str(written)
        likely = known[value]
        alone = likely is None and (strange or times == 1)
        if alone or len(found) == _MOST_VALUES or not may_be_shown(value, int(times)):
            hidden += int(times)
            continue
        place = f"under synonyms: {column.vocabulary}: {likely or 'the one that it means'}:"
        sentence = f'Add the spelling "{value}" {place} in {COUNCIL_FILE}.'
        if likely is None:
            sentence = f'"{value}" may be any of {allowed}. {sentence[:-1]}; or correct the file.'
            found.append(Suggestion(sentence, int(times)))
            continue
        setting = Setting(COUNCIL_FILE, ("synonyms", column.vocabulary, likely), value, add=True)
        found.append(Suggestion(sentence, int(times), (setting,)))
    if hidden:
        sentence = (
            f"What stands there may be somebody's words and isn't repeated here. Correct it in "
            f"the file to one of {allowed}, or map the right heading to {column.name}."
        )
        found.append(Suggestion(sentence, hidden))
    return found


def _orders(
    column: Column, rule: str, values: pd.Series, how: HowRead, accepted: pd.Series | None
) -> list[Suggestion]:
    """Suggest another order of day and month, if all the refused dates then can be right."""
    if accepted is not None and shows_its_order(accepted):
        return []
    latest = how.today + timedelta(days=1) if column.not_after_today else None
    written = values.dropna()
    orders = likely_orders(written, but=how.dates, timezone=how.timezone, latest=latest)
    if len(orders) != 1 or len(written) < len(values):
        return []
    ((style, right),) = orders.items()
    wrong = "can't be read" if rule.startswith("is not") else "lie in the future"
    sentence = (
        f"{right} of the {len(values)} dates that {wrong} are right when read {style}. If the file "
        f"is written so, write `dates: {style}` in {how.mapping}."
    )
    return [Suggestion(sentence, len(values), (Setting(how.mapping, ("dates",), style),))]


def made_up(column: str, rows: int, how: HowRead, share: float) -> Suggestion:
    """Suggest to make references where most rows have none; a few blanks are slips."""
    heading = how.columns.get(column, column)
    generate = f"`generate: [{column}]` in {how.mapping} makes one from each row's contents"
    if share < _MOST:
        sentence = f"Fill in {heading} in the file; where the system gives none, {generate}."
        return Suggestion(sentence, rows)
    sentence = f"Most rows have no {heading}: {generate}."
    return Suggestion(sentence, rows, (Setting(how.mapping, ("generate",), column, add=True),))


def _wards(values: pd.Series, how: HowRead) -> list[Suggestion]:
    """Suggest the ward meant by a slip of the pen; nothing else of what was written is shown."""
    spellings = {ward.casefold(): ward for ward in how.wards}
    found, unknown = [], 0
    counts = values.fillna("").value_counts()
    for written, times in sorted(counts.items(), key=lambda item: (-item[1], str(item[0]))):
        value = str(written)
        likely = likely_value(value, spellings) if len(value) <= _LONGEST_CODE else None
        if likely is None or "[" in value:
            unknown += int(times)
            continue
        sentence = f'Write `"{value}": "{likely}"` under values: ward: in {how.mapping}.'
        setting = Setting(how.mapping, ("values", "ward", value), likely)
        found.append(Suggestion(sentence, int(times), (setting,)))
    if unknown:
        sentence = f"Correct the ward in the file to one of {', '.join(sorted(how.wards))}."
        found.append(Suggestion(sentence, unknown))
    return found


def _swapped(column: str, rows: int, how: HowRead, share: float) -> list[Suggestion]:
    """Suggest exchanging the columns where most rows have them so, else the rows' values."""
    one, other = column.split(", ")
    if share < _MOST:
        sentence = (
            f"Exchange {one} and {other} in these rows of the file; in its other rows they are "
            "right, so don't exchange the columns."
        )
        return [Suggestion(sentence, rows)]
    heads = how.columns.get(one, one), how.columns.get(other, other)
    sentence = (
        f"Nearly all rows have them so: write `{one}: {heads[1]}` and `{other}: {heads[0]}` under "
        f"columns: in {how.mapping}."
    )
    settings = tuple(
        Setting(how.mapping, ("columns", name), head)
        for name, head in ((one, heads[1]), (other, heads[0]))
    )
    return [Suggestion(sentence, rows, settings)]


def _numbers(column: Column, values: pd.Series) -> list[Suggestion]:
    """Say which unit the refused numbers carry; the unit is a known word, the number isn't told."""
    parts = values.dropna().str.casefold().str.extract(_WITH_UNIT)
    units = set(parts["unit"].dropna())
    if len(parts.dropna()) < len(values) or len(units) != 1 or not units <= _UNITS:
        return []
    sentence = (
        f'All {len(values)} have a unit behind the number, "{units.pop()}". Have the system '
        f"export {column.name} as a number alone ({column.description.lower()}), or take the "
        "unit off in the file."
    )
    return [Suggestion(sentence, len(values))]
