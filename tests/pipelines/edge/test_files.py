"""Files are known by their bytes; each that holds no table is refused in one clear sentence."""

import gzip
import hashlib
import os
import tracemalloc
import zipfile
from io import BytesIO

import pytest

from pipelines.edge.files import read_rows
from pipelines.edge.raw_table import (
    DamagedFileError,
    EmptyFileError,
    FileTooLargeError,
    FileUnavailableError,
    NotATableError,
)


@pytest.fixture
def read(tmp_path):
    def read_content(content, name="file.csv", **options):
        path = tmp_path / name
        path.write_bytes(content)
        return read_rows(path, **options)

    return read_content


def archive(*names):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        for name in names:
            parts.writestr(name, "content")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is a PDF, not a table"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", r"is a picture \(PNG\), not a table"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", r"is a picture \(JPEG\)"),
        (b"GIF89a", r"is a picture \(GIF\)"),
        (b"{\\rtf1\\ansi", "is a rich-text document"),
        (b"SQLite format 3\x00", "is a SQLite database"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "is a 7-Zip archive; unpack it"),
        (b"BZh91AY&SY", "is a bzip2 archive"),
        (b"<!DOCTYPE html>\n<html>", "is a web page, not a table"),
        (b"\xef\xbb\xbf\r\n<HTML>", "is a web page"),
        (b'<?xml version="1.0"?><a/>', "is XML, not a table"),
        (archive("rows.csv"), "is a zip archive; unpack it"),
        (archive("word/document.xml"), "is a Word document, not a table"),
        (archive("xl/workbook.bin"), r"is a binary workbook \(.xlsb\)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is a document of old Office"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(600)
            + "EncryptedPackage".encode("utf-16-le"),
            "is protected by a password",
        ),
    ],
)
def test_a_file_that_holds_no_table_is_named_for_what_it_is(read, content, kind):
    with pytest.raises(NotATableError, match=rf"^file\.csv {kind}"):
        read(content)


def test_a_mailbox_without_an_email_is_not_taken_for_a_table(read):
    with pytest.raises(NotATableError, match="holds no e-mails"):
        read(b"From now on the new form is used.\n\nTwo colleagues are on leave.\n", "notes.mbox")


def test_the_name_does_not_decide_the_kind(read):
    assert read(b"a\tb\n1\t2\n", name="table.xlsx").delimiter == "\t"
    assert read(b'{"a": 1}\n', name="table.csv").frame["a"].tolist() == ["1"]
    assert read(gzip.compress(b"a,b\n1,2\n"), name="table.csv").frame["a"].tolist() == ["1"]


def test_a_heading_in_brackets_is_no_json(read):
    assert read(b"[id],[name]\n1,x\n").frame.columns.tolist() == ["[id]", "[name]"]


def test_the_hash_is_that_of_the_file_as_it_lies(read):
    content = gzip.compress(b"a,b\n1,2\n")
    assert read(content).sha256 == hashlib.sha256(content).hexdigest()


def test_a_missing_file_a_folder_and_an_empty_file_are_refused(tmp_path, read):
    with pytest.raises(FileUnavailableError, match=r"gone\.csv does not exist"):
        read_rows(tmp_path / "gone.csv")
    with pytest.raises(FileUnavailableError, match="is not a file"):
        read_rows(tmp_path)
    with pytest.raises(EmptyFileError, match="is empty"):
        read(b"")


def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch):
    # By hand, since the tests may run as root, whom no file refuses.
    path = tmp_path / "mine.csv"
    path.write_bytes(b"a,b\n")

    def refuse(_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    with pytest.raises(FileUnavailableError, match=r"mine\.csv may not be read; close it"):
        read_rows(path)


def test_a_failing_disk_is_told(tmp_path, monkeypatch):
    path = tmp_path / "far.csv"
    path.write_bytes(b"a,b\n")

    def fail(_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(type(path), "read_bytes", fail)
    with pytest.raises(FileUnavailableError, match="could not be read from its disk"):
        read_rows(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a Unix thing")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(FileUnavailableError, match="is not a file"):
        read_rows(tmp_path / "pipe.csv")


def test_a_file_larger_than_allowed_is_not_read(read):
    with pytest.raises(FileTooLargeError, match="holds more than 1 MB; split it"):
        read(b"a,b\n" + b"1,2\n" * 300_000, max_bytes=1_000_000)


def test_a_gzip_bomb_is_stopped_while_it_unpacks(read):
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    tracemalloc.start()
    with pytest.raises(FileTooLargeError, match="holds more than 2 MB"):
        read(bomb, max_bytes=2_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_a_gzip_file_cut_short_corrupt_or_packed_twice_is_refused(read):
    whole = gzip.compress(b"a,b\n" + b"1,2\n" * 100)
    for broken in (whole[:-5], whole[:20], whole[:-8] + bytes(8), b"\x1f\x8b\x08\x00garbage"):
        with pytest.raises(DamagedFileError, match="damaged gzip file"):
            read(broken)
    with pytest.raises(NotATableError, match="packed twice"):
        read(gzip.compress(whole))
