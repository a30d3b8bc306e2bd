"""Complaints by service, stage and outcome."""

from datetime import date

from insight.complaints import complaints_results
from insight.periods import in_month
from insight.results import join_results
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.figures import since_first, store_figures, window
from pipelines.steps.summary import StepSummary, table_of

MEASURES = ("complaints_received", "complaints_upheld_share", "service_requests")


def publish_complaints(workspace: Workspace, month: date) -> StepSummary:
    """Store complaints received and upheld for the month and those before it."""
    months = window(month)
    # All of them: an answer this month may be to a complaint of any earlier one.
    complaints = read_events(workspace, "complaints")
    figures = join_results(
        complaints_results(complaints, each)
        for each in since_first(months, complaints["received_at"])
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
        problems=problems,
    )
