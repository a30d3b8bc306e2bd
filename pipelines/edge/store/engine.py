"""Opening the store, and transactions that hold or leave no trace."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError

from pipelines.edge.store.errors import StoreError, StoreUnavailableError, plain_error, unavailable

WRITING = "store_writing"
SQLITE_CACHE_KB = 131_072


def open_store(url: str, *, busy_timeout_s: float = 10.0) -> Engine:
    """Open the store at `url`, making an empty SQLite file if its folder has none.

    Parameters
    ----------
    url
        ``sqlite:///path/to/insight.db`` or ``postgresql://user:password@host/database``.
    busy_timeout_s
        Seconds to wait for another program's writing before giving up.

    Returns
    -------
    sqlalchemy.Engine
        Every database error it raises that a user can act on is a `StoreError`.

    Raises
    ------
    StoreUnavailableError
        If the store can't be reached, or the file isn't a database.
    StoreLockedError
        If another program holds it for longer than `busy_timeout_s`.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        # The address may hold a password, so it isn't repeated.
        raise StoreUnavailableError(BAD_ADDRESS) from None
    kind = address.get_backend_name()
    if kind == "sqlite" and address.database not in (None, "", ":memory:"):
        engine = _sqlite_engine(Path(str(address.database)), busy_timeout_s)
    elif kind in {"postgresql", "postgres"}:
        engine = _postgres_engine(address, busy_timeout_s)
    else:
        raise StoreUnavailableError(BAD_ADDRESS)
    with engine.connect() as connection:
        connection.execute(text(_FIRST_LOOK[engine.dialect.name]))
    return engine


BAD_ADDRESS = (
    "The store's address must begin with sqlite:/// and a file's path, or with postgresql://; "
    "correct INSIGHT_STORE_URL."
)
_FIRST_LOOK = {"sqlite": "SELECT count(*) FROM sqlite_master", "postgresql": "SELECT 1"}


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose writes are all stored when the block ends, or none if it fails.

    On SQLite the right to write is taken at the start, so that a second writer waits there and
    not halfway through.
    """
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        yield connection


def store_name(url: URL) -> str:
    """Return what messages call the store: never its user or password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.database} on {url.host or url.query.get('host', 'this machine')}"


def _sqlite_engine(path: Path, busy_timeout_s: float) -> Engine:
    _make_file(path)
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        poolclass=NullPool,  # a pooled connection would go on writing to a file that was deleted
        connect_args={"timeout": busy_timeout_s},
    )

    @event.listens_for(engine, "do_connect")
    def _refuse_a_missing_file(*_: object) -> None:
        if not path.is_file():  # SQLite would make an empty one
            raise unavailable(str(path), "its file is gone; restore a backup.")

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        # Two megabytes, the default, make a large file read and write its index pages many times.
        connection.execute(f"PRAGMA cache_size = -{SQLITE_CACHE_KB}")
        connection.execute("PRAGMA temp_store = MEMORY")

    # Left to itself, sqlite3 begins at the first change of a row: too late for DDL and reads.
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return _speaking_plainly(engine)


def _make_file(path: Path) -> None:
    if not path.parent.is_dir():
        raise unavailable(str(path), "its folder doesn't exist; create it or correct the path.")
    if path.exists():
        return
    try:
        path.touch()
    except OSError:
        reason = "it can't be written; check that you may write to its file and folder."
        raise unavailable(str(path), reason) from None


def _postgres_engine(address: URL, busy_timeout_s: float) -> Engine:
    settings = f"-c lock_timeout={round(busy_timeout_s * 1000)}"
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        poolclass=NullPool,  # a database that comes back is found again
        connect_args={"options": settings, "connect_timeout": 10, "client_encoding": "utf8"},
    )
    return _speaking_plainly(engine)


def _speaking_plainly(engine: Engine) -> Engine:
    name = store_name(engine.url)

    @event.listens_for(engine, "handle_error")
    def _translate(context: ExceptionContext) -> StoreError | None:
        return plain_error(context.original_exception, name)

    return engine


def raw_cursor(connection: Connection) -> Any:  # noqa: ANN401 - the driver's own
    """Return the driver's cursor, for what SQLAlchemy has no words for."""
    return connection.connection.cursor()
