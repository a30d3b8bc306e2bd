"""Taking rows out of the store, and out of the file or the pages that held them."""

import sqlite3

import pandas as pd
from sqlalchemy import Connection, Engine, and_, delete, exists, text
from sqlmodel import SQLModel

from pipelines.edge.store.columns import table_of
from pipelines.edge.store.engine import store_name
from pipelines.edge.store.errors import plain_error
from pipelines.edge.store.staging import queue_writers, stage


def delete_rows(connection: Connection, table: type[SQLModel], rows: pd.DataFrame) -> int:
    """Delete the rows of `table` that are equal to one of `rows` in the columns that it has.

    Parameters
    ----------
    connection
        From `write_transaction`.
    table
        Class of the table.
    rows
        Some of its columns, such as ``source`` and ``row_key``, without blanks.

    Returns
    -------
    int
        Rows deleted.
    """
    if rows.empty:
        return 0
    target = table_of(table)
    queue_writers(connection, target)
    going = stage(connection, [target.c[name] for name in rows.columns], rows.drop_duplicates())
    same = and_(*(target.c[name] == going.c[name] for name in rows.columns))
    statement = delete(target).where(exists().where(same))
    done = connection.execute(statement, execution_options={"preserve_rowcount": True})
    going.drop(connection)
    return done.rowcount


def reclaim(engine: Engine) -> None:
    """Give up the space of deleted rows, so that nothing of them stays in the store's files.

    Raises
    ------
    StoreError
        If another program is using the store, or the disk has no room for it.
    """
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
        return
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        plain = plain_error(error, store_name(engine.url))
        if plain is None:
            raise
        raise plain from error
    finally:
        raw.close()
