"""The re-baseline ledger: where control limits begin afresh, why, and who said so."""

import pandas as pd

from models import Rebaseline
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace

LEDGER_COLUMNS = ("measure", "service", "period", "reason", "by", "recorded_on", "old_status")


def read_entries(workspace: Workspace) -> pd.DataFrame:
    """Return every entry of the ledger, the withdrawn ones included: `models.Rebaseline`."""
    with workspace.engine.connect() as connection:
        return read_table(connection, Rebaseline, timezone=workspace.settings.timezone)


def read_ledger(workspace: Workspace) -> pd.DataFrame:
    """Return the rebases that hold, oldest first.

    Returns
    -------
    pandas.DataFrame
        `LEDGER_COLUMNS`: what `insight.spc.control` takes as ``rebases``, and what a page says
        beside the chart. ``period`` is the first under new limits.
    """
    entries = read_entries(workspace)
    held = entries[entries["withdrawn_at"].isna()]
    named = held.rename(columns={"agreed_by": "by", "recorded_at": "recorded_on"})
    ordered = named.sort_values(["measure", "service", "period"], ignore_index=True)
    return ordered[list(LEDGER_COLUMNS)]
