"""A mapping: how a stranger's columns become a contract's, without code."""

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from insight.errors import InsightError, MissingColumnsError
from insight.headings import likely_columns
from insight.layout import NO_LAYOUT, Layout, plain_heading


class MappingError(InsightError):
    """A mapping does not fit its contract or the file it is used on."""


@dataclass(frozen=True, slots=True)
class Unpivot:
    """Turn a wide survey into one row per answer.

    `keep` are columns repeated on each row; `columns` maps a column of answers to the code
    of its question.
    """

    keep: tuple[str, ...]
    columns: MappingType[str, str]


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
    unpivot: Unpivot | None = None
    generate: tuple[str, ...] = ()
    layout: Layout = NO_LAYOUT

    @property
    def file_headings(self) -> tuple[str, ...]:
        """The file's own headings that the mapping names."""
        kept = self.unpivot.keep if self.unpivot else ()
        asked = self.unpivot.columns if self.unpivot else ()
        names = [*self.columns.values(), *self.where, *kept, *asked]
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
        selected &= frame[column].str.strip().isin(values)
    filtered = int((~selected).sum())
    kept = frame.loc[selected].reset_index(drop=True)
    numbers = row_numbers.loc[selected].reset_index(drop=True)
    named = pd.DataFrame(
        {name: kept[source] for name, source in mapping.columns.items()}, index=kept.index
    )
    origins = pd.Series(pd.NA, index=kept.index, dtype="string")
    rows_read = len(frame)
    if mapping.unpivot is not None:
        named, numbers, origins, blank = _unpivot(kept, named, numbers, mapping.unpivot)
        rows_read = filtered * len(mapping.unpivot.columns) + len(named) + blank
        filtered = filtered * len(mapping.unpivot.columns) + blank
    for name, translation in mapping.translations.items():
        if name in named:
            named[name] = named[name].replace(dict(translation))
    for name, value in mapping.constants.items():
        named[name] = pd.Series(value, index=named.index, dtype="string")
    for name in mapping.generate:
        named[name] = _generated(named, name)
    return Mapped(named.astype("string"), numbers, origins, rows_read, filtered)


def _check_names(
    frame: pd.DataFrame, mapping: Mapping, allowed: tuple[str, ...], where: str
) -> None:
    named = {*mapping.columns, *mapping.translations, *mapping.constants, *mapping.generate}
    if unknown := sorted(named - set(allowed)):
        raise MappingError(
            f"The mapping for {where} names {', '.join(unknown)}, which the {mapping.contract} "
            f"contract does not have. It has: {', '.join(allowed)}."
        )
    wanted = {*mapping.columns.values(), *mapping.where}
    if mapping.unpivot is not None:
        wanted |= set(mapping.unpivot.columns)
        wanted |= {name for name in mapping.unpivot.keep if name not in mapping.columns}
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
    repeated = named.assign(**{k: kept[k] for k in unpivot.keep if k not in named.columns})
    long = repeated.loc[np.repeat(repeated.index, times)].reset_index(drop=True)
    long["question"] = pd.array(list(unpivot.columns.values()) * len(kept), dtype="string")
    long["answer"] = pd.array(kept[sources].to_numpy(dtype=object).ravel(), dtype="string")
    row_numbers = numbers.loc[np.repeat(numbers.index, times)].reset_index(drop=True)
    origins = pd.Series(sources * len(kept), dtype="string")
    answered = long["answer"].notna()
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
