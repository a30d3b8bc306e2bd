"""The key of the pseudonyms: made once, kept out of the workspace and its backups, never shown."""

import os
import re
import secrets
import stat
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from insight.errors import InsightError
from insight.pseudonym import SHORTEST_KEY

KEY_VARIABLE = "INSIGHT_PSEUDONYM_KEY"
_WORKSPACE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PATIENCE = 10  # seconds to wait for another run that is making the key
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyUnavailableError(InsightError):
    """The pseudonym key is missing, damaged or open to others."""


def pseudonym_key(workspace_id: str) -> bytes:
    """Return the workspace's key, from the environment or from the user's data folder.

    The file is made on first use, readable by its owner alone. Whoever moves a workspace to
    another machine moves the key apart from it; without it, earlier pseudonyms are lost, so a
    damaged key is never replaced.

    Raises
    ------
    KeyUnavailableError
        If the key cannot be read or made, is damaged, or may be read by others.
    """
    if given := os.environ.get(KEY_VARIABLE):
        return _parsed(given, f"The environment variable {KEY_VARIABLE}")
    path = key_path(workspace_id)
    try:
        if not path.exists():
            _make(path)
        return _read(path)
    except (OSError, Timeout) as error:
        raise KeyUnavailableError(
            f"The pseudonym key in {path} could not be read or made. Give your user the right to "
            f"write there, or set {KEY_VARIABLE}."
        ) from error


def key_path(workspace_id: str) -> Path:
    """Return where the workspace's key is kept.

    Raises
    ------
    KeyUnavailableError
        If `workspace_id` is not a plain name, and so might lead elsewhere.
    """
    if not _WORKSPACE_ID.fullmatch(workspace_id):
        raise KeyUnavailableError(
            "The workspace's id may have only letters, digits, dots, dashes and underscores. "
            "Restore the file it came from, or make the workspace again."
        )
    folder = user_data_path("council-insight", appauthor=False)
    return folder / "keys" / f"{workspace_id}.key"


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock"), timeout=_PATIENCE):
        if path.exists():
            return
        drafts = f"{path.stem}.{'[0-9a-f]' * 16}.new"
        for leftover in path.parent.glob(drafts):  # a run was killed before it was renamed
            leftover.unlink(missing_ok=True)
        # Written whole before it has its name: a run that is killed leaves no half key behind.
        draft = path.with_suffix(f".{secrets.token_hex(8)}.new")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(SHORTEST_KEY) + "\n")
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    # Windows keeps the user's data folder to the user, and its modes say nothing.
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        raise KeyUnavailableError(
            f"Others may read the pseudonym key in {path}. Run: chmod 600 '{path}'"
        )
    return _parsed(path.read_text(encoding="ascii", errors="replace"), str(path))


def _parsed(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) < SHORTEST_KEY:
        # From None: the cause would quote the key.
        raise KeyUnavailableError(
            f"{where} does not hold a pseudonym key, which is {2 * SHORTEST_KEY} or more "
            "hexadecimal digits. Restore it from where you keep it; a new one would count every "
            "customer as new."
        ) from None
    return key
