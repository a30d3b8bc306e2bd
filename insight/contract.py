"""What a contract says of a table, as plain objects that the pure library can apply."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """A column's logical type, in the Open Data Contract Standard's words."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"


class Privacy(StrEnum):
    """What happens to a column before anything is stored, logged or learnt from."""

    PUBLIC = "public"
    INTERNAL = "internal"
    FREE_TEXT = "free-text"  # redacted
    IDENTIFIER = "identifier"  # replaced by a keyed pseudonym


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a contract.

    `synonyms` maps a casefolded spelling to the allowed value it stands for, and `vocabulary`
    names the list they come from; `minimum` and `maximum` are in the column's own unit (numbers)
    or ISO dates (dates and times).
    """

    name: str
    kind: Kind = Kind.STRING
    required: bool = False
    key_position: int | None = None
    description: str = ""
    privacy: Privacy = Privacy.INTERNAL
    allowed: tuple[str, ...] = ()
    synonyms: dict[str, str] = field(default_factory=dict)
    vocabulary: str = ""
    minimum: float | str | None = None
    maximum: float | str | None = None
    not_after_today: bool = False
    max_length: int | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A table's promise: its columns, how wrong a file may be, and how long rows are kept.

    `max_error_share` is a proportion of a file's rows; above it the whole file is refused.
    `one_of` lists groups of columns of which each row needs at least one complete group.
    `not_before` holds pairs (later, earlier) of time columns that must be in that order.
    """

    name: str
    version: str
    title: str
    columns: tuple[Column, ...]
    max_error_share: float = 0.05
    retention_days: int | None = None
    freshness_days: int | None = None
    one_of: tuple[tuple[str, ...], ...] = ()
    not_before: tuple[tuple[str, str], ...] = ()
    event_time: str | None = None

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in the contract's order."""
        return tuple(column.name for column in self.columns)

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key columns, in key order."""
        keyed = [column for column in self.columns if column.key_position is not None]
        return tuple(column.name for column in sorted(keyed, key=lambda c: c.key_position or 0))

    def column(self, name: str) -> Column:
        """Return the column called `name`; `KeyError` if the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)
