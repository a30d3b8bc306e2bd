"""Reading a backup: nothing of it is believed before its signature and checksums are right."""

import hashlib
import hmac
import json
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from insight.errors import InsightError
from pipelines.edge.backup_files import sweep
from pipelines.edge.store.read import digest_lines

FORMAT = 1
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
SCRATCH = ".restore-"
MOST_MANIFEST_BYTES = 20_000_000
ROWS_AT_ONCE = 50_000
_MARK_LENGTH = 16
_BLOCK = 1 << 20
_ROOTS = ("settings", "mappings")
_WORKSPACE_ID = "workspace.id"


class BackupError(InsightError):
    """A backup can't be made or used."""


class BackupDamagedError(BackupError):
    """A backup isn't what was written: cut short, altered, or none of ours."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path.name} can't be used: {why}. Take another backup; nothing was changed."
        )


class BackupKeyError(BackupError):
    """A backup was made under another pseudonym key."""


@dataclass(frozen=True, slots=True)
class Backup:
    """An open backup whose signature and checksums are right, unpacked into `folder`."""

    path: Path
    folder: Path
    manifest: dict[str, Any]
    signed: bool

    @property
    def tables(self) -> list[dict[str, Any]]:
        """What the manifest says of each table."""
        return list(self.manifest["tables"])

    @property
    def files(self) -> dict[str, Path]:
        """The settings and mappings, by their path in the workspace."""
        told = self.manifest["files"]
        return {each["name"]: self.folder / f"file-{number}" for number, each in enumerate(told)}

    def rows(self, table: dict[str, Any]) -> Iterator[list[tuple[Any, ...]]]:
        """Give a table's plain rows, some at a time."""
        with pq.ParquetFile(self.folder / f"{table['name']}.parquet") as file:
            for batch in file.iter_batches(ROWS_AT_ONCE, columns=table["columns"]):
                columns = [column.to_pylist() for column in batch.columns]
                yield list(zip(*columns, strict=True))


def key_mark(key: bytes) -> str:
    """Return what tells one pseudonym key from another and nothing about either."""
    return hmac.digest(key, b"which key a backup is signed with", "sha256").hex()[:_MARK_LENGTH]


def signature(manifest: bytes, key: bytes) -> str:
    """Return the signature of a manifest."""
    return hmac.digest(key, b"manifest of a backup\0" + manifest, "sha256").hex()


@contextmanager
def open_backup(path: Path, *, key: bytes, another_key: bool = False) -> Iterator[Backup]:
    """Check a backup and give it open; what it is unpacked into goes afterwards.

    Parameters
    ----------
    path
        The archive.
    key
        The pseudonym key of the workspace.
    another_key
        Take an archive of another key, whose signature can't be checked then.

    Raises
    ------
    BackupDamagedError
        If anything in it isn't as its manifest says.
    BackupKeyError
        If it was made under another key.
    """
    try:
        sweep(path.parent, SCRATCH, time.time())
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=path.parent) as scratch:
            backup = _unpacked(path, Path(scratch), key, another_key=another_key)
            yield backup
    except FileNotFoundError:
        if path.exists():
            raise
        message = f"There is no backup {path}. Check the name."
        raise BackupError(message) from None


def _unpacked(path: Path, scratch: Path, key: bytes, *, another_key: bool) -> Backup:
    try:
        with zipfile.ZipFile(path) as archive:
            manifest, signed = _manifest(path, archive, key, another_key=another_key)
            _unpack(path, archive, manifest, scratch)
    except (InsightError, FileNotFoundError):
        raise
    except OSError as error:
        if error.errno is not None:
            message = f"{path.name} can't be read ({error.strerror}). Check the disk."
            raise BackupError(message) from error
        raise BackupDamagedError(path, "it is damaged") from None
    except Exception:  # whatever reading a damaged zip or manifest raises
        raise BackupDamagedError(path, "it is damaged, or no backup of this program") from None
    return Backup(path, scratch, manifest, signed)


def _manifest(
    path: Path, archive: zipfile.ZipFile, key: bytes, *, another_key: bool
) -> tuple[dict[str, Any], bool]:
    infos = {info.filename: info for info in archive.infolist()}
    if len(infos) != len(archive.infolist()) or not {MANIFEST, SIGNATURE} <= set(infos):
        raise BackupDamagedError(path, "it is no backup of this program")
    # Nothing is compressed a second time, so that nothing can unpack to more than it is.
    if any(info.file_size != info.compress_size or info.flag_bits & 1 for info in infos.values()):
        raise BackupDamagedError(path, "it is packed in a way that backups aren't")
    if max(infos[MANIFEST].file_size, infos[SIGNATURE].file_size) > MOST_MANIFEST_BYTES:
        raise BackupDamagedError(path, "its manifest is too large to be one of ours")
    text = archive.read(MANIFEST)
    manifest: dict[str, Any] = json.loads(text)
    if manifest["format"] != FORMAT:
        message = (
            f"{path.name} was made by a newer version of council-insight; install that version. "
            "Nothing was changed."
        )
        raise BackupError(message)
    signed = manifest["key"] == key_mark(key)
    if signed and not hmac.compare_digest(archive.read(SIGNATURE), signature(text, key).encode()):
        raise BackupDamagedError(path, "it was altered after it was made")
    if not signed and not another_key:
        message = (
            f"{path.name} was made under another pseudonym key: its customers would all count as "
            "new. Put that key in INSIGHT_PSEUDONYM_KEY or back where it was kept; if it is "
            "lost, use --another-key. Nothing was changed."
        )
        raise BackupKeyError(message)
    return manifest, signed


def _unpack(path: Path, archive: zipfile.ZipFile, manifest: dict[str, Any], scratch: Path) -> None:
    """Write the members under names of our own, each of just the bytes that the manifest says."""
    members = {f"tables/{told['name']}.parquet": told for told in manifest["tables"]}
    places = {
        f"tables/{told['name']}.parquet": scratch / f"{told['name']}.parquet"
        for told in manifest["tables"]
        if str(told["name"]).isidentifier()
    }
    for number, told in enumerate(manifest["files"]):
        members[_safe(path, told["name"])] = told
        places[told["name"]] = scratch / f"file-{number}"
    if set(archive.namelist()) != {*members, MANIFEST, SIGNATURE} or set(members) != set(places):
        raise BackupDamagedError(path, "it lacks a part or has one too many")
    for name, told in members.items():
        if archive.getinfo(name).file_size != told["bytes"]:
            raise BackupDamagedError(path, f"{name} isn't as long as it was")
        digest = hashlib.sha256()
        with archive.open(name) as member, places[name].open("wb") as file:
            while block := member.read(_BLOCK):
                digest.update(block)
                file.write(block)
        if digest.hexdigest() != told["sha256"]:
            raise BackupDamagedError(path, f"{name} isn't what was written")
    for told in manifest["tables"]:
        with pq.ParquetFile(places[f"tables/{told['name']}.parquet"]) as file:
            right = file.metadata.num_rows == told["rows"]
            right &= file.schema_arrow.names == told["columns"]
        if not right or not set(told["digested"]) <= set(told["columns"]):
            raise BackupDamagedError(path, f"{told['name']} isn't what its manifest says")


def _safe(path: Path, name: str) -> str:
    """Return the path of a workspace's file, refusing one that leads elsewhere."""
    parts = PurePosixPath(name).parts
    inside = name == _WORKSPACE_ID or (len(parts) > 1 and parts[0] in _ROOTS)
    strange = set(name) & set('\\:\0<>|"?*') or ".." in parts or "/".join(parts) != name
    if not inside or strange:
        raise BackupDamagedError(path, "it holds a file that doesn't belong in a backup")
    return name


def digest_of_archive(backup: Backup) -> str:
    """Return the digest of what a backup holds, as the store's was when it was made.

    Raises
    ------
    BackupDamagedError
        If a table can't be read.
    """
    digest = hashlib.sha256()
    try:
        for told in sorted(backup.tables, key=lambda each: str(each["name"])):
            if not told["digested"]:
                continue
            digest.update(digest_lines([(told["name"], *told["digested"])]))
            counted = [told["columns"].index(name) for name in told["digested"]]
            only = {told["columns"].index(n): v for n, v in told["digested_rows"].items()}
            for rows in backup.rows(told):
                digest.update(
                    digest_lines(
                        tuple(row[at] for at in counted)
                        for row in rows
                        if all(row[at] == wanted for at, wanted in only.items())
                    )
                )
    except (pa.ArrowException, ValueError, KeyError) as error:
        raise BackupDamagedError(backup.path, "a table in it can't be read") from error
    return digest.hexdigest()
