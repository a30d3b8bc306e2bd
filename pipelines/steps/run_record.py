"""The record of a month's run: what each step did and what somebody should act on."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime

import pandas as pd

from models import PipelineRun
from pipelines.edge.store import upsert, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.steps.summary import StepSummary


def record_run(
    workspace: Workspace,
    month: date,
    *,
    flow: str,
    started_at: datetime,
    status: str,
    summaries: list[StepSummary],
) -> None:
    """Store one run under its id."""
    row = {
        "run_id": workspace.run_id,
        "flow": flow,
        "month": month,
        "started_at": started_at,
        "finished_at": datetime.now(UTC),
        "status": status,
        "summary": json.dumps([asdict(summary) for summary in summaries]),
    }
    with write_transaction(workspace.engine) as connection:
        upsert(connection, PipelineRun, pd.DataFrame([row]))
