"""Write a folder of outputs all at once or not at all, or one file."""

import errno
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from insight.errors import InsightError


class OutputFolderError(InsightError):
    """The outputs cannot be written."""


def replace_folder(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Make `files` (relative path to content) all that `folder` holds.

    They are written beside it first, so that a run that is stopped leaves the old folder. What a
    stopped run left beside it is cleared away.

    Raises
    ------
    OutputFolderError
        If the folder cannot be written, its disk is full, or a file in it is open in another
        program. The old folder is then as it was.
    """
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    old = folder.with_name(f".{folder.name}.old")
    try:
        _bring_back(old, folder)  # a run was stopped between the two renames below
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
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)  # a full disk should not be left fuller
        raise cannot_write(folder, error) from error
    finally:
        with suppress(OSError):  # the error above says what is wrong
            _bring_back(old, folder)
    shutil.rmtree(old, ignore_errors=True)


def _bring_back(old: Path, folder: Path) -> None:
    if old.exists() and not folder.exists():
        old.rename(folder)


def cannot_write(path: Path, error: OSError) -> OutputFolderError:
    """Say why `path` among the outputs couldn't be written, and what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputFolderError(
            f"The outputs can't be written to {path}: the disk is full. Make room and run the "
            "month again; the outputs from before are as they were."
        )
    return OutputFolderError(
        f"The outputs can't be written to {path} ({error.strerror}). Check that the folder "
        "may be written, and close any of its files that is open in another program."
    )


def write_file(path: Path, content: bytes) -> None:
    """Write a file where the user asked for it; one open in another program is said.

    Raises
    ------
    OutputFolderError
        If it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        message = f"{path} can't be written: {error.strerror}. Close it, or choose another folder."
        raise OutputFolderError(message) from error
