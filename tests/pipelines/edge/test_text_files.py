"""Delimited text: encoding and delimiter are found out, values are exact, refusals say where."""

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipelines.edge.files import ReadError, read_rows
from pipelines.edge.raw_table import (
    DamagedFileError,
    EmptyFileError,
    HeadingError,
    NotATableError,
    RaggedRowError,
)
from pipelines.edge.text_files import find_dialect


@pytest.fixture(scope="module")
def inbox(tmp_path_factory):
    return tmp_path_factory.mktemp("inbox")


@pytest.fixture
def read(tmp_path):
    def read_content(content, name="file.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_rows(path, **options)

    return read_content


def rows(table):
    values = table.frame.to_numpy(dtype=object, na_value=None)
    return values.tolist()


ENCODINGS = [
    ("utf-8", "utf-8"),
    ("utf-8-sig", "utf-8-sig"),
    ("utf-16", "utf-16"),
    ("utf-16-le", "utf-16-le"),
    ("utf-16-be", "utf-16-be"),
    ("utf-32", "utf-32"),
    ("cp1252", "cp1252"),
]


@pytest.mark.parametrize(("written", "found"), ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(read, written, found, delimiter):
    lines = ["id|name|paid", "1|Zo\u00eb \u2013 caf\u00e9|\u00a33", "2|Bob|\u00a34"]
    text = "\r\n".join(line.replace("|", delimiter) for line in lines)
    table = read(text.encode(written))
    assert table.frame.columns.tolist() == ["id", "name", "paid"]
    assert rows(table) == [["1", "Zo\u00eb \u2013 caf\u00e9", "\u00a33"], ["2", "Bob", "\u00a34"]]
    assert (table.encoding, table.delimiter) == (found, delimiter)


def test_utf8_with_some_windows_text_pasted_in_keeps_both(read):
    content = "id,text\n1,café\n2,naïve \u2013 façade\n".encode() + b"3,\xa35 \x93now\x94\n"
    table = read(content)
    assert rows(table) == [
        ["1", "café"],
        ["2", "naïve \u2013 façade"],
        ["3", "\u00a35 \u201cnow\u201d"],
    ]
    assert table.encoding == "utf-8"
    assert "3 characters" in table.notes[0]


def test_every_value_is_kept_as_it_stands(read):
    table = read('id,a,b\n007,NA, x \n1.50,null,"-"\n')
    assert rows(table) == [["007", "NA", " x "], ["1.50", "null", "-"]]
    assert all(dtype == "string" for dtype in table.frame.dtypes)


def test_only_what_is_empty_is_missing(read):
    assert rows(read('a,b,c\n,"",x\n" ",n/a,y\n')) == [[None, None, "x"], [" ", "n/a", "y"]]


def test_quotes_hold_delimiters_and_line_breaks(read):
    table = read('id,text\n1,"a, b"\n2,"line\nbreak"\n3,"say ""hi"""\n')
    assert rows(table) == [["1", "a, b"], ["2", "line\nbreak"], ["3", 'say "hi"']]
    assert table.row_numbers.tolist() == [2, 3, 4]


def test_a_quotation_mark_inside_a_value_is_only_a_mark(read):
    assert rows(read('id,size\n1,5" pipe\n2,6"\n')) == [["1", '5" pipe'], ["2", '6"']]


def test_commas_in_sentences_do_not_hide_the_semicolon(read):
    table = read("id;comment\n1;late, again, really\n2;fine, thanks\n3;ok\n")
    assert table.delimiter == ";"
    assert rows(table)[0] == ["1", "late, again, really"]


def test_the_delimiter_is_the_one_that_fits_the_rows_not_the_header_alone(read):
    table = read("id;why, when, or how;ward\n1;late;Oadby\n2;early;Wigston\n")
    assert table.delimiter == ";"
    assert table.frame.columns.tolist() == ["id", "why, when, or how", "ward"]


def test_a_file_of_one_column_is_not_split(read):
    table = read("comment\nlate, again\nfine\n\nok; thanks\n")
    assert table.delimiter is None
    assert rows(table) == [["late, again"], ["fine"], ["ok; thanks"]]
    assert table.row_numbers.tolist() == [2, 3, 5]


def test_blank_records_count_but_are_no_rows(read):
    table = read("\n\na,b\n1,2\n,\n\n3,4\n")
    assert rows(table) == [["1", "2"], ["3", "4"]]
    assert table.row_numbers.tolist() == [4, 7]


def test_old_macintosh_line_ends_are_line_ends(read):
    assert rows(read("a,b\r1,2\r3,4")) == [["1", "2"], ["3", "4"]]


def test_excels_line_that_names_the_separator_is_believed(read):
    table = read("sep=;\r\na;b,c\r\n1;2\r\n")
    assert table.frame.columns.tolist() == ["a", "b,c"]
    assert table.row_numbers.tolist() == [3]


def test_a_row_that_ends_early_is_completed_with_missing_values(read):
    table = read('a,b,c\n1,2,3\n4\n5,"x, y"\n6,7,8\n')
    assert rows(table) == [
        ["1", "2", "3"],
        ["4", None, None],
        ["5", "x, y", None],
        ["6", "7", "8"],
    ]
    assert table.row_numbers.tolist() == [2, 3, 4, 5]


def test_a_delimiter_too_many_at_the_ends_is_nothing(read):
    assert rows(read("a,b\n1,2,\n3,4,\n")) == [["1", "2"], ["3", "4"]]
    assert rows(read("a,b,\n1,2,\n3,4,\n")) == [["1", "2"], ["3", "4"]]
    assert rows(read("a,b\n1,2\n3,4,,,\n5,6\n")) == [["1", "2"], ["3", "4"], ["5", "6"]]


def test_headings_lose_the_space_around_them(read):
    assert read(" id ,\tname\u00a0\n1,2\n").frame.columns.tolist() == ["id", "name"]


def test_a_header_alone_is_a_table_without_rows_and_says_so(read):
    table = read("a,b\n", name="empty month.csv")
    assert table.frame.shape == (0, 2)
    assert table.notes == ("empty month.csv has a header and no rows.",)
    assert all(dtype == "string" for dtype in table.frame.dtypes)


def test_a_packed_file_is_unpacked_and_known_by_its_own_bytes(read):
    content = gzip.compress(b"a;b\n1;2\n", mtime=0)
    table = read(content, name="file.csv.gz")
    assert rows(table) == [["1", "2"]]
    assert table.sha256 != read(b"a;b\n1;2\n").sha256


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n \n", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_refused(read, content):
    with pytest.raises(EmptyFileError, match=r"file\.csv is empty; export it again"):
        read(content)


def test_a_row_with_more_fields_than_headings_is_named(read):
    with pytest.raises(RaggedRowError, match=r"3 fields in row 3 and 2 headings"):
        read("a,b\n1,2\n3,4,secret\n5,6\n")


def test_a_quotation_mark_left_open_is_placed(read):
    with pytest.raises(DamagedFileError, match="quotation mark in row 3 that is never closed"):
        read('a,b\n1,2\n3,"4\n5,6\n')


def test_of_two_equal_headings_the_second_gets_a_number_and_is_told_by_its_place(read):
    table = read("secret,b, secret\n1,2,3\n")
    assert table.frame.columns.tolist() == ["secret", "b", "secret (2)"]
    (note,) = table.notes
    assert note.startswith("Headings were there before (column 3)")
    assert "secret" not in note


def test_a_column_with_values_needs_a_heading(read):
    with pytest.raises(HeadingError, match="no heading over column 2"):
        read("a,,c\n1,2,3\n")
    assert read("a,,c\n1,,3\n").frame.columns.tolist() == ["a", "c"]


def test_a_nul_is_placed(read):
    with pytest.raises(DamagedFileError, match="NUL character in line 3"):
        read(b"a,b\n" + b"x" * 500 + b",1\n1,\x00\n")


def test_binary_bytes_are_not_taken_for_text(read):
    with pytest.raises(NotATableError, match="is not text and not a workbook"):
        read(bytes(range(1, 256)) * 20)
    with pytest.raises(NotATableError, match="is not text"):
        read(bytes(range(256)) * 20)


def test_a_utf16_file_cut_in_a_character_is_damaged(read):
    with pytest.raises(DamagedFileError, match="UTF-16"):
        read("a,b\n1,2".encode("utf-16")[:-1])


def test_an_error_quotes_nothing_of_the_file(read):
    for content in ('a,b\n1,2,"Jane Secret"\n3,4\n', 'a,b\n"Jane Secret,2\n'):
        with pytest.raises(ReadError) as refusal:
            read(content)
        assert "Jane" not in str(refusal.value)


def test_a_blank_text_has_no_layout():
    assert find_dialect(" \n\n") is None
    assert find_dialect("sep=;\n\n") is None


CELLS = st.text(
    alphabet=st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters='"\n\r,;\t|'
    ),
    max_size=8,
)


@settings(deadline=None, derandomize=True)
@given(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8
        )
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_csv_writes_comes_back(inbox, table, delimiter, encoding, line_end):
    width = len(table[0])
    written = io.StringIO(newline="")
    writer = csv.writer(
        written, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL
    )
    writer.writerows([[f"column {n}" for n in range(width)], *table])
    path = inbox / "written.csv"
    path.write_bytes(written.getvalue().encode(encoding))
    read = read_rows(path)
    expected = [[value or None for value in row] for row in table]
    assert rows(read) == [row for row in expected if any(row)]
    assert read.row_numbers.tolist() == [n for n, row in enumerate(expected, start=2) if any(row)]
    assert read.delimiter == delimiter


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    st.binary(max_size=400)
    | st.text(alphabet='ab1 ,;|\t"\r\n\x00é', max_size=200).map(str.encode)
    | st.binary(max_size=60).map(lambda data: b"\x1f\x8b\x08\x00" + data)
    | st.text(max_size=100).map(lambda text: text.encode("utf-16", "replace"))
)
def test_any_bytes_give_a_table_or_a_reason(inbox, content):
    path = Path(inbox / "any.csv")
    path.write_bytes(content)
    table, reason = None, "any.csv ."
    try:
        table = read_rows(path)
    except ReadError as error:
        reason = str(error)
    assert reason.startswith("any.csv ")
    assert reason.endswith(".")
    if table is not None:
        assert len(table.frame) == len(table.row_numbers)
        assert table.row_numbers.is_monotonic_increasing


@settings(deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(["", "x", "a b", "1"]), min_size=2, max_size=40))
def test_each_row_is_found_under_its_number(inbox, values):
    assume(any(values))
    path = inbox / "numbered.csv"
    path.write_text(
        "".join(f"{line}\n" for line in ["id,text", *[v and f"{v},y1" for v in values]])
    )
    table = read_rows(path)
    found = dict(zip(table.row_numbers, table.frame["id"], strict=True))
    assert found == {n: value for n, value in enumerate(values, start=2) if value}
