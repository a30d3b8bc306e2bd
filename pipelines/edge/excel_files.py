"""Read a sheet of an xlsx workbook as text."""

import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
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
from pipelines.edge.raw_table import (
    TEXT,
    DamagedFileError,
    EmptyFileError,
    FileContent,
    FileTooLargeError,
    NotATableError,
    RawTable,
    SheetNotFoundError,
    raw_table,
)
from pipelines.edge.table_body import Body, find_body, find_headings

Value = str | float | bool | date | datetime | time | timedelta

_MOST_CELLS = 50_000_000
_EXACT = 1e15  # Excel keeps fifteen digits; beyond them a float is no whole number
_COLUMNS_IN_A_SHEET = 16_384
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_WIDE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="[A-Z]{2}')
_COLUMN = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+)')
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
_OTHER_OFFICE = {
    "word/": "a Word document",
    "ppt/": "a PowerPoint presentation",
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "content.xml": "an OpenDocument file",
}


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
    _check_parts(content, max_bytes)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content.data))
        return _read(content, workbook, sheet or content.sheet, layout, expected)
    except (CalamineError, OverflowError) as error:
        raise _damaged(content) from error
    except BaseException as error:
        # A panic in the Rust reader is no Exception; it means a file it cannot follow.
        if type(error).__name__ == "PanicException":
            raise _damaged(content) from error
        raise


def _read(
    content: FileContent,
    workbook: CalamineWorkbook,
    sheet: str | None,
    layout: Layout,
    expected: Sequence[str],
) -> RawTable:
    names = _sheets(content.name, workbook, sheet)
    header_only: RawTable | None = None
    for name in names:
        table = _sheet_table(content, workbook, name, layout, expected)
        if table is not None and len(table.frame):
            return table
        header_only = header_only or table
    if header_only is not None:
        return header_only
    where = "in it" if sheet is None else f"in sheet {sheet!r}"
    raise EmptyFileError(content.name, f"has nothing {where}; look whether it is the right file.")


def _sheets(file: str, workbook: CalamineWorkbook, sheet: str | None) -> list[str]:
    tables = [s for s in workbook.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    names = [s.name for s in tables]
    if sheet is None:
        # Hidden sheets usually hold lists for validation, so they come last.
        return [s.name for s in sorted(tables, key=lambda s: s.visible != SheetVisibleEnum.Visible)]
    if sheet not in names:
        problem = (
            f"has no sheet {sheet!r}; it has {', '.join(map(repr, names))}. "
            "Name one of these in the source's settings."
        )
        raise SheetNotFoundError(file, problem)
    return [sheet]


def _sheet_table(
    content: FileContent,
    workbook: CalamineWorkbook,
    name: str,
    layout: Layout,
    expected: Sequence[str],
) -> RawTable | None:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    top = [
        [_text(value) for value in row] for row in rows[: max(LOOK_AT, layout.header_row or 0) + 3]
    ]
    found = find_headings(content.name, top, layout, expected)
    if found is None:
        if not any(any(str(value).strip() for value in row) for row in rows):
            return None
        found = find_headings(content.name, [[_text(v) for v in row] for row in rows], layout, ())
    columns = [
        pd.Series([_text(value) for value in values], dtype=TEXT)
        for values in zip(*rows[found.below :], strict=True)
    ] or [pd.Series(dtype=TEXT) for _ in found.names]
    numbers = np.arange(found.below + 1, len(rows) + 1, dtype=np.int64)
    body = find_body(content.name, Body(found.names, columns, numbers, found.notes), layout)
    headings, columns = body.headings, body.columns
    if layout.sheet_column:
        headings = (*headings, layout.sheet_column)
        columns = [*columns, pd.Series(name, index=range(len(body.row_numbers)), dtype=TEXT)]
    return raw_table(content, headings, columns, body.row_numbers, sheet=name, notes=body.notes)


def sheet_names(content: FileContent, max_bytes: int) -> list[str]:
    """Return the names of a workbook's visible sheets.

    Raises
    ------
    ReadError
        If the file is no workbook, is damaged or too large.
    """
    _check_parts(content, max_bytes)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content.data))
    except (CalamineError, OverflowError) as error:
        raise _damaged(content) from error
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]


def _text(value: Value) -> str | None:
    return _WRITERS[type(value)](value)


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)


def _moment(value: datetime) -> str:
    # Excel keeps times as fractions of a day, whose last digits are noise.
    rounded = value.replace(microsecond=0) + timedelta(milliseconds=round(value.microsecond / 1000))
    return rounded.isoformat(sep=" ", timespec="milliseconds" if rounded.microsecond else "seconds")


_WRITERS: dict[type, Callable[..., str | None]] = {
    str: lambda value: value or None,
    float: _number,
    int: str,
    bool: lambda value: "true" if value else "false",
    datetime: _moment,
    date: date.isoformat,
    time: lambda value: value.isoformat(timespec="seconds"),
    timedelta: lambda value: f"{value.total_seconds():g}",
}


def _check_parts(content: FileContent, max_bytes: int) -> None:
    """Refuse what would exhaust memory before the reader, which cannot be stopped, sees it."""
    try:
        with zipfile.ZipFile(BytesIO(content.data)) as parts:
            names = set(parts.namelist())
            if "xl/workbook.xml" not in names:
                raise _no_workbook(content, names)
            if sum(part.file_size for part in parts.infolist()) > max_bytes:
                raise FileTooLargeError(
                    content.name, "unpacks to more than is allowed; split it into smaller files."
                )
            for part in sorted(names):
                if part.startswith("xl/worksheets/") and _cells(parts.read(part)) > _MOST_CELLS:
                    raise FileTooLargeError(
                        content.name,
                        "has a cell far away from its table; delete the empty rows and columns "
                        "beyond the table and save it again.",
                    )
    except _ZIP_ERRORS as error:
        raise _damaged(content) from error


def _cells(sheet: bytes) -> int:
    """Return how many cells the sheet's table spans, counting the empty ones."""
    last = max((int(row) for row in _ROW.findall(sheet)), default=0)
    if last * _COLUMNS_IN_A_SHEET <= _MOST_CELLS:
        return 0
    columns = set(_COLUMN.findall(sheet)) if _WIDE.search(sheet) else {b"Z"}
    return last * max(map(_column_number, columns))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _no_workbook(content: FileContent, names: set[str]) -> NotATableError:
    kind = next(
        (kind for start, kind in _OTHER_OFFICE.items() if any(n.startswith(start) for n in names)),
        None,
    )
    if kind is None:
        return NotATableError(
            content.name, "is a zip archive; unpack it and give the files in it one by one."
        )
    return NotATableError(content.name, f"is {kind}, not a table; save it as xlsx or CSV.")


def _damaged(content: FileContent) -> DamagedFileError:
    return DamagedFileError(
        content.name,
        "is a damaged or password-protected workbook; open it in Excel and save it again as xlsx.",
    )
