"""Where backups lie, and how they are called."""

from datetime import datetime
from pathlib import Path

BEGINNING, ENDING = "insight-", ".backup.zip"


def backup_name(now: datetime) -> str:
    """Return the name of a backup made at `now`; names sort as times do."""
    return f"{BEGINNING}{now:%Y-%m-%dT%H%M%S}{ENDING}"


def backups_in(folder: Path) -> list[Path]:
    """Return the backups that this program made in `folder`, oldest first."""
    return sorted(path for path in folder.glob(f"{BEGINNING}*{ENDING}") if path.is_file())
