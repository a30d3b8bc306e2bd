"""The housekeeping flow: let go of what is past its retention period, and back the store up."""

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.steps.housekeeping import keep_house
from pipelines.steps.summary import StepSummary


@flow(name="housekeeping", persist_result=False)
def housekeeping(
    workspace: str | None = None, month: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Let go of what is past its retention period, and back the store up.

    `workspace` is a folder; `month` only names the record of the run; see `run_step`.
    """
    return run_step(
        keep_house, name="housekeeping", workspace=workspace, month=month, run_id=run_id
    )
