"""How far back each input has been emptied, and what that means for rows and figures."""

from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from insight.contract import Contract
from insight.retention import is_past
from models import Purge
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace


def purged_before(
    connection: Connection, contracts: Iterable[str], timezone: str
) -> pd.Timestamp | None:
    """Return the latest moment up to which one of the inputs was purged; None where none was."""
    where = {"contract": list(contracts)}
    purged = read_table(connection, Purge, where=where, timezone=timezone)
    return None if purged.empty else purged["purged_before"].max()


def within_retention(
    connection: Connection, workspace: Workspace, contract: Contract, rows: pd.DataFrame
) -> pd.DataFrame:
    """Return the rows that no purge has taken already.

    Rows are dropped up to where a purge went, and not by the retention period itself: a council
    that loads the past to look at it may, until its next purge.
    """
    zone = workspace.settings.timezone
    before = purged_before(connection, [contract.name], zone)
    if before is None or rows.empty:
        return rows
    return rows[~is_past(rows, contract, before)]


def still_whole(
    workspace: Workspace, months: Sequence[date], contracts: Iterable[str]
) -> list[date]:
    """Return those of `months` from which no purge has taken a row of `contracts`.

    Figures of the others stay as they were computed when their rows were there.
    """
    zone = workspace.settings.timezone
    with workspace.engine.connect() as connection:
        before = purged_before(connection, contracts, zone)
    if before is None:
        return list(months)
    return [month for month in months if pd.Timestamp(month, tz=zone) >= before]
