"""Where backups lie, and how they are called."""

from datetime import datetime
from pathlib import Path
from shutil import rmtree

_A_DAY = 86_400  # seconds
ASIDE = ".before-restore-"
BEGINNING, ENDING = "insight-", ".backup.zip"


def backup_name(now: datetime) -> str:
    """Return the name of a backup made at `now`; names sort as times do."""
    return f"{BEGINNING}{now:%Y-%m-%dT%H%M%S}{ENDING}"


def backups_in(folder: Path) -> list[Path]:
    """Return the backups that this program made in `folder`, oldest first."""
    return sorted(path for path in folder.glob(f"{BEGINNING}*{ENDING}") if path.is_file())


def set_aside_name(store: Path, now: datetime) -> str:
    """Return what a SQLite store is called that a restored one took the place of."""
    return f"{store.stem}{ASIDE}{now:%Y-%m-%dT%H%M%S-%f}{store.suffix}"


def set_aside_in(folder: Path) -> list[Path]:
    """Return the stores in `folder` that restored ones took the place of."""
    return sorted(path for path in folder.glob(f"*{ASIDE}*") if path.is_file())


def sweep(folder: Path, beginning: str, now: float) -> None:
    """Remove what a backup or restore that was killed a day ago or more unpacked in `folder`."""
    for path in folder.glob(f"{beginning}*"):
        if path.is_dir() and now - path.stat().st_mtime > _A_DAY:
            rmtree(path, ignore_errors=True)
