"""Reading the store into frames, and a digest of all it holds."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Result,
    Select,
    Table,
    and_,
    collate,
    func,
    select,
)
from sqlmodel import AutoString, SQLModel

from models import RUN_DETAIL
from pipelines.edge.store.columns import plain_column, table_of, typed_values

ROWS_AT_ONCE = 50_000  # bounds the memory that Python's own objects take


def read_table(
    connection: Connection,
    table: type[SQLModel],
    *,
    where: Mapping[str, Any] | None = None,
    columns: Sequence[str] | None = None,
    timezone: str,
    mostly: bool = False,
) -> pd.DataFrame:
    """Read rows of a table, in the order of its key.

    Parameters
    ----------
    connection
        Open connection to the store.
    table
        Class of the table.
    where
        For each column named: a value, a list of values of which any will do, None for empty, or
        ``slice(start, end)`` for start <= value < end (either may be None; times with a zone).
    columns
        Names to read, in this order; all of them when absent.
    timezone
        Zone in which times are given, such as Europe/London.
    mostly
        Whether `where` leaves most rows in. SQLite then reads them by their key, as they lie,
        rather than by an index and sorted afterwards; a million take a third of the time.

    Returns
    -------
    pandas.DataFrame
        Text is ``string``, whole numbers ``Int64``, other numbers ``float64``, truths
        ``boolean``, instants ``datetime64[us, timezone]``, days ``datetime64[us]`` at midnight.
    """
    target = table_of(table)
    names = list(columns) if columns is not None else target.columns.keys()
    chosen = [target.c[name] for name in names]
    unindexed = mostly and connection.dialect.name == "sqlite"
    conditions = [
        matches(target.c[name], wanted, unindexed=unindexed)
        for name, wanted in (where or {}).items()
    ]
    statement = _in_key_order(connection, target, chosen).where(*conditions)
    chunks = [
        _frame(list(zip(*rows, strict=True)), chosen, timezone)
        for rows in _stream(connection, statement).partitions()
    ]
    if not chunks:
        return _frame([() for _ in chosen], chosen, timezone)
    return pd.concat(chunks, ignore_index=True)


def matches(
    column: Column[Any],
    wanted: Any,  # noqa: ANN401
    *,
    unindexed: bool = False,
) -> ColumnElement[bool]:
    """Return the condition that `read_table` describes under `where`."""
    if isinstance(wanted, slice):
        # An expression has no index; SQLite's likely() gives back what it is given.
        asked = func.likely(column, type_=column.type) if unindexed else column
        bounds = []
        if wanted.start is not None:
            bounds.append(asked >= wanted.start)
        if wanted.stop is not None:
            bounds.append(asked < wanted.stop)
        return and_(True, *bounds)
    if isinstance(wanted, list | tuple | set | frozenset):
        return column.in_(list(wanted))
    return column.is_(None) if wanted is None else column == wanted


def store_digest(engine: Engine) -> str:
    """Return a SHA-256 of all that the store holds: equal digests mean equal figures.

    Left out are which run wrote a row and when, the record of runs, and rows that left
    quarantine. The same rows give the same digest in SQLite and PostgreSQL, whatever order they
    came in.
    """
    with engine.connect() as connection:
        read_as_of_one_moment(connection)
        return digest_of(connection)


def digest_of(connection: Connection) -> str:
    """Return the digest of what a connection sees; see `store_digest`."""
    digest = hashlib.sha256()
    for target in _digested_tables():
        counted = digested_columns(target)
        digest.update(digest_lines([(target.name, *(column.name for column in counted))]))
        for chunk in plain_rows(connection, target, counted, only=digested_rows(target)):
            digest.update(digest_lines(map(tuple, chunk)))
    return digest.hexdigest()


def read_as_of_one_moment(connection: Connection) -> None:
    """Make all that a new connection reads be of one moment, as SQLite does by itself."""
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ")


def plain_rows(
    connection: Connection,
    target: Table,
    columns: Sequence[Column[Any]],
    *,
    only: Mapping[str, Any] | None = None,
) -> Iterator[Sequence[Sequence[Any]]]:
    """Give a table's rows as plain values, some at a time, in an order that is always the same.

    `only` narrows them as ``where`` does in `read_table`.
    """
    which = [matches(target.c[name], wanted) for name, wanted in (only or {}).items()]
    statement = _in_key_order(connection, target, columns).where(*which)
    yield from _stream(connection, statement).partitions()


def digested_columns(target: Table) -> list[Column[Any]]:
    """Return the columns that the digest takes: none where the table is no part of it."""
    if not target.info.get("digest", True):
        return []
    return [column for column in target.columns if not column.info.get(RUN_DETAIL, False)]


def digested_rows(target: Table) -> dict[str, Any]:
    """Return the values that a row must have to be part of the digest."""
    return dict(target.info.get("digest_rows", {}))


def _digested_tables() -> list[Table]:
    tables = SQLModel.metadata.tables.values()
    return sorted((t for t in tables if t.info.get("digest", True)), key=lambda t: t.name)


def digest_lines(rows: Iterable[tuple[Any, ...]]) -> bytes:
    """Return one line of ASCII JSON per row: the same on every system and Python."""
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def _in_key_order(
    connection: Connection, target: Table, columns: Sequence[Column[Any]]
) -> Select[Any]:
    """Select plain values, ordered by key in an order that no database's language decides."""
    dialect = connection.dialect.name
    keys: list[ColumnElement[Any]] = [
        collate(key, "C") if dialect == "postgresql" and isinstance(key.type, AutoString) else key
        for key in target.primary_key
    ]
    return select(*(plain_column(column, dialect) for column in columns)).order_by(*keys)


def _stream(connection: Connection, statement: Select[Any]) -> Result[Any]:
    return connection.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE})


def _frame(
    values: Sequence[Sequence[Any]], columns: Sequence[Column[Any]], timezone: str
) -> pd.DataFrame:
    return pd.DataFrame(
        {c.name: typed_values(v, c, timezone) for v, c in zip(values, columns, strict=True)}
    )
