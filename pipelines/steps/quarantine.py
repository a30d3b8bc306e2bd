"""Read what is in quarantine."""

import pandas as pd

from insight.quarantine import OPEN, is_open
from models import QuarantinedRow, SourceFile
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace

ROW_COLUMNS = ["source", "file", "row_number", "column", "rule", "value", "message"]


def quarantined_rows(workspace: Workspace, source: str | None = None) -> pd.DataFrame:
    """Return refused cells that are open, with their file's name, by file, row and column.

    Columns are `ROW_COLUMNS`; `source` narrows to one source.
    """
    where = {} if source is None else {"source": source}
    zone = workspace.settings.timezone
    with workspace.engine.connect() as connection:
        rows = read_table(
            connection, QuarantinedRow, where=where | {"resolution": OPEN}, timezone=zone
        )
        files = read_table(
            connection,
            SourceFile,
            where=where,
            columns=["source", "file_hash", "name"],
            timezone=zone,
        )
    named = rows.merge(files, on=["source", "file_hash"], how="left").rename(
        columns={"name": "file"}
    )
    return named[ROW_COLUMNS].sort_values(
        ["source", "file", "row_number", "column"], ignore_index=True
    )


def quarantine_by_rule(workspace: Workspace) -> pd.DataFrame:
    """Count refused rows: ``source, file, column, rule, message, rows``, most first."""
    rows = quarantined_rows(workspace)
    keys = ["source", "file", "column", "rule", "message"]
    counted = rows.groupby(keys, dropna=False).agg(rows=("row_number", "nunique")).reset_index()
    return counted.sort_values(
        ["rows", *keys], ascending=[False] + [True] * len(keys), ignore_index=True
    )


def resolved_counts(workspace: Workspace, source: str | None = None) -> dict[str, int]:
    """Count the rows that left quarantine by what became of them, the date left out."""
    where = {} if source is None else {"source": source}
    columns = ["source", "file_hash", "row_number", "resolution"]
    with workspace.engine.connect() as connection:
        cells = read_table(
            connection,
            QuarantinedRow,
            where=where,
            columns=columns,
            timezone=workspace.settings.timezone,
        )
    gone = cells.loc[~is_open(cells)].drop_duplicates(columns[:3])
    said = gone["resolution"].str.replace(r" \d{4}-\d{2}-\d{2}$", "", regex=True)
    return {str(what): int(rows) for what, rows in said.value_counts().sort_index().items()}
