"""A list of refused rows that a colleague can correct from, as a workbook or as CSV."""

from pathlib import Path

import pandas as pd

from insight.errors import InsightError
from pipelines.edge.sheets import Cell, Sheet, write_workbook
from pipelines.edge.workbook import csv_text

COLUMNS = (
    ("File", "file", 28),
    ("Row", "row_number", 8),
    ("Column", "column", 20),
    ("What stands there (redacted)", "value", 34),
    ("What is wrong, and what to do", "message", 60),
    ("Corrected to", "corrected", 24),
)


class WorklistError(InsightError):
    """The worklist can't be written."""


def write_worklist(rows: pd.DataFrame, path: Path, *, source: str, council: str) -> None:
    """Write refused rows to `path`, whose ending says which kind of file it is.

    Texts stay texts: none is run as a formula.

    Raises
    ------
    WorklistError
        If the ending is neither ``.xlsx`` nor ``.csv``, or the file can't be written.
    """
    if path.suffix.lower() not in {".xlsx", ".csv"}:
        message = f"{path.name}: end the name in .xlsx or .csv, such as rows.xlsx."
        raise WorklistError(message)
    table = rows.assign(corrected="")[[name for _, name, _ in COLUMNS]]
    if path.suffix.lower() == ".csv":
        headed = table.rename(columns={name: heading for heading, name, _ in COLUMNS})
        content = csv_text(headed, [heading for heading, _, _ in COLUMNS]).encode()
    else:
        content = _workbook(table, source, council)
    try:
        path.write_bytes(content)
    except OSError as error:
        message = f"{path} can't be written: {error.strerror}. Close it, or choose another folder."
        raise WorklistError(message) from error


def _workbook(table: pd.DataFrame, source: str, council: str) -> bytes:
    lines = (
        "Correct each row in the original file, and put that file back under its own name into "
        f"inbox/{source}. Row numbers count the heading as row 1.",
    )
    text = table.astype("string").fillna("")
    cells = [[Cell(value) for value in row] for row in text.to_numpy(dtype=object).tolist()]
    sheet = Sheet(
        name="To correct",
        title=f"Refused rows of {source}",
        lines=lines,
        columns=tuple((heading, width) for heading, _, width in COLUMNS),
        rows=cells,
    )
    return write_workbook([sheet], title=sheet.title, author=council, protected=False)
