"""The watch flow: sources that stopped or changed."""

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.steps.summary import StepSummary
from pipelines.steps.watch import watch_sources


@flow(name="watch", persist_result=False)
def watch(
    workspace: str | None = None, month: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Tell which sources stopped, or changed their columns, their volume or their values.

    `workspace` is a folder, `month` such as ``2026-10``; see `run_step`.
    """
    return run_step(watch_sources, name="watch", workspace=workspace, month=month, run_id=run_id)
