"""Restore the store from a backup: the present one stays until the new one is verified."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from alembic import command
from sqlalchemy import Column, Connection, MetaData, Table, inspect

from pipelines.edge.backup_files import set_aside_name
from pipelines.edge.backup_reading import (
    Backup,
    BackupDamagedError,
    BackupError,
    digest_of_archive,
    open_backup,
)
from pipelines.edge.rights_log import StaysOut, read_records
from pipelines.edge.store import (
    StoreError,
    open_store,
    write_transaction,
)
from pipelines.edge.store.read import digest_of
from pipelines.edge.store.remove import reclaim
from pipelines.edge.store.staging import put_plain_rows
from pipelines.edge.store.swap import new_beside, put_in_place, sqlite_file
from pipelines.edge.store.versions import alembic_config, known_revisions
from pipelines.edge.workspace import Workspace
from pipelines.steps.backup import make_backup
from pipelines.steps.keep_out import keep_out_of_store, known_in
from pipelines.steps.workspace_files import put_back

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Restored:
    """What a backup holds and, once restored, where the store before is kept."""

    made_at: str
    rows: int
    digest: str
    kept: Path | None = None
    removed: dict[str, int] = field(default_factory=dict)
    notes: Sequence[str] = ()


def check_backup(workspace: Workspace, path: Path, *, another_key: bool = False) -> Restored:
    """Verify a backup from end to end and say what it holds, changing nothing."""
    with open_backup(path, key=workspace.key, another_key=another_key) as backup:
        _verify(backup)
        return _told(backup)


def restore(workspace: Workspace, path: Path, *, another_key: bool = False) -> Restored:
    """Make the store what the backup holds, less what has been purged or erased since.

    Raises
    ------
    BackupError
        If the backup is damaged, of another key, or newer than this program.
    StoreError
        If the store can't be written. It is as it was, then.
    """
    with open_backup(path, key=workspace.key, another_key=another_key) as backup:
        _verify(backup)
        out, note = _stays_out(workspace)
        file = sqlite_file(workspace.store_url)
        put = _into_database if file is None else _into_file
        kept, removed = put(workspace, backup, out)
        notes = [*([note] if note else []), *put_back(workspace.root, backup.files)]
        if not backup.signed:
            notes.append(
                "The backup was of another key: its customers count as new, and erasures made "
                "under that key could not be applied. Go through the certificates."
            )
    told = _told(backup)
    log.info("store restored", file=path.name, rows=told.rows, **removed)
    return Restored(told.made_at, told.rows, told.digest, kept, removed, notes)


def _told(backup: Backup) -> Restored:
    rows = sum(table["rows"] for table in backup.tables)
    return Restored(str(backup.manifest["made_at"]), rows, str(backup.manifest["digest"]))


def _verify(backup: Backup) -> None:
    """Refuse a backup whose contents or version aren't right."""
    if backup.manifest["revision"] not in known_revisions():
        message = (
            f"{backup.path.name} was made by a newer version of council-insight; install that "
            "version. Nothing was changed."
        )
        raise BackupError(message)
    if digest_of_archive(backup) != backup.manifest["digest"]:
        raise BackupDamagedError(backup.path, "its contents aren't those that were stored")


def _stays_out(workspace: Workspace) -> tuple[StaysOut, str]:
    """Return what the present store and the record beside the outputs say must stay out."""
    recorded = read_records(workspace.rights)
    try:
        with open_store(workspace.store_url).connect() as connection:
            return recorded.joined(known_in(connection)), ""
    except StoreError:
        return recorded, (
            "The present store couldn't be read; what must stay out was taken from the records "
            f"in {workspace.rights}."
        )


def _into_file(workspace: Workspace, backup: Backup, out: StaysOut) -> tuple[Path, dict[str, int]]:
    path = sqlite_file(workspace.store_url)
    assert path is not None  # noqa: S101 - asked before
    new = new_beside(path)
    try:
        with write_transaction(new) as connection:
            removed = _fill(connection, workspace, backup, out)
        reclaim(new)
        aside = path.with_name(set_aside_name(path, datetime.now(workspace.settings.zone)))
        put_in_place(new, path, aside)
    finally:
        new.dispose()
        Path(str(new.url.database)).unlink(missing_ok=True)
    return aside, removed


def _into_database(
    workspace: Workspace, backup: Backup, out: StaysOut
) -> tuple[Path, dict[str, int]]:
    """Replace every table in one transaction, after a backup of what is there."""
    kept = make_backup(workspace).path
    with write_transaction(workspace.engine) as connection:
        command.downgrade(alembic_config(connection), "base")
        removed = _fill(connection, workspace, backup, out)
    reclaim(workspace.engine)
    return kept, removed


def _fill(
    connection: Connection, workspace: Workspace, backup: Backup, out: StaysOut
) -> dict[str, int]:
    """Fill an empty store at the backup's version, bring it to ours, and check the digest."""
    config = alembic_config(connection)
    revision = str(backup.manifest["revision"])
    command.upgrade(config, revision)
    there = inspect(connection)
    told = {table["name"]: table for table in backup.tables}
    if set(told) != set(there.get_table_names()) - {"alembic_version"}:
        raise BackupDamagedError(backup.path, "its tables aren't those of its version")
    for name, table in told.items():
        known = {column["name"] for column in there.get_columns(name)}
        if set(table["columns"]) != known:
            raise BackupDamagedError(backup.path, f"{name} has other columns than its version")
        columns: list[Column[Any]] = [Column(each) for each in table["columns"]]
        target = Table(name, MetaData(), *columns)
        put_plain_rows(connection, target, columns, backup.rows(table))
    command.upgrade(config, "head")
    if revision == known_revisions()[0] and digest_of(connection) != backup.manifest["digest"]:
        message = f"{backup.path.name} could not be restored as it was; nothing was changed."
        raise BackupError(message)
    return keep_out_of_store(connection, workspace, out)
