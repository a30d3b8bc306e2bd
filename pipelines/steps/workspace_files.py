"""Put settings and mappings from a backup back, without replacing any that are there."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from pipelines.edge.backup_reading import BackupError


def put_back(root: Path, files: Mapping[str, Path]) -> list[str]:
    """Copy what is missing into the workspace and what differs beside it; say what was done.

    Raises
    ------
    BackupError
        If a file can't be written, or a link would lead out of the workspace.
    """
    put: list[str] = []
    differing: list[str] = []
    beside = root / "from-backup"
    for name, copied in files.items():
        there = root / name
        if there.is_file() and there.read_bytes() == copied.read_bytes():
            continue
        target = beside / name if there.exists() else there
        (differing if there.exists() else put).append(name)
        if not target.resolve().is_relative_to(root.resolve()):
            message = f"{name} isn't put back: a link in the workspace leads out of it."
            raise BackupError(message)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(copied, target)
        except OSError as error:
            message = f"{target} can't be written ({error.strerror}); the store is restored."
            raise BackupError(message) from error
    notes = [f"Put back, because it was missing: {', '.join(put)}."] if put else []
    if differing:
        notes.append(
            f"Left as they are, because they differ; the backup's are in {beside}: "
            f"{', '.join(differing)}."
        )
    return notes
