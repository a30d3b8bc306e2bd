"""The ledger of rebases: where people said that a measure's control limits start afresh."""

import pandas as pd

from models import Rebaseline
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace


def ledger(workspace: Workspace) -> pd.DataFrame:
    """Return every entry of the ledger, the withdrawn ones included: `models.Rebaseline`."""
    with workspace.engine.connect() as connection:
        return read_table(connection, Rebaseline, timezone=workspace.settings.timezone)


def read_rebaselines(workspace: Workspace) -> pd.DataFrame:
    """Return the rebases that hold.

    Returns
    -------
    pandas.DataFrame
        ``measure``, ``service``, ``period`` (the first under new limits), ``reason``, ``by`` and
        ``recorded_on`` (a day): what `insight.spc.control` takes as ``rebases``, and what a page
        says beside the chart.
    """
    rows = ledger(workspace)
    held = rows[rows["withdrawn_at"].isna()].reset_index(drop=True)
    return held.assign(
        by=held["agreed_by"],
        recorded_on=held["recorded_at"].dt.tz_localize(None).dt.normalize(),
    )[["measure", "service", "period", "reason", "by", "recorded_on"]]
