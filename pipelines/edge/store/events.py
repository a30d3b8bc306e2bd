"""Writing events: only what is new or corrected is written, and each row's fate is told."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Index, Row, Table, delete, exists, func, select
from sqlalchemy.schema import CreateIndex, DropIndex

from insight.changes import Changes, find_changes
from models import Event
from pipelines.edge.store.columns import table_of
from pipelines.edge.store.staging import (
    columns_for,
    put_rows,
    queue_writers,
    same_key,
    stage,
)

FEW_KEYS = 20_000
"""Up to so many keys are looked up one by one; for more, all of a source's are read."""
MANY_ROWS = 100_000
"""From so many rows an index is made anew faster than it takes them one by one."""


def write_events(
    connection: Connection, table: type[Event], source: str, rows: pd.DataFrame
) -> Changes:
    """Store the events of one or more files of one source, and say what became of each row.

    Parameters
    ----------
    connection
        From `write_transaction`.
    table
        Class of the table.
    source
        The source that all of `rows` come from.
    rows
        The table's columns and ``file``, the number of the file in the batch, in the order in
        which the rows came; keys may repeat. See `find_changes`.

    Raises
    ------
    MissingColumnsError
        If a column is absent that no row may lack.
    StoreRefusedError
        If a column is unknown, a needed value missing, or a value doesn't fit.
    """
    target = table_of(table)
    queue_writers(connection, target)
    stored = existing_hashes(connection, table, source, rows["row_key"])
    changes = find_changes(rows, stored)
    written = rows.loc[changes.write].drop(columns="file")
    if written.empty:
        return changes
    columns = columns_for(target, written)
    known = stored.index.get_indexer(pd.Index(written["row_key"])) >= 0
    there = written.loc[known, ["source", "row_key"]]
    if len(there):
        outdated = stage(connection, [target.c.source, target.c.row_key], there)
        connection.execute(delete(target).where(exists().where(same_key(target, outdated))))
        outdated.drop(connection)
    late = _indexes_to_make_late(connection, target, len(written))
    for index in late:
        connection.execute(DropIndex(index))
    put_rows(connection, target, columns, written)
    for index in late:
        connection.execute(CreateIndex(index))
    return changes


def existing_hashes(
    connection: Connection, table: type[Event], source: str, row_keys: Iterable[str]
) -> pd.Series:
    """Return ``row_hash`` by ``row_key`` of a source's stored rows, at least for `row_keys`."""
    target = table_of(table)
    query = select(target.c.row_key, target.c.row_hash).where(target.c.source == source)
    if connection.execute(query.limit(1)).first() is None:
        return _by_key([])
    wanted = pd.DataFrame({"row_key": pd.Series(row_keys, dtype="string").drop_duplicates()})
    if len(wanted) > FEW_KEYS:
        return _by_key(connection.execute(query).all())
    incoming = stage(connection, [target.c.row_key], wanted)
    rows = connection.execute(query.where(target.c.row_key == incoming.c.row_key)).all()
    incoming.drop(connection)
    return _by_key(rows)


def _by_key(rows: Sequence[Row[Any]]) -> pd.Series:
    keys, hashes = zip(*rows, strict=True) if rows else ((), ())
    return pd.Series(
        pd.array(hashes, dtype="string"),
        index=pd.Index(pd.array(keys, dtype="string"), name="row_key"),
        name="row_hash",
    )


def _indexes_to_make_late(connection: Connection, target: Table, rows: int) -> list[Index]:
    """Return the indexes to drop and make anew: all of them where most rows will be new.

    Both happen in the transaction of the rows, so that a run that is stopped has them still.
    """
    if connection.dialect.name != "sqlite" or rows < MANY_ROWS:
        return []
    there = connection.execute(select(func.count()).select_from(target)).scalar_one()
    return sorted(target.indexes, key=lambda index: str(index.name)) if rows >= there else []
