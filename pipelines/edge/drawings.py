"""What has been drawn before isn't drawn again: a store of drawings by what they were made from.

A drawing's key is a hash of all that it shows and of the program that draws it, so equal figures
find it and a changed program finds nothing. It is a cache: whatever is wrong with its file, the
drawings are made as if there were none, and the bytes are the same.
"""

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Protocol, TypeVar

import pandas as pd

from insight.errors import InsightError

FILE = ".drawings.sqlite"
_KEEP_ROUNDS = 24
"""A drawing that this many publications haven't used goes: two years of months."""
_Given = TypeVar("_Given")
_AT_ONCE = 500
_WAIT_S = 1.0
_DRAWN_WITH = ("jinja2", "markupsafe", "matplotlib", "numpy", "pandas", "xlsxwriter")
_TABLES = """
CREATE TABLE IF NOT EXISTS drawing
    (key BLOB PRIMARY KEY, content BLOB NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID;
"""


class Drawings(Protocol):
    """Where drawings are looked for before they are made, and kept when they are."""

    def find(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those that are there."""
        ...

    def keep(self, drawn: Mapping[bytes, bytes]) -> None:
        """Remember some."""
        ...


class Fresh:
    """Nothing is remembered: every drawing is made."""

    def find(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Find nothing."""
        return {}

    def keep(self, drawn: Mapping[bytes, bytes]) -> None:
        """Let them go."""


class KeptDrawings:
    """Drawings in a file of SQLite's, in one transaction from opening to closing.

    A run that is killed leaves the file as it was before. `found` and `made` count.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        newest = connection.execute("SELECT COALESCE(MAX(used), 0) FROM drawing").fetchone()
        self._round = int(newest[0]) + 1
        self.found = self.made = 0

    def find(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those that are there and whole."""
        there: dict[bytes, bytes] = {}
        for some in _batches(keys):
            marks = ",".join("?" * len(some))
            asked = f"SELECT key, content FROM drawing WHERE key IN ({marks})"  # noqa: S608
            for key, content in self._connection.execute(asked, some):
                # What can't be unpacked has been damaged; it is drawn again.
                try:
                    there[bytes(key)] = zlib.decompress(content)
                except (zlib.error, TypeError):
                    continue
        for some in _batches(list(there)):
            marks = ",".join("?" * len(some))
            used = f"UPDATE drawing SET used = ? WHERE key IN ({marks})"  # noqa: S608
            self._connection.execute(used, [self._round, *some])
        self.found += len(there)
        return there

    def keep(self, drawn: Mapping[bytes, bytes]) -> None:
        """Write some; they stay when the file is closed."""
        rows = [(key, zlib.compress(content, 1), self._round) for key, content in drawn.items()]
        self._connection.executemany("INSERT OR REPLACE INTO drawing VALUES (?, ?, ?)", rows)
        self.made += len(rows)

    def forget(self) -> None:
        """Let go of what has long not been used."""
        self._connection.execute(
            "DELETE FROM drawing WHERE used <= ?", [self._round - _KEEP_ROUNDS]
        )


@contextmanager
def kept_drawings(folder: Path) -> Iterator[Drawings]:
    """Open the drawings kept in `folder`; all that is drawn inside is kept, or none.

    Where the file is damaged, locked or can't be written, drawings are made and not kept.
    """
    connection = _opened(folder / FILE)
    if connection is None:
        yield Fresh()
        return
    kept = _Guarded(KeptDrawings(connection))
    try:
        yield kept
        kept.close(connection)
    finally:
        connection.close()


class _Guarded:
    """Kept drawings that become fresh ones as soon as their file fails."""

    def __init__(self, kept: KeptDrawings) -> None:
        self.kept = kept
        self.well = True

    def find(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        return self._tried(lambda: self.kept.find(keys), {})

    def keep(self, drawn: Mapping[bytes, bytes]) -> None:
        self._tried(lambda: self.kept.keep(drawn), None)

    def close(self, connection: sqlite3.Connection) -> None:
        def end() -> None:
            self.kept.forget()
            connection.commit()

        self._tried(end, None)

    def _tried(self, what: Callable[[], _Given], otherwise: _Given) -> _Given:
        if not self.well:
            return otherwise
        try:
            return what()
        except sqlite3.Error:
            self.well = False
            return otherwise


def _opened(path: Path) -> sqlite3.Connection | None:
    for again in (True, False):
        connection = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=_WAIT_S)
            connection.executescript(_TABLES)
            connection.execute("SELECT MAX(used) FROM drawing")
        except (sqlite3.Error, OSError) as error:
            if connection is not None:
                connection.close()
            damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(
                error, sqlite3.OperationalError
            )
            if not (again and damaged):
                return None
            path.unlink(missing_ok=True)  # no database at all: nothing is lost with it
        else:
            return connection
    return None


def _batches(keys: Sequence[bytes]) -> Iterable[Sequence[bytes]]:
    return (keys[at : at + _AT_ONCE] for at in range(0, len(keys), _AT_ONCE))


def drawn_once(
    drawings: Drawings, keys: Sequence[bytes], make: Callable[[list[int]], Sequence[str]]
) -> list[str]:
    """Return a drawing for each key: `make` is told the places of those that aren't kept."""
    found = drawings.find(keys)
    missing = [at for at, key in enumerate(keys) if key not in found]
    if missing:
        made = {keys[at]: text.encode() for at, text in zip(missing, make(missing), strict=True)}
        drawings.keep(made)
        found |= made
    return [found[key].decode() for key in keys]


def file_once(drawings: Drawings, parts: Sequence[object], make: Callable[[], bytes]) -> bytes:
    """Return the file that is made from `parts` alone, made only where it isn't kept."""
    key = key_of(parts)
    found = drawings.find([key])
    if key in found:
        return found[key]
    made = make()
    drawings.keep({key: made})
    return made


class UnkeyedError(InsightError):
    """Something that a drawing is made from has no fixed form to make a key of."""


def key_of(parts: Sequence[object]) -> bytes:
    """Hash frames, texts, numbers and what is missing, and the program that draws them.

    Examples
    --------
    >>> key_of(["one", 2]) == key_of(["one", 2]), key_of(["one", 2]) == key_of(["one2"])
    (True, False)
    """
    digest = hashlib.sha256(program())
    for part in parts:
        if isinstance(part, pd.DataFrame):
            said = part.to_csv(index=False, float_format=repr).encode()
        elif isinstance(part, bytes):
            said = part
        elif part is None or isinstance(part, str | int | float | bool):
            said = repr(part).encode()
        else:
            raise UnkeyedError(f"A drawing's key can't be made of a {type(part).__name__}.")
        digest.update(f"{type(part).__name__}:{len(said)};".encode())
        digest.update(said)
    return digest.digest()


@cache
def program() -> bytes:
    """Hash the code that draws, and the versions of the libraries that it draws with."""
    digest = hashlib.sha256(repr([version(name) for name in _DRAWN_WITH]).encode())
    for folder in (
        files("insight"),
        files("pipelines.edge"),
        files("pipelines.edge") / "templates",
    ):
        for source in sorted(folder.iterdir(), key=lambda each: each.name):
            if source.is_file():
                digest.update(source.name.encode() + source.read_bytes())
    return digest.digest()
