"""Run a month and tell of it as it goes."""

import time
from pathlib import Path

from rich.console import Console

from pipelines.edge.prefect_setup import prepare_prefect
from pipelines.edge.workspace import open_workspace
from pipelines.steps.summary import StepSummary


def run_and_tell(
    workspace: Path | None,
    month: str | None,
    only: list[str] | None,
    out: Console,
    *,
    wait_minutes: float = 0.0,
) -> list[StepSummary]:
    """Run the month's flows, print each part's headline, and say where the outputs are.

    What is returned says what each part did and how long it took.
    """
    opened = open_workspace(workspace)
    chosen = opened.month(month)
    out.print(f"{opened.settings.name}, {chosen:%B %Y}. Starting Prefect...")
    started = time.monotonic()
    prepare_prefect()
    from pipelines.monthly import monthly

    summaries = monthly(str(opened.root), f"{chosen:%Y-%m}", only, wait_minutes)
    # Two parts of the month may meet the same fault.
    for problem in dict.fromkeys(each for summary in summaries for each in summary.problems):
        out.print(f"  To act on: {problem}")
    out.print(f"Done in {time.monotonic() - started:.0f} seconds.")
    if only is None or "publish" in only:
        out.print(f"Outputs: {opened.outputs / f'{chosen:%Y-%m}' / 'index.html'}")
    return summaries
