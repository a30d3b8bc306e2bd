from dataclasses import asdict
from importlib import resources

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from insight.layout import Layout
from pipelines.edge.mappings import MappingFileError, read_mapping, reading_hash

WHOLE = """
contract: street_reports
columns:
  report_id: case_enquiry_id
  reported_at: open_dt
dates: "%Y-%m-%d %H:%M:%S"
timezone: America/New_York
crs: EPSG:26986
area: boundary.geojson
values:
  channel: {Citizens Connect App: web, 1: phone, Yes: email}
constants: {service: street-cleansing}
rows: {where: {type: [Animal Generic Request]}}
unpivot:
  keep: [report_id]
  columns: {Q1: overall}
"""


def written(tmp_path, text):
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_mapping_is_read(tmp_path):
    mapping = read_mapping(written(tmp_path, WHOLE))
    assert mapping.columns["report_id"] == "case_enquiry_id"
    assert mapping.where == {"type": ("Animal Generic Request",)}
    assert mapping.unpivot.columns == {"Q1": "overall"}
    assert mapping.area == str(tmp_path / "boundary.geojson")


def test_what_a_question_is_besides_its_code_may_stand_with_it(tmp_path):
    text = """
contract: surveys
columns: {response_id: id}
join: {answered_at: "{Year}-{Month}-01"}
rows: {leave_out: {Status: [Test, ""]}}
unpivot:
  columns:
    Q1: overall
    Q2: {question: health, scale: reverse-5}
"""
    mapping = read_mapping(written(tmp_path, text))
    assert mapping.unpivot.columns == {"Q1": "overall", "Q2": "health"}
    assert mapping.unpivot.also == {"Q2": {"scale": "reverse-5"}}
    assert mapping.leave_out == {"Status": ("Test", "")}
    assert set(mapping.file_headings) == {"id", "Year", "Month", "Status", "Q1", "Q2"}


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("join: {report_id: Ref}", "names no heading"),
        ("unpivot: {columns: {Q1: {scale: yes-no}}}", "Q1 needs question"),
        ("quarters: lunar", "quarters"),
    ],
)
def test_a_key_that_says_too_little_is_named(tmp_path, key, told):
    with pytest.raises(MappingFileError, match=told):
        read_mapping(written(tmp_path, f"contract: surveys\n{key}\n"))


def test_yaml_numbers_and_yeses_in_values_are_text_as_in_the_file(tmp_path):
    channel = read_mapping(written(tmp_path, WHOLE)).translations["channel"]
    assert channel == {"Citizens Connect App": "web", "1": "phone", "Yes": "email"}


def test_every_fault_is_said_at_once(tmp_path):
    path = written(tmp_path, "colums: {a: b}\nunpivot: {keep: [a]}\n")
    with pytest.raises(MappingFileError) as caught:
        read_mapping(path)
    assert all(word in str(caught.value) for word in ("contract", "colums", "unpivot.columns"))


@pytest.mark.parametrize("text", ["- a\n- b\n", "a: b: c", "", "\x00"])
def test_what_is_no_mapping_is_refused_in_a_sentence(tmp_path, text):
    with pytest.raises(MappingFileError, match=r"mapping\.yaml"):
        read_mapping(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MappingFileError, match=r"no mapping file .*none\.yaml"):
        read_mapping(tmp_path / "none.yaml")


def test_an_unknown_contract_and_key_are_answered_with_what_there_is(tmp_path):
    path = written(tmp_path, "contract: bins\ncolour: red\n")
    with pytest.raises(MappingFileError) as caught:
        read_mapping(path)
    assert "there is no input bins; use one of street_reports" in str(caught.value)
    assert "colour: not a key of a mapping" in str(caught.value)


def test_the_hash_ignores_where_the_file_lies(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    here, there = (read_mapping(written(tmp_path / folder, WHOLE)) for folder in "ab")
    assert reading_hash(here, {}) == reading_hash(there, {})
    other = read_mapping(written(tmp_path / "b", WHOLE.replace("open_dt", "closed_dt")))
    assert reading_hash(other, {}) != reading_hash(here, {})


def test_the_hash_changes_with_the_councils_own_spellings(tmp_path):
    mapping = read_mapping(written(tmp_path, WHOLE))
    own = {"channel": {"phone": ["pigeon post"]}}
    assert reading_hash(mapping, own) != reading_hash(mapping, {})
    assert reading_hash(None, own) != reading_hash(None, {})


def test_the_layout_that_the_readme_shows_is_understood(tmp_path):
    readme = resources.files("pipelines") / "workspace_template" / "mappings" / "README.md"
    _, _, text = readme.read_text(encoding="utf-8").partition("```yaml\nlayout:")
    example, _, _ = text.partition("```")
    layout = read_mapping(written(tmp_path, f"contract: contacts\nlayout:{example}")).layout
    assert asdict(layout) == {
        "header_row": 6,
        "heading_rows": 2,
        "table": 2,
        "sheets": "all",
        "sheet_column": "Month",
        "totals": "keep",
        "records": "data.requests",
        "serial_dates": "1904",
    }


@pytest.mark.parametrize(
    "layout",
    [
        "{header_row: six}",
        "{header_row: 0}",
        "{heading_rows: 3}",
        "{totals: maybe}",
        "{serial_dates: 1970}",
        "{sheet: May}",
        "{sheets: []}",
        "{table: 0}",
        "[1]",
    ],
)
def test_a_wrong_layout_is_refused_by_its_key(tmp_path, layout):
    with pytest.raises(MappingFileError, match=r"mapping\.yaml is wrong: layout"):
        read_mapping(written(tmp_path, f"contract: contacts\nlayout: {layout}\n"))


def test_a_table_may_be_named_by_one_of_its_headings(tmp_path):
    path = written(tmp_path, "contract: contacts\nlayout: {table: Mean wait, sheets: [Apr, May]}\n")
    assert read_mapping(path).layout == Layout(table="Mean wait", sheets=("Apr", "May"))


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(sorted(yaml.safe_load(WHOLE))) | st.text(max_size=8), ANYTHING)
def test_any_key_with_any_value_is_read_or_refused(tmp_path_factory, key, value):
    path = tmp_path_factory.mktemp("mapping") / "mapping.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(WHOLE) | {key: value}), encoding="utf-8")
    try:
        read = read_mapping(path)
    except MappingFileError as refused:
        assert "mapping.yaml" in str(refused)  # noqa: PT017 - either is right
    else:
        assert read.contract
