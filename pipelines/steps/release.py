"""Who released which quarter to the public, and how far the public may see."""

from datetime import UTC, date, datetime

import pandas as pd

from insight.periods import months_of_quarter
from insight.release import last_reported_quarter, released
from models import Release
from pipelines.edge.store import read_table, upsert, write_transaction
from pipelines.edge.workspace import Workspace


def release_quarter(workspace: Workspace, quarter: str, by: str) -> str:
    """Record that a named person released a quarter; return its key.

    Raises
    ------
    ReleaseError
        If nobody is named, the quarter isn't over, or its committee month isn't known.
    """
    now = datetime.now(UTC)
    day = workspace.today
    record = released(
        quarter,
        by,
        committee_months=_months(workspace),
        now=now.replace(year=day.year, month=day.month, day=day.day),
    ).assign(released_at=now)
    with write_transaction(workspace.engine) as connection:
        upsert(connection, Release, record)
    return str(record["quarter"].item())


def releases(workspace: Workspace) -> pd.DataFrame:
    """Return every release: ``quarter``, ``released_by`` and ``released_at``."""
    with workspace.engine.connect() as connection:
        return read_table(connection, Release, timezone=workspace.settings.timezone)


def public_quarter(workspace: Workspace) -> str | None:
    """Name the last quarter that the public may see, none if there is none yet."""
    return last_reported_quarter(_months(workspace), releases(workspace), workspace.today)


def public_month(workspace: Workspace) -> date | None:
    """Return the last month that the public may see, none if there is none yet."""
    quarter = public_quarter(workspace)
    return None if quarter is None else months_of_quarter(quarter)[-1]


def _months(workspace: Workspace) -> dict[str, str]:
    return {str(quarter): name for quarter, name in workspace.settings.committee_months.items()}
