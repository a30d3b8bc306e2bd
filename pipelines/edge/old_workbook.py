"""Read workbooks of old Excel (.xls) in a process of their own.

Their reader trusts the sizes that a file states: a damaged one can make it ask for a hundred
gigabytes, upon which it ends the whole process. So it runs in one that may end.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The parts of an old Office file are named in its directory; a Word document has another one.
_WORKBOOK_PARTS = tuple(f"{part}\0".encode("utf-16-le") for part in ("Workbook", "Book"))
LONGEST_S = 120
MOST_MEMORY = 4_000_000_000
MOST_CELLS = 10_000_000
_TOO_LARGE, _PROTECTED = 3, 4


@dataclass(frozen=True, slots=True)
class OldSheet:
    """A sheet: its cells as text, from the first row and column on."""

    name: str
    visible: bool
    rows: list[list[str | None]]


class TooLargeError(Exception):
    """The workbook's sheets span too many cells, or take too long to read."""


class ProtectedError(Exception):
    """The workbook has a password."""


def is_old_workbook(data: bytes) -> bool:
    """Return whether `data` is a workbook of the Excel of before 2007."""
    return data.startswith(OLE) and any(part in data for part in _WORKBOOK_PARTS)


def read_old_sheets(data: bytes) -> list[OldSheet] | None:
    """Return the sheets of an .xls; None if it is damaged.

    Raises
    ------
    TooLargeError, ProtectedError
        If that is why it cannot be read.
    """
    command = [sys.executable, "-m", "pipelines.edge.old_workbook"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and the file only as its input
            command, input=data, capture_output=True, timeout=LONGEST_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TooLargeError from error
    if done.returncode == _TOO_LARGE:
        raise TooLargeError
    if done.returncode == _PROTECTED:
        raise ProtectedError
    if done.returncode:
        return None
    return [OldSheet(*sheet) for sheet in json.loads(done.stdout)]


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows, where the process merely ends
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def main() -> int:
    """Write the sheets of the workbook on standard input to standard output, as JSON."""
    from python_calamine import (
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    from pipelines.edge.cell_text import cell_text

    _limit_memory()
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    except PasswordError:
        return _PROTECTED
    sheets = []
    for about in workbook.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.total_height * sheet.total_width > MOST_CELLS:
            return _TOO_LARGE
        rows = [[cell_text(v) for v in row] for row in sheet.to_python(skip_empty_area=False)]
        sheets.append((about.name, about.visible == SheetVisibleEnum.Visible, rows))
    sys.stdout.buffer.write(json.dumps(sheets).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
