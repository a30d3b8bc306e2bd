"""What of a sheet's rows below the headings is the table: one of several, without its totals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from insight.layout import (
    LOOK_AT,
    Layout,
    Row,
    find_header,
    heading_rows,
    joined_headings,
    plain_heading,
    spans,
)
from insight.table_ends import FEWEST_ABOVE, TOTAL_WORDS, begins_table, find_end, is_total
from pipelines.edge.raw_table import LayoutError, blank_rows

MOST_GAPS = 200
"""Up to so many blank rows are looked at; a sheet with more is no stack of tables."""
MOST_TOLD = 20
"""Row numbers in a note."""


@dataclass(frozen=True, slots=True)
class Headings:
    """A table's headings: where the rows below them begin (position from 0), and what to say."""

    names: tuple[str, ...]
    below: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """Columns below their headings, each row's number in the file, and what to say of them."""

    headings: tuple[str, ...]
    columns: list[pd.Series]
    row_numbers: npt.NDArray[np.int64]
    notes: tuple[str, ...] = ()

    def take(self, keep: npt.NDArray[np.bool_], *notes: str) -> "Body":
        """Return the rows where `keep` is true."""
        if keep.all():
            return self
        columns = [column[keep] for column in self.columns]
        return Body(self.headings, columns, self.row_numbers[keep], (*self.notes, *notes))

    def rows(self, positions: Sequence[int]) -> list[list[str | None]]:
        """Return some rows' cells."""
        chosen = [column.iloc[list(positions)].tolist() for column in self.columns]
        cells = list(zip(*chosen, strict=True))
        return [[None if pd.isna(cell) else str(cell) for cell in row] for row in cells]


def find_headings(
    name: str, rows: Sequence[Row], layout: Layout, expected: Sequence[str]
) -> Headings | None:
    """Return the headings among a sheet's first rows; None where all of them are blank.

    Raises
    ------
    LayoutError
        If the layout names a row that the file does not have.
    """
    if layout.header_row is None:
        header = find_header(rows, expected)
        if header is None:
            return None
    else:
        header = layout.header_row - 1
        if header >= len(rows) or not any(rows[header]):
            raise LayoutError(
                name,
                f"has no headings in row {layout.header_row}, which the mapping's layout names as "
                "its header_row; correct the number.",
            )
    deep = layout.heading_rows or heading_rows(rows, header)
    names = [cell or "" for cell in rows[header]]
    notes = []
    titles = [n + 1 for n, row in enumerate(rows[:header]) if any(row)]
    if titles:
        notes.append(
            f"The headings were taken from row {header + 1}; what stands above them "
            f"(row {spans(titles)}) is no part of the table. If that is wrong, say "
            "layout: {header_row: N} in the mapping."
        )
    if deep == 2 and header + 1 < len(rows):
        names = joined_headings(rows[header], rows[header + 1])
        notes.append(
            f"The headings take rows {header + 1} and {header + 2}; they were joined, such as "
            "2026 Q1. If that is wrong, say layout: {heading_rows: 1} in the mapping."
        )
    return Headings(tuple(names), header + deep, tuple(notes))


def find_body(name: str, body: Body, layout: Layout) -> Body:
    """Return the rows that are records of the table asked for.

    Left out, and said in the notes, are other tables below a blank row, headings that are repeated
    on the way down, and totals and notes below the last record.

    Raises
    ------
    LayoutError
        If there are not so many tables.
    """
    body = body.take(~blank_rows(body.columns, len(body.row_numbers)))
    body = _choose_table(name, body, layout)
    body = _without_repeated_headings(body)
    return _without_ending(body, layout)


def _choose_table(name: str, body: Body, layout: Layout) -> Body:
    starts = _further_tables(body)
    numbers = body.row_numbers
    bounds = [-1, *starts, len(numbers)]
    tables = len(bounds) - 1
    chosen = _asked_for(name, body, starts, layout.table)
    if tables == 1:
        return body
    begin, end = bounds[chosen], bounds[chosen + 1]
    places = np.arange(len(numbers))
    keep = (places > begin) & (places < end)
    if begin >= 0:
        body = replace(body, headings=_headings_at(body, begin))
    if not keep.any():
        return body.take(keep)
    first, last = int(numbers[keep].min()), int(numbers[keep].max())
    return body.take(
        keep,
        f"The sheet has {tables} tables; table {chosen + 1}, rows {first} to {last}, was read. "
        "Another is read with layout: {table: N}, or one of its headings, in the mapping.",
    )


def _further_tables(body: Body) -> list[int]:
    """Return where other tables' headings are among the rows."""
    numbers = body.row_numbers
    after_gap = np.flatnonzero(np.diff(numbers) > 1) + 1
    if not 0 < len(after_gap) <= MOST_GAPS:
        return []
    plain = [heading.strip() for heading in body.headings]
    above = body.rows(range(min(int(after_gap[0]), LOOK_AT)))
    starts = []
    for place in map(int, after_gap):
        row, *below = body.rows(range(place, min(place + FEWEST_ABOVE, len(numbers))))
        repeated = [(cell or "").strip() for cell in row] == plain
        if not repeated and begins_table(row, above, below):
            starts.append(place)
    return starts


def _asked_for(name: str, body: Body, starts: list[int], table: int | str) -> int:
    """Return the position, from 0, of the table that the layout names."""
    if isinstance(table, int):
        if table <= len(starts) + 1:
            return table - 1
        raise LayoutError(
            name,
            f"has {len(starts) + 1} table(s) on the sheet, and the mapping's layout asks for table "
            f"{table}; correct the number.",
        )
    headings = [body.headings, *(_headings_at(body, place) for place in starts)]
    wanted = plain_heading(table)
    holding = [n for n, row in enumerate(headings) if wanted in map(plain_heading, row)]
    if len(holding) == 1:
        return holding[0]
    told = "none" if not holding else f"{len(holding)}"
    raise LayoutError(
        name,
        f"has {len(headings)} table(s) on the sheet, of which {told} has the heading {table!r} "
        "that the mapping's layout names as its table; give its number instead.",
    )


def _headings_at(body: Body, place: int) -> tuple[str, ...]:
    (row,) = body.rows([place])
    return tuple(cell or "" for cell in row)


def _without_repeated_headings(body: Body) -> Body:
    same = np.ones(len(body.row_numbers), dtype=bool)
    for heading, column in zip(body.headings, body.columns, strict=True):
        if heading.strip():
            same &= column.isin([heading, heading.strip()]).to_numpy(dtype=bool)
        if not same.any():
            return body
    told = spans(body.row_numbers[same].tolist())
    return body.take(~same, f"Row {told} repeats the headings and was left out.")


def _without_ending(body: Body, layout: Layout) -> Body:
    count = len(body.row_numbers)
    last = list(range(max(count - LOOK_AT, 0), count))
    numbers = body.row_numbers[last].tolist()
    ending = find_end(body.rows(last), numbers, len(body.columns))
    keep = np.ones(count, dtype=bool)
    notes = []
    if ending.notes:
        keep[[last[place] for place in ending.notes]] = False
        told = spans([numbers[place] for place in ending.notes])
        notes.append(f"Row {told} below the table is a note and was left out.")
    if layout.totals == "keep":
        return body.take(keep, *notes)
    if ending.totals:
        keep[[last[place] for place in ending.totals]] = False
        told = spans([numbers[place] for place in ending.totals])
        notes.append(
            f"Row {told} is a total and was left out. If it is a record, say "
            "layout: {totals: keep} in the mapping."
        )
    if ending.totals or layout.totals == "anywhere":
        between = _totals_between(body) & keep
        told = spans(body.row_numbers[between].tolist()[:MOST_TOLD])
        if between.any() and layout.totals == "anywhere":
            keep &= ~between
            notes.append(f"Row {told} between the records is a total and was left out.")
        elif between.any():
            notes.append(
                f"Row {told} between the records begins like a total and was read as a record. If "
                "it is none, say layout: {totals: anywhere} in the mapping."
            )
    return body.take(keep, *notes)


def _totals_between(body: Body) -> npt.NDArray[np.bool_]:
    """Return which rows' first filled cell calls them totals, and whose others are numbers."""
    first: pd.Series | None = None
    for column in body.columns:
        first = column if first is None else first.fillna(column)
        if first.notna().all():
            break
    if first is None:
        return np.zeros(len(body.row_numbers), dtype=bool)
    found = first.str.strip().str.match(f"(?:{TOTAL_WORDS})(?: .*)?$", case=False)
    begins = np.flatnonzero(found.fillna(value=False).to_numpy(dtype=bool))
    between = np.zeros(len(body.row_numbers), dtype=bool)
    every = len(body.columns) + 1
    for place in map(int, begins):
        (row,) = body.rows([place])
        between[place] = is_total(row, every)
    return between
