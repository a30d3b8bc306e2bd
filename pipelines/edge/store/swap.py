"""Put a new store in the place of the present one: the old stays until the new is whole."""

import os
import shutil
import sqlite3
from pathlib import Path

from sqlalchemy import Engine, make_url

from pipelines.edge.store.engine import open_store
from pipelines.edge.store.errors import locked, plain_error, unavailable

_BESIDE = ("-wal", "-shm")


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite store; None if it is another database."""
    address = make_url(url)
    return Path(str(address.database)) if address.get_backend_name() == "sqlite" else None


def new_beside(path: Path) -> Engine:
    """Return a new, empty store beside the one at `path`, under a name of its own."""
    draft = path.with_name(f".{path.name}.restoring")
    for leftover in (draft, *(_named(draft, ending) for ending in _BESIDE)):
        leftover.unlink(missing_ok=True)
    return open_store(f"sqlite:///{draft}")


def put_in_place(new: Engine, path: Path, aside: Path) -> None:
    """Move the new store to `path` and the present one to `aside`, with no moment without one.

    Raises
    ------
    StoreLockedError
        If another program has the present store open.
    StoreUnavailableError
        If the files can't be moved.
    """
    draft = Path(str(new.url.database))
    new.dispose()
    _close_wal(draft)
    try:
        if path.exists():
            _close_wal(path)
            _keep(path, aside)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        reason = f"its files can't be moved ({error.strerror}); it is as it was."
        raise unavailable(str(path), reason) from error


def _keep(path: Path, aside: Path) -> None:
    """Give the present store a second name, so that it is never without its first."""
    for ending in _BESIDE:  # left behind by a store that can't be opened any more
        beside = _named(path, ending)
        if beside.exists():
            beside.replace(_named(aside, ending))
    try:
        os.link(path, aside)
    except OSError:  # a disk that knows no links
        shutil.copy2(path, aside)


def _close_wal(path: Path) -> None:
    """Bring a store's whole contents into its one file; one that is damaged is left as it is."""
    connection = sqlite3.connect(path, timeout=1.0, isolation_level=None)
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        if mode != "delete":
            raise locked(str(path))
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            return
        raise plain_error(error, str(path)) or error from None
    finally:
        connection.close()


def _named(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
