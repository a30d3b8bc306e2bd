import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pandas as pd
import psycopg
import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from models import Service
from pipelines.edge.store import (
    StoreLockedError,
    StoreRefusedError,
    StoreUnavailableError,
    StoreVersionError,
    open_store,
    read_table,
    store_digest,
    upgrade_store,
    upsert,
    write_transaction,
)

BINS = pd.DataFrame({"code": ["bins"], "name": ["Bins"]}, dtype="string")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "insight.db"


@pytest.fixture
def sqlite_url(path):
    upgrade_store(open_store(f"sqlite:///{path}"))
    return f"sqlite:///{path}"


@pytest.fixture
def locked_folder():
    """A folder that the test may not write to, though it may run as root."""
    if os.name == "nt":
        pytest.skip("Windows doesn't protect a folder by its mode")
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    folder = Path(tempfile.mkdtemp())
    yield folder
    folder.chmod(0o700)
    if root:
        os.seteuid(0)
    shutil.rmtree(folder)


def names(engine):
    with engine.connect() as connection:
        return read_table(connection, Service, timezone="Europe/London")["name"].tolist()


def in_one_transaction(engine, *steps):
    """Put Bins in, then take further steps: SQL, or something to call with the connection."""
    with write_transaction(engine) as connection:
        upsert(connection, Service, BINS)
        for step in steps:
            step(connection) if callable(step) else connection.execute(text(step))


def fail(_):
    raise RuntimeError


def test_a_transaction_that_fails_leaves_no_trace(store):
    with pytest.raises(RuntimeError):
        in_one_transaction(store, "CREATE TABLE half_done (x INTEGER)", fail)
    assert names(store) == []
    assert "half_done" not in inspect(store).get_table_names()


def test_after_a_refusal_the_same_transaction_leaves_nothing_and_the_next_one_works(store):
    with pytest.raises(StoreRefusedError):
        in_one_transaction(store, "INSERT INTO service (code, name) VALUES ('bins', 'Again')")
    assert names(store) == []
    in_one_transaction(store)
    assert names(store) == ["Bins"]


def test_a_reader_sees_the_old_rows_until_the_writer_has_finished(store):
    with write_transaction(store) as connection:
        upsert(connection, Service, BINS)
        assert names(store) == []
    assert names(store) == ["Bins"]


def test_sqlite_keeps_a_write_ahead_log_and_foreign_keys(sqlite_url):
    with open_store(sqlite_url).connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_a_full_disk_is_reported_and_leaves_the_store_as_it_was(sqlite_url):
    engine = open_store(sqlite_url)
    many = pd.DataFrame({"code": [str(n) for n in range(1000)], "name": "x" * 500})
    with (
        pytest.raises(StoreUnavailableError, match="the disk is full; make room"),
        write_transaction(engine) as connection,
    ):
        fill(connection, many)
    assert names(engine) == []


def fill(connection, rows):
    connection.execute(text("PRAGMA max_page_count = 1"))  # as if there were no room to grow
    upsert(connection, Service, rows)


def test_a_second_writer_is_told_to_wait(store):
    with write_transaction(store) as first:
        upsert(first, Service, BINS)
        with (
            pytest.raises(StoreLockedError, match="used by another program; close it or try again"),
            write_transaction(store) as second,
        ):
            upsert(second, Service, BINS)
    assert names(store) == ["Bins"]


def test_on_sqlite_a_second_writer_waits_before_it_has_done_anything(sqlite_url):
    first, second = (open_store(sqlite_url, busy_timeout_s=0.1) for _ in range(2))
    begun = []
    with (
        write_transaction(first),
        pytest.raises(StoreLockedError),
        write_transaction(second),
    ):
        begun.append("second")
    assert begun == []


def test_a_store_locked_by_a_stranger_is_reported_when_opened(tmp_path):
    path = tmp_path / "insight.db"
    stranger = sqlite3.connect(path, isolation_level=None)
    stranger.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreLockedError, match=r"insight\.db is being used by another program"):
        open_store(f"sqlite:///{path}", busy_timeout_s=0.1)
    stranger.close()


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(StoreUnavailableError, match=r"absent.*folder doesn't exist"):
        open_store(f"sqlite:///{tmp_path / 'absent' / 'insight.db'}")
    assert list(tmp_path.iterdir()) == []


def test_a_new_store_in_a_folder_that_cant_be_written_is_refused(locked_folder):
    locked_folder.chmod(0o500)
    with pytest.raises(StoreUnavailableError, match=r"can't be written; check .* folder"):
        open_store(f"sqlite:///{locked_folder / 'insight.db'}")


def test_a_store_whose_folder_became_read_only_is_refused(locked_folder):
    url = f"sqlite:///{locked_folder / 'insight.db'}"
    upgrade_store(open_store(url))
    (locked_folder / "insight.db").chmod(0o400)
    locked_folder.chmod(0o500)
    with pytest.raises(StoreUnavailableError, match=r"can't be used: .*(write|open)"):
        upgrade_store(open_store(url))


def test_a_file_that_isnt_a_database_is_named_and_left_alone(path):
    path.write_text("report_id,reported_at\n" * 100)
    with pytest.raises(StoreUnavailableError, match=r"insight\.db .*isn't an SQLite database"):
        open_store(f"sqlite:///{path}")
    assert path.read_text().startswith("report_id")


def test_a_folder_in_the_stores_place_is_refused(path):
    path.mkdir()
    with pytest.raises(StoreUnavailableError, match=r"insight\.db"):
        open_store(f"sqlite:///{path}")


def test_a_store_that_disappears_is_reported_and_not_made_anew(sqlite_url, path):
    engine = open_store(sqlite_url)
    path.unlink()
    with (
        pytest.raises(StoreUnavailableError, match="its file is gone; restore a backup"),
        write_transaction(engine) as connection,
    ):
        upsert(connection, Service, BINS)
    assert not path.exists()


def test_a_damaged_store_is_reported(sqlite_url, path):
    engine = open_store(sqlite_url)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_960)
    with pytest.raises(StoreUnavailableError, match="damaged; restore a backup"):
        store_digest(engine)


def test_a_store_that_was_never_set_up_says_what_to_run(store_url):
    with pytest.raises(StoreVersionError, match="insight store upgrade"):
        store_digest(open_store(store_url))


def test_a_store_that_lacks_a_column_says_what_to_run(store):
    with write_transaction(store) as connection:
        connection.execute(text("ALTER TABLE service DROP COLUMN lgsl"))
    with pytest.raises(StoreVersionError, match="insight store upgrade"):
        names(store)


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://u:hunter2@h/d", "hunter2", ""]
)
def test_an_address_of_another_kind_is_refused_without_being_repeated(url):
    with pytest.raises(StoreUnavailableError, match="must begin with sqlite:///") as refused:
        open_store(url)
    assert "hunter2" not in str(refused.value)


def test_an_unreachable_server_is_named_without_its_password():
    url = "postgresql://insight:hunter2@127.0.0.1:9/insight"
    with pytest.raises(StoreUnavailableError, match=r"insight on 127\.0\.0\.1 .*check") as refused:
        open_store(url)
    assert "hunter2" not in str(refused.value)


def test_a_database_that_doesnt_exist_is_named(postgres_url):
    with pytest.raises(StoreUnavailableError, match=r"nowhere.*check .* has this database"):
        open_store(postgres_url.replace("/insight_", "/nowhere_"))


def test_a_server_may_be_named_as_its_own_tools_name_it(postgres_url):
    plain = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    assert open_store(plain).dialect.driver == "psycopg"


def test_a_connection_that_breaks_is_reported_and_the_next_one_works(postgres_url):
    engine = open_store(postgres_url)
    upgrade_store(engine)

    def break_off(connection):
        own = connection.execute(text("SELECT pg_backend_pid()")).scalar()
        with psycopg.connect(postgres_url.replace("+psycopg", "")) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [own])

    with pytest.raises(StoreUnavailableError, match="can't be reached"):
        in_one_transaction(engine, break_off, "SELECT 1")
    assert names(engine) == []


def test_a_read_only_database_is_reported(postgres_url):
    engine = open_store(postgres_url)
    upgrade_store(engine)
    with write_transaction(engine) as connection:
        connection.execute(
            text(f'ALTER DATABASE "{engine.url.database}" SET default_transaction_read_only = on')
        )
    with pytest.raises(StoreUnavailableError, match="the database is read-only"):
        in_one_transaction(engine)


def test_an_error_shows_no_row(store):
    upsert_twice = "INSERT INTO service (code, name) VALUES (:code, 'x'), (:code, 'y')"
    with pytest.raises(StoreRefusedError) as refused, write_transaction(store) as connection:
        connection.execute(text(upsert_twice), {"code": "Mrs Secret"})
    assert "Secret" not in str(refused.value)
    with pytest.raises(DBAPIError) as wrong, write_transaction(store) as connection:
        connection.execute(text("SELEKT :code"), {"code": "Mrs Secret"})
    assert "Secret" not in str(wrong.value)
