"""The comments flow: comments by service, kind and theme, praise apart."""

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.steps.comments import publish_comments
from pipelines.steps.summary import StepSummary


@flow(name="comments", persist_result=False)
def comments(
    workspace: str | None = None, month: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Publish comments by service, kind and theme, praise apart.

    `workspace` is a folder, `month` such as ``2026-10``; see `run_step`.
    """
    return run_step(
        publish_comments, name="comments", workspace=workspace, month=month, run_id=run_id
    )
