"""Getting frames into the database: whole columns at a time, checked before anything is written."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

import pandas as pd
import psycopg
from sqlalchemy import Column, ColumnElement, Connection, Index, MetaData, Table, and_, text

from insight.errors import MissingColumnsError
from pipelines.edge.store.columns import plain_values
from pipelines.edge.store.engine import raw_cursor, store_name
from pipelines.edge.store.errors import StoreRefusedError, plain_error

ROWS_AT_ONCE = 50_000  # bounds the memory that Python's own objects take


def queue_writers(connection: Connection, target: Table) -> None:
    """Let no other writer in between comparing and writing; readers aren't kept waiting."""
    if connection.dialect.name == "postgresql":  # SQLite's writers queue already
        name = connection.dialect.identifier_preparer.format_table(target)
        connection.execute(text(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE"))


def columns_for(target: Table, frame: pd.DataFrame) -> list[Column[Any]]:
    """Return the table's columns that the frame has.

    Raises
    ------
    MissingColumnsError
        If a column is absent that no row may lack.
    StoreRefusedError
        If a column is unknown, a needed value missing or a key given twice.
    """
    needed = [column.name for column in target.columns if not column.nullable]
    if missing := set(needed) - set(frame.columns):
        raise MissingColumnsError(missing, f"what is to be stored in {target.name}")
    if unknown := set(frame.columns) - set(target.columns.keys()):
        names = ", ".join(sorted(map(str, unknown)))
        raise StoreRefusedError(f"{target.name} has no column {names}; nothing was stored.")
    empty = [name for name in needed if frame[name].isna().any()]
    if empty:
        raise StoreRefusedError(
            f"{target.name}: {', '.join(empty)} can't be empty; nothing was stored."
        )
    keys = [column.name for column in target.primary_key]
    if repeats := int(frame.duplicated(keys).sum()):
        raise StoreRefusedError(
            f"{target.name}: {repeats} row(s) have the key of an earlier one "
            f"({', '.join(keys)}); nothing was stored."
        )
    return [column for column in target.columns if column.name in frame.columns]


def stage(connection: Connection, columns: list[Column[Any]], frame: pd.DataFrame) -> Table:
    """Put the frame's columns into a temporary table, for the database to compare with."""
    incoming = Table(
        "incoming",
        MetaData(),
        *(Column(column.name, column.type) for column in columns),
        prefixes=["TEMPORARY"],
    )
    incoming.create(connection)
    put_rows(connection, incoming, columns, frame)
    keys = [incoming.c[column.name] for column in columns if column.primary_key]
    if keys:  # without it, each row of the table is compared with each that arrives
        Index("incoming_key", *keys).create(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE incoming"))  # else the planner takes it for tiny
    return incoming


def put_rows(
    connection: Connection, target: Table, columns: list[Column[Any]], frame: pd.DataFrame
) -> None:
    """Insert the frame's rows, whose keys the table must not have, as fast as the database can."""
    chunks = (
        zip(*(plain_values(chunk[column.name], column) for column in columns), strict=True)
        for chunk in (
            frame.iloc[start : start + ROWS_AT_ONCE] for start in range(0, len(frame), ROWS_AT_ONCE)
        )
    )
    put_plain_rows(connection, target, columns, chunks)


def put_plain_rows(
    connection: Connection,
    target: Table,
    columns: Sequence[Column[Any]],
    chunks: Iterable[Iterable[Any]],
) -> None:
    """Insert rows of plain values, in chunks, whose keys the table must not have."""
    preparer = connection.dialect.identifier_preparer
    table = preparer.format_table(target)
    names = ", ".join(preparer.format_column(column) for column in columns)
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {table} ({names}) FROM STDIN", chunks)
        return
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names are ours
    try:
        with closing(raw_cursor(connection)) as cursor:
            for rows in chunks:  # straight from the columns: a list of all rows would be walked
                cursor.executemany(statement, rows)  # by the garbage collector again and again
    except sqlite3.Error as error:  # SQLAlchemy doesn't see this one; its text may quote a row
        raise _plainly(connection, error) from None


def _copy(connection: Connection, statement: str, chunks: Iterable[Iterable[Any]]) -> None:
    try:
        with raw_cursor(connection) as cursor, cursor.copy(statement) as copy:
            for rows in chunks:
                for row in rows:
                    copy.write_row(row)
    except psycopg.Error as error:  # SQLAlchemy doesn't see this one; its text may quote a row
        raise _plainly(connection, error) from None


def _plainly(connection: Connection, error: Exception) -> Exception:
    plain = plain_error(error, store_name(connection.engine.url))
    return plain or StoreRefusedError("The store couldn't take the rows.")


def same_key(target: Table, incoming: Table) -> ColumnElement[bool]:
    """Return the condition that two tables' rows have the key of `target` in common."""
    return and_(*(column == incoming.c[column.name] for column in target.primary_key))
