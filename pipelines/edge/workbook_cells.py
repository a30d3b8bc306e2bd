"""A measure's words and numbers as the cells of a workbook."""

from typing import Any

import numpy as np

from pipelines.edge import page_parts as say
from pipelines.edge import page_words as words
from pipelines.edge.sheets import LONGEST_TEXT, Cell

Row = dict[str, Any]
_AIMS = {"target", "to_date_target", "year_target"}


def text_cell(value: object, otherwise: str = "None given") -> Cell:
    """Give a text, or what to say where there is none."""
    return Cell(say.text(value, otherwise)[:LONGEST_TEXT])


def number_cell(row: Row, column: str) -> Cell:
    """Give a figure as a number, or the shorthand that says why there is none."""
    if column not in _AIMS and words.absence(row) == "not shown":
        return Cell("[c]")
    value = row[column]
    if column in _AIMS and row.get("polarity") == "band":
        which = column.removesuffix("target").rstrip("_")
        return text_cell(words.goal(row, which) if which else words.aim(row))
    if value is None or not np.isfinite(float(value)):
        return Cell("[x]")
    unit = say.text(row["unit"], "count")
    if column in {"base", "points"} or (unit == "count" and row["decimals"] is None):
        return Cell(float(value), "#,##0")
    decimals = 0 if row["decimals"] is None else int(row["decimals"])
    places = "." + "0" * decimals if decimals else ""
    if unit in say.SHARES:
        return Cell(float(value), f"0{places}%")
    return Cell(float(value), f"{'£' if unit == 'pounds' else ''}#,##0{places}")


def rag_cell(row: Row, column: str = "rag") -> Cell:
    """Give a status as its shape and word; colour only repeats them."""
    if row[column] is None:
        return Cell("[x]")
    mark = say.rag(row[column])
    return Cell(f"{mark.shape} {mark.word}", rag=mark.kind)
