"""The demand flow: contacts by channel and service, calls answered, cases and waits."""

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.steps.demand import publish_demand
from pipelines.steps.summary import StepSummary


@flow(name="demand", persist_result=False)
def demand(
    workspace: str | None = None, month: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Publish contacts by channel and service, calls answered, cases and waits.

    `workspace` is a folder, `month` such as ``2026-10``; see `run_step`.
    """
    return run_step(publish_demand, name="demand", workspace=workspace, month=month, run_id=run_id)
