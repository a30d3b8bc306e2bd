import pytest

from pipelines.edge.output_folder import OutputFolderError, replace_folder


def held(folder):
    return {
        str(path.relative_to(folder)).replace("\\", "/"): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_files_are_all_that_the_folder_holds(tmp_path):
    folder = tmp_path / "2026-10"
    replace_folder(folder, {"a/old.html": "old"})
    replace_folder(folder, {"b/new.html": "new\r\n", "c.xlsx": b"\x00"})
    assert held(folder) == {"b/new.html": b"new\r\n", "c.xlsx": b"\x00"}
    assert [path.name for path in tmp_path.iterdir()] == ["2026-10"]


def test_a_write_that_fails_leaves_the_old_folder(tmp_path):
    folder = tmp_path / "2026-10"
    replace_folder(folder, {"a.html": "old"})
    with pytest.raises(OutputFolderError, match="can't be written"):
        replace_folder(folder, {"a.html": "new", "a.html/b.html": "below a file"})
    assert held(folder) == {"a.html": b"old"}
    replace_folder(folder, {"a.html": "new"})
    assert held(folder) == {"a.html": b"new"}


def test_what_a_killed_run_left_behind_is_cleared_away(tmp_path):
    (tmp_path / ".2026-10.unfinished").mkdir()
    (tmp_path / ".2026-10.unfinished" / "half.html").write_text("half", encoding="utf-8")
    replace_folder(tmp_path / "2026-10", {"a.html": "whole"})
    assert held(tmp_path / "2026-10") == {"a.html": b"whole"}


def test_a_run_killed_between_the_renames_loses_nothing(tmp_path):
    (tmp_path / ".2026-10.old").mkdir()
    (tmp_path / ".2026-10.old" / "a.html").write_text("old", encoding="utf-8")
    with pytest.raises(OutputFolderError):
        replace_folder(tmp_path / "2026-10", {"a.html": "new", "a.html/b.html": "below a file"})
    assert held(tmp_path / "2026-10") == {"a.html": b"old"}


def test_a_folder_below_a_file_is_said(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputFolderError, match="can't be written"):
        replace_folder(tmp_path / "file" / "2026-10", {"a.html": "x"})
