"""Read a sheet of an Excel workbook (.xlsx, .xls) as text."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from io import BytesIO

import numpy as np
import pandas as pd
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from insight.layout import LOOK_AT, NO_LAYOUT, Layout
from pipelines.edge.cell_text import Value, cell_text
from pipelines.edge.old_workbook import (
    ProtectedError,
    TooLargeError,
    is_old_workbook,
    read_old_sheets,
)
from pipelines.edge.raw_table import (
    TEXT,
    EmptyFileError,
    FileContent,
    FileTooLargeError,
    NotATableError,
    RawTable,
    SheetNotFoundError,
    raw_table,
)
from pipelines.edge.table_body import Body, find_body, find_headings
from pipelines.edge.workbook_parts import check_parts, counts_from_1904, damaged

_MOST_NAMED = 12


def read_workbook(
    content: FileContent,
    *,
    sheet: str | None,
    max_bytes: int,
    layout: Layout = NO_LAYOUT,
    expected: Sequence[str] = (),
) -> RawTable:
    """Return the rows of `sheet`; of the first sheet with any when it is None.

    The headings are found below a title, see `find_header`. Dates and times become ISO text, whole
    numbers lose Excel's ``.0``, a formula gives the value it was saved with, and a cell with an
    error such as ``#N/A`` is missing.

    Raises
    ------
    ReadError
        If the file is no workbook, is damaged or too large, or has no such sheet.
    """
    with _opened(content, max_bytes) as sheets:
        table = _read(content, sheets, sheet or content.sheet, layout, expected)
    if is_old_workbook(content.data):
        return table
    return replace(table, serial_dates="1904" if counts_from_1904(content.data) else "1900")


@dataclass(frozen=True, slots=True)
class _Sheets:
    """A workbook's sheets: whether each is visible, and how to get its rows."""

    visible: dict[str, bool]
    rows: Callable[[str], list[list[Value]]]


@contextmanager
def _opened(content: FileContent, max_bytes: int) -> Iterator[_Sheets]:
    """Open a workbook; whatever the reader cannot follow becomes an error with a sentence."""
    if is_old_workbook(content.data):
        yield _old(content)
        return
    check_parts(content, max_bytes)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content.data))
        yield _Sheets(
            {
                sheet.name: sheet.visible == SheetVisibleEnum.Visible
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet
            },
            lambda name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False),
        )
    except (CalamineError, OverflowError) as error:
        raise damaged(content) from error
    except BaseException as error:
        # A panic in the Rust reader is no Exception; it means a file it cannot follow.
        if type(error).__name__ == "PanicException":
            raise damaged(content) from error
        raise


def _old(content: FileContent) -> _Sheets:
    try:
        sheets = read_old_sheets(content.data)
    except ProtectedError as error:
        raise NotATableError(
            content.name, "is protected by a password; open it in Excel and save it without one."
        ) from error
    except TooLargeError as error:
        raise FileTooLargeError(
            content.name,
            "is too large, or has a cell far away from its table; delete the empty rows and "
            "columns beyond the table and save it again as xlsx.",
        ) from error
    if sheets is None:
        raise damaged(content)
    rows: dict[str, list[list[Value]]] = {
        sheet.name: [[cell or "" for cell in row] for row in sheet.rows] for sheet in sheets
    }
    return _Sheets({sheet.name: sheet.visible for sheet in sheets}, rows.__getitem__)


def _read(
    content: FileContent,
    sheets: _Sheets,
    sheet: str | None,
    layout: Layout,
    expected: Sequence[str],
) -> RawTable:
    names = _chosen(content.name, sheets, sheet)
    header_only: RawTable | None = None
    for name in names:
        table = _sheet_table(content, sheets, name, layout, expected)
        if table is not None and len(table.frame):
            if sheet is not None:
                return table
            return replace(table, notes=(*table.notes, *_others(sheets, name)))
        header_only = header_only or table
    if header_only is not None:
        return header_only
    where = "in it" if sheet is None else f"in sheet {sheet!r}"
    raise EmptyFileError(content.name, f"has nothing {where}; look whether it is the right file.")


def _others(sheets: _Sheets, read: str) -> list[str]:
    """Say which sheets were passed over."""
    others = [name for name, seen in sheets.visible.items() if seen and name != read]
    if not others:
        return []
    told = ", ".join(map(repr, others[:_MOST_NAMED])) + (", ..." if others[_MOST_NAMED:] else "")
    return [
        f"Sheet {read!r} was read and not {told}. If they belong to it, say "
        "layout: {sheets: all} in the mapping."
    ]


def _chosen(file: str, sheets: _Sheets, sheet: str | None) -> list[str]:
    if sheet is None:
        # Hidden sheets usually hold lists for validation, so they come last.
        return sorted(sheets.visible, key=lambda name: not sheets.visible[name])
    if sheet not in sheets.visible:
        problem = (
            f"has no sheet {sheet!r}; it has {', '.join(map(repr, sheets.visible))}. "
            "Name one of these in the source's settings."
        )
        raise SheetNotFoundError(file, problem)
    return [sheet]


def _sheet_table(
    content: FileContent,
    sheets: _Sheets,
    name: str,
    layout: Layout,
    expected: Sequence[str],
) -> RawTable | None:
    rows = sheets.rows(name)
    looked_at = max(LOOK_AT, layout.header_row or 0) + 3
    top = [[cell_text(value) for value in row] for row in rows[:looked_at]]
    found = find_headings(content.name, top, layout, expected)
    if found is None:  # blank so far; rarely, a table begins further down
        every = [[cell_text(value) for value in row] for row in rows]
        found = find_headings(content.name, every, layout, expected)
    if found is None:
        return None
    columns = [
        pd.Series([cell_text(value) for value in values], dtype=TEXT)
        for values in zip(*rows[found.below :], strict=True)
    ] or [pd.Series(dtype=TEXT) for _ in found.names]
    numbers = np.arange(found.below + 1, len(rows) + 1, dtype=np.int64)
    body = find_body(content.name, Body(found.names, columns, numbers, found.notes), layout)
    headings, columns = body.headings, body.columns
    if layout.sheet_column:
        headings = (*headings, layout.sheet_column)
        columns = [*columns, pd.Series(name, index=range(len(body.row_numbers)), dtype=TEXT)]
    return raw_table(content, headings, columns, body.row_numbers, sheet=name, notes=body.notes)


def sheets_as_files(content: FileContent, layout: Layout, max_bytes: int) -> list[FileContent]:
    """Return a workbook as many times as its mapping's layout names sheets of it.

    Raises
    ------
    ReadError
        If the file is no workbook, is damaged or too large, or has no sheet of that name.
    """
    told = (layout.sheets,) if isinstance(layout.sheets, str) else layout.sheets or ()
    with _opened(content, max_bytes) as sheets:
        names = [name for name, seen in sheets.visible.items() if seen]
        patterns = ("*",) if told == ("all",) else told
        wanted = {p: [n for n in names if n == p or fnmatchcase(n, p)] for p in patterns}
        named = [n for n in names if any(n in held for held in wanted.values())]
        found = [n for n in named if n in told or sheets.rows(n)]
    lacking = [pattern for pattern, held in wanted.items() if not held]
    if lacking or not found:
        raise SheetNotFoundError(
            content.name,
            f"has no sheet {', '.join(map(repr, lacking or told))} with anything in it; it has "
            f"{', '.join(map(repr, names))}. Correct `sheets` in the mapping's layout.",
        )
    return [
        replace(
            content,
            name=f"{content.name}/{name}",
            sha256=hashlib.sha256(f"{content.sha256}/{name}".encode()).hexdigest(),
            sheet=str(name),
        )
        for name in found
    ]
