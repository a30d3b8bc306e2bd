"""The ingest flow: every new file of the inbox into the store, every row accounted for."""

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.steps.ingest import ingest_all
from pipelines.steps.summary import StepSummary


@flow(name="ingest", persist_result=False)
def ingest(
    workspace: str | None = None, month: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Take every new file of the inbox into the store, every row accounted for.

    `workspace` is a folder, `month` such as ``2026-10``; see `run_step`.
    """
    return run_step(ingest_all, name="ingest", workspace=workspace, month=month, run_id=run_id)
