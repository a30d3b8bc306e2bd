import hashlib
import io
import json
import os
import zipfile

import numpy as np
import pytest
from alembic import command
from pyarrow import parquet
from sqlalchemy import inspect

from insight.errors import InsightError
from pipelines.edge.backup_reading import (
    BackupDamagedError,
    BackupError,
    BackupKeyError,
    digest_of_archive,
    open_backup,
    signature,
)
from pipelines.edge.store import StoreLockedError, open_store, read_table, store_digest
from pipelines.edge.store.versions import alembic_config
from pipelines.edge.workspace import open_workspace
from pipelines.steps import restore as restoring
from pipelines.steps.backup import make_backup
from pipelines.steps.erase import erase
from pipelines.steps.events import read_events
from pipelines.steps.purge import purge
from pipelines.steps.restore import check_backup, restore

OLD = "1,03/02/2023 09:30,phone,waste,C1,,bin not emptied"
ONE = "2,03/10/2026 09:30,phone,waste,C2,,Bin\u00e9 not emptied"
TWO = "3,04/10/2026 09:30,phone,waste,C3,,bin not emptied"


def again(workspace):
    """Open the workspace anew, as the next command does."""
    workspace.engine.dispose()
    return open_workspace(workspace.root, run_id="next")


def contacts(workspace):
    return read_events(workspace, "contacts")["contact_id"].tolist()


@pytest.fixture
def council(on_each_database, feed):
    workspace = on_each_database()
    feed(workspace, "contacts", OLD, ONE, *[ONE] * 30, "9,nonsense,phone,waste,C1,,x")
    return workspace


def test_a_backup_holds_the_store_and_reads_back(council, tmp_path):
    made = make_backup(council, tmp_path / "b.zip")
    assert made.digest == store_digest(council.engine)
    assert check_backup(council, made.path).digest == made.digest
    names = set(zipfile.ZipFile(made.path).namelist())
    assert {"settings/council.yaml", "mappings/README.md", "tables/contact.parquet"} <= names
    assert council.key.hex() not in made.path.read_bytes().hex()
    assert made.path.stat().st_mode & 0o077 == 0


def test_a_restored_store_equals_the_one_that_was_backed_up(council, feed, tmp_path):
    made = make_backup(council, tmp_path / "b.zip")
    feed(council, "contacts", TWO, name="later.csv")
    assert store_digest(council.engine) != made.digest
    told = restore(council, made.path)
    restored = again(council)
    assert store_digest(restored.engine) == made.digest
    assert contacts(restored) == ["1", "2"]
    assert told.kept.is_file()
    # Which run wrote a row, and when, comes back too.
    rows = read_events(restored, "contacts")
    assert len(rows) == 2


def test_a_sqlite_store_moves_to_postgresql_and_back(
    make_workspace, feed, postgres_url, monkeypatch, tmp_path
):
    workspace = make_workspace()
    feed(workspace, "contacts", OLD, ONE)
    made = make_backup(workspace, tmp_path / "b.zip")
    monkeypatch.setenv("INSIGHT_STORE_URL", postgres_url)
    server = open_workspace(workspace.root)
    restore(server, made.path)
    assert store_digest(server.engine) == made.digest
    back = make_backup(server, tmp_path / "c.zip")
    monkeypatch.delenv("INSIGHT_STORE_URL")
    feed(workspace, "contacts", TWO, name="later.csv")
    restore(again(workspace), back.path)
    assert store_digest(again(workspace).engine) == made.digest


def test_who_was_erased_since_does_not_come_back(council, tmp_path):
    made = make_backup(council, tmp_path / "b.zip")
    erase(council, "C2")
    told = restore(council, made.path)
    assert told.removed["contacts"] == 1
    restored = again(council)
    assert contacts(restored) == ["1"]
    assert erase(restored, "C2").counts == {}


def test_what_was_purged_since_does_not_come_back_even_without_the_store_that_did_it(
    make_workspace, feed, tmp_path
):
    workspace = make_workspace()
    feed(workspace, "contacts", OLD, ONE, TWO)
    made = make_backup(workspace, tmp_path / "b.zip")
    purge(workspace, carry_out=True)
    erase(workspace, "C3")
    workspace.engine.dispose()
    store = workspace.root / "store" / "insight.db"
    store.write_bytes(b"this is not a database any more" * 100)
    told = restore(open_workspace(workspace.root), made.path)
    assert any("couldn't be read" in note for note in told.notes)
    restored = open_workspace(workspace.root)
    assert contacts(restored) == ["2"]
    assert feed(restored, "contacts", OLD, TWO, name="x.csv").filtered == 2


def member_of(table):
    return f"tables/{table['name']}.parquet"


def columns_at(revision, folder):
    """Return the columns of each table as they were at an older version of the store."""
    engine = open_store(f"sqlite:///{folder / 'older.db'}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)
        there = inspect(connection)
        tables = set(there.get_table_names()) - {"alembic_version"}
        return {name: {c["name"] for c in there.get_columns(name)} for name in tables}


def test_a_backup_of_an_older_version_is_brought_up_to_date(make_workspace, feed, tmp_path):
    workspace = make_workspace()
    feed(workspace, "contacts", ONE)
    whole = store_digest(workspace.engine)
    made = make_backup(workspace, tmp_path / "b.zip")
    known = columns_at("0002", tmp_path)

    def older(manifest, members):
        manifest["revision"] = "0002"
        for table in [t for t in manifest["tables"] if t["name"] not in known]:
            del members[member_of(table)]
            manifest["tables"].remove(table)
        for table in manifest["tables"]:
            if newer := set(table["columns"]) - known[table["name"]]:
                content = io.BytesIO()
                member = member_of(table)
                rows = parquet.read_table(io.BytesIO(members[member]))
                parquet.write_table(rows.drop_columns(sorted(newer)), content)
                members[member] = content.getvalue()
                table["bytes"] = len(members[member])
                table["sha256"] = hashlib.sha256(content.getvalue()).hexdigest()
                for which in ("columns", "digested"):
                    table[which] = [name for name in table[which] if name not in newer]

    rewrite(made.path, older, workspace.key)
    with open_backup(made.path, key=workspace.key) as backup:
        digest = digest_of_archive(backup)
    rewrite(made.path, lambda manifest, _: manifest.update(digest=digest), workspace.key)
    restore(workspace, made.path)
    assert store_digest(again(workspace).engine) == whole


def rewrite(path, change, key=None):
    """Change an archive's manifest and members, signing it anew where the key is given."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    signed = members.pop("manifest.sig")
    change(manifest, members)
    text = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", text)
        archive.writestr("manifest.sig", signature(text, key) if key else signed)
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("change", "error", "why"),
    [
        (lambda m, f: m.update(revision="9999"), BackupError, "newer version"),
        (lambda m, f: m.update(format=2), BackupError, "newer version"),
        (lambda m, f: m.update(digest="0" * 64), BackupDamagedError, "aren't those"),
        (lambda m, f: m["tables"].pop(), BackupDamagedError, "one too many"),
        (lambda m, f: f.update({"../evil": b"x"}), BackupDamagedError, "one too many"),
        (lambda m, f: m["tables"][0].update(rows=7), BackupDamagedError, "manifest says"),
        (lambda m, f: m["tables"][0].update(name="../../evil"), BackupDamagedError, "too many"),
        (lambda m, f: m["files"][0].update(name="settings/../../e"), BackupDamagedError, "belong"),
        (lambda m, f: m["files"][0].update(name="/tmp/e"), BackupDamagedError, "belong"),  # noqa: S108
        (lambda m, f: m["files"][0].update(name="settings\\..\\e"), BackupDamagedError, "belong"),
        (lambda m, f: m["files"][0].update(sha256="0"), BackupDamagedError, "isn't what was"),
        (lambda m, f: m["files"][0].update(bytes=1), BackupDamagedError, "isn't as long"),
    ],
)
def test_an_archive_that_is_not_as_it_says_is_refused(
    workspace, feed, tmp_path, change, error, why
):
    feed(workspace, "contacts", ONE)
    path = make_backup(workspace, tmp_path / "b.zip").path
    rewrite(path, change, workspace.key)
    before = store_digest(workspace.engine)
    with pytest.raises(error, match=why):
        restore(workspace, path)
    assert store_digest(workspace.engine) == before
    assert not list(workspace.root.parent.rglob("evil*"))


def test_an_altered_archive_is_refused_although_its_checksums_are_right(workspace, tmp_path):
    path = make_backup(workspace, tmp_path / "b.zip").path
    rewrite(path, lambda manifest, members: manifest.update(council="Another council"))
    with pytest.raises(BackupDamagedError, match="altered"):
        restore(workspace, path)


def test_an_archive_that_would_unpack_to_more_is_refused(workspace, tmp_path):
    path = make_backup(workspace, tmp_path / "b.zip").path
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(BackupDamagedError, match="packed"):
        restore(workspace, path)


def test_an_archive_of_another_key_is_refused_unless_asked_for(
    workspace, feed, tmp_path, monkeypatch
):
    feed(workspace, "contacts", ONE)
    made = make_backup(workspace, tmp_path / "b.zip")
    monkeypatch.setenv("INSIGHT_PSEUDONYM_KEY", "ab" * 32)
    other = again(workspace)
    with pytest.raises(BackupKeyError, match="INSIGHT_PSEUDONYM_KEY"):
        restore(other, made.path)
    told = restore(other, made.path, another_key=True)
    assert any("another key" in note for note in told.notes)


def test_a_flipped_byte_is_refused_or_changes_nothing(workspace, feed, tmp_path):
    feed(workspace, "contacts", ONE, TWO)
    made = make_backup(workspace, tmp_path / "b.zip")
    content = made.path.read_bytes()
    chosen = np.random.default_rng(7)
    places = [
        *range(40),
        *chosen.choice(len(content), 250),
        *range(len(content) - 60, len(content)),
    ]
    refused = 0
    for place in places:
        damaged = bytearray(content)
        damaged[place] ^= 1 << int(chosen.integers(8))
        path = tmp_path / "damaged.zip"
        path.write_bytes(bytes(damaged))
        try:
            assert check_backup(workspace, path).digest == made.digest
        except InsightError:
            refused += 1
    assert refused > len(places) / 2


@pytest.mark.parametrize("size", [0, 10, 1000, -1, -100])
def test_an_archive_that_is_cut_short_is_refused(workspace, tmp_path, size):
    path = make_backup(workspace, tmp_path / "b.zip").path
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(BackupDamagedError):
        restore(workspace, path)


def test_a_restore_that_fails_at_the_end_leaves_the_store(council, feed, tmp_path, monkeypatch):
    made = make_backup(council, tmp_path / "b.zip")
    feed(council, "contacts", TWO, name="later.csv")
    before = store_digest(council.engine)

    def fail(*_):
        raise RuntimeError("the power went")

    monkeypatch.setattr(restoring, "keep_out_of_store", fail)
    with pytest.raises(RuntimeError):
        restore(council, made.path)
    assert store_digest(again(council).engine) == before
    assert not [path for path in (council.root / "store").iterdir() if "restor" in path.name]


def test_a_store_that_is_open_elsewhere_is_not_replaced(make_workspace, feed, tmp_path):
    workspace = make_workspace()
    feed(workspace, "contacts", ONE)
    made = make_backup(workspace, tmp_path / "b.zip")
    with workspace.engine.connect() as connection:
        read_table(connection, restoring_table(), timezone="UTC")
        with pytest.raises(StoreLockedError):
            restore(workspace, made.path)
    assert contacts(again(workspace)) == ["2"]


def restoring_table():
    from models import Contact

    return Contact


def test_settings_that_are_missing_come_back_and_others_stay(workspace, tmp_path):
    made = make_backup(workspace, tmp_path / "b.zip")
    (workspace.root / "mappings" / "README.md").unlink()
    services = workspace.root / "settings" / "services.yaml"
    changed = services.read_text(encoding="utf-8") + "# ours\n"
    services.write_text(changed, encoding="utf-8")
    told = restore(workspace, made.path)
    assert (workspace.root / "mappings" / "README.md").is_file()
    assert services.read_text(encoding="utf-8") == changed
    assert (workspace.root / "from-backup" / "settings" / "services.yaml").is_file()
    assert any("mappings/README.md" in note for note in told.notes)


def test_a_backup_replaces_no_file_and_leaves_none_behind(workspace, tmp_path, monkeypatch):
    there = tmp_path / "b.zip"
    there.write_bytes(b"mine")
    with pytest.raises(BackupError, match="isn't overwritten"):
        make_backup(workspace, there)
    with pytest.raises(BackupError, match="can't be written"):
        make_backup(workspace, tmp_path / "nowhere" / "b.zip")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["b.zip"]
    made = make_backup(workspace)
    assert [path.name for path in workspace.backups.iterdir()] == [made.path.name]


def test_a_backup_that_is_not_there_is_said(workspace, tmp_path):
    with pytest.raises(BackupError, match="There is no backup"):
        restore(workspace, tmp_path / "none.zip")


def test_what_a_killed_backup_left_behind_goes_with_the_next(workspace):
    workspace.backups.mkdir()
    old, new = workspace.backups / ".backup-old", workspace.backups / ".backup-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "contact.parquet").write_bytes(b"x")
    os.utime(old, (0, 0))
    make_backup(workspace)
    assert not old.exists()
    assert new.exists()
