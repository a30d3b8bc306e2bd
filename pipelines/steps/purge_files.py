"""Originals, samples, logs and backups whose retention period is over."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd

from insight.errors import InsightError
from insight.periods import month_end
from models import SourceFile
from pipelines.edge.backup_files import backups_in, set_aside_in
from pipelines.edge.samples import samples_in
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace
from pipelines.steps.ingest_reading import contents_of, way_of
from pipelines.steps.purge_rows import Due, cutoffs


class NotDeletedError(InsightError):
    """A file that is past its retention period couldn't be deleted."""


def files_due(workspace: Workspace) -> tuple[dict[str, list[tuple[Path, date]]], list[str]]:
    """Return the files that are due, by kind, each with its day; and what is kept, and why."""
    originals, kept = _originals(workspace)
    settings = workspace.settings
    logs = [path for path in _files(workspace.root / "logs") if path != workspace.log_file]
    backups = backups_in(workspace.backups)
    aside = set_aside_in(workspace.root / "store")
    return {
        "inbox originals": originals,
        "samples": _samples(workspace),
        "logs": _older(workspace, logs, settings.log_retention_days),
        # The newest stays, however old: it is the one to restore from.
        "backups": _older(workspace, [*backups[:-1], *aside], settings.backup_retention_days),
    }, kept


def told(kind: str, files: list[tuple[Path, date]]) -> Due:
    """Return the files of one kind as counts and days."""
    days = [day for _, day in files]
    return Due(kind, len(files), min(days, default=None), max(days, default=None))


def delete_files(files: Iterable[Path]) -> None:
    """Delete files; one that is gone already is no fault.

    Raises
    ------
    NotDeletedError
        If one of them can't be deleted.
    """
    for path in files:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            message = (
                f"{path} is due but can't be deleted ({error.strerror}). Close it where it is "
                "open, check that you may delete it, and purge again."
            )
            raise NotDeletedError(message) from error


def _originals(workspace: Workspace) -> tuple[list[tuple[Path, date]], list[str]]:
    """Find the inbox's files that were ingested long enough ago, and name those never ingested."""
    zone = workspace.settings.timezone
    with workspace.engine.connect() as connection:
        files = read_table(
            connection,
            SourceFile,
            columns=["source", "file_hash", "ingested_at"],
            timezone=zone,
        )
    last_day = workspace.today - timedelta(days=workspace.settings.inbox_retention_days)
    due, kept = [], []
    for path in sorted((workspace.root / "inbox").rglob("[!.]*")):
        if not path.is_file() or path.is_symlink():
            continue
        source = path.relative_to(workspace.root / "inbox").parts[0]
        known = files[files["source"].eq(source)].set_index("file_hash")["ingested_at"]
        read_on = _ingested_on(workspace, source, path, known)
        if read_on is None:
            name = path.relative_to(workspace.root)
            kept.append(f"{name} was never ingested, so nothing of it is stored and it stays.")
        elif read_on < last_day:
            due.append((path, read_on))
    return due, kept


def _ingested_on(workspace: Workspace, source: str, path: Path, known: pd.Series) -> date | None:
    """Return the day on which the last of a file's contents was ingested; None if one was not."""
    ours = next((each for each in workspace.settings.sources if each.name == source), None)
    if ours is None:
        return None
    try:
        hashes = [content.sha256 for content in contents_of(path, way_of(workspace, ours, None))]
    except InsightError:
        return None
    if not hashes or not set(hashes) <= set(known.index):
        return None
    latest: date = known[known.index.isin(hashes)].max().date()
    return latest


def _samples(workspace: Workspace) -> list[tuple[Path, date]]:
    """Find the samples of contacts whose month is past the period of what they were drawn from."""
    before = cutoffs(workspace)
    moments = [before[name].date() for name in ("contacts", "enquiries") if name in before]
    ends = [(path, month_end(month)) for path, month in samples_in(workspace.samples)]
    return [(path, end) for path, end in ends if moments and end < max(moments)]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.jsonl") if path.is_file())


def _older(workspace: Workspace, paths: list[Path], days: int) -> list[tuple[Path, date]]:
    zone = workspace.settings.zone
    dated = [(path, datetime.fromtimestamp(path.stat().st_mtime, zone).date()) for path in paths]
    return [(path, day) for path, day in dated if day < workspace.today - timedelta(days=days)]
