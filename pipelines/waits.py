"""The waits flow: waits, open cases past standard, and the recovery sheets."""

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.steps.now import publish_waits
from pipelines.steps.summary import StepSummary


@flow(name="waits", persist_result=False)
def waits(
    workspace: str | None = None, month: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Rebuild customer services' page, the Monday list and the recovery sheets, as of today.

    `workspace` is a folder; see `run_step`. The month plays no part: today does.
    """
    return run_step(publish_waits, name="waits", workspace=workspace, month=month, run_id=run_id)
