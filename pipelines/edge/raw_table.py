"""What reading a file gives, and the errors that say why it could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from insight.errors import InsightError
from insight.layout import spans, unique_headings

TEXT = pd.StringDtype("pyarrow")


class ReadError(InsightError):
    """A file could not be read as a table.

    Parameters
    ----------
    name
        The file's name, which begins the message.
    problem
        The rest of the sentence: what is wrong, where, and what to do.
    """

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        super().__init__(f"{name} {problem}")


class FileUnavailableError(ReadError):
    """The file is missing, not a file, or may not be read."""


class FileTooLargeError(ReadError):
    """The file, or what it unpacks to, is larger than allowed."""


class EmptyFileError(ReadError):
    """The file holds nothing."""


class NotATableError(ReadError):
    """The file is of a kind that holds no table, or one that is not read here."""


class DamagedFileError(ReadError):
    """The file is cut short, corrupt or not what its first bytes promise."""


class RaggedRowError(ReadError):
    """A row has more fields than the header."""


class HeadingError(ReadError):
    """A column has no heading."""


class LayoutError(ReadError):
    """The file has no such row or table as the layout names."""


class SheetNotFoundError(ReadError):
    """The workbook has no such sheet."""


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file in memory: its name, its bytes (unpacked), the SHA-256 of the file as it lies.

    `sheet` is set where a workbook's sheets count as so many files.
    """

    name: str
    data: bytes
    sha256: str
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's rows as text.

    `frame` holds only ``string`` columns under the file's own headings, without the white space
    around them. Values are exact; a cell is missing only where the file has nothing.
    `row_numbers` are aligned with `frame` and count records from 1 with the header as one, blank
    ones too; a quoted line break does not start a record. Workbooks count as Excel does. JSON
    lines count lines and Parquet rows, and as neither has a header their first is 1.
    Records without any value are left out of `frame`.
    `notes` are sentences for whoever ingests the file, free of its contents.
    `serial_dates` is the year from which a workbook counts its days, 1900 or 1904.
    """

    frame: pd.DataFrame
    row_numbers: pd.Series
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    sha256: str
    notes: tuple[str, ...] = ()
    serial_dates: str = "1900"


def text_column(column: pa.ChunkedArray) -> pd.Series:
    """Return an Arrow column of ``large_string`` as a ``string`` series, without copying it."""
    series: pd.Series = column.to_pandas(types_mapper={pa.large_string(): TEXT}.get)
    return series


def raw_table(
    content: FileContent,
    headings: Sequence[str],
    columns: Sequence[pd.Series],
    row_numbers: npt.NDArray[np.int64],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    notes: Sequence[str] = (),
) -> RawTable:
    """Return the table of `columns`, without its blank rows and its unnamed empty columns.

    Of two equal headings the second is called ``Name (2)``, which is said in the notes.

    Raises
    ------
    HeadingError
        If a column with values has no heading.
    """
    keep = ~blank_rows(columns, len(row_numbers))
    if not keep.all():
        columns = [column[keep] for column in columns]
        row_numbers = row_numbers[keep]
    names, renamed = unique_headings(headings)
    notes = list(notes)
    if renamed:
        places = spans([names.index(name) + 1 for name in renamed])
        notes.append(
            f"Headings were there before (column {places}); a mapping finds each of these with a "
            "number in brackets, such as Late (2)."
        )
    named = [
        (position, name, column)
        for position, (name, column) in enumerate(zip(names, columns, strict=True), start=1)
        if name or column.notna().any()
    ]
    _check_headings(content.name, [(position, name) for position, name, _ in named])
    index = pd.RangeIndex(len(row_numbers))
    frame = pd.DataFrame({name: column.array for _, name, column in named}, index=index, copy=False)
    if frame.empty:
        notes.append(f"{content.name} has a header and no rows.")
    return RawTable(
        frame=frame,
        row_numbers=pd.Series(row_numbers, index=index, dtype="int64"),
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        sha256=content.sha256,
        notes=tuple(notes),
    )


def blank_rows(columns: Sequence[pd.Series], rows: int) -> npt.NDArray[np.bool_]:
    """Return which of `rows` rows have no value in any of `columns`."""
    blank = np.ones(rows, dtype=bool)
    for column in columns:
        blank &= column.isna().to_numpy(dtype=bool)
        if not blank.any():
            break
    return blank


def _check_headings(name: str, headings: Sequence[tuple[int, str]]) -> None:
    # By position only: in a file without a header, these would be a resident's words.
    for position, heading in headings:
        if not heading:
            raise HeadingError(
                name, f"has no heading over column {position}; write one in its first row."
            )
