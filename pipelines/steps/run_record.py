"""The record of a month's run: what each step did and what somebody should act on."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime

import pandas as pd
from sqlmodel import col, update

from insight.periods import month_key
from models import PipelineRun
from pipelines.edge.store import upsert, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.steps.summary import StepSummary

RUNNING = "running"
STOPPED = "stopped"


def begin_run(workspace: Workspace, month: date, *, flow: str) -> None:
    """Record that a run has begun; whoever calls holds the store.

    A run that is still recorded as running was killed, since no other can be under way: it is
    marked as stopped.
    """
    row = {
        "run_id": workspace.run_id,
        "flow": flow,
        "month": month_key(month),
        "started_at": datetime.now(UTC),
        "status": RUNNING,
    }
    killed = update(PipelineRun).where(col(PipelineRun.status) == RUNNING).values(status=STOPPED)
    with write_transaction(workspace.engine) as connection:
        connection.execute(killed)
        upsert(connection, PipelineRun, pd.DataFrame([row]))


def end_run(workspace: Workspace, *, status: str, summaries: list[StepSummary]) -> None:
    """Record how the run that `begin_run` recorded has ended."""
    ended = (
        update(PipelineRun)
        .where(col(PipelineRun.run_id) == workspace.run_id)
        .values(
            finished_at=datetime.now(UTC),
            status=status,
            summary=json.dumps([asdict(summary) for summary in summaries]),
        )
    )
    with write_transaction(workspace.engine) as connection:
        connection.execute(ended)
