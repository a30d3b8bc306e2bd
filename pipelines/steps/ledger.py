"""The re-baseline ledger: where control limits begin afresh, why, and who said so."""

import pandas as pd

from models import Rebaseline
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace

LEDGER_COLUMNS = ("measure", "service", "period", "reason", "by", "recorded_on", "old_status")


def read_ledger(workspace: Workspace) -> pd.DataFrame:
    """Return the re-baseline ledger, oldest first."""
    with workspace.engine.connect() as connection:
        kept = read_table(connection, Rebaseline, timezone=workspace.settings.timezone)
    named = kept.rename(columns={"agreed_by": "by", "recorded_at": "recorded_on"})
    ordered = named.sort_values(["measure", "service", "period"], ignore_index=True)
    return ordered.reindex(columns=list(LEDGER_COLUMNS))
