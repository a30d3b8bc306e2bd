"""The due flow: complaints to acknowledge or answer, and those about to breach."""

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.steps.now import publish_due
from pipelines.steps.summary import StepSummary


@flow(name="due", persist_result=False)
def due(
    workspace: str | None = None, month: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Rebuild the list of complaints that are due, as of today.

    `workspace` is a folder; see `run_step`. The month plays no part: today does.
    """
    return run_step(publish_due, name="due", workspace=workspace, month=month, run_id=run_id)
