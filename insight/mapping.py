"""A mapping: how a stranger's columns become a contract's, without code."""

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from insight.column_recipes import degrees_in, headings_in, joined
from insight.errors import InsightError, MissingColumnsError
from insight.headings import likely_columns
from insight.layout import NO_LAYOUT, Layout, plain_heading
from insight.parsing import is_missing


class MappingError(InsightError):
    """A mapping does not fit its contract or the file it is used on."""


@dataclass(frozen=True, slots=True)
class Unpivot:
    """Turn a wide table into one row per answer or figure.

    `keep` are columns repeated on each row; `columns` maps a column of answers to the code
    of its question. The codes go into the contract's column `names_to`, the answers into
    `values_to`; `also` has what else the contract is told of a column, such as its scale.
    """

    keep: tuple[str, ...]
    columns: MappingType[str, str]
    names_to: str = "question"
    values_to: str = "answer"
    also: MappingType[str, MappingType[str, str]] = field(default_factory=dict)

    @property
    def contract_columns(self) -> tuple[str, ...]:
        """The contract's columns that it fills."""
        told = dict.fromkeys(name for said in self.also.values() for name in said)
        return (self.names_to, self.values_to, *told)


@dataclass(frozen=True, slots=True)
class Mapping:
    """How one kind of file meets one contract; see README, "A mapping file"."""

    contract: str
    columns: MappingType[str, str] = field(default_factory=dict)
    dates: str = "day-first"
    timezone: str | None = None
    crs: str | None = None
    area: str | None = None
    translations: MappingType[str, MappingType[str, str]] = field(default_factory=dict)
    constants: MappingType[str, str] = field(default_factory=dict)
    where: MappingType[str, tuple[str, ...]] = field(default_factory=dict)
    leave_out: MappingType[str, tuple[str, ...]] = field(default_factory=dict)
    join: MappingType[str, str] = field(default_factory=dict)
    point: str | None = None
    quarters: str = "financial"
    add_up: bool = False
    unpivot: Unpivot | None = None
    generate: tuple[str, ...] = ()
    layout: Layout = NO_LAYOUT

    @property
    def file_headings(self) -> tuple[str, ...]:
        """The file's own headings that the mapping names."""
        told = {*self.columns, *self.join, *self.constants}  # names of the contract
        kept = [name for name in self.unpivot.keep if name not in told] if self.unpivot else ()
        asked = self.unpivot.columns if self.unpivot else ()
        parts = [name for recipe in self.join.values() for name in headings_in(recipe)]
        point = () if self.point is None else (self.point,)
        filters = (*self.where, *self.leave_out)
        names = [*self.columns.values(), *parts, *point, *filters, *kept, *asked]
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class Mapped:
    """A file's rows under the contract's names.

    `frame` is text, indexed 0..n-1; `row_numbers` and `origins` (the file's own column for an
    unpivoted answer, else missing) are aligned with it. `rows_read` counts the file's rows, or
    its answers where it was unpivoted; `filtered` those that the mapping leaves out.
    """

    frame: pd.DataFrame
    row_numbers: pd.Series
    origins: pd.Series
    rows_read: int
    filtered: int


def identity_mapping(contract: str, columns: tuple[str, ...], header: list[str]) -> Mapping:
    """Return the mapping of a file whose own headings are the contract's.

    Capitals, spaces and punctuation in the headings do not matter: ``"Received at"`` is
    ``received_at``.
    """
    spelt = {plain_heading(name): name for name in header}
    return Mapping(contract, {name: spelt[name] for name in columns if name in spelt})


def apply_mapping(
    frame: pd.DataFrame,
    mapping: Mapping,
    *,
    row_numbers: pd.Series,
    allowed_columns: tuple[str, ...],
    where: str = "the file",
) -> Mapped:
    """Rename, filter, unpivot and complete `frame` as `mapping` says.

    Parameters
    ----------
    frame
        The file's rows as text, under its own headings.
    mapping
        What to do with them.
    row_numbers
        The row in the file of each row of `frame`.
    allowed_columns
        The contract's columns; the mapping may name no others.
    where
        The file's name, for messages.

    Raises
    ------
    MappingError
        If the mapping names a column that the contract does not have.
    MissingColumnsError
        If it names a column that the file does not have.
    """
    _check_names(frame, mapping, allowed_columns, where)
    selected = pd.Series(data=True, index=frame.index)
    for column, values in mapping.where.items():
        selected &= frame[column].str.strip().fillna("").isin(values)
    for column, values in mapping.leave_out.items():
        selected &= ~frame[column].str.strip().fillna("").isin(values)
    filtered = int((~selected).sum())
    kept = frame.loc[selected].reset_index(drop=True)
    numbers = row_numbers.loc[selected].reset_index(drop=True)
    named = pd.DataFrame(
        {name: kept[source] for name, source in mapping.columns.items()}, index=kept.index
    )
    for name, recipe in mapping.join.items():
        named[name] = joined(kept, recipe)
    if mapping.point is not None:
        named[["latitude", "longitude"]] = degrees_in(kept[mapping.point])
    origins = pd.Series(pd.NA, index=kept.index, dtype="string")
    rows_read = len(frame)
    if mapping.unpivot is not None:
        named, numbers, origins, blank = _unpivot(kept, named, numbers, mapping.unpivot)
        rows_read = filtered * len(mapping.unpivot.columns) + len(named) + blank
        filtered = filtered * len(mapping.unpivot.columns) + blank
    for name, translation in mapping.translations.items():
        if name in named:
            named[name] = named[name].replace(dict(translation))
    said = mapping.unpivot.contract_columns if mapping.unpivot else ()
    for name, value in mapping.constants.items():
        constant = pd.Series(value, index=named.index, dtype="string")
        # What is said of single columns of an unpivoted table goes before what holds for all.
        named[name] = named[name].fillna(constant) if name in said else constant
    for name in mapping.generate:
        named[name] = _generated(named, name)
    return Mapped(named.astype("string"), numbers, origins, rows_read, filtered)


def _check_names(
    frame: pd.DataFrame, mapping: Mapping, allowed: tuple[str, ...], where: str
) -> None:
    named = {*mapping.columns, *mapping.translations, *mapping.constants, *mapping.generate}
    named |= set(mapping.join) | ({"latitude", "longitude"} if mapping.point else set())
    if mapping.unpivot is not None:
        named |= set(mapping.unpivot.contract_columns)
    if unknown := sorted(named - set(allowed)):
        raise MappingError(
            f"The mapping for {where} names {', '.join(unknown)}, which the {mapping.contract} "
            f"contract does not have. It has: {', '.join(allowed)}."
        )
    wanted = set(replace(mapping, unpivot=None).file_headings)
    if mapping.unpivot is not None:
        told = {*mapping.columns, *mapping.join, *mapping.constants}
        wanted |= {*mapping.unpivot.columns, *(set(mapping.unpivot.keep) - told)}
    if missing := wanted - set(frame.columns):
        unclaimed = [heading for heading in frame.columns if heading not in wanted]
        likely = likely_columns(sorted(missing), unclaimed)
        raise MissingColumnsError(missing, where, likely, frame.columns)


def _unpivot(
    kept: pd.DataFrame, named: pd.DataFrame, numbers: pd.Series, unpivot: Unpivot
) -> tuple[pd.DataFrame, pd.Series, pd.Series, int]:
    """Return the answers one a row, their row numbers, their own columns, and blanks left out."""
    sources = list(unpivot.columns)
    times = len(sources)
    more = [name for name in unpivot.keep if name not in named.columns and name in kept.columns]
    repeated = named.assign(**{name: kept[name] for name in more})
    long = repeated.loc[np.repeat(repeated.index, times)].reset_index(drop=True)
    long[unpivot.names_to] = pd.array(list(unpivot.columns.values()) * len(kept), dtype="string")
    for name in unpivot.contract_columns[2:]:
        said = [unpivot.also.get(source, {}).get(name) for source in sources]
        each = pd.Series(said * len(kept), dtype="string")
        long[name] = each.fillna(long[name]) if name in long else each
    values = pd.array(kept[sources].to_numpy(dtype=object).ravel(), dtype="string")
    long[unpivot.values_to] = values
    row_numbers = numbers.loc[np.repeat(numbers.index, times)].reset_index(drop=True)
    origins = pd.Series(sources * len(kept), dtype="string")
    answered = long[unpivot.values_to].notna()
    if unpivot.values_to != "answer":
        answered &= ~is_missing(long[unpivot.values_to])  # "n/a" in a table of figures is a blank
    return (
        long.loc[answered].reset_index(drop=True),
        row_numbers.loc[answered].reset_index(drop=True),
        origins.loc[answered].reset_index(drop=True),
        int((~answered).sum()),
    )


def _generated(named: pd.DataFrame, name: str) -> pd.Series:
    """Return `name` with its blanks made from the row's contents and how often they occurred.

    Two equal rows get different ids, because without an id they may be two events; the same
    file read again gets the same ids.
    """
    rest = named.drop(columns=name, errors="ignore").sort_index(axis="columns")
    content = pd.util.hash_pandas_object(rest.astype("object"), index=False)
    occurrence = content.groupby(content).cumcount() + 1
    made = content.map("{:016x}".format).str.cat(occurrence.astype(str), sep="-")
    made = made.astype("string")
    return named[name].fillna(made) if name in named else made
