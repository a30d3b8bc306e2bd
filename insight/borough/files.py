"""What lies in the inbox: tables as councils export them, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.borough.plan import Plan
from insight.periods import add_months, month_key

BROKEN_SHARE = 0.015
"""Share of a file's rows that break their contract; under every contract's error share."""
REPEATED_SHARE = 0.008
FEWEST_TO_BREAK = 40
"""Smaller files stay whole: one broken row in thirty would be over some contract's limit."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written.

    `archive` puts the files of a quarter into one zip; `day_numbers` are a workbook's columns whose
    times stand there as Excel's numbers of days, because nobody gave the cells a format.
    """

    kind: Literal["csv", "xlsx", "parquet", "jsonl", "mbox", "eml"] = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = "Sheet1"
    gzipped: bool = False
    archive: bool = False
    day_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InboxFile:
    """One file for ``inbox/<source>/<name>``, under the headings it will have.

    `broken` and `filtered` tell which rows break the contract and which the mapping leaves out.
    `above` are lines over the headings and `below` the cells of a line of totals, which are no
    rows. A name such as ``quarter.zip/month.csv`` is a file in an archive.
    """

    source: str
    name: str
    form: Form
    frame: pd.DataFrame
    broken: NDArray[np.bool_]
    filtered: NDArray[np.bool_]
    above: tuple[str, ...] = ()
    below: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """How one system exports a month.

    Parameters
    ----------
    source
        Name of the source in the settings.
    form
        How its files are written.
    key
        Headings of the columns that tell rows apart.
    spoilers
        Ways in which rows get broken: a heading, and what stands there instead.
    fresh
        Heading of an id that broken rows get their own of; without it, the spoilt column is
        part of the key.
    leave_out
        Heading and values whose rows the mapping leaves out.
    questions
        Headings of a wide survey's answers, each of which becomes a row.
    """

    source: str
    form: Form
    key: tuple[str, ...]
    spoilers: tuple[tuple[str, object], ...] = ()
    fresh: str | None = None
    leave_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """All files of one source, in the order of their names, in which they are read."""

    export: Export
    files: tuple[InboxFile, ...]


def pack(plan: Plan, export: Export, monthly: Mapping[date, pd.DataFrame]) -> Batch:
    """Turn each month's table into a file, with rows broken and rows repeated."""
    files = (
        _file(export, month, frame.reset_index(drop=True), plan.stream(export.source, month))
        for month, frame in monthly.items()
    )
    return Batch(export, tuple(files))


def _file(export: Export, month: date, frame: pd.DataFrame, rng: np.random.Generator) -> InboxFile:
    usable = np.flatnonzero(~_left_out(frame, export))
    again = np.sort(rng.choice(usable, size=round(usable.size * REPEATED_SHARE), replace=False))
    spoilt = _to_spoil(usable, export, rng)
    origin = np.concatenate([np.arange(len(frame)), again, spoilt])
    # What is added comes after its original and before the next row.
    order = np.argsort(origin + np.repeat([0, 0.5, 0.25], [len(frame), again.size, spoilt.size]))
    broken = order >= len(frame) + again.size
    whole = frame.iloc[origin[order]].reset_index(drop=True)
    _spoil(whole, np.flatnonzero(broken), export, rng)
    left_out = _left_out(whole, export)
    return InboxFile(export.source, _name(export, month), export.form, whole, broken, left_out)


def _name(export: Export, month: date) -> str:
    packed = ".gz" if export.form.gzipped else ""
    name = f"{export.source}-{month_key(month)}.{export.form.kind}{packed}"
    if not export.form.archive:
        return name
    return f"{export.source}-{month.year}-q{(month.month + 2) // 3}.zip/{name}"


def whole_file(export: Export, name: str, form: Form, frame: pd.DataFrame) -> InboxFile:
    """Return a file of `export`'s source of which no row is broken."""
    none = np.zeros(len(frame), dtype=bool)
    return InboxFile(export.source, name, form, frame.reset_index(drop=True), none, none)


def with_files(batch: Batch, files: Sequence[InboxFile]) -> Batch:
    """Return `batch` with more files, all in the order of their names."""
    together = sorted([*batch.files, *files], key=lambda file: file.name)
    return replace(batch, files=tuple(together))


def _left_out(frame: pd.DataFrame, export: Export) -> NDArray[np.bool_]:
    out = np.zeros(len(frame), dtype=bool)
    for heading, values in export.leave_out.items():
        out |= frame[heading].isin(values).to_numpy(dtype=bool)
    return out


def _to_spoil(
    usable: NDArray[np.intp], export: Export, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Return the rows of which broken copies are made."""
    if not export.spoilers or usable.size < FEWEST_TO_BREAK:
        return usable[:0]
    count = max(round(usable.size * BROKEN_SHARE), 1)
    return np.sort(rng.choice(usable, size=count, replace=False))


def _spoil(
    frame: pd.DataFrame, rows: NDArray[np.intp], export: Export, rng: np.random.Generator
) -> None:
    """Spoil one value in each of `rows`."""
    if not rows.size:
        return
    if export.fresh is not None:
        names = frame[export.fresh].astype("string")
        frame[export.fresh] = names.mask(_at(rows, len(frame)), names + "-X")
    which = rng.integers(len(export.spoilers), size=rows.size)
    for number, (heading, value) in enumerate(export.spoilers):
        chosen = rows[which == number]
        if not chosen.size:
            continue
        values = frame[heading]
        if isinstance(value, str) and not isinstance(values.dtype, pd.StringDtype):
            values = values.astype("object")
        frame[heading] = values.mask(_at(chosen, len(frame)), value)


def _at(rows: NDArray[np.intp], count: int) -> NDArray[np.bool_]:
    """Return `count` places, true at `rows`."""
    there = np.zeros(count, dtype=bool)
    there[rows] = True
    return there


def by_month(events: pd.DataFrame, plan: Plan, time: str) -> dict[date, pd.DataFrame]:
    """Return `events` of each of the plan's months, by the local time in column `time`."""
    month = events[time].to_numpy().astype("M8[M]")
    return {m: events[month == np.datetime64(m, "M")] for m in plan.span}


def monthly_extracts(
    events: pd.DataFrame,
    plan: Plan,
    *,
    opened: str,
    changed: str,
    later: Mapping[str, Sequence[str]],
    snapshot: bool = False,
) -> dict[date, pd.DataFrame]:
    """Return what a system shows of `events` at the end of each month.

    A month's extract has what was opened in it and what changed in it, so that an event
    turns up again when it is closed; a `snapshot` has everything not closed before the month.

    Parameters
    ----------
    events
        One row per event.
    plan
        Which months.
    opened, changed
        Columns of times: since when the event is known, and when it was closed.
    later
        Columns of times that may lie after the month's end, each with the columns that are
        not known before it; all of them are then blank.
    snapshot
        Also show what stayed open all month.
    """
    extracts = {}
    for month in plan.span:
        start, end = np.datetime64(month, "s"), np.datetime64(add_months(month, 1), "s")
        known = events[opened] < end
        fresh = (events[opened] >= start) & known
        closed = events[changed]
        moved = known & (closed >= start) & ((closed < end) | snapshot)
        still = known & closed.isna() & snapshot
        shown = events[fresh | moved | still].copy()
        for time, dependants in later.items():
            unknown = shown[time].isna() | (shown[time] >= end)
            columns = [time, *dependants]
            shown[columns] = shown[columns].mask(unknown)
        extracts[month] = shown
    return extracts
