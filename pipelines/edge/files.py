"""Read a file of rows as text, whatever its kind: it is known by its bytes, not by its name."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from insight.layout import NO_LAYOUT, Layout
from pipelines.edge.archives import is_archive, unpack
from pipelines.edge.excel_files import read_workbook, sheets_as_files
from pipelines.edge.json_files import read_json
from pipelines.edge.mail_files import NAMED_MAIL, is_mail, no_mail, read_mail
from pipelines.edge.old_workbook import is_old_workbook
from pipelines.edge.outlook_files import is_outlook, read_outlook
from pipelines.edge.raw_table import (
    DamagedFileError,
    EmptyFileError,
    FileContent,
    FileTooLargeError,
    FileUnavailableError,
    NotATableError,
    RawTable,
    ReadError,
)
from pipelines.edge.record_files import read_parquet
from pipelines.edge.text_files import read_text

__all__ = ["RawTable", "ReadError", "read_rows"]

MOST_BYTES = 1_000_000_000

# How a file begins, and what it then is. Longer beginnings come before their own beginnings.
_NO_TABLES = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"RIFF", "a sound, film or picture"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"BM\x00\x00", "a picture (BMP)"),
    (b"{\\rtf", "a rich-text document"),
    (b"SQLite format 3\x00", "a SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
)
_PACKED = (
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
)
_MARKUP = (
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "XML"),
)
_OPEN311 = re.compile(rb"\A\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml[^>]*>\s*<)?(?:service_)?requests?\b")
_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"
_JSON = re.compile(rb"\s*(?:\{|\[\s*[{\[\"\d\]])")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The name of the part of an Office file that holds the encrypted whole, as the container has it.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_rows(path: Path, *, sheet: str | None = None, max_bytes: int = MOST_BYTES) -> RawTable:
    """Return the rows of a CSV, TSV, text, xlsx, xls, Parquet, JSON or e-mail file as text.

    Any of them may be packed with gzip. Encoding and delimiter are found out.

    Parameters
    ----------
    path
        The file.
    sheet
        The sheet of a workbook; the first with rows when absent. Other kinds ignore it.
    max_bytes
        Largest size to read, packed or unpacked, in bytes.

    Raises
    ------
    ReadError
        With one sentence for whoever sent the file: what is wrong, where, and what to do.
    """
    return rows_in(load_file(path, max_bytes=max_bytes), sheet=sheet, max_bytes=max_bytes)


def rows_in(
    loaded: FileContent,
    *,
    sheet: str | None = None,
    max_bytes: int = MOST_BYTES,
    layout: Layout = NO_LAYOUT,
    expected: Sequence[str] = (),
) -> RawTable:
    """Return the rows of a file that `load_file` loaded; otherwise as `read_rows`.

    `layout` says where the table lies, and `expected` names headings that tell its header.
    """
    content = _unpacked(loaded, max_bytes)
    start = content.data[:64]
    if start.startswith(_OLD_OFFICE) and is_outlook(content.data):
        return read_outlook(content, max_bytes)
    _refuse_other_kinds(content)
    if start.startswith((_ZIP, _OLD_OFFICE)):
        return read_workbook(
            content, sheet=sheet, max_bytes=max_bytes, layout=layout, expected=expected
        )
    if start.startswith(_PARQUET):
        return read_parquet(content, max_bytes=max_bytes)
    if _is_json(start):
        return read_json(content, layout=layout)
    if is_mail(content.data):
        return read_mail(content, max_bytes)
    if content.name.casefold().endswith(NAMED_MAIL):
        raise no_mail(content.name)
    return read_text(content, layout=layout, expected=expected)


def load_file(path: Path, *, max_bytes: int = MOST_BYTES) -> FileContent:
    """Return a file's bytes and their SHA-256, by which it is known before it is read.

    Raises
    ------
    FileUnavailableError, FileTooLargeError
        With one sentence: what is wrong and what to do.
    """
    try:
        if not path.exists():
            raise FileUnavailableError(path.name, "does not exist; check its name and folder.")
        if not path.is_file():
            raise FileUnavailableError(path.name, "is not a file; give the files in it.")
        if path.stat().st_size > max_bytes:
            raise _too_large(path.name, max_bytes)
        data = path.read_bytes()
    except PermissionError as error:
        raise FileUnavailableError(
            path.name,
            "may not be read; close it where it is open, or ask for permission to read it.",
        ) from error
    except (OSError, ValueError) as error:
        raise FileUnavailableError(
            path.name, "could not be read from its disk; copy it here and try again."
        ) from error
    return FileContent(path.name, data, hashlib.sha256(data).hexdigest())


def load_members(
    path: Path, *, layout: Layout = NO_LAYOUT, max_bytes: int = MOST_BYTES
) -> list[FileContent]:
    """Return the files that `path` stands for: those of a zip archive, or the file itself.

    With ``sheets`` in its `layout`, a workbook is as many files as it has sheets.

    Raises
    ------
    ReadError
        If the file or the archive cannot be read, or the archive is not safe to unpack.
    """
    loaded = load_file(path, max_bytes=max_bytes)
    members = unpack(loaded, max_bytes) if is_archive(loaded.data) else [loaded]
    if layout.sheets is None:
        return members
    return [part for member in members for part in _sheets(member, layout, max_bytes)]


def _sheets(content: FileContent, layout: Layout, max_bytes: int) -> list[FileContent]:
    if content.data.startswith(_ZIP) or is_old_workbook(content.data):
        return sheets_as_files(content, layout, max_bytes)
    return [content]


def _unpacked(content: FileContent, max_bytes: int) -> FileContent:
    if not content.data.startswith(_GZIP):
        return content
    try:
        with gzip.GzipFile(fileobj=BytesIO(content.data)) as packed:
            data = packed.read(max_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DamagedFileError(
            content.name, "is a damaged gzip file; copy or export it again."
        ) from error
    if len(data) > max_bytes:
        raise _too_large(content.name, max_bytes)
    if data.startswith(_GZIP):
        raise NotATableError(content.name, "is packed twice; unpack it once and try again.")
    return replace(content, data=data)


def _refuse_other_kinds(content: FileContent) -> None:
    name, start = content.name, content.data[:64]
    if not content.data:
        raise EmptyFileError(name, "is empty; export it again.")
    for beginning, kind in _NO_TABLES:
        if start.startswith(beginning):
            raise NotATableError(name, f"is {kind}, not a table; export the data as CSV or xlsx.")
    for beginning, kind in _PACKED:
        if start.startswith(beginning):
            raise NotATableError(name, f"is {kind}; unpack it and give the files in it.")
    _refuse_markup(content)
    if start.startswith(_OLD_OFFICE) and not is_old_workbook(content.data):
        if _ENCRYPTED in content.data:
            raise NotATableError(
                name, "is protected by a password; open it in Excel and save it without one."
            )
        raise NotATableError(name, "is a document of old Office, not a workbook; send the table.")


def _refuse_markup(content: FileContent) -> None:
    name, start = content.name, content.data[:4000]
    if _OPEN311.search(start):
        raise NotATableError(
            name,
            "is Open311 XML; ask the same address for requests.json instead of requests.xml and "
            "give that.",
        )
    for beginning, kind in _MARKUP:
        if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(beginning):
            raise NotATableError(name, f"is {kind}, not a table; export the data as CSV or xlsx.")


def _is_json(start: bytes) -> bool:
    # Not every bracket: SQL Server writes headings as [id],[name].
    return _JSON.match(start.lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"")) is not None


def _too_large(name: str, max_bytes: int) -> FileTooLargeError:
    limit = f"{max_bytes / 1_000_000:,.0f} MB"
    return FileTooLargeError(name, f"holds more than {limit}; split it into smaller files.")
