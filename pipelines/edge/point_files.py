"""Read the few columns of a large Parquet file of points that maps need, in their own types."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from insight.errors import MissingColumnsError
from insight.mapping import Mapping
from pipelines.edge.raw_table import DamagedFileError

PLACES = (("easting", "northing"), ("latitude", "longitude"))
WANTED = ("ward", "reporter", "postcode", "street")
TEXTS = ("reporter", "postcode", "street", "ward")


@dataclass(frozen=True, slots=True)
class PointColumns:
    """Rows under the contract's names, those refused, and how many there were."""

    rows: pd.DataFrame
    failures: pd.DataFrame
    read: int
    filtered: int


def read_point_columns(file: Path, mapping: Mapping, zone: str) -> PointColumns | None:
    """Return a Parquet file's reports, or nothing where only the way through text will do.

    Parameters
    ----------
    file
        Any file; what is not Parquet is left to others.
    mapping
        What the file's columns mean. Its time and coordinates must have their types there.
    zone
        Time zone of times that carry none.

    Raises
    ------
    DamagedFileError
        If it says that it is Parquet and cannot be read.
    MissingColumnsError
        If it lacks a column that the mapping names.
    """
    if not file.is_file() or file.open("rb").read(4) != b"PAR1":
        return None
    try:
        parquet = pq.ParquetFile(file)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DamagedFileError(file.name, "is a damaged Parquet file; export it again.") from error
    schema = parquet.schema_arrow
    columns = dict(mapping.columns) or {name: name for name in schema.names}
    place = next((pair for pair in PLACES if all(name in columns for name in pair)), None)
    odd = mapping.unpivot or mapping.join or mapping.point
    if place is None or odd or "reported_at" not in columns:
        return None
    filters = {**mapping.where, **mapping.leave_out}
    named = ["reported_at", *place, *(name for name in WANTED if name in columns)]
    needed = {columns[name] for name in named} | set(filters)
    if missing := needed - set(schema.names):
        raise MissingColumnsError(missing, file.name)
    typed = [schema.field(columns[name]).type for name in place]
    if not all(map(_is_number, typed)):
        return None
    if not pa.types.is_temporal(schema.field(columns["reported_at"]).type):
        return None
    chosen = _selected(parquet.read(columns=sorted(filters)), mapping) if filters else None

    def values(name: str) -> pd.Series:
        """Read one column: all at once would hold millions of rows twice."""
        column = parquet.read(columns=[columns[name]])[columns[name]]
        return _column(column if chosen is None else column.filter(chosen), name, mapping, zone)

    frame = pd.DataFrame({name: values(name) for name in named}, copy=False)
    pa.default_memory_pool().release_unused()
    for name, value in mapping.constants.items():
        if name in TEXTS:
            frame[name] = pd.Series(value, index=frame.index, dtype="string")
    timeless = frame["reported_at"].isna().to_numpy()
    failures = pd.DataFrame({"row": np.flatnonzero(timeless)}).assign(
        column="reported_at", rule="missing"
    )
    rows = frame[~timeless] if timeless.any() else frame
    read = parquet.metadata.num_rows
    return PointColumns(rows, failures, read, read - len(frame))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def _selected(table: pa.Table, mapping: Mapping) -> pa.Array:
    """Which rows the mapping keeps."""
    chosen = pa.array(np.ones(table.num_rows, dtype=bool))
    for heading, values in mapping.where.items():
        chosen = pc.and_(chosen, _among(table[heading], values))
    for heading, values in mapping.leave_out.items():
        chosen = pc.and_(chosen, pc.invert(_among(table[heading], values)))
    return chosen


def _among(column: pa.ChunkedArray, values: tuple[str, ...]) -> pa.ChunkedArray:
    text = pc.fill_null(pc.utf8_trim_whitespace(column.cast(pa.large_string())), "")
    return pc.is_in(text, value_set=pa.array(values, pa.large_string()))


def _column(column: pa.ChunkedArray, name: str, mapping: Mapping, zone: str) -> pd.Series:
    if name in ("easting", "northing", "latitude", "longitude"):
        return pd.Series(column.cast(pa.float64()).to_numpy(), copy=False)
    if name == "reported_at":
        kind = pa.timestamp("us", tz=getattr(column.type, "tz", None))
        times: pd.Series = column.cast(kind, safe=False).to_pandas()  # pandas writes nanoseconds
        if times.dt.tz is not None:
            aware: pd.Series = times.dt.tz_convert("UTC")
            return aware
        # An hour that the clocks skip or repeat is within an hour of right: enough for a day.
        local = times.dt.tz_localize(zone, nonexistent="shift_forward", ambiguous=False)
        universal: pd.Series = local.dt.tz_convert("UTC")
        return universal
    # A name occurs in many rows: held once, it costs a number in each.
    text: pd.Series = column.cast(pa.large_string()).dictionary_encode().to_pandas()
    said = mapping.translations.get(name)
    return text.astype("string").replace(dict(said)) if said else text
