"""Make a backup of the store, the settings and the mappings."""

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import structlog

from pipelines.edge.backup import write_backup
from pipelines.edge.backup_files import backup_name
from pipelines.edge.workspace import Workspace

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class BackedUp:
    """Where a backup is, how large, and what it holds."""

    path: Path
    size: int
    rows: int
    digest: str


def make_backup(workspace: Workspace, to: Path | None = None) -> BackedUp:
    """Write a backup to `to`, else under a name with the time in the workspace's ``backups``."""
    now = datetime.now(workspace.settings.zone)
    if to is None:
        workspace.backups.mkdir(mode=0o700, exist_ok=True)
        to = workspace.backups / backup_name(now)
    about = {
        "council": workspace.settings.name,
        "made_at": now.isoformat(timespec="seconds"),
        "program": version("council-insight"),
        "database": workspace.engine.dialect.name,
    }
    manifest = write_backup(
        workspace.engine, to, root=workspace.root, key=workspace.key, about=about
    )
    rows = sum(table["rows"] for table in manifest["tables"])
    log.info("backup made", file=to.name, rows=rows)
    return BackedUp(to, to.stat().st_size, rows, manifest["digest"])
