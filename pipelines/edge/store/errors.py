"""What can go wrong with the store, in sentences that hold no row's contents."""

import sqlite3

import psycopg

from insight.errors import InsightError


class StoreError(InsightError):
    """Base of what can go wrong with the store."""


class StoreUnavailableError(StoreError):
    """The store can't be reached, read or written."""


class StoreLockedError(StoreError):
    """Another program is writing to the store."""


class StoreVersionError(StoreError):
    """The store's tables aren't those that this version of the code works with."""


class StoreRefusedError(StoreError):
    """Rows don't fit their table."""


def unavailable(name: str, reason: str) -> StoreUnavailableError:
    """Return the error for a store called `name` that can't be used for `reason`."""
    return StoreUnavailableError(f"The store {name} can't be used: {reason}")


def locked(name: str) -> StoreLockedError:
    """Return the error for a store that somebody else is writing to."""
    return StoreLockedError(
        f"The store {name} is being used by another program; close it or try again."
    )


def not_upgraded(name: str) -> StoreVersionError:
    """Return the error for a store whose tables are missing or too old."""
    return StoreVersionError(
        f"The store {name} isn't set up for this version; run `insight store upgrade`."
    )


def refused(code: str | None) -> StoreRefusedError:
    """Return the error for rows that the database itself turned down."""
    return StoreRefusedError(
        f"The store refused a row that breaks a rule of its table ({code}); nothing was stored."
    )


SQLITE_REASONS = {
    "SQLITE_CANTOPEN": "its file or folder is missing, or you may not open it.",
    "SQLITE_NOTADB": "the file isn't an SQLite database; name another file.",
    "SQLITE_CORRUPT": "the file is damaged; restore a backup.",
    "SQLITE_READONLY": "it can't be written; check that you may write to its file and folder.",
    "SQLITE_PERM": "you may not open it; check who may read and write its file.",
    "SQLITE_FULL": "the disk is full; make room and try again.",
    "SQLITE_IOERR": "the disk failed to read or write; check the disk or the network drive.",
}
POSTGRES_REASONS = {
    "42501": "the user in INSIGHT_STORE_URL may not do that; ask for rights to the database.",
    "25006": "the database is read-only.",
    "53": "PostgreSQL has run out of disk, memory or connections.",
}
# libpq gives a refused connection no code, only words in the server's language.
GONE = (
    "PostgreSQL can't be reached; check that it runs, that it has this database, and that the "
    "user and password in INSIGHT_STORE_URL are right."
)
POSTGRES_LIMIT = "54"  # a key longer than an index can hold
POSTGRES_LOCKED = ("55P03", "40P01", "40001")  # not available, deadlock, serialisation
POSTGRES_MISSING = ("42P01", "42703")  # table, column


def plain_error(error: BaseException, name: str) -> StoreError | None:
    """Say in our words what a database driver's error means; None if it is a fault of ours.

    Parameters
    ----------
    error
        What sqlite3 or psycopg raised; its own text may hold rows' contents and is not repeated.
    name
        The store, without user or password.
    """
    if isinstance(error, sqlite3.Error):
        return _sqlite_error(error, name)
    if isinstance(error, psycopg.Error):
        return _postgres_error(error, name)
    return None


def _sqlite_error(error: sqlite3.Error, name: str) -> StoreError | None:
    code = getattr(error, "sqlite_errorname", "")
    family = "_".join(code.split("_")[:2])
    if family in {"SQLITE_BUSY", "SQLITE_LOCKED"}:
        return locked(name)
    if family in SQLITE_REASONS:
        return unavailable(name, SQLITE_REASONS[family])
    if str(error).startswith(("no such table", "no such column")):
        return not_upgraded(name)
    if isinstance(error, sqlite3.IntegrityError):
        return refused(code)
    return None


def _postgres_error(error: psycopg.Error, name: str) -> StoreError | None:
    code = error.sqlstate or ""
    if code in POSTGRES_LOCKED:
        return locked(name)
    if code in POSTGRES_MISSING:
        return not_upgraded(name)
    for start, reason in POSTGRES_REASONS.items():
        if code.startswith(start):
            return unavailable(name, reason)
    if isinstance(error, psycopg.IntegrityError | psycopg.DataError) or code.startswith(
        POSTGRES_LIMIT
    ):
        return refused(code)
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return unavailable(name, GONE)
    return None
