"""Workbooks: cells as text, sheets by name, and nothing that exhausts memory."""

import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.edge.files import ReadError, read_rows
from pipelines.edge.raw_table import (
    DamagedFileError,
    EmptyFileError,
    FileTooLargeError,
    HeadingError,
    SheetNotFoundError,
)


@pytest.fixture
def read(tmp_path):
    def read_content(content, **options):
        path = tmp_path / "book.xlsx"
        path.write_bytes(content)
        return read_rows(path, **options)

    return read_content


def book(**sheets):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, table in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in table:
            sheet.append(row)
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()


def rows(table):
    return table.frame.to_numpy(dtype=object, na_value=None).tolist()


def test_cells_become_the_text_that_a_person_would_write(read):
    values = [
        ("007", "007"),
        (5, "5"),
        (5.0, "5"),
        (1.5, "1.5"),
        (1234567890123, "1234567890123"),
        (date(2026, 3, 4), "2026-03-04"),
        (datetime(2026, 3, 4, 10, 30), "2026-03-04 10:30:00"),  # noqa: DTZ001
        (time(3, 4), "03:04:00"),
        (timedelta(hours=30), "108000"),
        (True, "true"),
        (False, "false"),
        ("NA", "NA"),
        (" x ", " x "),
        (None, None),
    ]
    table = read(book(One=[["n", "value"], *[[n, value] for n, (value, _) in enumerate(values)]]))
    assert table.frame["value"].to_numpy(dtype=object, na_value=None).tolist() == [
        text for _, text in values
    ]
    assert all(dtype == "string" for dtype in table.frame.dtypes)


def test_times_are_rounded_to_what_excel_can_tell_apart(read):
    content = BytesIO()
    workbook = xlsxwriter.Workbook(content)
    sheet = workbook.add_worksheet()
    clock = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.write_row(0, 0, ["at"])
    sheet.write_number(1, 0, 46085.41666666665, clock)
    sheet.write_number(2, 0, 46085.4166683, clock)
    workbook.close()
    assert rows(read(content.getvalue())) == [["2026-03-04 10:00:00"], ["2026-03-04 10:00:00.141"]]


def test_rows_keep_the_numbers_that_excel_shows(read):
    table = read(book(One=[[], ["", "id", "x"], ["", 1, "a"], [], ["", 2, "b"]]))
    assert table.frame.columns.tolist() == ["id", "x"]
    assert rows(table) == [["1", "a"], ["2", "b"]]
    assert table.row_numbers.tolist() == [3, 5]


def test_the_first_sheet_with_rows_is_read(read):
    content = book(Cover=[], Empty=[["id"]], Data=[["id"], [1]], More=[["id"], [2]])
    table = read(content)
    assert (table.sheet, rows(table)) == ("Data", [["1"]])


def test_a_hidden_sheet_comes_last(read):
    workbook = openpyxl.Workbook()
    hidden = workbook.active
    hidden.title, hidden.sheet_state = "Lists", "hidden"
    hidden.append(["channel"])
    hidden.append(["phone"])
    sheet = workbook.create_sheet("Data")
    sheet.append(["id"])
    sheet.append([1])
    content = BytesIO()
    workbook.save(content)
    assert read(content.getvalue()).sheet == "Data"
    assert read(content.getvalue(), sheet="Lists").frame.columns.tolist() == ["channel"]


def test_a_named_sheet_is_read_and_a_wrong_name_answered_with_the_right_ones(read):
    content = book(**{"April": [["id"], [4]], "May 2026": [["id"], [5]]})
    assert rows(read(content, sheet="May 2026")) == [["5"]]
    with pytest.raises(
        SheetNotFoundError, match=r"^book\.xlsx has no sheet 'June'; it has 'April', 'May 2026'\."
    ):
        read(content, sheet="June")


def test_a_header_alone_has_no_rows_and_an_empty_workbook_is_refused(read):
    table = read(book(One=[["id", "x"]]))
    assert table.frame.shape == (0, 2)
    assert "no rows" in table.notes[0]
    with pytest.raises(EmptyFileError, match="has nothing in it"):
        read(book(One=[]))
    with pytest.raises(EmptyFileError, match="has nothing in sheet 'One'"):
        read(book(One=[], Two=[["id"], [1]]), sheet="One")


def test_an_error_in_a_cell_is_no_value(read):
    content = BytesIO()
    workbook = xlsxwriter.Workbook(content)
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["id", "share"])
    sheet.write_number(1, 0, 1)
    sheet.write_formula(1, 1, "=1/0", value="#DIV/0!")
    sheet.write_number(2, 0, 2)
    sheet.write_formula(2, 1, "=1+1", value=2)
    workbook.close()
    assert rows(read(content.getvalue())) == [["1", None], ["2", "2"]]


def test_headings_are_checked_as_in_text(read):
    with pytest.raises(HeadingError, match="no heading over column 2"):
        read(book(One=[["id", None], [1, 2]]))


def test_one_value_far_away_does_not_exhaust_memory(read):
    content = BytesIO()
    workbook = xlsxwriter.Workbook(content)
    sheet = workbook.add_worksheet()
    sheet.write(0, 0, "id")
    sheet.write(1_048_575, 16_383, "x")
    workbook.close()
    with pytest.raises(FileTooLargeError, match="a cell far away from its table"):
        read(content.getvalue())


def test_a_long_and_wide_sheet_of_few_cells_is_read(read):
    content = BytesIO()
    workbook = xlsxwriter.Workbook(content)
    sheet = workbook.add_worksheet()
    for row in range(5_000):
        sheet.write(row, 0, row if row else "id")
        sheet.write(row, 30, "x")
    workbook.close()
    assert read(content.getvalue()).frame.shape == (4_999, 2)


def test_a_workbook_that_unpacks_to_too_much_is_refused(read):
    with pytest.raises(FileTooLargeError, match="unpacks to more"):
        read(book(One=[["id"], *[[n] for n in range(3000)]]), max_bytes=50_000)


def test_a_damaged_workbook_is_refused(read):
    whole = book(One=[["id"], [1]])
    third = len(whole) // 3
    holed = whole[:third] + bytes(third) + whole[2 * third :]
    for broken in (whole[:800], whole[:-60], holed):
        with pytest.raises(DamagedFileError, match="damaged or password-protected"):
            read(broken)


def test_a_workbook_whose_xml_is_none_is_refused(read):
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as parts:
        parts.writestr("xl/workbook.xml", "<nothing")
    with pytest.raises(DamagedFileError):
        read(content.getvalue())


WHOLE = book(One=[["id", "text"], *[[n, "x" * n] for n in range(20)]])


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=20), st.booleans())
def test_whatever_happens_to_a_workbook_it_is_read_or_refused(tmp_path_factory, at, noise, cut):
    path = tmp_path_factory.getbasetemp() / "noisy.xlsx"
    path.write_bytes(WHOLE[:at] + noise + (b"" if cut else WHOLE[at + len(noise) :]))
    try:
        table = read_rows(path)
    except ReadError as error:
        table = str(error)
    assert isinstance(table, str) or len(table.frame) == len(table.row_numbers)
