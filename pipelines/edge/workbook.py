"""The scorecard as an accessible workbook, and tables as CSV that no spreadsheet will execute."""

import csv
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from insight.errors import MissingColumnsError
from pipelines.edge import page_parts as say
from pipelines.edge import page_words as words
from pipelines.edge.sheets import LONGEST_TEXT, Cell, Sheet, write_workbook

SCORECARD_COLUMNS = (
    "measure", "title", "family", "service", "head_of_service", "unit", "decimals", "period",
    "value", "lower", "upper", "base", "target", "rag", "direction", "previous", "last_year",
    "status", "commentary", "definition",
)  # fmt: skip
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"

SHORTHAND = (
    ("[c]", "Confidential: so few people are behind the figure that one might be recognised."),
    ("[x]", "Not available: awaited, too few answers to give a figure, or never collected."),
    ("[p]", "Provisional: records are still arriving."),
    ("[r]", "Revised since it was first published."),
)
STATES = {
    "final": "Final",
    "provisional": "Provisional [p]",
    "revised": "Revised [r]",
    "awaited": "Awaited [x]",
    "suppressed": "Not shown [c]",
}
# A cell that starts so is a formula to some spreadsheet; the wide forms count in East Asian Excel.
FORMULA = r"^\s*[=+\-@\t\r\n＝＋－＠]"  # noqa: RUF001
PLAIN_NUMBER = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d+)?$"


def scorecard_workbook(
    scorecard: pd.DataFrame, *, council: str, period_label: str, notes: Sequence[str]
) -> bytes:
    """Make the scorecard's workbook.

    Parameters
    ----------
    scorecard
        One row per measure: ``measure``, ``title``, ``family``, ``service``,
        ``head_of_service``, ``unit``, ``decimals``, ``period``, ``value``, ``lower``, ``upper``,
        ``base``, ``target``, ``rag``, ``direction``, ``previous``, ``last_year``, ``status``,
        ``commentary`` and ``definition``. Shares are proportions; `decimals` are those shown.
    council, period_label
        Who and when, for the titles.
    notes
        Sentences for the notes sheet, in order.

    Returns
    -------
    bytes
        An xlsx file (`write_workbook`): texts are text, and equal arguments give equal bytes.

    Raises
    ------
    MissingColumnsError
        If `scorecard` lacks a column.
    """
    if lacking := set(SCORECARD_COLUMNS) - set(scorecard.columns):
        raise MissingColumnsError(lacking, "the scorecard")
    rows = say.records(scorecard.sort_values(["family", "title", "measure"], kind="stable"))
    sheets = [
        _scorecard_sheet(rows, council, period_label),
        _off_target_sheet(rows, council, period_label),
        _definitions_sheet(rows, council),
        _notes_sheet(notes),
    ]
    title = f"{council}: performance scorecard, {period_label}"
    return write_workbook([_cover_sheet(sheets, title), *sheets], title=title, author=council)


def _text(value: object, otherwise: str = "None given") -> Cell:
    return Cell(say.text(value, otherwise)[:LONGEST_TEXT])


def _number(row: dict[str, Any], column: str) -> Cell:
    """Give a figure as a number, or the shorthand that says why there is none."""
    if words.absence(row) == "not shown" and column != "target":
        return Cell("[c]")
    value = row[column]
    if column == "target" and row.get("polarity") == "band":
        return _text(words.aim(row))
    if value is None or not np.isfinite(float(value)):
        return Cell("[x]")
    unit = say.text(row["unit"], "count")
    if column == "base" or (unit == "count" and row["decimals"] is None):
        return Cell(float(value), "#,##0")
    decimals = 0 if row["decimals"] is None else int(row["decimals"])
    places = "." + "0" * decimals if decimals else ""
    if unit in say.SHARES:
        return Cell(float(value), f"0{places}%")
    return Cell(float(value), f"{'£' if unit == 'pounds' else ''}#,##0{places}")


def _rag(row: dict[str, Any]) -> Cell:
    mark = say.rag(row["rag"])
    return Cell(f"{mark.shape} {mark.word}", rag=mark.kind)


def _scorecard_sheet(rows: list[dict[str, Any]], council: str, period_label: str) -> Sheet:
    columns = (
        ("Measure", 40), ("Family", 20), ("Service", 20), ("Head of service", 20), ("Unit", 9),
        ("Period", 18), ("Value", 10), ("Likely from", 11), ("Likely to", 11), ("Based on", 10),
        ("Target", 10), ("Status", 13), ("Direction", 24), ("Period before", 13),
        ("Same period last year", 13), ("State", 15), ("Code", 24),
    )  # fmt: skip
    body = [
        [
            _text(row["title"]),
            _text(say.label(row["family"])),
            _text(say.label(row["service"])),
            _text(row["head_of_service"]),
            Cell("%" if row["unit"] in say.SHARES else say.text(row["unit"], "count")),
            Cell(say.period(row["period"]) or "Not known"),
            *(_number(row, name) for name in ("value", "lower", "upper", "base", "target")),
            _rag(row),
            Cell(words.travel(row)),
            _number(row, "previous"),
            _number(row, "last_year"),
            Cell(STATES.get(say.text(row["status"]).casefold(), "Final")),
            _text(row["measure"]),
        ]
        for row in rows
    ]
    return Sheet(
        "Scorecard",
        f"{council}: scorecard, {period_label}",
        (
            "One row is one measure. Shares are percentages; the interval is where the true "
            "figure very likely lies (95%).",
            "[c] and [x] are explained on the sheet called Notes.",
        ),
        columns,
        body or [[Cell("No measures")] + [Cell("[x]")] * (len(columns) - 1)],
    )


def _off_target_sheet(rows: list[dict[str, Any]], council: str, period_label: str) -> Sheet:
    columns = (
        ("Measure", 40), ("Status", 13), ("Value", 10), ("Target", 10), ("Direction", 24),
        ("Head of service", 20), ("Commentary", 70),
    )  # fmt: skip
    late = sorted(
        (row for row in rows if say.rag(row["rag"]).kind in {"red", "amber"}),
        key=lambda row: say.rag(row["rag"]).order,
    )
    body = [
        [
            _text(row["title"]),
            _rag(row),
            _number(row, "value"),
            _number(row, "target"),
            Cell(words.travel(row)),
            _text(row["head_of_service"]),
            _text(row["commentary"], "No commentary yet"),
        ]
        for row in late
    ]
    return Sheet(
        "Off target",
        f"{council}: measures off target, {period_label}",
        ("Red first, then amber, with what the service says about each.",),
        columns,
        body or [[Cell("Nothing is red or amber")] + [Cell("[x]")] * (len(columns) - 1)],
    )


def _definitions_sheet(rows: list[dict[str, Any]], council: str) -> Sheet:
    body = [[_text(row["title"]), _text(row["definition"]), _text(row["measure"])] for row in rows]
    return Sheet(
        "Definitions",
        f"{council}: what each measure means",
        ("One row is one measure.",),
        (("Measure", 40), ("Definition", 90), ("Code", 24)),
        body or [[Cell("No measures"), Cell("[x]"), Cell("[x]")]],
    )


def _notes_sheet(notes: Sequence[str]) -> Sheet:
    marks = [(f"{m.shape} {m.word}", _MEANINGS[name]) for name, m in say.RAG.items()]
    plain = [(f"[note {at}]", note) for at, note in enumerate(notes, start=1)]
    entries = [*SHORTHAND, *marks, *plain]
    return Sheet(
        "Notes",
        "Notes, shorthand and what each status means",
        ("One row is one sign or note that this workbook uses.",),
        (("Sign", 16), ("Meaning", 110)),
        [[_text(sign), _text(meaning)] for sign, meaning in entries],
    )


_MEANINGS = {
    "red": "Off target by more than the tolerance that was agreed for the measure.",
    "amber": "Off target, within the tolerance that was agreed for the measure.",
    "green": "On target or better.",
    "awaited": "The figure has not arrived yet.",
    "suppressed": "So few people are behind the figure that one might be recognised.",
    "no target": "Nobody has set a target for this period.",
}


def _cover_sheet(sheets: Sequence[Sheet], title: str) -> Sheet:
    return Sheet(
        "Cover",
        title,
        (
            "Figures that the council's own records, surveys and returns give for the period.",
            "The sheets are protected against slips, without a password; copy from them freely.",
        ),
        (("Sheet", 18), ("What it holds", 80)),
        [[_text(sheet.name), _text(sheet.title)] for sheet in sheets],
    )


def csv_text(frame: pd.DataFrame, columns: Sequence[str]) -> str:
    r"""Write the allow-listed `columns` of a frame as CSV, safe to open in a spreadsheet.

    Parameters
    ----------
    frame
        Any table; its text may come from residents.
    columns
        The columns to write, in order; no other leaves.

    Returns
    -------
    str
        Starts with a byte order mark, so that Excel reads it as UTF-8; lines end in CR LF, as
        RFC 4180 says, so write it with ``newline=""``; texts are quoted. A text that a
        spreadsheet would take for a formula starts with an apostrophe; numbers, negative ones
        too, stay numbers. Missing values are empty; times are ISO 8601.

    Raises
    ------
    MissingColumnsError
        If `frame` lacks a column.

    Examples
    --------
    >>> table = pd.DataFrame({"place": ["=cmd()", "Oadby"], "change": [-2, 3], "name": ["A", "B"]})
    >>> print(csv_text(table, ["place", "change"]).lstrip("\ufeff").replace("\r", ""), end="")
    "place","change"
    "'=cmd()",-2
    "Oadby",3
    """
    if lacking := set(columns) - set(frame.columns):
        raise MissingColumnsError(lacking, "the table")
    safe = frame.loc[:, list(columns)].copy()
    for name in columns:
        if not (
            pd.api.types.is_numeric_dtype(safe[name])
            or pd.api.types.is_datetime64_any_dtype(safe[name])
        ):
            safe[name] = _neutralised(safe[name])
    body = safe.to_csv(index=False, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    return BYTE_ORDER_MARK + str(body)


def _neutralised(texts: pd.Series) -> pd.Series:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    written = texts.astype("string")
    risky = written.str.match(FORMULA) & ~written.str.match(PLAIN_NUMBER)
    return written.mask(risky.fillna(False), "'" + written)
