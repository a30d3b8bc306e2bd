"""The patrol flow: next week's plan for the wardens, every Thursday."""

from datetime import date
from functools import partial

from prefect import flow

from pipelines.edge.prefect_steps import run_step
from pipelines.edge.workspace import Workspace
from pipelines.steps.patrol_files import publish_patrol
from pipelines.steps.patrol_plan import week_of
from pipelines.steps.summary import StepSummary


def _publish(workspace: Workspace, _month: date, *, week: str | None) -> StepSummary:
    return publish_patrol(workspace, week_of(workspace, week))


@flow(name="patrol", persist_result=False)
def patrol(
    workspace: str | None = None, week: str | None = None, run_id: str | None = None
) -> StepSummary:
    """Plan a week of patrols and write the sheet, map and points for the wardens.

    `workspace` is a folder; `week` a day of the week, the next one when absent.
    """
    step = partial(_publish, week=week)
    return run_step(step, name="patrol", workspace=workspace, month=None, run_id=run_id)
