"""The enquiries flow: enquiries by topic and channel, and the share that could be classified."""

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.steps.enquiries import publish_enquiries
from pipelines.steps.summary import StepSummary


@flow(name="enquiries", persist_result=False)
def enquiries(
    workspace: str | None = None, month: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Publish enquiries by topic and channel, and the share that could be classified.

    `workspace` is a folder, `month` such as ``2026-10``; see `run_step`.
    """
    return run_step(
        publish_enquiries, name="enquiries", workspace=workspace, month=month, run_id=run_id
    )
