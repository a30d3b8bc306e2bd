"""The workbooks of complaint handling: what an officer decides, and the year's report."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from insight.complaints.decisions import HEADINGS
from insight.errors import MissingColumnsError
from pipelines.edge.files import read_rows
from pipelines.edge.sheets import LONGEST_TEXT, Cell, Sheet, write_workbook

SHEET = "To decide"
_WIDTHS = {
    "reference": 14, "received": 12, "service": 16, "recorded": 12, "words": 60, "suggested": 12,
    "why": 36, "paragraph": 12, "decision": 14, "reason": 36, "decided_by": 20, "row_id": 24,
    "base_version": 14,
}  # fmt: skip
_LINES = (
    "Write complaint or request under Decision, and who decided under Decided by. In doubt it is a "
    "complaint.",
    "Rows left blank stay undecided. Don't change Row id and Base version: they tell where a row "
    "belongs and whether somebody else has decided it since.",
    "Bring it back with: insight complaints decide FILE",
)
_ANNUAL = {
    "stages": ("Stages", {"line": "Figure", "stage 1": "Stage 1", "stage 2": "Stage 2",
                          "ombudsman": "Ombudsman", "total": "All stages"}),
    "regimes": ("By Code", {"regime": "Code", "stage": "Stage", "timed": "Timed",
                            "on_time": "On time", "on_time_extended": "On time with extensions"}),
    "refused": ("Refused", {"reason": "Reason refused", "number": "Number"}),
    "by": ("Where and what", {"dimension": "Split by", "group": "Group", "received": "Received",
                              "closed": "Closed", "upheld_or_partly": "Upheld or partly",
                              "share": "Share upheld", "lower": "Likely from",
                              "upper": "Likely to"}),
    "learning": ("Learning", {"line": "Figure", "number": "Number"}),
}  # fmt: skip
_SHARES = ("share", "lower", "upper")
CODES = {
    "lgsco": "Local Government and Social Care Ombudsman",
    "housing ombudsman": "Housing Ombudsman",
}


def review_workbook(listed: pd.DataFrame, *, council: str) -> bytes:
    """Make the workbook of `insight.complaints.decisions.review_list`; text stays text."""
    text = listed[list(HEADINGS)].astype("string").fillna("")
    rows = [
        [Cell(value[:LONGEST_TEXT]) for value in row]
        for row in text.to_numpy(dtype=object).tolist()
    ]
    blank = [[Cell("") for _ in HEADINGS]]
    sheet = Sheet(
        name=SHEET,
        title=f"{council}: request or complaint, to be decided by a named officer",
        lines=_LINES,
        columns=tuple((heading, _WIDTHS[name]) for name, heading in HEADINGS.items()),
        rows=rows or blank,
    )
    return write_workbook([sheet], title=sheet.title, author=council, protected=False)


def read_review(path: Path) -> pd.DataFrame:
    """Return a returned workbook's rows (xlsx or CSV) under our own names.

    Raises
    ------
    MissingColumnsError
        If a heading that is needed isn't there.
    """
    frame = read_rows(path).frame
    ours = {heading.casefold(): name for name, heading in HEADINGS.items()}
    named = {column: ours.get(str(column).strip().casefold(), column) for column in frame.columns}
    found = frame.rename(columns=named)
    lacking = {"decision", "decided_by", "row_id", "base_version"} - set(found.columns)
    if lacking:
        raise MissingColumnsError({HEADINGS[name] for name in lacking}, path.name)
    return found


def annual_workbook(
    tables: dict[str, pd.DataFrame], *, council: str, year: str, services: Mapping[str, str]
) -> bytes:
    """Make the workbook of `insight.complaints.annual.annual_tables`, a sheet for each.

    `services` names each service by its code.
    """
    regimes, by = tables["regimes"], tables["by"]
    of_service = by["dimension"].eq("service")
    tables = tables | {
        "regimes": regimes.assign(regime=regimes["regime"].replace(CODES)),
        "by": by.assign(group=by["group"].mask(of_service, by["group"].replace(dict(services)))),
    }
    sheets = [
        Sheet(
            name=name,
            title=f"{council}: complaints {year}, {name.lower()}",
            lines=("[x] means that there is nothing to divide by.",),
            columns=tuple(
                (heading, 44 if at == 0 else 34 if at < 2 else 14)
                for at, heading in enumerate(heads.values())
            ),
            rows=_cells(tables[key], list(heads))
            or [[Cell("None")] + [Cell("[x]")] * (len(heads) - 1)],
        )
        for key, (name, heads) in _ANNUAL.items()
    ]
    return write_workbook(sheets, title=f"{council}: complaints {year}", author=council)


def _cells(table: pd.DataFrame, columns: list[str]) -> list[list[Cell]]:
    lines = table["line"] if "line" in table else pd.Series("", index=table.index)
    kinds = lines.str.contains("share of").map({True: "0.0%", False: ""})
    kinds = kinds.mask(lines.str.contains("Mean"), "#,##0.0").mask(
        lines.str.contains("pounds"), "£#,##0.00"
    )
    made = {}
    for name in columns:
        values = table[name]
        if not pd.api.types.is_numeric_dtype(values):
            made[name] = [Cell(text) for text in values.astype("string").fillna("")]
            continue
        formats = ["0.0%"] * len(table) if name in _SHARES else [kind or "#,##0" for kind in kinds]
        numbers = values.astype("float64")
        made[name] = [
            Cell("[x]") if missing else Cell(float(number), style)
            for number, missing, style in zip(numbers, numbers.isna(), formats, strict=True)
        ]
    return [list(row) for row in zip(*made.values(), strict=True)]
