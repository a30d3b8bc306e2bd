"""Keep the trace of rows that left quarantine when their file is read again."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from insight.quarantine import OPEN, REPLACED, carried_over
from models import QuarantinedRow, SourceFile
from pipelines.edge.store import read_table, replace_period, upsert
from pipelines.edge.workspace import Workspace

_VERSION = ["name", "file_hash", "duplicates", "corrections"]


def keep_quarantine(
    connection: Connection,
    workspace: Workspace,
    refused: pd.DataFrame,
    *,
    source: str,
    file_hashes: Sequence[str],
    rows_of: npt.NDArray[np.object_],
    row_numbers: pd.Series,
) -> None:
    """Make `refused` what is open of some files, and say of the others what became of them.

    `rows_of` and `row_numbers` have the file and the number of each row that the mapping took.
    """
    same_files = {"source": source, "file_hash": list(file_hashes)}
    before = read_table(
        connection, QuarantinedRow, where=same_files, timezone=workspace.settings.timezone
    )
    if not before.empty:
        before["first_seen"] = before["first_seen"].dt.tz_convert("UTC")
        taken = pd.DataFrame({"file_hash": rows_of, "row_number": row_numbers.to_numpy()})
        refused = carried_over(before, refused, rows_taken=taken, today=workspace.today)
        # All of them out and in again: looking for those to go takes the square of the rows.
        replace_period(connection, QuarantinedRow, refused.iloc[:0], where=same_files)
    upsert(connection, QuarantinedRow, refused)


def close_replaced(
    connection: Connection, workspace: Workspace, source: str, files: pd.DataFrame
) -> None:
    """Close the open rows of earlier versions of files that are now here corrected.

    `files` have ``name``, ``file_hash``, ``duplicates`` and ``corrections``. One is a corrected
    version of another if it is new, has its name, and brings again every row of it that was
    accepted: then what that one lacked is in this one too, accepted or refused anew. A daily
    export that is always called the same brings other rows, and closes nothing.
    """
    zone = workspace.settings.timezone
    earlier = read_table(connection, SourceFile, where={"source": source}, timezone=zone)
    new = files.loc[~files["file_hash"].isin(earlier["file_hash"])]
    pairs = new[_VERSION].merge(earlier, on="name", suffixes=("", "_earlier"))
    accepted = pairs["rows_read"] - pairs["quarantined"] - pairs["filtered"]
    again = pairs["duplicates"] + pairs["corrections"]
    replaced = pairs.loc[(accepted > 0) & (again >= accepted), "file_hash_earlier"].tolist()
    if not replaced:
        return
    where = {"source": source, "file_hash": replaced, "resolution": OPEN}
    cells = read_table(connection, QuarantinedRow, where=where, timezone=zone)
    said = f"{REPLACED} {workspace.today:%Y-%m-%d}"
    upsert(connection, QuarantinedRow, cells.assign(resolution=said))
