"""Who released which quarter to the public, and how far the public may see."""

from datetime import date

import pandas as pd

from insight.periods import months_of_quarter
from insight.release import last_reported_quarter
from models import Release
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace


def releases(workspace: Workspace) -> pd.DataFrame:
    """Return every release: ``quarter``, ``released_by`` and ``released_at``."""
    with workspace.engine.connect() as connection:
        return read_table(connection, Release, timezone=workspace.settings.timezone)


def public_quarter(workspace: Workspace) -> str | None:
    """Name the last quarter that the public may see, none if there is none yet."""
    return last_reported_quarter(committee_months(workspace), releases(workspace), workspace.today)


def public_month(workspace: Workspace) -> date | None:
    """Return the last month that the public may see, none if there is none yet."""
    quarter = public_quarter(workspace)
    return None if quarter is None else months_of_quarter(quarter)[-1]


def committee_months(workspace: Workspace) -> dict[str, str]:
    """Return the month in which each quarter goes to committee, by ``Q1`` to ``Q4``."""
    return {str(quarter): name for quarter, name in workspace.settings.committee_months.items()}
