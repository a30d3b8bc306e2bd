from pathlib import Path

import pytest
from openpyxl import load_workbook

from data_contracts import INPUTS, contract_names, load_contract
from insight.contract import Privacy
from insight.data_map import NOT_SAID, RECIPIENTS
from pipelines.steps.data_map import DataMapError, data_map, data_map_markdown, write_data_map
from pipelines.steps.publish import _tables

PUBLISHED = Path(__file__).parents[3] / "docs" / "data-map.md"
PERSON = "Quentin.Unmistakable@example.com"
ROWS = {
    "contacts": f"1,03/10/2026 09:00,phone,waste,{PERSON},,hello",
    "enquiries": f"1,03/10/2026 09:00,hello,,email,waste,{PERSON},",
    "cases": f"1,planning,householder,01/02/2026,,undecided,{PERSON}",
    "complaints": f"1,01/02/2026,waste,stage 1,,open,{PERSON}",
    "street_reports": f"1,01/02/2026,Dog fouling,52.6,-1.1,{PERSON}",
}


def test_the_published_copy_is_what_the_contracts_give():
    assert PUBLISHED.read_text(encoding="utf-8") == data_map_markdown(None)


@pytest.mark.parametrize("name", contract_names())
def test_every_column_of_every_contract_is_in_the_map(name):
    (section,) = [each for each in data_map(None) if each.contract == name]
    mapped = [row.column for row in section.rows if row.classification != "derived"]
    assert mapped == list(load_contract(name).column_names)
    assert all(all(row.cells) for row in section.rows)
    assert section.recipients


@pytest.mark.parametrize("name", INPUTS)
def test_no_identifier_and_no_free_text_is_said_to_be_kept_as_received(name):
    (section,) = [each for each in data_map(None) if each.contract == name]
    said = {row.column: row.happens for row in section.rows}
    for column in load_contract(name).columns:
        if column.privacy is Privacy.IDENTIFIER:
            assert said[column.name].startswith("pseudonymised")
        elif column.privacy is Privacy.FREE_TEXT:
            assert said[column.name].startswith("redacted")


def test_every_input_with_an_identifier_is_tried_below():
    named = {
        name
        for name in INPUTS
        if any(each.privacy is Privacy.IDENTIFIER for each in load_contract(name).columns)
    }
    assert named == set(ROWS)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_no_identifier_is_stored_as_it_came(workspace, feed, name):
    assert feed(workspace, name, ROWS[name]).accepted == 1
    workspace.engine.dispose()
    for path in (workspace.root / "store").iterdir():
        assert PERSON.casefold().encode() not in path.read_bytes().lower()


def test_every_input_has_its_recipients_and_every_output_its_folder():
    from inspect import getsource

    assert set(RECIPIENTS) == set(INPUTS)
    source = getsource(_tables)
    # Written by pages and lists of their own.
    elsewhere = {"service_figures", "form_gaps", "complaints_due", "recovery_weeks"}
    for section in data_map(None)[len(INPUTS) :]:
        for folder in section.recipients.split(", "):
            told = f'Table("{folder}", "{section.contract}"' in source
            assert told or section.contract in elsewhere or folder.startswith("now/")


def test_the_councils_own_periods_and_lawful_bases_are_shown(make_workspace, tmp_path):
    basis = "Public task, UK GDPR article 6(1)(e)"
    workspace = make_workspace(retention_days={"contacts": 30}, lawful_basis={"contacts": basis})
    text = data_map_markdown(workspace.settings)
    assert basis in text
    assert "30 days from contacted_at" in text
    assert NOT_SAID in text
    write_data_map(workspace.settings, tmp_path / "map.xlsx")
    book = load_workbook(tmp_path / "map.xlsx")
    rows = [[cell.value for cell in row] for row in book["Columns"].iter_rows(min_row=4)]
    assert ["contacts", "customer"] in [row[:2] for row in rows]
    write_data_map(workspace.settings, tmp_path / "map.md")
    assert (tmp_path / "map.md").read_text(encoding="utf-8") == text
    with pytest.raises(DataMapError, match=r"\.md or \.xlsx"):
        write_data_map(workspace.settings, tmp_path / "map.pdf")


def test_a_lawful_basis_of_no_input_is_refused(make_workspace):
    with pytest.raises(Exception, match="there is no input calls"):
        make_workspace(lawful_basis={"calls": "x"})
