"""What of a sheet's rows below the headings is the table: one of several, without its totals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from insight.layout import (
    FEWEST_ABOVE,
    LOOK_AT,
    Layout,
    Row,
    begins_table,
    find_end,
    find_header,
    heading_rows,
    joined_headings,
    spans,
)
from pipelines.edge.raw_table import LayoutError, blank_rows

MOST_GAPS = 200
"""Up to so many blank rows are looked at; a sheet with more is no stack of tables."""


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
    numbers = body.row_numbers
    after_gap = np.flatnonzero(np.diff(numbers) > 1) + 1
    starts: list[int] = []
    if 0 < len(after_gap) <= MOST_GAPS:
        plain = [heading.strip() for heading in body.headings]
        above = body.rows(range(min(int(after_gap[0]), LOOK_AT)))
        for place in map(int, after_gap):
            row, *below = body.rows(range(place, min(place + FEWEST_ABOVE, len(numbers))))
            repeated = [(cell or "").strip() for cell in row] == plain
            if not repeated and begins_table(row, above, below):
                starts.append(place)
    bounds = [-1, *starts, len(numbers)]
    tables = len(bounds) - 1
    if layout.table > tables:
        raise LayoutError(
            name,
            f"has {tables} table(s) on the sheet, and the mapping's layout asks for table "
            f"{layout.table}; correct the number.",
        )
    if tables == 1:
        return body
    begin, end = bounds[layout.table - 1], bounds[layout.table]
    places = np.arange(len(numbers))
    chosen = body
    if begin >= 0:
        (headings,) = body.rows([begin])
        chosen = Body(tuple(cell or "" for cell in headings), body.columns, numbers, body.notes)
    keep = (places > begin) & (places < end)
    first, last = int(numbers[keep].min()), int(numbers[keep].max())
    return chosen.take(
        keep,
        f"The sheet has {tables} tables; table {layout.table}, rows {first} to {last}, was read. "
        "Another is read with layout: {table: N} in the mapping.",
    )


def _without_repeated_headings(body: Body) -> Body:
    same = np.ones(len(body.row_numbers), dtype=bool)
    for heading, column in zip(body.headings, body.columns, strict=True):
        if heading.strip():
            same &= column.str.strip().eq(heading.strip()).fillna(value=False).to_numpy(dtype=bool)
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
    if ending.totals and layout.totals == "drop":
        keep[[last[place] for place in ending.totals]] = False
        told = spans([numbers[place] for place in ending.totals])
        notes.append(
            f"Row {told} is a total and was left out. If it is a record, say "
            "layout: {totals: keep} in the mapping."
        )
    return body.take(keep, *notes)
