"""Between a frame's column and the plain values that both databases hold alike.

Plain values are text, whole numbers, floats and None: an instant is
``2026-10-01T08:00:00.000000Z``, a day ``2026-10-01``, a truth 0 or 1. Both databases accept them on
the way in, and are asked for them on the way out.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    String,
    Table,
    func,
    type_coerce,
)
from sqlalchemy import (
    cast as sql_cast,
)
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import AutoString, SQLModel

from models import UtcTime
from pipelines.edge.store.errors import StoreRefusedError

NUL = "\0"


def table_of(table: type[SQLModel]) -> Table:
    """Return the SQLAlchemy table behind a SQLModel class."""
    return SQLModel.metadata.tables[str(table.__tablename__)]


def plain_values(values: pd.Series, column: Column[Any]) -> list[Any]:
    """Return a frame's column as plain values, missing ones as None.

    Raises
    ------
    StoreRefusedError
        If a value doesn't fit the column, such as a time without a zone.
    """
    convert, expected = _CONVERSIONS[_kind(column)]
    try:
        return convert(values)
    except (TypeError, ValueError, OverflowError):  # their text may quote the value
        raise StoreRefusedError(
            f"{column.table.name}: column {column.name} holds something that isn't {expected}."
        ) from None


def plain_column(column: Column[Any], dialect: str) -> ColumnElement[Any]:
    """Return what to select so that the database answers in plain values."""
    kind = _kind(column)
    if kind is Boolean:
        return sql_cast(column, Integer).label(column.name)
    if kind not in (UtcTime, Date):
        return column
    if dialect == "sqlite":  # kept as text in this very form
        return type_coerce(column, String).label(column.name)
    if kind is Date:
        return func.to_char(column, "YYYY-MM-DD").label(column.name)
    utc = func.timezone("UTC", column)
    return func.to_char(utc, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"').label(column.name)


def typed_values(values: Sequence[Any], column: Column[Any], timezone: str) -> pd.Series:
    """Return plain values as a frame's column: see `read_table` for its type."""
    kind = _kind(column)
    if kind is UtcTime:
        instants = pd.to_datetime(pd.Series(values, dtype="string"), utc=True, format="ISO8601")
        return instants.dt.as_unit("us").dt.tz_convert(timezone)
    if kind is Date:
        days = pd.to_datetime(pd.Series(values, dtype="string"), format="%Y-%m-%d")
        return days.dt.as_unit("us")
    if kind is AutoString:  # as pandas would, in less than half the time
        return pd.Series(pa.array(values, type=pa.large_string()), dtype="string")
    return pd.Series(values, dtype=_DTYPES[kind])


_DTYPES = {BigInteger: "Int64", Float: "float64", Boolean: "boolean"}


def _kind(column: Column[Any]) -> type[Any]:
    for kind in _CONVERSIONS:
        if isinstance(column.type, kind):
            return kind
    raise TypeError(f"the store has no way to keep {column.type!r}")


def _texts(values: pd.Series) -> list[Any]:
    # PostgreSQL refuses NUL, which means nothing in text; both databases do without.
    texts = values.astype("string").str.replace(NUL, "", regex=False)
    return _or_none(texts.to_numpy(dtype=object), texts.isna())


def _wholes(values: pd.Series) -> list[Any]:
    wholes = values.astype("Int64")
    return _or_none(wholes.to_numpy(dtype=object), wholes.isna())


def _truths(values: pd.Series) -> list[Any]:
    return _wholes(values.astype("boolean"))


def _floats(values: pd.Series) -> list[Any]:
    # SQLite keeps neither NaN nor the sign of a zero: the sum makes -0.0 into 0.0.
    numbers = values.to_numpy(dtype="float64", na_value=np.nan) + 0.0
    return _or_none(numbers, np.isnan(numbers))


def _instants(values: pd.Series) -> list[Any]:
    times = pd.to_datetime(values, format="ISO8601")
    if times.isna().all():
        return [None] * len(times)
    if times.dt.tz is None:
        raise ValueError("a time without a zone names no instant")
    instants = times.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    return _or_none(np.datetime_as_string(instants, unit="us", timezone="UTC"), times.isna())


def _days(values: pd.Series) -> list[Any]:
    days = pd.to_datetime(values, format="ISO8601")
    if days.isna().all():
        return [None] * len(days)
    if days.dt.tz is not None or not days.dropna().dt.normalize().equals(days.dropna()):
        raise ValueError("a day has neither a zone nor a time")
    texts = np.datetime_as_string(days.to_numpy(dtype="datetime64[D]"), unit="D")
    return _or_none(texts, days.isna())


def _or_none(values: NDArray[Any], missing: pd.Series | NDArray[np.bool_]) -> list[Any]:
    objects = values.astype(object)
    objects[np.asarray(missing)] = None
    return list(objects.tolist())


# UtcTime first: the order is the order of asking.
_CONVERSIONS: dict[type[Any], tuple[Callable[[pd.Series], list[Any]], str]] = {
    UtcTime: (_instants, "a time with a time zone"),
    Date: (_days, "a day"),
    Boolean: (_truths, "true or false"),
    BigInteger: (_wholes, "a whole number of at most 64 bits"),
    Float: (_floats, "a number"),
    AutoString: (_texts, "text"),
}
