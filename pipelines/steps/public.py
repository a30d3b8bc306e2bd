"""What the public may see today, as releases decided it; every public output reads it here."""

import pandas as pd

from insight.public import KEY, PublicView
from insight.release import last_reported_quarter
from models import PublicFigure
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace
from pipelines.steps.release import committee_months


def decisions(workspace: Workspace) -> pd.DataFrame:
    """Return everything that any release decided, oldest release first."""
    with workspace.engine.connect() as connection:
        rows = read_table(connection, PublicFigure, timezone=workspace.settings.timezone)
    return rows.sort_values(["decided_at", "quarter", "issue", *KEY], ignore_index=True)


def public_view(workspace: Workspace) -> PublicView:
    """Return what the public may see today; see `PublicView`."""
    rows = decisions(workspace)
    quarter = last_reported_quarter(committee_months(workspace), rows, workspace.today)
    # A re-issue replaces what it issues again; a later quarter may show the same year once more.
    seen = rows[rows["quarter"].le(quarter or "")]
    seen = seen.sort_values(["quarter", "issue", *KEY], ignore_index=True)
    newest = seen.groupby("quarter")["issue"].transform("max")
    seen = seen[seen["issue"].eq(newest)]
    figures = seen[seen["quarter"].eq(quarter or "")].reset_index(drop=True)
    if figures.empty:
        return PublicView(None, "", figures, figures)
    trend = seen.drop_duplicates(list(KEY), keep="last").reset_index(drop=True)
    return PublicView(quarter, str(figures["released_by"].iloc[0]), figures, trend)
