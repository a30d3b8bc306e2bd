"""Accessible sheets: what goes into them as plain objects, and one function that writes them.

The layout follows the Government Analysis Function's advice on spreadsheets: a title in A1, one
table to a sheet and marked as one, one header row, nothing merged, frozen, filtered or blank.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # fixed: the same figures must give the same bytes
LONGEST_TEXT = 32_767  # characters in a cell; Excel refuses more
A4 = 9
LINE_POINTS = 15.5  # height of one line of the workbook's type
TITLE_POINTS = 24

FILLS = {"red": "#F9DEDC", "amber": "#FCE8CF", "green": "#DCEFE0", "none": "#ECEFF1"}
INK = {"red": "#8E1B14", "amber": "#7A4100", "green": "#0B5A2B", "none": "#37474F"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's content: text, or a number with its format; `rag` colours it."""

    content: str | float
    number_format: str = ""
    rag: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: name, title for A1, lines under it, and one table with its column widths.

    `choices` offers values in a column's cells, by its heading, or those of a range of cells;
    nothing else may be written there unless they are `open_choices`. Columns in `hidden` are for
    the program that reads the sheet back, and tell a person nothing.
    """

    name: str
    title: str
    lines: tuple[str, ...]
    columns: tuple[tuple[str, int], ...]
    rows: list[list[Cell]]
    choices: Mapping[str, tuple[str, ...] | str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    open_choices: bool = False


def write_workbook(
    sheets: Sequence[Sheet], *, title: str, author: str, protected: bool = True
) -> bytes:
    """Write the sheets as an xlsx file, `protected` against slips (without a password).

    Every text is stored as text, so that "=1+1" stays what a person typed. Equal arguments give
    equal bytes.
    """
    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as workbook:
        workbook.set_properties({"title": title, "author": author, "created": CREATED})
        writer = _Writer(workbook, protected=protected)
        for sheet in sheets:
            writer.add(sheet)
    return buffer.getvalue()


class _Writer:
    """Puts sheets into one workbook, making each cell format once."""

    def __init__(self, workbook: xlsxwriter.Workbook, *, protected: bool) -> None:
        self.workbook = workbook
        self.protected = protected
        self.formats: dict[tuple[tuple[str, str | float], ...], Format] = {}

    def style(self, **chosen: str | float) -> Format:
        properties: dict[str, str | float] = {
            "font_name": "Arial",
            "font_size": 12,
            "valign": "top",
            **chosen,
        }
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(properties)
        return self.formats[key]

    def add(self, sheet: Sheet) -> None:
        page = self.workbook.add_worksheet(sheet.name)
        page.write_string(0, 0, sheet.title, self.style(bold=True, font_size=16))
        for at, line in enumerate(sheet.lines, start=1):
            page.write_string(at, 0, line, self.style())
        page.set_row(0, TITLE_POINTS)
        top = len(sheet.lines) + 1
        header = self.style(bold=True, text_wrap=True, bottom=2)
        page.add_table(
            *(top, 0, top + len(sheet.rows), len(sheet.columns) - 1),
            {
                "name": sheet.name.replace(" ", "_") + "_table",
                "autofilter": False,
                "style": None,
                "columns": [{"header": name, "header_format": header} for name, _ in sheet.columns],
            },
        )
        for at, (name, width) in enumerate(sheet.columns):
            page.set_column(at, at, width, None, {"hidden": name in sheet.hidden})
        widths = [width for _, width in sheet.columns]
        headings = [Cell(name) for name, _ in sheet.columns]
        page.set_row(top, LINE_POINTS * _lines(headings, widths))
        for down, cells in enumerate(sheet.rows, start=top + 1):
            page.set_row(down, LINE_POINTS * _lines(cells, widths))
            for across, cell in enumerate(cells):
                self._write(page, down, across, cell)
        for at, (name, _) in enumerate(sheet.columns):
            if (offered := sheet.choices.get(name)) and sheet.rows:
                page.data_validation(
                    *(top + 1, at, top + len(sheet.rows), at),
                    {
                        "validate": "list",
                        "source": offered if isinstance(offered, str) else list(offered),
                        "show_error": not sheet.open_choices,
                    },
                )
        page.hide_gridlines(0)
        page.set_landscape()
        page.set_paper(A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(top)
        if self.protected:
            page.protect("", {"format_columns": True, "format_rows": True, "format_cells": True})

    def _write(self, page: Worksheet, down: int, across: int, cell: Cell) -> None:
        if isinstance(cell.content, float):
            style = self.style(num_format=cell.number_format, align="right")
            page.write_number(down, across, cell.content, style)
            return
        style = self.style(text_wrap=True)
        if cell.rag:
            style = self.style(bold=True, bg_color=FILLS[cell.rag], font_color=INK[cell.rag])
        elif cell.content in {"[c]", "[x]", "[z]"}:
            style = self.style(align="right")
        page.write_string(down, across, cell.content, style)


def _lines(cells: Sequence[Cell], widths: Sequence[int]) -> int:
    """Return how many lines the row's longest text takes, since not every program works it out."""
    taken = [
        len(textwrap.wrap(cell.content, max(width - 1, 1)))
        for cell, width in zip(cells, widths, strict=True)
        if isinstance(cell.content, str) and (len(cell.content) >= width or "\n" in cell.content)
    ]
    return max([1, *taken])
