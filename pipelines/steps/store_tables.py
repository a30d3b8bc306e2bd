"""The tables of the store that other systems may read, written out as their contract says."""

from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

import pandas as pd

import data_contracts
from data_contracts import STORE, load_store_contracts
from insight.contract import Contract, Privacy
from insight.errors import InsightError
from insight.published import publishable
from models import Measure, PublicFigure, Rebaseline, Release, Result, Service, Target
from pipelines.edge.output_folder import replace_folder
from pipelines.edge.parquet import parquet_bytes
from pipelines.edge.store import read_table
from pipelines.edge.workbook import csv_text
from pipelines.edge.workspace import Workspace

TABLES = {
    str(table.__tablename__): table
    for table in (Service, Measure, Target, Result, Rebaseline, Release, PublicFigure)
}
"""Tables of the contract; there are no events among them."""
CONTRACT_FILE = f"{STORE}.odcs.yaml"


class StoreTablesError(InsightError):
    """The tables can't be written where they were asked for."""


@dataclass(frozen=True, slots=True)
class StoreTables:
    """Where the tables were written, and how many rows each has."""

    folder: Path
    rows: dict[str, int]


def publish_store(
    workspace: Workspace, folder: Path | None = None, *, public: bool = False
) -> StoreTables:
    """Write each table as Parquet and CSV beside the contract, all at once or not at all.

    Parameters
    ----------
    workspace
        Where the store is.
    folder
        Replaced whole; ``outputs/store`` when absent, ``outputs/store-public`` with `public`.
    public
        Only tables of which every column is public.

    Raises
    ------
    StoreTablesError
        If `folder` holds something that this didn't write.
    OutputFolderError
        If it can't be written.
    """
    target = (folder or workspace.outputs / ("store-public" if public else "store")).absolute()
    if target.exists() and any(target.iterdir()) and not (target / CONTRACT_FILE).exists():
        message = f"{target} holds other files, which would be lost. Name a new or empty folder."
        raise StoreTablesError(message)
    contracts = load_store_contracts()
    chosen = {name: each for name, each in contracts.items() if not public or _is_public(each)}
    frames = {
        name: publishable(_rows(workspace, name), contract) for name, contract in chosen.items()
    }
    text = resources.files(data_contracts).joinpath(CONTRACT_FILE)
    files: dict[str, str | bytes] = {CONTRACT_FILE: text.read_text(encoding="utf-8")}
    for name, frame in frames.items():
        files[f"{name}.parquet"] = parquet_bytes(frame)
        files[f"{name}.csv"] = csv_text(frame, chosen[name].column_names)
    replace_folder(target, files)
    return StoreTables(target, {name: len(frame) for name, frame in frames.items()})


def _is_public(contract: Contract) -> bool:
    return all(column.privacy is Privacy.PUBLIC for column in contract.columns)


def _rows(workspace: Workspace, name: str) -> pd.DataFrame:
    with workspace.engine.connect() as connection:
        rows = read_table(connection, TABLES[name], timezone=workspace.settings.timezone)
    if name == PublicFigure.__tablename__:
        return rows[seen_by(rows, workspace.today)].reset_index(drop=True)
    return rows


def seen_by(figures: pd.DataFrame, today: date) -> pd.Series:
    """Tell which public figures committee has had: until then nobody outside may see them."""
    return figures["committee_on"].le(pd.Timestamp(today))
