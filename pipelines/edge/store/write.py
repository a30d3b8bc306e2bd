"""Writing whole frames at once, touching only the rows that differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import psycopg
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Insert,
    MetaData,
    Table,
    Update,
    and_,
    delete,
    exists,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlmodel import SQLModel

from insight.errors import MissingColumnsError
from models import RUN_DETAIL, Event
from pipelines.edge.store.columns import plain_values, table_of
from pipelines.edge.store.engine import raw_cursor, store_name
from pipelines.edge.store.errors import StoreRefusedError, plain_error
from pipelines.edge.store.read import matches

ROWS_AT_ONCE = 50_000  # bounds the memory that Python's own objects take


@dataclass(frozen=True, slots=True)
class UpsertCount:
    """What became of the rows handed over; their sum is the number of rows."""

    inserted: int
    updated: int
    unchanged: int


def upsert(connection: Connection, table: type[SQLModel], frame: pd.DataFrame) -> UpsertCount:
    """Store `frame`'s rows: new keys are inserted, rows that differ replaced, others untouched.

    Parameters
    ----------
    connection
        From `write_transaction`.
    table
        Class of the table.
    frame
        Rows with different keys. Columns that it leaves out stay as they are in rows already
        there, and empty in new ones. NUL characters are dropped from text.

    Returns
    -------
    UpsertCount
        An event differs if its ``row_hash`` does; any other row, if a column differs that says
        more than which run wrote it and when.

    Raises
    ------
    MissingColumnsError
        If a column is absent that no row may lack.
    StoreRefusedError
        If a column is unknown, a needed value missing, a key given twice, or a value doesn't fit.
    """
    if frame.empty:
        return UpsertCount(0, 0, 0)
    target = table_of(table)
    _queue(connection, target)
    incoming = _stage(connection, _columns_for(target, frame), frame)
    count = _merge(connection, target, incoming, len(frame))
    incoming.drop(connection)
    return count


def replace_period(
    connection: Connection, table: type[SQLModel], frame: pd.DataFrame, *, where: Mapping[str, Any]
) -> int:
    """Make `frame` all that the table holds of one slice, such as a month's hotspots.

    Rows of the slice whose keys `frame` lacks are deleted; the others are upserted, so that a
    second run changes nothing and columns that `frame` leaves out, such as a person's
    commentary, survive.

    Parameters
    ----------
    connection
        From `write_transaction`.
    table
        Class of the table.
    frame
        All rows of the slice, possibly none.
    where
        The slice, as for `read_table`; empty for the whole table.

    Returns
    -------
    int
        Rows in the slice now.

    Raises
    ------
    StoreRefusedError
        If a row of `frame` lies outside the slice, and as `upsert`.
    """
    target = table_of(table)
    _queue(connection, target)
    rows_of_slice = [matches(target.c[name], wanted) for name, wanted in where.items()]
    if frame.empty:
        connection.execute(delete(target).where(*rows_of_slice))
        return 0
    incoming = _stage(connection, _columns_for(target, frame), frame)
    outside = [~matches(incoming.c[name], wanted) for name, wanted in where.items()]
    if outside and connection.execute(select(exists().where(or_(*outside)))).scalar():
        raise StoreRefusedError(
            f"{target.name}: some rows lie outside the slice they are to replace; "
            "nothing was stored."
        )
    kept = exists().where(_same_key(target, incoming))
    connection.execute(delete(target).where(*rows_of_slice, ~kept))
    _merge(connection, target, incoming, len(frame))
    incoming.drop(connection)
    return len(frame)


def existing_hashes(
    connection: Connection, table: type[Event], source: str, row_keys: Iterable[str]
) -> pd.Series:
    """Return ``row_hash`` by ``row_key`` for those of a source's `row_keys` already stored."""
    target = table_of(table)
    wanted = pd.DataFrame({"row_key": pd.Series(row_keys, dtype="string").drop_duplicates()})
    incoming = _stage(connection, [target.c.row_key], wanted)
    rows = connection.execute(
        select(target.c.row_key, target.c.row_hash)
        .where(target.c.source == source)
        .where(target.c.row_key == incoming.c.row_key)
    ).all()
    incoming.drop(connection)
    keys = pd.Index([key for key, _ in rows], dtype="string", name="row_key")
    return pd.Series([found for _, found in rows], index=keys, dtype="string", name="row_hash")


def _queue(connection: Connection, target: Table) -> None:
    """Let no other writer in between comparing and writing; readers aren't kept waiting."""
    if connection.dialect.name == "postgresql":  # SQLite's writers queue already
        name = connection.dialect.identifier_preparer.format_table(target)
        connection.execute(text(f"LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE"))


def _columns_for(target: Table, frame: pd.DataFrame) -> list[Column[Any]]:
    """Return the table's columns that the frame has, or refuse the frame."""
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


def _stage(connection: Connection, columns: list[Column[Any]], frame: pd.DataFrame) -> Table:
    """Put the frame's columns into a temporary table, for the database to compare with."""
    incoming = Table(
        "incoming",
        MetaData(),
        *(Column(column.name, column.type) for column in columns),
        prefixes=["TEMPORARY"],
    )
    incoming.create(connection)
    chunks = (
        zip(*(plain_values(chunk[column.name], column) for column in columns), strict=True)
        for chunk in (
            frame.iloc[start : start + ROWS_AT_ONCE] for start in range(0, len(frame), ROWS_AT_ONCE)
        )
    )
    if connection.dialect.name == "postgresql":
        _copy(connection, incoming, chunks)
        connection.execute(text("ANALYZE incoming"))  # else the planner takes it for tiny
        return incoming
    marks = ", ".join("?" * len(columns))
    for rows in chunks:
        connection.exec_driver_sql(f"INSERT INTO incoming VALUES ({marks})", list(rows))  # noqa: S608
    return incoming


def _copy(connection: Connection, incoming: Table, chunks: Iterable[Iterable[Any]]) -> None:
    try:
        with raw_cursor(connection) as cursor, cursor.copy("COPY incoming FROM STDIN") as copy:
            for rows in chunks:
                for row in rows:
                    copy.write_row(row)
    except psycopg.Error as error:  # SQLAlchemy doesn't see this one; its text may quote a row
        plain = plain_error(error, store_name(connection.engine.url))
        raise plain or StoreRefusedError("The store couldn't take the rows.") from None


def _merge(connection: Connection, target: Table, incoming: Table, rows: int) -> UpsertCount:
    """Update what differs, then insert what is new."""
    names = incoming.columns.keys()
    same_key = _same_key(target, incoming)
    keys = {column.name for column in target.primary_key}
    compared = ["row_hash"] if "row_hash" in names else _contents(target, names, keys)
    updated = 0
    if compared:
        differs = or_(*(target.c[n].is_distinct_from(incoming.c[n]) for n in compared))
        changes = {name: incoming.c[name] for name in names if name not in keys}
        statement = update(target).where(same_key, differs).values(changes)
        updated = _rows_changed(connection, statement)
    new = select(incoming).where(~exists().where(same_key))
    inserted = _rows_changed(connection, insert(target).from_select(names, new))
    return UpsertCount(inserted, updated, rows - inserted - updated)


def _rows_changed(connection: Connection, statement: Insert | Update) -> int:
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def _contents(target: Table, names: Iterable[str], keys: set[str]) -> list[str]:
    """Return the columns that make a row what it is, its key aside."""
    return [n for n in names if n not in keys and not target.c[n].info.get(RUN_DETAIL, False)]


def _same_key(target: Table, incoming: Table) -> ColumnElement[bool]:
    return and_(*(column == incoming.c[column.name] for column in target.primary_key))
