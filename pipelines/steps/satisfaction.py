"""Satisfaction by service and question."""

from datetime import date

from insight.results import join_results
from insight.satisfaction import answer_account, satisfaction_results
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.figures import since_first, store_figures, window
from pipelines.steps.summary import StepSummary, table_of

MEASURES = ("satisfaction_share", "satisfaction_net")


def publish_satisfaction(workspace: Workspace, month: date) -> StepSummary:
    """Store the share satisfied, with base and interval, for the month and those before it."""
    months = window(month)
    answers = read_events(workspace, "surveys", months=months)
    figures = join_results(
        satisfaction_results(answers, each) for each in since_first(months, answers["answered_at"])
    )
    problems: list[str] = []
    stored = store_figures(
        workspace,
        figures,
        measures=MEASURES,
        months=months,
        contracts=["surveys"],
        refused=problems,
    )
    account = answer_account(answers, month)
    unreadable = int(account["unreadable"].sum())
    if unreadable:
        problems.append(
            f"{unreadable} survey answers of {month:%B %Y} are not on their scale; they are left "
            "out. Check the scale that the mapping gives their question."
        )
    return StepSummary(
        "satisfaction",
        f"{stored} figures from {int(account['answers'].sum())} answers of {month:%B %Y}.",
        table=table_of(figures, month),
        problems=problems,
    )
