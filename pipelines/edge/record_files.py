"""Read files of records that carry their own structure: Parquet and JSON."""

import json
from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.edge.raw_table import (
    TEXT,
    DamagedFileError,
    EmptyFileError,
    FileContent,
    FileTooLargeError,
    NotATableError,
    RawTable,
    raw_table,
    text_column,
)
from pipelines.edge.text_encoding import decode

_ARROW_TEXT = pa.large_string()
_EXACT = 1e15  # from here on a float may have lost its last digits


def read_parquet(content: FileContent, *, max_bytes: int) -> RawTable:
    """Return the rows of a Parquet file as text: ISO times, whole numbers without ``.0``.

    Raises
    ------
    ReadError
        If it is damaged, unpacks to over `max_bytes`, or holds what text cannot say.
    """
    try:
        file = pq.ParquetFile(BytesIO(content.data))
        groups = [file.metadata.row_group(n) for n in range(file.metadata.num_row_groups)]
        if sum(group.total_byte_size for group in groups) > max_bytes:
            raise FileTooLargeError(
                content.name, "unpacks to more than is allowed; split it into smaller files."
            )
        table = file.read()
        columns = [_arrow_text(column) for column in table.itercolumns()]
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        raise DamagedFileError(
            content.name, "is a damaged Parquet file; export it again."
        ) from error
    if not table.num_columns:
        raise EmptyFileError(content.name, "has no columns; export it again.")
    numbers = np.arange(1, table.num_rows + 1, dtype=np.int64)
    return raw_table(content, table.column_names, columns, numbers)


def _arrow_text(column: pa.ChunkedArray) -> pd.Series:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_nested(kind):
        text = [None if v is None else json.dumps(v, default=str) for v in column.to_pylist()]
        return pd.Series(text, dtype=TEXT)
    text = _whole_where_whole(column) if pa.types.is_floating(kind) else column.cast(_ARROW_TEXT)
    if pa.types.is_timestamp(kind) or pa.types.is_time(kind):
        text = pc.replace_substring_regex(text, r"\.0+([^0-9]|$)", r"\1")
    blank = pc.equal(text, "")
    return text_column(pc.if_else(blank, None, text))


def _whole_where_whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Write floats as text; counts with gaps arrive as floats, which is how pandas has them."""
    written = column.cast(_ARROW_TEXT)
    numbers = column.cast(pa.float64())
    numbers = pc.if_else(pc.is_finite(numbers), numbers, None)
    whole = pc.and_(pc.equal(pc.floor(numbers), numbers), pc.less(pc.abs(numbers), _EXACT))
    counts = pc.if_else(whole, numbers, 0.0).cast(pa.int64()).cast(_ARROW_TEXT)
    return pc.if_else(whole, counts, pc.if_else(pc.is_valid(numbers), written, None))


def read_json(content: FileContent) -> RawTable:
    """Return the records of JSON lines, or of one JSON array of objects, as text.

    Numbers keep the digits they are written with; nested values stay JSON.

    Raises
    ------
    ReadError
        If a line is not a JSON object.
    """
    decoded = decode(content)
    records: list[dict[str, object]] = []
    numbers: list[int] = []
    for number, record in _json_records(content, decoded.text):
        if not isinstance(record, dict):
            raise NotATableError(
                content.name, f"has no JSON object as record {number}; write one object a line."
            )
        records.append(record)
        numbers.append(number)
    headings = list(dict.fromkeys(name for record in records for name in record))
    if not headings:
        raise EmptyFileError(content.name, "holds no values; export it again.")
    columns = [
        pd.Series([_json_text(record.get(name)) for record in records], dtype=TEXT)
        for name in headings
    ]
    return raw_table(
        content,
        [_sound(name) for name in headings],
        columns,
        np.asarray(numbers, dtype=np.int64),
        encoding=decoded.encoding,
        notes=decoded.notes,
    )


def _json_records(content: FileContent, text: str) -> Iterator[tuple[int, object]]:
    # Digits stay as they are written: 1.50 is not 1.5, and a long reference is no float.
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_constant)
    number = 1
    try:
        if text.lstrip().startswith("["):
            yield from enumerate(decoder.decode(text.strip()), start=1)
            return
        for number, line in enumerate(text.split("\n"), start=1):
            if stripped := line.strip():
                yield number, decoder.decode(stripped)
    except (ValueError, RecursionError) as error:
        if number == 1 and _is_one_object(text):
            raise NotATableError(
                content.name, "is one JSON object, not rows; write one object a line."
            ) from error
        raise DamagedFileError(
            content.name,
            f"is not valid JSON in line {number}; write one object a line, or one array of them.",
        ) from error


def _is_one_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _constant(name: str) -> str | None:
    return None if name == "NaN" else name


def _json_text(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return _sound(value)
    return _sound(json.dumps(value, ensure_ascii=False))


def _sound(text: str) -> str:
    """Return `text` with halves of surrogate pairs, which JSON can write, replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
