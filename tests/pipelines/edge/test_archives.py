import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.edge import archives
from pipelines.edge.files import load_members
from pipelines.edge.raw_table import (
    EmptyFileError,
    FileTooLargeError,
    NotATableError,
    ReadError,
)


@pytest.fixture
def archive(tmp_path):
    def make(members, name="calls.zip", method=zipfile.ZIP_DEFLATED):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", method) as packed:
            for member, data in members.items():
                packed.writestr(member, data)
        return path

    return make


def test_each_file_of_an_archive_counts_by_itself(archive):
    path = archive({"a.csv": "id\n1\n", "2026/b.csv": "id\n2\n"})
    assert [m.name for m in load_members(path)] == ["calls.zip/a.csv", "calls.zip/2026/b.csv"]
    assert len({m.sha256 for m in load_members(path)}) == 2


def test_what_systems_leave_behind_is_passed_over(archive):
    clutter = {"__MACOSX/._a.csv": "x", ".DS_Store": "x", "sub/Thumbs.db": "x", "a.csv": "id\n1\n"}
    assert [m.name for m in load_members(archive(clutter))] == ["calls.zip/a.csv"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\a.csv", "..\\..\\a.csv", "a\nb.csv"]
)
def test_a_name_that_leads_elsewhere_is_only_ever_shown(archive, name, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    path = archive({name: "id\n1\n"})
    (member,) = load_members(path)
    assert member.data == b"id\n1\n"
    assert ".." not in member.name
    assert "\n" not in member.name
    assert not member.name.startswith("/")
    assert sorted(tmp_path.rglob("*")) == sorted([*before, path])


def test_an_archive_of_nothing_is_refused(archive):
    with pytest.raises(EmptyFileError, match="no files in it"):
        load_members(archive({}))
    with pytest.raises(EmptyFileError, match="no files in it"):
        load_members(archive({".DS_Store": "x"}))


def test_an_archive_in_an_archive_is_refused(archive):
    inner = archive({"a.csv": "id\n1\n"}, name="inner.zip").read_bytes()
    with pytest.raises(NotATableError, match="archive in an archive"):
        load_members(archive({"inner.zip": inner}))


def test_a_bomb_is_refused_before_it_is_unpacked(archive, monkeypatch):
    path = archive({"a.csv": b"0" * 50_000_000})
    monkeypatch.setattr(archives, "_member", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(FileTooLargeError, match="more than is allowed"):
        load_members(path)


def test_a_member_that_is_longer_than_it_says_is_refused(archive):
    path = archive({"a.csv": b"x" * 5000}, method=zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    for place in (data.find(b"PK\x03\x04") + 22, data.find(b"PK\x01\x02") + 24):
        data[place : place + 4] = struct.pack("<I", 10)
    path.write_bytes(data)
    with pytest.raises(ReadError):
        load_members(path)


def test_too_many_files_are_refused(archive, monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    with pytest.raises(FileTooLargeError, match="over 2 files"):
        load_members(archive({f"{n}.csv": "id" for n in range(3)}))


def test_a_password_is_said(archive):
    path = archive({"a.csv": "id\n1\n"})
    data = bytearray(path.read_bytes())
    data[data.find(b"PK\x01\x02") + 8] |= 1
    data[data.find(b"PK\x03\x04") + 6] |= 1
    path.write_bytes(data)
    with pytest.raises(NotATableError, match="password"):
        load_members(path)


@given(st.data())
def test_a_damaged_archive_gives_files_or_a_reason(tmp_path_factory, data):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.csv", "id,text\n1,hello\n" * 30)
        made.writestr("b/c.csv", "id,text\n2,hello\n")
    content = bytearray(packed.getvalue())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(4, len(content)))
    path = tmp_path_factory.mktemp("damaged") / "damaged.zip"
    path.write_bytes(content[:cut])
    try:
        members = load_members(path)
    except ReadError:
        return
    assert members
