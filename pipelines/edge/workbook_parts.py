"""What a workbook is made of, looked at before the reader, which cannot be stopped, sees it."""

import re
import zipfile
import zlib
from io import BytesIO

from pipelines.edge.raw_table import (
    DamagedFileError,
    FileContent,
    FileTooLargeError,
    NotATableError,
)

_MOST_CELLS = 50_000_000
_COLUMNS_IN_A_SHEET = 16_384
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_WIDE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="[A-Z]{2}')
_FROM_1904 = re.compile(rb'<(?:\w+:)?workbookPr\b[^>]*\bdate1904="(?:1|true)"')
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


def check_parts(content: FileContent, max_bytes: int) -> None:
    """Refuse what is no workbook, and what would exhaust memory.

    Raises
    ------
    ReadError
        With one sentence: what is wrong and what to do.
    """
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
        raise damaged(content) from error


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


def counts_from_1904(data: bytes) -> bool:
    """Return whether a workbook counts its days from 1904, as old ones from a Mac do."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            return bool(_FROM_1904.search(parts.read("xl/workbook.xml")))
    except (*_ZIP_ERRORS, KeyError):
        return False


def damaged(content: FileContent) -> DamagedFileError:
    """Return the error of a workbook that cannot be opened."""
    return DamagedFileError(
        content.name,
        "is a damaged or password-protected workbook; open it in Excel and save it again as xlsx.",
    )
