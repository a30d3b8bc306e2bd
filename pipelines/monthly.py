"""The monthly flow: the whole month, from inbox to desk."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from prefect import flow
from rich.console import Console

from insight.errors import InsightError
from pipelines.comments import comments
from pipelines.complaints import complaints
from pipelines.demand import demand
from pipelines.edge.run_lock import hold_store
from pipelines.edge.store import StoreError
from pipelines.edge.workspace import Workspace, open_workspace
from pipelines.enquiries import enquiries
from pipelines.hotspots import hotspots
from pipelines.ingest import ingest
from pipelines.publish import publish
from pipelines.satisfaction import satisfaction
from pipelines.scorecard import scorecard
from pipelines.steps.run_record import begin_run, end_run
from pipelines.steps.summary import StepSummary
from pipelines.watch import watch

# In this order: each reads what those before it stored.
FLOWS = {
    "ingest": ingest,
    "watch": watch,
    "enquiries": enquiries,
    "hotspots": hotspots,
    "satisfaction": satisfaction,
    "comments": comments,
    "complaints": complaints,
    "demand": demand,
    "scorecard": scorecard,
    "publish": publish,
}


class MonthFailedError(InsightError):
    """One or more parts of the month could not be done; the others were."""


@flow(name="monthly", persist_result=False)
def monthly(
    workspace: str | None = None,
    month: str | None = None,
    only: list[str] | None = None,
    wait_minutes: float = 0.0,
) -> list[StepSummary]:
    """Run every flow of the month; a part that fails does not stop the others.

    `workspace` is a folder, `month` such as ``2026-10``, `only` names flows to run alone.
    Another run is waited for up to `wait_minutes`.

    Raises
    ------
    MonthFailedError
        After the rest is done, naming each part that failed and why.
    """
    console = Console(soft_wrap=True, highlight=False)
    return run_month(
        workspace,
        month,
        only=only,
        wait_s=60 * wait_minutes,
        told=console.print,
        done=lambda part: console.print(f"{part.step}: {part.headline}"),
    )


def run_month(
    workspace: str | None,
    month: str | None,
    *,
    only: list[str] | None = None,
    wait_s: float = 0.0,
    done: Callable[[StepSummary], None] | None = None,
    told: Callable[[str], None] | None = None,
) -> list[StepSummary]:
    """Call the flows one by one, telling `done` of each, and record the run.

    The store is held from before it is opened; `told` hears that another run is waited for.

    Raises
    ------
    MonthFailedError
        After the rest is done, naming each part that failed and why.
    RunLockedError
        If another run holds the store still after `wait_s` seconds.
    """
    opened = open_workspace(Path(workspace) if workspace else None)
    chosen = opened.month(month)
    with hold_store(opened, doing=f"run of {chosen:%B %Y}", wait_s=wait_s, waiting=told):
        return _run_parts(opened, chosen, only=only, done=done)


def _run_parts(
    opened: Workspace,
    chosen: date,
    *,
    only: list[str] | None,
    done: Callable[[StepSummary], None] | None,
) -> list[StepSummary]:
    begin_run(opened, chosen, flow="monthly")
    summaries: list[StepSummary] = []
    failed: list[str] = []
    for name, part in FLOWS.items():
        if only and name not in only:
            continue
        begun = time.monotonic()
        try:
            summary = part(str(opened.root), f"{chosen:%Y-%m}", opened.run_id)
        except InsightError as error:
            failed.append(f"{name}: {error}")
            summary = StepSummary(name, f"Not done. {error}", problems=[str(error)])
        summary = replace(summary, seconds=round(time.monotonic() - begun, 1))
        summaries.append(summary)
        if done is not None:
            done(summary)
    try:
        end_run(opened, status="failed" if failed else "completed", summaries=summaries)
    except StoreError as error:  # what failed before it must be told all the same
        failed.append(f"record of the run: {error}")
    if failed:
        raise MonthFailedError("\n".join(failed))
    return summaries
