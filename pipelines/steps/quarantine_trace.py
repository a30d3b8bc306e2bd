"""Keep the trace of rows that left quarantine when their file is read again."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection

from insight.quarantine import carried_over
from models import QuarantinedRow
from pipelines.edge.store import read_table, replace_period
from pipelines.edge.workspace import Workspace


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
    replace_period(connection, QuarantinedRow, refused, where=same_files)
