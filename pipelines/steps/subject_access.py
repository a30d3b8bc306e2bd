"""All that is held on one customer, for them to read."""

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import holidays
import pandas as pd
import structlog

from data_contracts import INPUTS, load_contract, load_standard
from insight.errors import InsightError
from insight.periods import uk_date
from insight.subject_access import GUIDANCE, answer_by, kept_for, treatment
from models import SourceFile
from pipelines.edge.sheets import LONGEST_TEXT, Cell, Sheet, write_workbook
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace
from pipelines.steps.held import TABLES, held_on, pseudonym_of

ENDINGS = (".xlsx", ".json")
# How a row is kept, not what is held on somebody.
_MACHINERY = {"row_key", "row_hash", "file_hash", "run_id", "mapping_hash"}
_WHY = {
    "topic_predictions": "What the classifier took an enquiry to be about, for counts by topic",
    "complaint_decisions": "What an officer took a message to be, by the Ombudsman's Code",
    "topic_reviews": "What a person took an enquiry to be about, to teach the classifier",
    "quarantined_rows": "Rows that were refused at first, so that they can be put right",
}

log = structlog.get_logger()


class ExportRefusedError(InsightError):
    """The export can't be written where it was asked for."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Where the export is, its rows by table, and the day by which a request of today is due."""

    path: Path
    counts: dict[str, int]
    answer_by: date


@dataclass(frozen=True, slots=True)
class _Part:
    """One table of the export: what it is, why and how long it is held, and its rows."""

    name: str
    what: str
    why: str
    kept: str
    columns: list[tuple[str, str, str]]
    rows: pd.DataFrame


def export_customer(workspace: Workspace, reference: str, to: Path) -> Exported:
    """Write every row held on a customer to a new workbook or JSON file, by the name's ending.

    Raises
    ------
    ExportRefusedError
        If the file exists, has another ending, or can't be written.
    """
    if to.suffix.lower() not in ENDINGS:
        message = f"{to.name}: name a file that ends in .xlsx or .json."
        raise ExportRefusedError(message)
    if to.exists():
        message = f"{to} is there already and isn't overwritten; name another file."
        raise ExportRefusedError(message)
    zone = workspace.settings.timezone
    with workspace.engine.connect() as connection:
        held = held_on(connection, workspace, pseudonym_of(workspace, reference))
        names = ["source", "file_hash", "name"]
        files = read_table(connection, SourceFile, columns=names, timezone=zone)
    parts = [_part(workspace, name, rows, files) for name, rows in held.rows.items() if len(rows)]
    years = range(workspace.today.year, workspace.today.year + 2)
    due = answer_by(workspace.today, holidays.country_holidays("GB", subdiv="ENG", years=years))
    clock = f"A request that arrived on {uk_date(workspace.today)} is due by {uk_date(due)}."
    content = (
        _workbook(workspace, parts, clock)
        if to.suffix.lower() == ".xlsx"
        else _json(workspace, parts, clock)
    )
    try:
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        message = f"{to} can't be written ({error.strerror}). Name another place."
        raise ExportRefusedError(message) from error
    log.info("customer exported", **held.counts)
    return Exported(to, held.counts, due)


def _part(workspace: Workspace, name: str, rows: pd.DataFrame, files: pd.DataFrame) -> _Part:
    if "file_hash" in rows:
        rows = rows.merge(files, on=["source", "file_hash"], how="left")
        rows = rows.rename(columns={"name": "file"})
    shown = rows.drop(columns=[each for each in rows if each in _MACHINERY])
    first = [each for each in ("source", "file", "row_number") if each in shown]
    shown = shown[[*first, *(each for each in shown if each not in first)]]
    shown = shown.dropna(axis="columns", how="all")
    if name in INPUTS:
        contract, standard = load_contract(name), load_standard(name)
        days = workspace.settings.retention_days.get(name, contract.retention_days)
        purpose = standard.description
        what = str(purpose.purpose) if purpose else contract.title
        why = str(purpose.usage) if purpose else ""
        kept = f"{kept_for(days)}, counted from {contract.event_time}"
        treated = {c.name: treatment(contract, c.name) for c in contract.columns}
    else:
        what, why, kept, treated = name.replace("_", " ").capitalize(), _WHY[name], "", {}
        kept = "As long as the row it belongs to"
    described = {field: info.description or "" for field, info in TABLES[name].model_fields.items()}
    described["file"] = "File that brought the row"
    columns = [(each, described.get(each, ""), treated.get(each, "")) for each in map(str, shown)]
    return _Part(name, what, why, kept, columns, shown)


def _workbook(workspace: Workspace, parts: list[_Part], clock: str) -> bytes:
    council = workspace.settings.name
    about = Sheet(
        "About",
        f"What {council} holds on you in its customer insight",
        (GUIDANCE, clock, _words(workspace)),
        (("Table", 20), ("Rows", 8), ("What it is", 45), ("Why it is held", 55),
         ("How long", 30), ("Where it came from", 45)),
        [_about_row(part) for part in parts] or [[Cell("Nothing is held")] + [Cell("[x]")] * 5],
    )  # fmt: skip
    explained = Sheet(
        "Columns",
        "What each column means",
        ("One row is one column of one table.",),
        (("Table", 20), ("Column", 24), ("What it is", 60), ("What was done to it", 40)),
        [
            [Cell(part.name), *(Cell(text) for text in column)]
            for part in parts
            for column in part.columns
        ]
        or [[Cell("Nothing is held")] + [Cell("[x]")] * 3],
    )
    tables = [
        Sheet(
            part.name,
            part.what,
            ("One row is one record; an empty cell was empty.",),
            tuple((str(name), 24) for name in part.rows),
            [[Cell(text[:LONGEST_TEXT]) for text in row] for row in _texts(part.rows)],
        )
        for part in parts
    ]
    title = f"{council}: answer to a request for personal data"
    return write_workbook([about, explained, *tables], title=title, author=council)


def _about_row(part: _Part) -> list[Cell]:
    return [
        Cell(part.name),
        Cell(float(len(part.rows)), "#,##0"),
        *(Cell(text) for text in (part.what, part.why, part.kept, _origin(part))),
    ]


def _json(workspace: Workspace, parts: list[_Part], clock: str) -> bytes:
    content = {
        "council": workspace.settings.name,
        "answer": [GUIDANCE, clock, _words(workspace)],
        "tables": [
            {
                "table": part.name,
                "what_it_is": part.what,
                "why_it_is_held": part.why,
                "how_long": part.kept,
                "where_it_came_from": _origin(part),
                "columns": [
                    {"name": name, "what_it_is": what, "what_was_done_to_it": done}
                    for name, what, done in part.columns
                ],
                "rows": [dict(zip(part.rows, row, strict=True)) for row in _texts(part.rows)],
            }
            for part in parts
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _words(workspace: Workspace) -> str:
    return (
        "What you wrote was redacted before it was kept, and who you are was replaced by a code. "
        "The council's other systems, from which these records came, may hold more; this file "
        f"says nothing of them. Made on {uk_date(workspace.today)}."
    )


def _origin(part: _Part) -> str:
    if "file" in part.rows:
        pairs = part.rows[["source", "file"]].fillna("a file no longer on record")
        each = sorted(set(pairs["source"] + ": " + pairs["file"]))
        return "; ".join(each)
    return "; ".join(sorted(set(part.rows["source"])))


def _texts(rows: pd.DataFrame) -> list[list[str]]:
    """Return each row as text: times as people here write them, missing values as nothing."""
    columns = []
    for name in rows:
        values = rows[name]
        if isinstance(values.dtype, pd.DatetimeTZDtype):
            texts = values.dt.strftime("%d/%m/%Y %H:%M:%S").astype("string")
        else:
            texts = values.astype("string")
        columns.append(texts.fillna("").tolist())
    return [list(row) for row in zip(*columns, strict=True)]
