"""Which originals still hold a customer's rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from insight.contract import Contract
from insight.erasure import CASE_COLUMN, identifier_columns, nobody_named
from insight.errors import InsightError
from insight.pseudonym import pseudonymise
from models import SourceFile
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace
from pipelines.settings_sections import Source
from pipelines.steps.held import Held
from pipelines.steps.ingest_reading import Reading, contents_of, read_content, way_of


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one original that are the customer's."""

    source: str
    path: Path
    file_hash: str
    row_numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """Originals that hold the customer's rows, and those that could not be searched."""

    found: list[Found]
    unsearched: list[Path]


def search_originals(workspace: Workspace, held: Held) -> Search:
    """Read every original of the inbox that names customers and look for this one."""
    found: list[Found] = []
    unsearched: list[Path] = []
    for source in workspace.settings.sources:
        for path in sorted(workspace.inbox(source.name).rglob("[!.]*")):
            if path.is_file():
                try:
                    found += _search(workspace, source, path, held)
                except InsightError:
                    unsearched.append(path)
    return Search(found, [*unsearched, *_elsewhere(workspace)])


def _search(workspace: Workspace, source: Source, path: Path, held: Held) -> Iterator[Found]:
    way = way_of(workspace, source, None)
    for content in contents_of(path, way):
        reading = read_content(path, content, way)
        theirs = _theirs(workspace, reading, way.contract, held)
        numbers = sorted(set(reading.mapped.row_numbers[theirs].dropna().astype(int)))
        if numbers:
            yield Found(source.name, path, content.sha256, tuple(numbers))


def _theirs(workspace: Workspace, reading: Reading, contract: Contract, held: Held) -> pd.Series:
    frame = reading.mapped.frame.reindex(columns=list(contract.column_names)).astype("string")
    theirs = pd.Series(data=False, index=frame.index)
    for name in identifier_columns(contract):
        codes = pseudonymise(frame[name], workspace.key, scope="person")
        theirs |= codes.eq(held.pseudonym).fillna(value=False)
    if CASE_COLUMN in frame and contract.name != "cases":
        about = frame[CASE_COLUMN].str.strip().isin(held.cases)
        theirs |= about & nobody_named(frame, contract)
    return theirs.astype("bool")


def _elsewhere(workspace: Workspace) -> list[Path]:
    """Return files that were ingested from outside the inbox and are still there."""
    with workspace.engine.connect() as connection:
        files = read_table(connection, SourceFile, columns=["location"], timezone="UTC")
    paths = {Path(location) for location in files["location"].dropna()}
    inbox = workspace.root / "inbox"
    return sorted(path for path in paths if not path.is_relative_to(inbox) and path.is_file())
