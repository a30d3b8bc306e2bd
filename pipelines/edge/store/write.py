"""Writing whole frames at once, touching only the rows that differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import (
    Connection,
    Insert,
    Table,
    Update,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)
from sqlmodel import SQLModel

from models import RUN_DETAIL
from pipelines.edge.store.columns import table_of
from pipelines.edge.store.errors import StoreRefusedError
from pipelines.edge.store.read import matches
from pipelines.edge.store.staging import columns_for, queue_writers, same_key, stage


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
    queue_writers(connection, target)
    incoming = stage(connection, columns_for(target, frame), frame)
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
    queue_writers(connection, target)
    rows_of_slice = [matches(target.c[name], wanted) for name, wanted in where.items()]
    if frame.empty:
        connection.execute(delete(target).where(*rows_of_slice))
        return 0
    incoming = stage(connection, columns_for(target, frame), frame)
    outside = [~matches(incoming.c[name], wanted) for name, wanted in where.items()]
    if outside and connection.execute(select(exists().where(or_(*outside)))).scalar():
        raise StoreRefusedError(
            f"{target.name}: some rows lie outside the slice they are to replace; "
            "nothing was stored."
        )
    kept = exists().where(same_key(target, incoming))
    connection.execute(delete(target).where(*rows_of_slice, ~kept))
    _merge(connection, target, incoming, len(frame))
    incoming.drop(connection)
    return len(frame)


def _merge(connection: Connection, target: Table, incoming: Table, rows: int) -> UpsertCount:
    """Update what differs, then insert what is new."""
    names = incoming.columns.keys()
    matching = same_key(target, incoming)
    keys = {column.name for column in target.primary_key}
    compared = ["row_hash"] if "row_hash" in names else _contents(target, names, keys)
    updated = 0
    if compared:
        differs = or_(*(target.c[n].is_distinct_from(incoming.c[n]) for n in compared))
        changes = {name: incoming.c[name] for name in names if name not in keys}
        statement = update(target).where(matching, differs).values(changes)
        updated = _rows_changed(connection, statement)
    new = select(incoming).where(~exists().where(matching))
    inserted = _rows_changed(connection, insert(target).from_select(names, new))
    return UpsertCount(inserted, updated, rows - inserted - updated)


def _rows_changed(connection: Connection, statement: Insert | Update) -> int:
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def _contents(target: Table, names: Iterable[str], keys: set[str]) -> list[str]:
    """Return the columns that make a row what it is, its key aside."""
    return [n for n in names if n not in keys and not target.c[n].info.get(RUN_DETAIL, False)]
