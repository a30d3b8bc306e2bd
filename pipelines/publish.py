"""The publish flow: a folder of pages, workbooks and maps for each audience."""

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.steps.publish import publish_outputs
from pipelines.steps.summary import StepSummary


@flow(name="publish", persist_result=False)
def publish(
    workspace: str | None = None, month: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Publish a folder of pages, workbooks and maps for each audience.

    `workspace` is a folder, `month` such as ``2026-10``; see `run_step`.
    """
    return run_step(
        publish_outputs, name="publish", workspace=workspace, month=month, run_id=run_id
    )
