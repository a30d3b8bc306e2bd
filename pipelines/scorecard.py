"""The scorecard flow: every measure with its target, RAG and direction of travel."""

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.steps.scorecard import publish_scorecard
from pipelines.steps.summary import StepSummary


@flow(name="scorecard", persist_result=False)
def scorecard(
    workspace: str | None = None, month: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Publish every measure with its target, RAG and direction of travel.

    `workspace` is a folder, `month` such as ``2026-10``; see `run_step`.
    """
    return run_step(
        publish_scorecard, name="scorecard", workspace=workspace, month=month, run_id=run_id
    )
