import sqlite3

import pandas as pd
import psycopg
import pytest

from models import Contact
from pipelines.edge.store import (
    StoreLockedError,
    StoreRefusedError,
    StoreUnavailableError,
    StoreVersionError,
    open_store,
    upgrade_store,
    upsert,
    write_transaction,
)
from pipelines.edge.store import staging as store_staging
from pipelines.edge.store.errors import plain_error

KINDS = {
    psycopg.errors.LockNotAvailable: StoreLockedError,
    psycopg.errors.DeadlockDetected: StoreLockedError,
    psycopg.errors.UndefinedTable: StoreVersionError,
    psycopg.errors.UndefinedColumn: StoreVersionError,
    psycopg.errors.DiskFull: StoreUnavailableError,
    psycopg.errors.TooManyConnections: StoreUnavailableError,
    psycopg.errors.InsufficientPrivilege: StoreUnavailableError,
    psycopg.errors.AdminShutdown: StoreUnavailableError,
    psycopg.InterfaceError: StoreUnavailableError,
    psycopg.errors.NotNullViolation: StoreRefusedError,
    psycopg.errors.InvalidTextRepresentation: StoreRefusedError,
    psycopg.errors.ProgramLimitExceeded: StoreRefusedError,
}


@pytest.mark.parametrize("error", KINDS)
def test_each_of_postgresqls_errors_has_its_sentence_without_its_own_words(error):
    plain = plain_error(error("Mrs Secret"), "insight on db.example")
    assert type(plain) is KINDS[error]
    assert "Secret" not in str(plain)
    assert str(plain).endswith((".", "nothing was stored."))


@pytest.mark.parametrize(
    "error", [psycopg.errors.SyntaxError(), sqlite3.ProgrammingError(), ValueError()]
)
def test_a_fault_of_ours_is_not_dressed_up(error):
    assert plain_error(error, "insight.db") is None


@pytest.fixture
def connection(postgres_url):
    engine = open_store(postgres_url)
    upgrade_store(engine)
    with write_transaction(engine) as connection:
        yield connection


def test_a_row_that_postgresql_cant_copy_is_refused_and_not_shown(
    connection, contacts, monkeypatch
):
    monkeypatch.setattr(store_staging, "plain_values", lambda rows, _: ["Mrs Secret"] * len(rows))
    with pytest.raises(StoreRefusedError, match="refused a row") as refused:
        upsert(connection, Contact, contacts())
    assert "Secret" not in str(refused.value)
    assert refused.value.__suppress_context__
    connection.rollback()


def test_a_key_too_long_for_postgresqls_index_is_refused(connection, contacts):
    digits = pd.Series(range(10_000)).map(lambda n: f"{n * 7919 % 100_003:05}").sum()
    with pytest.raises(StoreRefusedError, match="refused a row"):
        upsert(connection, Contact, contacts(row_key=["a", digits]))
    connection.rollback()
