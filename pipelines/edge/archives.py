"""Unpack zip archives in memory: nothing of them is ever written to disk under its own name."""

import hashlib
import re
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath

from pipelines.edge.raw_table import (
    DamagedFileError,
    EmptyFileError,
    FileContent,
    FileTooLargeError,
    NotATableError,
)

MOST_MEMBERS = 10_000
MOST_TIMES_LARGER = 300
"""A text file packs to a twentieth, a hundredth at best; what packs to less is made to do harm."""
SMALL = 1_000_000
"""Bytes below which the ratio says nothing: a thousand blank lines pack well."""

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OFFICE_PARTS = ("[Content_Types].xml", "mimetype", "content.xml", "xl/workbook.xml")
_CLUTTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.[^./]|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>:\"|?*]")
_LONGEST_NAME = 120


def is_archive(data: bytes) -> bool:
    """Return whether `data` is a zip archive of files, and no workbook or document."""
    if data.startswith(_EMPTY_ZIP):
        return True
    if not data.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return not any(part in archive.NameToInfo for part in _OFFICE_PARTS)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False  # the reader of workbooks says what is wrong with it


def unpack(content: FileContent, max_bytes: int) -> list[FileContent]:
    """Return the files of a zip archive, called ``archive.zip/folder/name.csv``.

    What systems leave behind in archives is passed over. Names are shown without anything that
    could lead elsewhere; they are never used as paths.

    Raises
    ------
    ReadError
        If the archive is damaged, encrypted, holds another archive, no file or too many, or
        unpacks to over `max_bytes` or to suspiciously more than it is.
    """
    try:
        with zipfile.ZipFile(BytesIO(content.data)) as archive:
            members = [
                info
                for info in archive.infolist()
                if not info.is_dir() and not _CLUTTER.search(info.filename.replace("\\", "/"))
            ]
            _check(content, members, max_bytes)
            return [_member(content, archive, info, max_bytes) for info in members]
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise DamagedFileError(
            content.name, "is a damaged zip archive; make or send it again."
        ) from error


def _check(content: FileContent, members: list[zipfile.ZipInfo], max_bytes: int) -> None:
    if not members:
        raise EmptyFileError(content.name, "is an archive with no files in it; send it again.")
    if len(members) > MOST_MEMBERS:
        raise FileTooLargeError(
            content.name, f"holds over {MOST_MEMBERS:,} files; split it into smaller archives."
        )
    if any(info.flag_bits & 1 for info in members):
        raise NotATableError(
            content.name, "is protected by a password; unpack it and give the files in it."
        )
    size = sum(info.file_size for info in members)
    if size > max_bytes or (size > SMALL and size > MOST_TIMES_LARGER * len(content.data)):
        raise FileTooLargeError(
            content.name,
            "unpacks to more than is allowed; unpack it with care and give the files in it.",
        )


def _member(
    content: FileContent, archive: zipfile.ZipFile, info: zipfile.ZipInfo, max_bytes: int
) -> FileContent:
    name = f"{content.name}/{_safe_name(info.filename)}"
    with archive.open(info) as packed:
        data = packed.read(min(info.file_size, max_bytes) + 1)
    if len(data) > info.file_size:  # the directory of the archive said less
        raise DamagedFileError(content.name, "is a damaged zip archive; make or send it again.")
    if is_archive(data):
        raise NotATableError(name, "is an archive in an archive; unpack it and give its files.")
    return FileContent(name, data, hashlib.sha256(data).hexdigest())


def _safe_name(name: str) -> str:
    """Return a member's name for showing: no way up, no drive, no signs that a screen obeys."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    kept = [part for part in parts if part not in {"/", "..", "."}]
    plain = _UNSAFE.sub("_", "/".join(kept))
    printable = "".join(c if c.isprintable() else "_" for c in plain)
    return printable[-_LONGEST_NAME:] or "unnamed"
