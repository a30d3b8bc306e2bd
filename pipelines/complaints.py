"""The complaints flow: complaints by service, stage and outcome."""

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.steps.complaints import publish_complaints
from pipelines.steps.summary import StepSummary


@flow(name="complaints", persist_result=False)
def complaints(
    workspace: str | None = None, month: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Publish complaints by service, stage and outcome.

    `workspace` is a folder, `month` such as ``2026-10``; see `run_step`.
    """
    return run_step(
        publish_complaints, name="complaints", workspace=workspace, month=month, run_id=run_id
    )
