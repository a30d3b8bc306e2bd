"""The shapes that people give to sheets: read as the table in them, with what was left out said."""

import base64
import string
import zipfile
import zlib
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.layout import NO_LAYOUT, Layout
from pipelines.edge import old_workbook
from pipelines.edge.files import load_file, load_members, rows_in
from pipelines.edge.raw_table import (
    DamagedFileError,
    FileTooLargeError,
    LayoutError,
    NotATableError,
    ReadError,
    SheetNotFoundError,
)

# A small .xls, made once: a title, a total, a date and, on its second sheet, a date left a number.
OLD_BOOK = zlib.decompress(base64.b85decode(
    'c-'
    'rk)T}TvB6#nka?7D_O>tCRO3_?~aXa*&Lu9l@QBPM|rL9Mw_xU91IvOSb#5(GieQ_+iH4;fg!^g{*p78Dfq5Cn'
    'l1^inTDK@aM5&Y78VZ37odu;v@?x%ZxX&b@ceIrnGg#q*-'
    '+@mm!$ScDenn74BgT)<P5a=l6z)Nb2c^zslT+sBGRZipNi4B&qLvmEvz`+Ei&ZW@n?0`Dm8#}K*(6ESlcu}$U>'
    'RXm4gWl-'
    '#CxI(D_<ub2gp@)Q)2)!Y)4}`V~=e*EnlATuj@I2C0)8xkS9<55+3WzG)5uG=}*@!Yc;W$2dK{>Jkv?Y&5<14J'
    '8(#XRE$fX^zL@demGF;_F+umMpS@nAfW@qPC%bG?hIeh|OZ4>z7t?oyr&tG1?0`b44^K*W~50NVu^Dk-'
    '!FarCa;*cIAS9ciBrrb7^G#eWlH#5%)Iy@_y65cE=l~u&ywVwxUkH+K2%)XS_A5G~%PwX)D(R(D82)J#;Y-'
    'rd*wcUfm(YVx_Sl`)3!fD$`zAUahqWvh8a*-'
    '^tFpWQZ?ej~kuRC%;I3sd&I0wvHeh=6<#TuksAT0r*G#+Y1qgLo?>2-'
    '~iD}<JkB<0oJWo}{TsK}g=)@mAOli*ck-GcIZDvy2Kb+>ZtePjcbr#fbimrlKojH8MUynfQ>XB2g+PF=plxEJw'
    'q<!(i9g_i%aErqnO`);;-iWXu{Y!0#qTnSCyE?q(s3ATw-^X%u;G^**Yww^&-7j3qsPBzrR^SnMeIr-'
    '`Aht?Asw{s8YN}L{y3_Tdq16!WujUVzYS}|_(L@0KCVmYEfTk%n#XN&^R$4K)r(tNBkXe-fXD?g<1m1x&am8&8'
    '=6>aepGI`2}4<9~!`0()`L%G)~zGfKiMLXzz5b%GUIZE^XZ<2o&Js6~Cm_8<VAVGN&sjT8>H3G`(OD$2y`(McD'
    'rO}fZK%dNGAnW+0YqwhXK1)^%|G6cU?fCQA%=0gg{~e^J7v2'
))  # fmt: skip


def book(**sheets):
    content = BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        for name, table in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(table):
                sheet.write_row(number, 0, row)
    return content.getvalue()


@pytest.fixture(params=["csv", "xlsx"])
def read(request, tmp_path):
    """Read rows of text, written as CSV and as a workbook."""

    def read_rows(table, layout=NO_LAYOUT, expected=()):
        if request.param == "csv":
            content = "".join(",".join(cell or "" for cell in row) + "\n" for row in table).encode()
        else:
            content = book(Sheet1=table)
        path = tmp_path / f"table.{request.param}"
        path.write_bytes(content)
        return rows_in(load_file(path), layout=layout, expected=expected)

    return read_rows


HEAD = ["Date", "Queue", "Calls"]
DAYS = [[f"{day:02}/05/2026", "Tax", str(100 + day)] for day in range(1, 5)]
TITLE = [["Calls by day", None, None], ["Run on 1 June", None, None], [None] * 3]


def values(table):
    return table.frame.to_numpy(dtype=object, na_value=None).tolist()


def test_title_total_and_notes_are_left_out_and_said_by_their_rows(read):
    foot = [["Total", None, "410"], [None] * 3, ["* without chat", None, None]]
    table = read([*TITLE, HEAD, *DAYS, *foot])
    assert values(table) == DAYS
    assert table.row_numbers.tolist() == [5, 6, 7, 8]
    told = " ".join(table.notes)
    assert all(part in told for part in ("row 1 to 2", "Row 9 is a total", "Row 11 below"))


def test_the_layout_has_the_last_word(read):
    table = read([*TITLE, HEAD, *DAYS, ["Total", None, "410"]], Layout(totals="keep"))
    assert len(table.frame) == 5
    table = read([["a", "b", "c"], HEAD, *DAYS], Layout(header_row=2))
    assert list(table.frame.columns) == HEAD
    with pytest.raises(LayoutError, match="row 40"):
        read([HEAD, *DAYS], Layout(header_row=40))


def test_totals_between_records_are_said_and_left_out_on_request(read):
    rows = [HEAD, *DAYS[:2], ["Total Tax", None, "203"], *DAYS[2:], ["Total", None, "410"]]
    table = read(rows)
    assert len(table.frame) == 5
    assert any("Row 4 between" in note and "totals: anywhere" in note for note in table.notes)
    assert values(read(rows, Layout(totals="anywhere"))) == DAYS


def test_a_measure_called_total_is_a_record(read):
    rows = [["Measure", "Value"], ["Missed bins", "12"], ["Total contacts", "31"]]
    assert len(read(rows).frame) == 2


def test_the_same_headings_again_join_tables_and_others_end_the_first(read):
    gap = [[None] * 3]
    assert values(read([HEAD, *DAYS[:3], *gap, HEAD, DAYS[3]])) == DAYS
    other = [["Queue", "Mean wait", None], ["Tax", "31", None], ["Waste", "12", None]]
    rows = [HEAD, *DAYS, *gap, *other]
    table = read(rows)
    assert values(table) == DAYS
    assert "has 2 tables" in table.notes[0]
    for layout in (Layout(table=2), Layout(table="mean wait")):
        assert read(rows, layout).frame["Queue"].tolist() == ["Tax", "Waste"]
    for layout in (Layout(table=3), Layout(table="Queue"), Layout(table="Ward")):
        with pytest.raises(LayoutError, match="2 table"):
            read(rows, layout)


def test_blank_columns_and_rows_are_no_values(read):
    rows = [
        ["Date", None, "Calls"],
        ["01/05/2026", None, "5"],
        [None] * 3,
        ["02/05/2026", None, "6"],
    ]
    assert values(read(rows)) == [["01/05/2026", "5"], ["02/05/2026", "6"]]


def test_merged_headings_over_two_rows_are_joined(read):
    rows = [["Ward", "2025", None], [None, "Q1", "Q2"], ["North", "1", "2"], ["South", "3", "4"]]
    table = read(rows)
    assert list(table.frame.columns) == ["Ward", "2025 Q1", "2025 Q2"]
    assert "joined" in table.notes[0]


def test_each_sheet_is_a_file_and_names_its_rows(tmp_path):
    path = tmp_path / "months.xlsx"
    path.write_bytes(book(**{"Apr 2026": [HEAD, DAYS[0]], "May 2026": [HEAD, DAYS[1]], "E": []}))
    first = rows_in(load_file(path))
    assert "'May 2026'" in first.notes[-1]
    for told in ("all", "* 2026", ("Apr 2026", "May 2026")):
        layout = Layout(sheets=told, sheet_column="Month")
        members = load_members(path, layout=layout)
        assert [m.name for m in members] == ["months.xlsx/Apr 2026", "months.xlsx/May 2026"]
        assert rows_in(members[1], layout=layout).frame["Month"].tolist() == ["May 2026"]
        assert len({m.sha256 for m in members}) == 2
    for told in ("Jun*", ("Apr 2026", "June")):
        with pytest.raises(SheetNotFoundError, match="Jun"):
            load_members(path, layout=Layout(sheets=told))


# --- Old Excel -----------------------------------------------------------------------------------


@pytest.fixture
def old(tmp_path):
    def read_old(data=OLD_BOOK, **options):
        path = tmp_path / "old.xls"
        path.write_bytes(data)
        return rows_in(load_file(path), **options)

    return read_old


def test_an_old_workbook_is_read_like_a_new_one(old):
    table = old()
    assert values(table) == [["007", "2026-05-01 09:30:00", "1250"]]
    assert table.row_numbers.tolist() == [4]
    assert values(old(sheet="May 2026")) == [["008", "46150.5", "0.5"]]


def test_an_old_workbook_that_ends_its_reader_is_refused(old, monkeypatch):
    with pytest.raises(DamagedFileError):
        old(OLD_BOOK[:600] + bytes(1400) + OLD_BOOK[2000:])
    monkeypatch.setattr(old_workbook, "LONGEST_S", 0)
    with pytest.raises(FileTooLargeError, match="save it again as xlsx"):
        old()


# --- Parts that would be followed elsewhere ------------------------------------------------------

BOMB = (
    '<!DOCTYPE x [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize("entity", ["&c;", "&f;"])
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_entities_in_a_workbook_are_never_resolved(tmp_path, part, entity):
    source = book(Sheet1=[["id", "text"], ["1", "PLACE"]])
    path = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(BytesIO(source)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode()
            if name == part:
                head, mark, rest = data.partition("?>")
                data = head + mark + BOMB + rest
            new.writestr(name, data.replace("PLACE", entity))
    try:
        table = rows_in(load_file(path))
    except ReadError:
        return
    said = " ".join(map(str, values(table)))
    assert "boom" not in said
    assert "root:" not in said


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0" encoding="utf-8"?>\n<service_requests type="array"><request/>',
        "<requests><request><status>open</status></request></requests>",
    ],
)
def test_open311_xml_is_sent_to_its_json(tmp_path, text):
    path = tmp_path / "requests.xml"
    path.write_text(text)
    with pytest.raises(NotATableError, match=r"ask the same address for requests\.json"):
        rows_in(load_file(path))


# --- Any table, however it is dressed ------------------------------------------------------------

WORDS = st.text(string.ascii_letters + "\u00e9'", min_size=1, max_size=8)
CELLS = st.text(string.ascii_letters + string.digits + " ,;|\"'\n\u00a3\u00e9-", max_size=12)
TABLES = st.integers(3, 5).flatmap(
    lambda width: st.tuples(
        st.lists(WORDS, min_size=width, max_size=width, unique_by=str.casefold),
        st.lists(st.lists(CELLS, min_size=width - 1, max_size=width - 1), min_size=1, max_size=8),
    )
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(TABLES, st.integers(0, 3), st.booleans(), st.booleans(), st.sampled_from(["csv", "xlsx"]))
def test_any_table_comes_back_from_below_a_title_and_above_a_total(
    tmp_path_factory, table, titles, total, spacer, kind
):
    headings, rows = table
    # A key that is a number, as every contract's file has; whatever else stands in the rows.
    rows = [[f"{n}-26", *(cell.strip() for cell in row)] for n, row in enumerate(rows, start=1)]
    width = len(headings) + spacer
    page = [[f"Title {n}"] for n in range(titles)]
    page += [headings, *rows]
    if total:
        page.append(["Total", *[""] * (len(headings) - 2), "12"])
    page = [[*row[:1], *[""] * spacer, *row[1:]] for row in page]
    page = [[*row, *[""] * (width - len(row))] for row in page]
    path = tmp_path_factory.getbasetemp() / f"dressed.{kind}"
    if kind == "csv":
        quoted = [[f'"{c.replace(chr(34), chr(34) * 2)}"' if c else "" for c in r] for r in page]
        path.write_text("\n".join(",".join(row) for row in quoted), encoding="utf-8")
    else:
        path.write_bytes(book(Sheet1=page))
    found = rows_in(load_file(path), expected=headings)
    assert list(found.frame.columns) == headings
    assert [[cell or "" for cell in row] for row in values(found)] == rows
    assert any("title" in n or "above" in n for n in found.notes) == bool(titles)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_sheet_as_wide_and_cells_as_long_as_excel_has_them_come_back(tmp_path, kind):
    headings = [f"c{n}" for n in range(16_384)]
    row = ["x" * 32_767, *["1"] * 16_383]
    path = tmp_path / f"wide.{kind}"
    text = "\n".join(map(",".join, [headings, row]))
    path.write_bytes(book(Sheet1=[headings, row]) if kind == "xlsx" else text.encode())
    assert values(rows_in(load_file(path))) == [row]


HOSTILE = [
    "\0",
    "\ud83d",
    "\r",
    "\r\n",
    "\n",
    '"',
    ",",
    "\x1a",
    "\ufeff",
    "a" * 40_000,
    "," * 17_000,
]


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.lists(st.sampled_from(HOSTILE) | CELLS, max_size=12), st.sampled_from(["csv", "json"]))
def test_nuls_half_characters_long_cells_and_wide_rows_give_a_table_or_a_reason(
    tmp_path_factory, pieces, kind
):
    path = tmp_path_factory.getbasetemp() / f"hostile.{kind}"
    text = ("id,text\n" if kind == "csv" else '[{"a": "') + "".join(pieces)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        table = rows_in(load_file(path))
    except ReadError as refusal:
        table = None
        told = str(refusal)
    else:
        told = " ".join(table.notes)
    assert table is None or (table.frame.columns.is_unique and len(table.frame) < 100)
    assert len(told) < 1000
