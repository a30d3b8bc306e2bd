"""Complaints by service, stage and outcome, how they were handled, and what is due."""

from datetime import date

import pandas as pd

from insight.complaints import complaints_results
from insight.complaints.clocks import fault_counts, run_clocks
from insight.complaints.decisions import apply_decisions
from insight.complaints.due import due_complaints
from insight.complaints.handling import MEASURES as HANDLING
from insight.complaints.handling import REASONS, handling_results
from insight.periods import in_month
from insight.results import join_results
from models import ComplaintDecision
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.figures import since_first, store_figures, window
from pipelines.steps.summary import StepSummary, table_of

MEASURES = (
    "complaints_received", "complaints_upheld_share", "service_requests", *HANDLING,
)  # fmt: skip


def publish_complaints(workspace: Workspace, month: date) -> StepSummary:
    """Store complaints received, upheld and how they were handled, for the month and before."""
    months = window(month)
    # All of them: an answer this month may be to a complaint of any earlier one.
    complaints = read_complaints(workspace)
    clocked = run_clocks(complaints)
    reasons = workspace.settings.complaint_refused_reasons or REASONS
    counted = since_first(months, complaints["received_at"])
    figures = join_results(
        [
            complaints_results(complaints, *counted),
            handling_results(clocked, *counted, reasons=reasons),
        ]
    )
    problems: list[str] = []
    stored = store_figures(
        workspace,
        figures,
        measures=MEASURES,
        months=months,
        contracts=["complaints"],
        refused=problems,
    )
    received = int(in_month(complaints["received_at"], month).sum())
    return StepSummary(
        "complaints",
        f"{stored} figures; {received} complaints and requests came in {month:%B %Y}.",
        table=table_of(figures, month),
        problems=[*problems, *fault_counts(clocked)],
    )


def read_decisions(workspace: Workspace) -> pd.DataFrame:
    """Return what officers decided on request or complaint."""
    with workspace.engine.connect() as connection:
        return read_table(connection, ComplaintDecision, timezone=workspace.settings.timezone)


def read_complaints(workspace: Workspace) -> pd.DataFrame:
    """Return all complaints, each at the stage that an officer decided where one did."""
    return apply_decisions(read_events(workspace, "complaints"), read_decisions(workspace))


def due_list(workspace: Workspace, on: date) -> pd.DataFrame:
    """List what has to be acknowledged or answered, as it stands on `on`."""
    clocked = run_clocks(read_complaints(workspace))
    return due_complaints(clocked, on, soon_days=workspace.settings.complaint_soon_days)
