import sqlite3

import pandas as pd
import pytest

from pipelines.edge.drawings import FILE, Fresh, UnkeyedError, drawn_once, kept_drawings, key_of
from pipelines.edge.pages import render_site
from pipelines.edge.scorecard_rows import measure_rows
from tests.judged_month import figures, judged
from tests.page_month import page_month


def site(folder, month):
    with kept_drawings(folder) as drawings:
        made = render_site(page_month(judged=month, drawings=drawings))
    return made, drawings.kept


def test_pages_are_the_same_bytes_drawn_or_found_and_nothing_is_drawn_twice(tmp_path):
    month = judged()
    fresh = render_site(page_month(judged=month))
    first, before = site(tmp_path, month)
    second, after = site(tmp_path, month)
    assert fresh == first == second
    assert before.made > 0
    assert (after.made, after.found) == (0, before.made)


def test_only_what_has_changed_is_drawn_again(tmp_path):
    site(tmp_path, judged())
    rows = figures()
    rows.loc[rows["measure"].eq("WORSE") & rows["period"].eq("2026-10"), "value"] = 61.0
    month = judged(rows)
    made, kept = site(tmp_path, month)
    assert kept.made == 3  # its drawings, its line in the table, its detail
    assert made == render_site(page_month(judged=month))


def half_a_run(folder):
    with kept_drawings(folder) as drawings:
        drawn_once(drawings, [b"two"], lambda _: ["2"])
        raise KeyboardInterrupt


def test_a_run_killed_half_way_leaves_what_was_there(tmp_path):
    with kept_drawings(tmp_path) as drawings:
        drawn_once(drawings, [b"one"], lambda _: ["1"])
    with pytest.raises(KeyboardInterrupt):
        half_a_run(tmp_path)
    with kept_drawings(tmp_path) as drawings:
        assert drawings.find([b"one", b"two"]) == {b"one": b"1"}


@pytest.mark.parametrize("damage", [b"no database", b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_damaged_file_is_as_good_as_none(tmp_path, damage):
    (tmp_path / FILE).write_bytes(damage)
    for _ in range(2):
        with kept_drawings(tmp_path) as drawings:
            assert drawn_once(drawings, [b"one"], lambda _: ["1"]) == ["1"]


def test_a_damaged_drawing_is_drawn_again(tmp_path):
    with kept_drawings(tmp_path) as drawings:
        drawn_once(drawings, [b"one"], lambda _: ["1"])
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE drawing SET content = 'spoiled'")
    with kept_drawings(tmp_path) as drawings:
        assert drawn_once(drawings, [b"one"], lambda _: ["1"]) == ["1"]


def test_a_file_that_another_run_holds_is_gone_without(tmp_path):
    with kept_drawings(tmp_path) as drawings:
        drawn_once(drawings, [b"one"], lambda _: ["1"])
    with sqlite3.connect(tmp_path / FILE) as held:
        held.execute("BEGIN EXCLUSIVE")
        with kept_drawings(tmp_path) as drawings:
            assert drawn_once(drawings, [b"one"], lambda _: ["1"]) == ["1"]


def test_keys_tell_apart_what_reads_alike():
    assert key_of(["ab", "c"]) != key_of(["a", "bc"])
    assert key_of([1]) != key_of(["1"])
    frame = pd.DataFrame({"a": [0.1 + 0.2]})
    assert key_of([frame]) != key_of([pd.DataFrame({"a": [0.3]})])
    with pytest.raises(UnkeyedError):
        key_of([object()])


def test_a_row_finds_its_drawings_again():
    rows = measure_rows(judged(), Fresh())
    assert [row["drawing"] == b"" for row in rows] == [row["measure"] == "HIDDEN" for row in rows]
