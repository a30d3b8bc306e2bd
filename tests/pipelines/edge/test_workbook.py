from io import BytesIO
from zipfile import ZipFile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.errors import MissingColumnsError
from pipelines.edge.sheets import LONGEST_TEXT
from pipelines.edge.workbook import SCORECARD_COLUMNS, csv_text, scorecard_workbook
from tests.page_month import scorecard

ATTACK = "=cmd|' /C calc'!A0"


def made(frame: pd.DataFrame) -> bytes:
    return scorecard_workbook(
        frame, council="Harrowby", period_label="October 2026", notes=["Targets were set in May."]
    )


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(made(scorecard())))


def table_of(sheet) -> pd.DataFrame:
    (table,) = sheet.tables.values()
    rows = [[cell.value for cell in row] for row in sheet[table.ref]]
    return pd.DataFrame(rows[1:], columns=rows[0])


def measure_row(book, title: str) -> pd.Series:
    return table_of(book["Scorecard"]).set_index("Measure").loc[title]


def test_the_workbook_opens_on_a_cover_and_explains_itself(book):
    assert book.sheetnames == ["Cover", "Scorecard", "Off target", "Definitions", "Notes"]
    assert list(table_of(book["Cover"])["Sheet"]) == book.sheetnames[1:]
    notes = table_of(book["Notes"])
    assert {"[c]", "[x]", "[p]", "[r]", "■ Red", "[note 1]"} <= set(notes["Sign"])


def test_services_are_called_by_their_names():
    named = scorecard_workbook(
        scorecard(), council="Harrowby", period_label="October 2026", notes=[],
        name={"bins": "Bins and recycling"}.get,
    )  # fmt: skip
    row = measure_row(openpyxl.load_workbook(BytesIO(named)), "Bins collected on the day")
    assert row["Service"] == "Bins and recycling"
    assert row["Unit"] == "%"


@pytest.mark.parametrize("name", ["Cover", "Scorecard", "Off target", "Definitions", "Notes"])
def test_each_sheet_follows_the_accessibility_guidance(book, name):
    sheet = book[name]
    assert sheet["A1"].value, "the title is in A1"
    assert len(sheet.tables) == 1, "one table, marked as one"
    assert not sheet.merged_cells.ranges
    assert sheet.freeze_panes is None
    assert not sheet.auto_filter.ref
    (table,) = sheet.tables.values()
    assert table.autoFilter is None
    assert table.ref.startswith("A"), "tables begin in the first column"
    cells = [[cell.value for cell in row] for row in sheet[table.ref]]
    assert all(value not in (None, "") for row in cells for value in row), "no cell is blank"
    column_a = [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)]
    assert all(column_a), "no row is blank"
    assert sheet.protection.sheet


def test_figures_are_numbers_in_their_unit(book):
    bins = measure_row(book, "Bins collected on the day")
    assert bins["Value"] == pytest.approx(0.9962)
    assert bins["Unit"] == "%"
    assert bins["Based on"] == 61_204
    sheet = book["Scorecard"]
    formats = {cell.value: cell.number_format for row in sheet.iter_rows() for cell in row}
    assert formats[0.9962] == "0.0%"
    assert formats[31.5] == "£#,##0.00"


def test_a_status_is_a_word_and_a_shape_and_a_colour(book):
    fouling = measure_row(book, "Reported fouling removed in one working day")
    assert fouling["Status"] == "■ Red"
    cells = {c.value: c for row in book["Scorecard"].iter_rows() for c in row}
    assert cells["■ Red"].fill.fgColor.rgb == "FFF9DEDC"


def test_a_suppressed_figure_leaves_nothing_but_its_target(book):
    major = measure_row(book, "Major applications decided in time")
    hidden = ["Value", "Likely from", "Likely to", "Based on", "Period before"]
    assert set(major[hidden]) == {"[c]"}
    assert major["Target"] == 0.6
    assert major["State"] == "Not shown [c]"


def test_what_is_missing_is_said_in_shorthand(book):
    visits = measure_row(book, "Visits to leisure centres")
    assert visits["Value"] == "[x]"
    assert measure_row(book, "Applicants satisfied with planning")["State"] == "Provisional [p]"
    assert measure_row(book, "Council tax collected so far this year")["State"] == "Revised [r]"


def test_a_band_target_stays_in_words(book):
    assert measure_row(book, "Fixed penalties given for fouling")["Target"] == "2 to 6"


def test_red_comes_before_amber_and_commentary_is_asked_for(book):
    late = table_of(book["Off target"])
    assert list(late["Status"]) == ["■ Red", "■ Red", "▲ Amber"]
    assert late.loc[0, "Commentary"] == "No commentary yet"
    assert "Agency cover" in late.loc[1, "Commentary"]


def test_a_formula_typed_by_a_person_stays_text():
    frame = scorecard()
    texts = ["measure", "title", "family", "service", "commentary", "definition"]
    hostile = frame.assign(**dict.fromkeys(texts, ATTACK))
    content = made(hostile)
    with ZipFile(BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
    table = table_of(openpyxl.load_workbook(BytesIO(content))["Scorecard"])
    assert set(table["Measure"]) == {ATTACK}


def test_a_text_longer_than_a_cell_is_cut_not_lost():
    frame = scorecard()
    frame["commentary"] = pd.array(["x" * (LONGEST_TEXT + 9)] * len(frame), dtype="string")
    late = table_of(openpyxl.load_workbook(BytesIO(made(frame)))["Off target"])
    assert late["Commentary"].str.len().eq(LONGEST_TEXT).all()


def test_the_same_figures_give_the_same_bytes():
    shuffled = scorecard().sample(frac=1, random_state=1)
    assert made(scorecard()) == made(shuffled)


def test_an_empty_scorecard_still_makes_a_workbook():
    book = openpyxl.load_workbook(BytesIO(made(scorecard().iloc[:0])))
    assert table_of(book["Scorecard"]).loc[0, "Measure"] == "No measures"


def test_infinity_is_not_a_figure():
    frame = scorecard()
    frame["value"] = np.inf
    book = openpyxl.load_workbook(BytesIO(made(frame)))
    assert measure_row(book, "Bins collected on the day")["Value"] == "[x]"


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumnsError, match="commentary"):
        made(scorecard().drop(columns="commentary"))
    assert "commentary" in SCORECARD_COLUMNS


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])  # noqa: RUF001
def test_csv_defuses_a_text_that_would_be_a_formula(start):
    frame = pd.DataFrame({"place": [f"{start}HYPERLINK(0)"]}, dtype="string")
    assert f"'{start}HYPERLINK(0)" in csv_text(frame, ["place"])


def test_csv_leaves_numbers_alone():
    texts = ["-3", "-1e-05", "+44 116 496 0000"]
    frame = pd.DataFrame({"change": [-2.5, np.nan, 0.5], "text": texts})
    lines = csv_text(frame, ["change", "text"]).split("\r\n")
    assert lines[1:4] == ['-2.5,"-3"', '"","-1e-05"', '0.5,"\'+44 116 496 0000"']


def test_csv_holds_the_allow_listed_columns_only():
    frame = pd.DataFrame({"place": ["Mill Lane"], "reporter": ["Ann"]})
    written = csv_text(frame, ["place"])
    assert "Ann" not in written
    with pytest.raises(MissingColumnsError, match="ward"):
        csv_text(frame, ["ward"])


def test_csv_opens_in_excel_as_utf8():
    frame = pd.DataFrame({"head": ["Siân"], "when": pd.to_datetime(["2026-10-01"])})
    written = csv_text(frame, ["head", "when"])
    assert written == '\ufeff"head","when"\r\n"Siân","2026-10-01"\r\n'


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_csv_brings_back_every_text_behind_at_most_an_apostrophe(texts):
    import csv
    import io

    frame = pd.DataFrame({"text": pd.array(texts, dtype="string")})
    rows = list(csv.reader(io.StringIO(csv_text(frame, ["text"])[1:], newline="")))
    back = [row[0] if row else "" for row in rows[1:]]
    assert [b.removeprefix("'") for b in back] == [t.removeprefix("'") for t in texts]
