"""Officers' decisions on request or complaint: out as a workbook, back into the store."""

from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from insight.complaints.annual import annual_tables
from insight.complaints.decisions import ReadBack, read_back, review_list
from insight.complaints.handling import REASONS
from models import ComplaintDecision
from pipelines.edge.complaint_book import read_review
from pipelines.edge.store import upsert, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.steps.complaints import read_complaints, read_decisions
from pipelines.steps.events import read_events


def to_review(workspace: Workspace, *, since: date | None, everything: bool) -> pd.DataFrame:
    """List what an officer has to decide; `everything` adds what is decided already."""
    complaints = read_events(workspace, "complaints")
    if since is not None:
        start = pd.Timestamp(since, tz=workspace.settings.timezone)
        complaints = complaints[complaints["received_at"].ge(start)]
    listed = review_list(complaints, read_decisions(workspace))
    return listed if everything else listed[listed["decision"].isna()].reset_index(drop=True)


def decide(workspace: Workspace, path: Path) -> ReadBack:
    """Read a returned workbook and store what is new in it.

    Conflicts and faulty rows are left out and returned, so that nothing is decided by accident.
    """
    found = read_back(
        read_review(path), read_events(workspace, "complaints"), read_decisions(workspace)
    )
    if len(found.accepted):
        record = found.accepted.assign(
            # The officer is named on purpose; the reason may quote the resident.
            reason=workspace.redact(found.accepted["reason"]),
            decided_at=datetime.now(UTC),
        )
        with write_transaction(workspace.engine) as connection:
            upsert(connection, ComplaintDecision, record)
    return found


def annual(workspace: Workspace, year: str) -> dict[str, pd.DataFrame]:
    """Return the year's tables for the annual report."""
    return annual_tables(
        read_complaints(workspace), year, today=workspace.today,
        reasons=workspace.settings.complaint_refused_reasons or REASONS,
    )  # fmt: skip
