"""Run a plain step as a Prefect task, with retries, and show what it did as an artifact."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from prefect import task
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from pipelines.edge.logs import configure_logs
from pipelines.edge.run_lock import hold_store
from pipelines.edge.store import StoreLockedError, StoreUnavailableError
from pipelines.edge.workspace import Workspace, open_workspace
from pipelines.steps.summary import StepSummary

Step = Callable[[Workspace, date], StepSummary]
RETRIES = 3
WAIT_SECONDS = (2, 10, 30)
PASSING = (StoreLockedError, StoreUnavailableError, ConnectionError, TimeoutError)


def run_step(
    step: Step,
    *,
    name: str,
    workspace: str | None,
    month: str | None,
    run_id: str | None,
) -> StepSummary:
    """Run `step` on a workspace and month as one retried task; publish its artifact.

    Parameters
    ----------
    step
        A plain step.
    name
        The flow's name.
    workspace
        The workspace's folder; ``INSIGHT_WORKSPACE`` or the current folder when absent.
    month
        Such as ``2026-10``; the last complete month when absent.
    run_id
        That of the parent run, so that one month has one id.
    """
    opened = open_workspace(Path(workspace) if workspace else None, run_id=run_id)
    configure_logs(opened.log_file, opened.run_id, names=opened.settings.staff_names)
    chosen = opened.month(month)
    run = task(
        name=name,
        retries=RETRIES,
        retry_delay_seconds=[float(seconds) for seconds in WAIT_SECONDS],
        retry_condition_fn=may_pass,
        persist_result=False,
    )(step)
    with hold_store(opened, doing=f"{name} of {chosen:%B %Y}"):
        summary = run(opened, chosen)
    show(summary, chosen)
    return summary


def may_pass(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Return whether trying again can help: a busy or absent database, not a wrong file."""
    return isinstance(state.result(raise_on_failure=False), PASSING)


def show(summary: StepSummary, month: date) -> None:
    """Publish a step's table as a Prefect artifact."""
    create_table_artifact(
        key=f"{summary.step}-{month:%Y-%m}",
        table=summary.table or [{"result": summary.headline}],
        description="\n\n".join([summary.headline, *summary.problems]),
    )
