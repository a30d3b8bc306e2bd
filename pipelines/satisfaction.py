"""The satisfaction flow: satisfaction by service and question, with base and interval."""

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.steps.satisfaction import publish_satisfaction
from pipelines.steps.summary import StepSummary


@flow(name="satisfaction", persist_result=False)
def satisfaction(
    workspace: str | None = None, month: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Publish satisfaction by service and question, with base and interval.

    `workspace` is a folder, `month` such as ``2026-10``; see `run_step`.
    """
    return run_step(
        publish_satisfaction, name="satisfaction", workspace=workspace, month=month, run_id=run_id
    )
