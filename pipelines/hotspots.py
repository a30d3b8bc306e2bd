"""The hotspots flow: the places where street reports stand out."""

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.steps.hotspots import publish_hotspots
from pipelines.steps.summary import StepSummary


@flow(name="hotspots", persist_result=False)
def hotspots(
    workspace: str | None = None, month: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Publish the places where street reports stand out.

    `workspace` is a folder, `month` such as ``2026-10``; see `run_step`.
    """
    return run_step(
        publish_hotspots, name="hotspots", workspace=workspace, month=month, run_id=run_id
    )
