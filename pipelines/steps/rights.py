"""Customers who were erased stay out of the store."""

import pandas as pd
from sqlalchemy import Connection

from insight.contract import Contract
from insight.erasure import erased_rows
from models import Erasure
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace


def without_erased(
    connection: Connection, workspace: Workspace, contract: Contract, rows: pd.DataFrame
) -> pd.DataFrame:
    """Return the rows that aren't an erased customer's from before their erasure."""
    zone = workspace.settings.timezone
    erased = read_table(connection, Erasure, timezone=zone)
    if erased.empty or rows.empty:
        return rows
    until = erased.set_index("fingerprint")["erased_at"]
    return rows[~erased_rows(rows, contract, until, workspace.key)]
