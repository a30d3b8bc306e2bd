"""Read delimited text: the delimiter is found out, quotes are respected, values are exact."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO, StringIO

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from insight.layout import NO_LAYOUT, Layout, find_header, plain_heading
from pipelines.edge.raw_table import (
    TEXT,
    DamagedFileError,
    EmptyFileError,
    FileContent,
    FileTooLargeError,
    RaggedRowError,
    RawTable,
    raw_table,
    text_column,
)
from pipelines.edge.table_body import Body, find_body, find_headings
from pipelines.edge.text_encoding import decode

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 262_144  # characters from which the delimiter is found out
_SAMPLE_RECORDS = 2_000
_LARGEST_BLOCK = 2**31 - 2  # bytes that Arrow parses in one piece
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*")
# Closes the text. If it is not the last record, a quotation mark before it was left open.
_END = "council-insight:end"
_UNUSED = "".join(map(chr, range(0x1F, 0x0D, -1)))


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text is laid out: its delimiter, fields a record, and its header.

    `delimiter` is None where each record is one value. `leading` records precede the first
    one below the headings.
    """

    delimiter: str | None
    headings: tuple[str, ...]
    width: int
    leading: int
    notes: tuple[str, ...] = ()


def read_text(
    content: FileContent, *, layout: Layout = NO_LAYOUT, expected: Sequence[str] = ()
) -> RawTable:
    """Return the rows of a CSV, TSV or other delimited text.

    `layout` and `expected` help to find the headings, see `find_headings`.

    Notes
    -----
    Rows with too few fields are completed with missing values; a row with more fields than the
    header is an error unless the extra ones are empty.

    Raises
    ------
    ReadError
        If it is not text, empty, damaged, ragged or badly headed.
    """
    decoded = decode(content)
    dialect = find_dialect(decoded.text, content.name, layout, tuple(expected))
    if dialect is None:
        raise EmptyFileError(content.name, "is empty; export it again with its header.")
    columns, row_numbers = _parse(content.name, decoded.text, decoded.utf8, dialect)
    body = Body(dialect.headings, columns, row_numbers, (*decoded.notes, *dialect.notes))
    body = find_body(content.name, body, layout)
    return raw_table(
        content,
        body.headings,
        body.columns,
        body.row_numbers,
        encoding=decoded.encoding,
        delimiter=dialect.delimiter,
        notes=body.notes,
    )


def find_dialect(
    text: str,
    name: str = "The text",
    layout: Layout = NO_LAYOUT,
    expected: tuple[str, ...] = (),
) -> Dialect | None:
    r"""Return the layout under which `text` parses most consistently; None if it is blank.

    Each delimiter tried scores the share of records with as many fields as the headings, times
    ``1 - 1/fields``, so that a steady wide table beats a narrow one and an accident of commas in
    sentences beats nothing; and the share of `expected` headings.

    Raises
    ------
    LayoutError
        If `layout` names a row that is not there.

    Examples
    --------
    >>> find_dialect("id;comment\n1;late, again\n").delimiter
    ';'
    """
    sample = text[:_SAMPLE]
    first, _, _ = sample.partition("\n")
    if told := _SEPARATOR_LINE.fullmatch(first.strip("\r")):
        records = _records(text[len(first) + 1 :], told[1])
        laid_out = _dialect(records, told[1], name, layout, expected)
        return None if laid_out is None else replace(laid_out, leading=laid_out.leading + 1)
    best, best_score = None, 0.0
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue
        records = _records(text, delimiter)
        score = _consistency(records, _header(records, layout, expected), expected)
        if score > best_score:
            best, best_score = delimiter, score
    return _dialect(_records(text, best), best, name, layout, expected)


def _records(text: str, delimiter: str | None) -> list[list[str]]:
    sample = text[:_SAMPLE]
    whole = len(sample) == len(text)
    reader = csv.reader(StringIO(sample, newline=""), delimiter=delimiter or _unused(text))
    records: list[list[str]] = []
    try:
        for record in reader:
            records.append(record)
            if len(records) == _SAMPLE_RECORDS:
                return records
    except csv.Error:  # a field beyond Python's limit; the records before it will do
        return records
    return records if whole or len(records) == 1 else records[:-1]


def _header(records: list[list[str]], layout: Layout, expected: tuple[str, ...]) -> int:
    if layout.header_row is not None:
        return layout.header_row - 1
    return find_header(records, expected) or 0


def _consistency(records: list[list[str]], header: int, expected: tuple[str, ...]) -> float:
    filled = [number for number, record in enumerate(records) if any(map(str.strip, record))]
    width = len(records[header]) if header < len(records) else 0
    if not filled or width < 2:
        return 0.0
    steady = sum(len(_trimmed(records[n], width)) == width for n in filled if n >= header)
    named = {plain_heading(name) for name in expected}
    held = named & set(map(plain_heading, records[header]))
    return steady / len(filled) * (1 - 1 / width) + len(held) / max(len(named), 1)


def _trimmed(record: list[str], width: int) -> list[str]:
    """Return `record` without empty fields beyond `width`."""
    return record if any(record[width:]) else record[:width]


def _dialect(
    records: list[list[str]],
    delimiter: str | None,
    name: str,
    layout: Layout,
    expected: tuple[str, ...],
) -> Dialect | None:
    found = find_headings(name, records, layout, expected)
    if found is None:
        return None
    headings, body = found.names, records[found.below :]
    # Some exports end every row, but not the header, with a delimiter.
    usual = Counter(map(len, body)).most_common(1)
    spare = max(usual[0][0] - len(headings), 0) if usual else 0
    if any(any(record[len(headings) :]) for record in body):
        spare = 0
    width = len(headings) + spare
    return Dialect(delimiter, (*headings, *[""] * spare), width, found.below, found.notes)


@dataclass(slots=True)
class _OddRows:
    """Collects the records that Arrow finds to have another number of fields."""

    text: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def __call__(self, row: arrow_csv.InvalidRow) -> str:
        self.text.append(row.text)
        self.numbers.append(row.number)
        return "skip"


def _parse(
    name: str, text: str, utf8: bytes, dialect: Dialect
) -> tuple[list[pd.Series], npt.NDArray[np.int64]]:
    delimiter = dialect.delimiter or _unused(text)
    end = delimiter.join([_END] * dialect.width).encode()
    block = utf8 + (b"" if utf8.endswith((b"\n", b"\r")) else b"\n") + end + b"\n"
    if len(block) > _LARGEST_BLOCK:
        raise FileTooLargeError(name, "holds over 2 GB of text; split it into smaller files.")
    codes = [str(position) for position in range(dialect.width)]
    odd = _OddRows()
    try:
        table = arrow_csv.read_csv(
            BytesIO(block),
            # One block and one thread: only then are rows numbered, and quoted line breaks safe.
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=len(block) + 1, column_names=codes
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=odd,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(codes, pa.large_string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowException as error:
        raise DamagedFileError(
            name, "cannot be read as delimited text; open it in Excel and save it as xlsx."
        ) from error
    numbers = _numbers(table.num_rows, odd.numbers)
    if not table.num_rows or table.column(0)[-1].as_py() != _END:
        last = max([*numbers[-1:].tolist(), *odd.numbers[-1:]])
        raise DamagedFileError(
            name,
            f"opens a quotation mark in row {last} that is never closed; close or remove it.",
        )
    skipped = int(np.searchsorted(numbers, dialect.leading, side="right"))
    body = table.slice(skipped, table.num_rows - skipped - 1)
    columns = [text_column(column) for column in body.itercolumns()]
    numbers = numbers[skipped:-1]
    return _with_odd_rows(name, columns, numbers, odd, dialect, delimiter)


def _numbers(good: int, odd: list[int]) -> npt.NDArray[np.int64]:
    """Return the numbers, counted from 1, of the records that were not odd."""
    every = np.ones(good + len(odd), dtype=bool)
    every[np.asarray(odd, dtype=np.int64) - 1] = False
    return np.flatnonzero(every) + 1


def _with_odd_rows(
    name: str,
    columns: list[pd.Series],
    numbers: npt.NDArray[np.int64],
    odd: _OddRows,
    dialect: Dialect,
    delimiter: str,
) -> tuple[list[pd.Series], npt.NDArray[np.int64]]:
    """Put records with too few fields, or with empty ones too many, back in their places."""
    width = dialect.width
    completed: list[list[str | None]] = []
    places: list[int] = []
    for number, text in zip(odd.numbers, odd.text, strict=True):
        if number <= dialect.leading:
            continue
        fields = _trimmed(_fields(text, delimiter), width)
        if len(fields) > width:
            raise RaggedRowError(
                name,
                f"has {len(fields)} fields in row {number} and {width} headings; quote values with "
                "the delimiter, or name the headings' row: layout: {header_row: N} in the mapping.",
            )
        completed.append([*(value or None for value in fields), *[None] * (width - len(fields))])
        places.append(number)
    if not places:
        return columns, numbers
    together = np.concatenate([numbers, np.asarray(places, dtype=np.int64)])
    order = np.argsort(together, kind="stable")
    mended = [
        pd.concat([column, pd.Series(values, dtype=TEXT)]).iloc[order]
        for column, values in zip(columns, zip(*completed, strict=True), strict=True)
    ]
    return mended, together[order]


def _fields(record: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(StringIO(record, newline=""), delimiter=delimiter), [])
    except csv.Error:  # a field beyond Python's limit
        return record.rstrip("\r\n").split(delimiter)


def _unused(text: str) -> str:
    """Return a control character that `text` does not have, to parse it as one column."""
    return next((character for character in _UNUSED if character not in text), _UNUSED[0])
