"""The scorecard as an accessible workbook, and tables as CSV that no spreadsheet will execute."""

import csv
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from insight.errors import MissingColumnsError
from pipelines.edge import page_parts as say
from pipelines.edge import page_words as words
from pipelines.edge.drawings import Drawings, Fresh, file_once
from pipelines.edge.formula_guard import guarded
from pipelines.edge.scorecard_rows import Judged
from pipelines.edge.sheets import Cell, Sheet, write_workbook
from pipelines.edge.workbook_cells import number_cell, rag_cell, text_cell
from pipelines.edge.workbook_process import PROCESS_NOTES, judged_records, process_sheets

SCORECARD_COLUMNS = (
    "measure", "title", "family", "service", "head_of_service", "unit", "decimals", "period",
    "value", "lower", "upper", "base", "target", "rag", "direction", "previous", "last_year",
    "status", "commentary", "definition",
)  # fmt: skip
UNITS = {"share": "%", "count": "number", "pounds": "£"}
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"

SHORTHAND = (
    ("[c]", "Confidential: so few people are behind the figure that one might be recognised."),
    ("[x]", "Not available: awaited, too few answers to give a figure, or never collected."),
    ("[z]", "Not applicable: there is nothing that the cell could say."),
    ("[f]", "Forecast for the end of the year; the interval is where it will very likely be."),
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


def scorecard_workbook(
    scorecard: pd.DataFrame,
    *,
    council: str,
    period_label: str,
    notes: Sequence[str],
    judged: Judged | None = None,
    drawings: Drawings | None = None,
    name: Callable[[str], str] = say.label,
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
    judged
        What stands behind `scorecard`: it adds the sheets of `process_sheets`, and the verdict
        to the others.
    drawings
        Where a workbook of the same content is looked for before it is made.
    name
        Gives a service's name for its code.

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
    rows = (
        say.records(scorecard.sort_values(["family", "title", "measure"], kind="stable"))
        if judged is None
        else judged_records(judged)
    )
    changed = [] if judged is None else [say.records(judged.ledger), say.records(judged.revisions)]
    rows = [row | {"service_name": name(say.text(row["service"]))} for row in rows]

    def made() -> bytes:
        more = [] if judged is None else process_sheets(rows, judged, council, period_label)
        sheets = [
            _scorecard_sheet(rows, council, period_label),
            _off_target_sheet(rows, council, period_label),
            *more,
            _definitions_sheet(rows, council),
            _notes_sheet(notes if judged is None else [*notes, *PROCESS_NOTES]),
        ]
        title = f"{council}: performance scorecard, {period_label}"
        return write_workbook([_cover_sheet(sheets, title), *sheets], title=title, author=council)

    parts = [council, period_label, repr(tuple(notes)), repr(rows), repr(changed)]
    return file_once(drawings or Fresh(), ["workbook", *parts, judged is None], made)


def _scorecard_sheet(rows: list[dict[str, Any]], council: str, period_label: str) -> Sheet:
    columns = (
        ("Measure", 40), ("Family", 20), ("Service", 20), ("Head of service", 20), ("Unit", 9),
        ("Period", 18), ("Value", 10), ("Likely from", 11), ("Likely to", 11), ("Based on", 10),
        ("Target", 10), ("Status", 13), ("Direction", 24), ("Period before", 13),
        ("Same period last year", 13), ("State", 15), ("Code", 24), *_verdict_columns(rows),
    )  # fmt: skip
    body = [
        [
            text_cell(row["title"]),
            text_cell(say.label(row["family"])),
            text_cell(row["service_name"]),
            text_cell(row["head_of_service"]),
            Cell(UNITS.get(say.text(row["unit"]), say.text(row["unit"], UNITS["count"]))),
            Cell(say.period(row["period"]) or "Not known"),
            *(number_cell(row, name) for name in ("value", "lower", "upper", "base", "target")),
            rag_cell(row),
            Cell(words.travel(row)),
            number_cell(row, "previous"),
            number_cell(row, "last_year"),
            Cell(STATES.get(say.text(row["status"]).casefold(), "Final")),
            text_cell(row["measure"]),
            *_verdict_cells(row),
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


def _verdict_columns(rows: list[dict[str, Any]]) -> tuple[tuple[str, int], ...]:
    return (("Verdict", 34), ("Change of colour", 30)) if rows and "verdict" in rows[0] else ()


def _verdict_cells(row: dict[str, Any]) -> list[Cell]:
    if "verdict" not in row:
        return []
    return [text_cell(row["verdict"]), text_cell(row["colour_change"], "No change")]


def _off_target_sheet(rows: list[dict[str, Any]], council: str, period_label: str) -> Sheet:
    columns = (
        ("Measure", 40), ("Status", 13), ("Value", 10), ("Target", 10), ("Direction", 24),
        ("Head of service", 20), ("Commentary", 70), *_verdict_columns(rows),
    )  # fmt: skip
    late = sorted(
        (row for row in rows if say.rag(row["rag"]).kind in {"red", "amber"}),
        key=lambda row: say.rag(row["rag"]).order,
    )
    body = [
        [
            text_cell(row["title"]),
            rag_cell(row),
            number_cell(row, "value"),
            number_cell(row, "target"),
            Cell(words.travel(row)),
            text_cell(row["head_of_service"]),
            text_cell(row["commentary"], "No commentary yet"),
            *_verdict_cells(row),
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
    body = [
        [text_cell(row["title"]), text_cell(row["definition"]), text_cell(row["measure"])]
        for row in rows
    ]
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
        [[text_cell(sign), text_cell(meaning)] for sign, meaning in entries],
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
        [[text_cell(sheet.name), text_cell(sheet.title)] for sheet in sheets],
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
            safe[name] = guarded(safe[name])
    body = safe.to_csv(index=False, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    return BYTE_ORDER_MARK + str(body)
