"""Read Parquet as text."""

import json
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
    RawTable,
    raw_table,
    text_column,
)

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
