"""JSON as text: digits as written, one list of records found, nothing guessed."""

import gzip
import json
import string

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.layout import NO_LAYOUT, Layout
from pipelines.edge.files import ReadError, load_file, read_rows, rows_in
from pipelines.edge.raw_table import (
    DamagedFileError,
    EmptyFileError,
    FileTooLargeError,
    LayoutError,
    NotATableError,
)


@pytest.fixture
def read(tmp_path):
    def read_content(content, name="rows.jsonl", layout=NO_LAYOUT):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return rows_in(load_file(path), layout=layout)

    return read_content


def rows(table):
    return table.frame.to_numpy(dtype=object, na_value=None).tolist()


def test_json_lines_keep_their_digits_and_their_line_numbers(read):
    content = '{"id": 1.50, "n": 12345678901234567890, "ok": true, "text": "Zo\\u00eb"}\n\n'
    content += (
        '{"text": "", "id": null, "tags": ["a"], "more": {"b": null}}\r\n{"id": NaN, "n": -0}'
    )
    table = read(content.encode())
    assert table.frame.columns.tolist() == ["id", "n", "ok", "text", "tags", "more.b"]
    assert rows(table) == [
        ["1.50", "12345678901234567890", "true", "Zo\u00eb", None, None],
        [None, None, None, None, '["a"]', None],
        [None, "-0", None, None, None, None],
    ]
    assert table.row_numbers.tolist() == [1, 3, 4]


def test_a_json_array_of_objects_is_rows_too(read):
    table = read(b' [{"a": "x"},\n {"a": "y"}]\n')
    assert rows(table) == [["x"], ["y"]]
    assert table.row_numbers.tolist() == [1, 2]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_json_may_be_marked_and_packed(read, encoding):
    content = '{"a": "caf\u00e9"}\n'.encode(encoding)
    assert rows(read(gzip.compress(content), name="rows.jsonl.gz")) == [["caf\u00e9"]]


def test_a_line_separator_inside_a_value_starts_no_row(read):
    content = '{"a": "x\u2028y"}\n{"a": "z"}\n'.encode()
    assert rows(read(content)) == [["x\u2028y"], ["z"]]


def test_half_a_character_is_replaced_rather_than_stored(read):
    assert rows(read(b'{"a": "x\\ud83d"}')) == [["x\ufffd"]]


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b'{"a": 1}\n{"a": \n', DamagedFileError, "not valid JSON in line 2"),
        (b'{"a": 1}\n[1, 2]\n', NotATableError, "no JSON object as record 2"),
        (b"[1, 2]", NotATableError, "no JSON object as record 1"),
        (b'{\n "type": "FeatureCollection"\n}', NotATableError, "with no list of records"),
        (b"{}\n{}", EmptyFileError, "holds no values"),
        (b"[" * 100_000, DamagedFileError, "not valid JSON"),
    ],
)
def test_what_is_no_rows_of_json_is_refused(read, content, error, message):
    with pytest.raises(error, match=message):
        read(content)


NAMES = st.text(alphabet="abc", min_size=1, max_size=3)
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.text())


@settings(deadline=None, derandomize=True)
@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=3), min_size=1, max_size=6))
def test_text_written_as_json_comes_back(tmp_path_factory, records):
    path = tmp_path_factory.getbasetemp() / "written.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    expected = [
        (number, {k: v for k, v in record.items() if isinstance(v, str) and v})
        for number, record in enumerate(records, start=1)
    ]
    try:
        table = read_rows(path)
    except EmptyFileError:
        assert not any(records)
        return
    found = {
        number: {k: v for k, v in row.items() if pd.notna(v)}
        for number, row in zip(
            table.row_numbers, table.frame.to_dict(orient="records"), strict=True
        )
    }
    for number, record in expected:
        assert record.items() <= found.get(number, {}).items()


LIST = [{"id": 1, "where": {"lat": 52.50, "more": {"ward": "North"}}}, {"id": 2, "where": None}]


@pytest.mark.parametrize(
    "whole",
    [
        LIST,
        {"service_requests": LIST},
        {"meta": {"page": 1, "codes": [1, 2]}, "data": {"requests": LIST}},
        {"requests": [{"request": LIST}]},
    ],
)
def test_one_list_of_records_is_found_wherever_it_lies(read, whole):
    table = read(whole)
    assert table.frame.columns.tolist()[:3] == ["id", "where.lat", "where.more.ward"]
    assert rows(table)[0][:3] == ["1", "52.5", "North"]
    assert table.row_numbers.tolist() == [1, 2]
    assert [n for n in table.notes if "taken from" in n] == list(table.notes)
    assert bool(table.notes) == isinstance(whole, dict)


def test_an_indented_object_is_read_like_one_on_a_line(read):
    table = read(json.dumps({"page": 1, "requests": LIST}, indent=2).encode())
    assert len(table.frame) == 2
    assert "list requests" in table.notes[0]


def test_of_two_lists_the_mapping_names_one(read):
    whole = {"open": LIST, "closed": LIST[:1], "Jo Bloggs": LIST}
    with pytest.raises(NotATableError, match=r"3 lists of records: open, closed; .*records: NAME"):
        read(whole)
    assert len(read(whole, layout=Layout(records="closed")).frame) == 1
    with pytest.raises(LayoutError, match="no list 'shut'"):
        read(whole, layout=Layout(records="shut"))


def test_a_point_has_its_longitude_first(read):
    point = {"type": "Point", "coordinates": [-1.1, 52.6]}
    features = [{"type": "Feature", "geometry": point, "properties": {"ref": "A"}}]
    table = read({"type": "FeatureCollection", "features": features})
    assert table.frame["geometry.longitude"].tolist() == ["-1.1"]
    assert table.frame["geometry.latitude"].tolist() == ["52.6"]
    assert table.frame["properties.ref"].tolist() == ["A"]


def test_a_field_called_like_a_nested_one_keeps_its_value(read):
    table = read([{"a.b": "own", "a": {"b": "nested"}}])
    assert table.frame["a.b"].tolist() == ["own"]
    assert table.frame["a.b (nested)"].tolist() == ["nested"]


def test_what_lies_very_deep_stays_json(read):
    deep = {"k": 1}
    for _ in range(40):
        deep = {"k": deep}
    table = read([deep])
    assert table.frame.columns.tolist() == ["k.k.k.k.k"]


def test_records_that_share_no_fields_do_not_exhaust_memory(read):
    lines = "\n".join(json.dumps({f"key{n}": n}) for n in range(12_000))
    with pytest.raises(FileTooLargeError, match="too many different fields"):
        read(lines.encode())


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(string.ascii_letters + ".\ud83d", max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.text(alphabet='{}[]":,a1 \n\\u\ud83d', max_size=60).map(
        lambda text: b"{" + text.encode("utf-8", "replace")
    )
    | JSON_VALUES.map(lambda value: json.dumps({"a": value}).encode())
    | st.lists(JSON_VALUES, min_size=1).map(lambda value: json.dumps(value).encode())
)
def test_any_json_gives_a_table_or_a_reason(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(content)
    try:
        table = read_rows(path)
    except ReadError:
        return
    assert len(table.frame) == len(table.row_numbers)
    assert table.frame.columns.is_unique
