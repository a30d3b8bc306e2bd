"""One run at a time: whatever writes to a store holds its lock from before the first look at it.

On SQLite the lock is the operating system's, on a file beside the store; on PostgreSQL it is an
advisory lock of a connection of its own. Both are gone with the process that held them, however it
ended, so that there is never anything to clean up.
"""

import json
import os
import platform
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zlib import crc32

from filelock import FileLock, Timeout
from sqlalchemy import Connection, make_url, text

from insight.errors import InsightError
from pipelines.edge.store import StoreUnavailableError, open_store
from pipelines.edge.workspace import Workspace

LOOK_AGAIN_S = 1.0
NOTICED_S = 2.0
"""PostgreSQL takes a moment to notice that a process that held the lock was killed."""
_LOCK_CLASS = 20261102  # with the store's own number, no other program's advisory lock
_NAME_LENGTH = 63  # what PostgreSQL keeps of a connection's name
_held: dict[str, int] = {}
_guard = threading.Lock()


class RunLockedError(InsightError):
    """Another run is writing to the store."""


@contextmanager
def hold_store(
    workspace: Workspace,
    *,
    doing: str,
    wait_s: float = 0.0,
    waiting: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Hold the workspace's store while the block runs, so that no other run writes to it.

    A process that holds it already may hold it again: the monthly flow calls the others.

    Parameters
    ----------
    workspace
        Whose store.
    doing
        What the run does, in words for whoever is kept waiting, such as ``"run of October 2026"``.
    wait_s
        Seconds to wait for another run to end before giving up.
    waiting
        Told once, in a sentence, that it waits and for what.

    Raises
    ------
    RunLockedError
        If another run holds it still after `wait_s`.
    StoreUnavailableError
        If the lock cannot be made, or the database cannot be reached.
    """
    url = workspace.store_url
    with _guard:
        inside = _held.get(url, 0)
        if inside:
            _held[url] = inside + 1
    if inside:
        try:
            yield
        finally:
            _leave(url)
        return
    since = datetime.now(workspace.settings.zone)
    machine = platform.node() or "this machine"
    told = f"{doing}, since {since:%H:%M on %d/%m/%Y}, process {os.getpid()} on {machine}"
    sqlite = make_url(url).get_backend_name() == "sqlite"
    holding = _file_lock if sqlite else _advisory_lock
    patience = _Patience(wait_s if sqlite else max(wait_s, NOTICED_S), waiting)
    with holding(url, told, patience):
        with _guard:
            _held[url] = _held.get(url, 0) + 1
        try:
            yield
        finally:
            _leave(url)


def _leave(url: str) -> None:
    with _guard:
        _held[url] -= 1
        if not _held[url]:
            del _held[url]


class _Patience:
    """Counts down the wait, and tells once that it waits."""

    def __init__(self, wait_s: float, waiting: Callable[[str], None] | None) -> None:
        self.until = time.monotonic() + wait_s
        self.waiting = waiting

    def pause(self, holder: str) -> None:
        """Sleep a moment, or give up."""
        left = self.until - time.monotonic()
        if left <= 0:
            message = (
                f"Another run is writing to the store ({holder}). Wait until it is done and try "
                "again, or use `insight run --wait`; nothing was changed."
            )
            raise RunLockedError(message)
        if self.waiting is not None:
            self.waiting(f"Waiting for another run ({holder})...")
            self.waiting = None
        time.sleep(min(LOOK_AGAIN_S, left))


@contextmanager
def _file_lock(url: str, told: str, patience: _Patience) -> Iterator[None]:
    store = Path(str(make_url(url).database))
    path = store.with_name(f"{store.name}.lock")
    note = store.with_name(f"{store.name}.lock.json")
    lock = FileLock(path, thread_local=False)
    try:
        store.parent.stat()  # the library would make a missing folder
        while True:
            try:
                lock.acquire(timeout=0)
                break
            except Timeout:
                patience.pause(_holder(note))
        note.write_text(json.dumps({"holder": told, "process": os.getpid()}), encoding="utf-8")
    except OSError as error:
        message = (
            f"The store's folder {store.parent} cannot be written ({error.strerror}). Check that "
            "it is there, that you may write to it, and that its disk is not full."
        )
        raise StoreUnavailableError(message) from error
    try:
        yield
    finally:
        lock.release()


def _holder(note: Path) -> str:
    try:
        return str(json.loads(note.read_text(encoding="utf-8"))["holder"])
    except (OSError, ValueError, KeyError):
        return "it has not said what it does"


@contextmanager
def _advisory_lock(url: str, told: str, patience: _Patience) -> Iterator[None]:
    engine = open_store(url)
    numbers = {"kind": _LOCK_CLASS, "store": crc32(str(engine.url.database).encode()) >> 1}
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not connection.execute(_TRY, numbers).scalar_one():
                patience.pause(_advisory_holder(connection, numbers))
            connection.execute(
                _CALL_IT, {"name": told.encode()[:_NAME_LENGTH].decode("utf-8", "ignore")}
            )
            yield
            # Closing the connection lets go of the lock, as a killed process would.
    finally:
        engine.dispose()


_TRY = text("SELECT pg_try_advisory_lock(:kind, :store)")
_CALL_IT = text("SELECT set_config('application_name', :name, false)")
_WHO = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :kind AND l.objid = :store "
    "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def _advisory_holder(connection: Connection, numbers: dict[str, int]) -> str:
    found = connection.execute(_WHO, numbers).scalars().first()
    return found or "it has not said what it does"
