"""What is in quarantine, by source and rule, and what would let it out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from data_contracts import load_contract
from insight.errors import InsightError, MissingColumnsError
from insight.mapping import identity_mapping
from insight.suggestions import HowRead, Setting, Suggestion, made_up, suggest
from models import EVENT_TABLES, QuarantinedRow, RefusedFile, SourceFile
from pipelines.edge.mappings import read_mapping
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace
from pipelines.settings_sections import Source
from pipelines.steps.ingest_batch import FileRefusedError, refusal
from pipelines.steps.ingest_reading import contents_of, read_content, way_of
from pipelines.steps.quarantine_advice import how_read, times_of

TIMED_RULES = ("is not a date", "is in the future")


@dataclass(frozen=True, slots=True)
class Group:
    """The open rows of one source that break one rule, and what to do about them."""

    source: str
    column: str
    rule: str
    files: tuple[str, ...]
    rows: int
    suggestions: tuple[Suggestion, ...]
    how: HowRead


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was refused whole: why, as of now; `reason` is empty where it would go in."""

    source: str
    file: str
    reason: str
    suggestions: tuple[Suggestion, ...] = ()
    how: HowRead | None = None


def open_files(workspace: Workspace, source: str | None = None) -> pd.DataFrame:
    """Return the cells that are open with their file's own row (`models.SourceFile`) beside."""
    where = {} if source is None else {"source": source}
    zone = workspace.settings.timezone
    with workspace.engine.connect() as connection:
        cells = read_table(
            connection, QuarantinedRow, where=where | {"resolution": ""}, timezone=zone
        )
        columns = ["source", "file_hash", "name", "headings", "location", "mapping_file"]
        files = read_table(
            connection, SourceFile, where=where, columns=[*columns, "rows_read"], timezone=zone
        )
    return cells.merge(files, on=["source", "file_hash"], how="left")


def open_groups(workspace: Workspace, source: str | None = None) -> list[Group]:
    """Return what is open by source, column and rule, most rows first."""
    cells = open_files(workspace, source)
    # An unpivoted answer's column carries its heading: "answer (Q3)" is of the column answer.
    cells["plain"] = cells["column"].str.replace(r" \(.*\)$", "", regex=True)
    cells["mapping_file"] = cells["mapping_file"].fillna("")
    groups = [
        _group(workspace, part)
        for _, part in cells.groupby(["source", "mapping_file", "contract", "plain", "rule"])
    ]
    return sorted(groups, key=lambda group: (-group.rows, group.source, group.column, group.rule))


def _group(workspace: Workspace, cells: pd.DataFrame) -> Group:
    first = cells.iloc[0]
    column, rule = str(first["plain"]), str(first["rule"])
    how = _how(workspace, first)
    rows = len(cells.drop_duplicates(["file_hash", "row_number"]))
    files = cells.drop_duplicates("file_hash")
    accepted = None
    if rule.startswith(TIMED_RULES):
        accepted = _accepted(workspace, how, column, files["file_hash"].tolist())
    told = suggest(
        column,
        rule,
        cells["value"].reset_index(drop=True),
        how,
        accepted=accepted,
        share=rows / max(int(files["rows_read"].sum()), 1),
    )
    names = tuple(sorted(files["name"].fillna("?").astype(str)))
    return Group(str(first["source"]), column, rule, names, rows, tuple(told), how)


def _how(workspace: Workspace, cell: "pd.Series[str]") -> HowRead:
    """Return how the file of a refused cell is read now; without its mapping if that is broken."""
    source = source_called(workspace, str(cell["source"]), str(cell["contract"]))
    contract = load_contract(str(cell["contract"]), workspace.settings.synonyms)
    named = str(cell["mapping_file"]) or None
    path = named or source.mapping
    try:
        mapping = read_mapping(workspace.root / path) if path else None
    except InsightError:
        mapping = None
    if mapping is None or not mapping.columns:
        headings = json.loads(cell["headings"]) if pd.notna(cell["headings"]) else []
        own = identity_mapping(contract.name, contract.column_names, headings)
        how = how_read(workspace, source, contract, mapping, named)
        return replace(how, columns=dict(own.columns))
    return how_read(workspace, source, contract, mapping, named)


def _accepted(
    workspace: Workspace, how: HowRead, column: str, hashes: Sequence[str]
) -> pd.Series | None:
    """Return the times that the same files were accepted with."""
    table = EVENT_TABLES[how.contract.name]
    if column not in table.model_fields:
        return None
    with workspace.engine.connect() as connection:
        rows = read_table(
            connection,
            table,
            where={"source": how.source, "file_hash": list(hashes)},
            columns=[column],
            timezone=how.timezone,
        )
    return times_of(rows.dropna(), column)


def source_called(workspace: Workspace, name: str, contract: str) -> Source:
    """Return the source of that name; one the settings lack is known by its contract alone."""
    known = (source for source in workspace.settings.sources if source.name == name)
    return next(known, None) or Source(name=name, contract=contract)


def refusals(workspace: Workspace, source: str | None = None) -> list[Refusal]:
    """Return the files that were refused whole, looked at again under today's settings."""
    where = {} if source is None else {"source": source}
    zone = workspace.settings.timezone
    with workspace.engine.connect() as connection:
        files = read_table(connection, RefusedFile, where=where, timezone=zone)
    return [
        _look_again(workspace, str(name), str(file), str(reason))
        for name, file, reason in zip(files["source"], files["name"], files["reason"], strict=True)
    ]


def _look_again(workspace: Workspace, name: str, file: str, reason: str) -> Refusal:
    source = next((one for one in workspace.settings.sources if one.name == name), None)
    path = workspace.inbox(name) / file.partition("/")[0]
    if source is None or not path.is_file():
        return Refusal(name, file, f"{reason} The file is gone from inbox/{name}.")
    try:
        way = way_of(workspace, source, None)
        for content in contents_of(path, way):
            if content.name != file and path.name != file:
                continue
            reading = read_content(path, content, way)
            if (error := refusal(workspace, way, reading)) is not None:
                raise error
    except FileRefusedError as error:
        how = how_read(workspace, source, way.contract, reading.mapping)
        return Refusal(name, file, str(error), error.suggestions, how)
    except MissingColumnsError as error:
        own = identity_mapping(way.contract.name, way.contract.column_names, list(error.given))
        how = how_read(workspace, source, way.contract, way.mapping or own)
        return Refusal(name, file, str(error), _renamed(error, how), how)
    except InsightError as error:
        return Refusal(name, file, str(error))
    return Refusal(name, file, "")


def _renamed(error: MissingColumnsError, how: HowRead) -> tuple[Suggestion, ...]:
    """Suggest the heading that likely is the missing column, as a line of the mapping."""
    by_heading = {heading: column for column, heading in how.columns.items()}
    found = []
    for missing, heading in error.likely.items():
        column = by_heading.get(missing, missing)
        if column not in how.contract.column_names:
            continue
        sentence = f'Write `{column}: "{heading}"` under columns: in {how.mapping}.'
        setting = Setting(how.mapping, ("columns", column), heading)
        found.append(Suggestion(sentence, 0, (setting,)))
    key = how.contract.key
    if len(key) == 1 and key[0] in error.columns and key[0] not in error.likely:
        found.append(made_up(key[0], 0, how, share=1.0))
    return tuple(found)
