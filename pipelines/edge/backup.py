"""A backup: one zip with a Parquet file per table, that either database restores from.

The manifest says what is inside, with row counts and SHA-256, and the store's digest; it is signed
with the pseudonym key, so that an altered archive is refused. The key itself is never in it.
"""

import hashlib
import json
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from alembic.runtime.migration import MigrationContext
from sqlalchemy import BigInteger, Boolean, Column, Connection, Engine, Float, Table
from sqlmodel import SQLModel

from pipelines.edge.backup_files import sweep
from pipelines.edge.backup_reading import (
    FORMAT,
    MANIFEST,
    SIGNATURE,
    BackupError,
    digest_of_archive,
    key_mark,
    open_backup,
    signature,
)
from pipelines.edge.store.read import (
    digest_lines,
    digested_columns,
    digested_rows,
    plain_rows,
    read_as_of_one_moment,
)

SCRATCH = ".backup-"
FOLDERS = ("settings", "mappings")
WORKSPACE_FILES = ("workspace.id",)


def write_backup(
    engine: Engine, to: Path, *, root: Path, key: bytes, about: dict[str, str]
) -> dict[str, Any]:
    """Write the store, the settings and the mappings to the new file `to`, and read it back.

    Others may read and write the store meanwhile: the backup is of one moment.

    Parameters
    ----------
    engine
        The store.
    to
        The archive.
    root
        The workspace's folder, for its settings, mappings and id.
    key
        The pseudonym key, to sign with.
    about
        Further entries of the manifest.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    BackupError
        If the file exists, can't be written, or doesn't read back as it should.
    """
    if to.exists():
        message = f"{to} is there already and isn't overwritten; name another file."
        raise BackupError(message)
    draft = to.with_name(f".{to.name}.unfinished")
    try:
        with _scratch(to.parent) as scratch:
            manifest = _tables(engine, scratch)
            manifest |= {"format": FORMAT, "key": key_mark(key), **about}
            manifest["files"] = _files(root, scratch)
            _zip(draft, scratch, manifest, key)
            with open_backup(draft, key=key) as opened:
                if digest_of_archive(opened) != manifest["digest"]:
                    message = f"{to} doesn't read back as it was written; check the disk."
                    raise BackupError(message)
        draft.replace(to)
    except OSError as error:
        message = (
            f"The backup can't be written to {to} ({error.strerror}). Check that the folder is "
            "there, that you may write to it, and that its disk is not full."
        )
        raise BackupError(message) from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    sweep(folder, SCRATCH, time.time())
    made = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _tables(engine: Engine, scratch: Path) -> dict[str, Any]:
    """Write every table to a Parquet file, computing the store's digest on the way."""
    digest = hashlib.sha256()
    told = []
    with engine.connect() as connection:
        read_as_of_one_moment(connection)
        (revision,) = MigrationContext.configure(connection).get_current_heads()
        for name, table in sorted(SQLModel.metadata.tables.items()):
            path = scratch / f"{name}.parquet"
            rows = _write_table(connection, table, path, digest)
            told.append(
                {
                    "name": name,
                    "rows": rows,
                    "columns": [column.name for column in table.columns],
                    "digested": [column.name for column in digested_columns(table)],
                    "digested_rows": digested_rows(table),
                    **_measured(path),
                }
            )
    return {"revision": revision, "digest": digest.hexdigest(), "tables": told}


def _write_table(connection: Connection, table: Table, path: Path, digest: Any) -> int:  # noqa: ANN401
    columns = list(table.columns)
    schema = pa.schema([(column.name, _arrow_type(column)) for column in columns])
    counted = [columns.index(column) for column in digested_columns(table)]
    only = {columns.index(table.c[name]): value for name, value in digested_rows(table).items()}
    if counted:
        digest.update(digest_lines([(table.name, *(columns[at].name for at in counted))]))
    total = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for chunk in plain_rows(connection, table, columns):
            arrays = [
                pa.array(v, t) for v, t in zip(zip(*chunk, strict=True), schema.types, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            total += len(chunk)
            if counted:
                digest.update(digest_lines(_counted(chunk, counted, only)))
    return total


def _counted(
    rows: Sequence[Sequence[Any]], counted: list[int], only: dict[int, Any]
) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        if all(row[at] == wanted for at, wanted in only.items()):
            yield tuple(row[at] for at in counted)


def _arrow_type(column: Column[Any]) -> pa.DataType:
    """Return how a plain value is kept: times and days as text, truths as 0 or 1."""
    if isinstance(column.type, BigInteger | Boolean):
        return pa.int64()
    return pa.float64() if isinstance(column.type, Float) else pa.string()


def _files(root: Path, scratch: Path) -> list[dict[str, Any]]:
    """Copy the settings and mappings, so that what is measured is what is stored."""
    found = [root / name for name in WORKSPACE_FILES if (root / name).is_file()]
    for folder in FOLDERS:
        found += sorted(path for path in (root / folder).rglob("*") if path.is_file())
    told = []
    for number, path in enumerate(found):
        copied = scratch / f"file-{number}"
        shutil.copyfile(path, copied)
        name = path.relative_to(root).as_posix()
        told.append({"name": name, **_measured(copied)})
    return told


def _measured(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": sha256}


def _zip(draft: Path, scratch: Path, manifest: dict[str, Any], key: bytes) -> None:
    text = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
    # Its owner alone may read it: it holds what the store holds.
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(MANIFEST, text)
            archive.writestr(SIGNATURE, signature(text, key))
            for table in manifest["tables"]:
                archive.write(
                    scratch / f"{table['name']}.parquet", f"tables/{table['name']}.parquet"
                )
            for number, told in enumerate(manifest["files"]):
                archive.write(scratch / f"file-{number}", told["name"])
        file.flush()
        os.fsync(file.fileno())
