"""Write a folder of outputs all at once or not at all."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from insight.errors import InsightError


class OutputFolderError(InsightError):
    """The outputs cannot be written."""


def replace_folder(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Make `files` (relative path to content) all that `folder` holds.

    They are written beside it first, so that a run that is stopped leaves the old folder.

    Raises
    ------
    OutputFolderError
        If the folder cannot be written, or a file in it is open in another program.
    """
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    old = folder.with_name(f".{folder.name}.old")
    try:
        if old.exists() and not folder.exists():
            old.rename(folder)  # a run was stopped between the two renames below
        for leftover in (unfinished, old):
            if leftover.exists():
                shutil.rmtree(leftover)
        for name, content in files.items():
            path = unfinished / name
            path.parent.mkdir(parents=True, exist_ok=True)
            # Bytes, so that line ends are the same on every machine.
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        if folder.exists():
            folder.rename(old)
        unfinished.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        message = (
            f"The outputs can't be written to {folder} ({error.strerror}). Check that the folder "
            "may be written, and close any of its files that is open in another program."
        )
        raise OutputFolderError(message) from error
