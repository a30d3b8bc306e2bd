"""Make the fictional borough and run its last month."""

import shutil
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from rich.console import Console

from insight.errors import InsightError
from insight.periods import (
    Frequency,
    add_months,
    latest_complete_period,
    parse_period,
    uk_date,
)
from insight.release import committee_month
from pipelines.commands.month import run_and_tell
from pipelines.commands.opening import holding
from pipelines.edge.demo import TRUTHS, write_demo
from pipelines.edge.run_lock import hold_store
from pipelines.edge.workspace import open_workspace, prepare_folders
from pipelines.steps.now import NOW, publish_due, publish_waits
from pipelines.steps.patrol_files import publish_patrol
from pipelines.steps.patrol_plan import week_of
from pipelines.steps.public_decision import release_quarter
from pipelines.steps.release import committee_months
from pipelines.steps.summary import StepSummary

DEMO_MONTH = date(2026, 10, 1)
RELEASED_BY = "Performance Manager (demo)"
AUDIENCES = {
    "performance": "the performance team",
    "wardens": "dog wardens",
    "service-managers": "heads of service and service managers",
    "planning": "the planning team",
    "customer-services": "customer services",
    "senior-leadership": "senior leadership",
    "public": "the public",
}


class DemoFolderError(InsightError):
    """The folder holds something that no demo made."""


def make_demo(
    folder: Path,
    *,
    month: str | None,
    months: int,
    seed: int,
    reports_a_year: int,
    outputs: Path | None,
    out: Console,
) -> None:
    """Write the borough's inputs into `folder`, run the month, and say where each page is.

    At the end it says how long each part took.

    Raises
    ------
    DemoFolderError
        If `folder` holds files and is no earlier demo.
    """
    folder = folder.absolute()
    last = parse_period(month, Frequency.MONTHLY)[1] if month else DEMO_MONTH
    _clear(folder)
    parts: list[tuple[str, float]] = []
    begun = time.monotonic()

    def tell(part: str) -> None:
        parts.append((part, time.monotonic()))
        out.print(f"{part}...")

    files = write_demo(
        folder,
        last_month=last,
        months=months,
        seed=seed,
        reports_a_year=reports_a_year,
        tell=tell,
    )
    prepare_folders(folder)
    if outputs is not None:
        council = folder / "settings" / "council.yaml"
        setting = f"\noutput_root: {outputs.absolute()}\n"
        council.write_text(council.read_text(encoding="utf-8") + setting, encoding="utf-8")
        made_before = outputs.absolute() / folder.name
        shutil.rmtree(made_before, ignore_errors=True)
    out.print(f"An invented borough in {folder}: {files.summary()}")
    tell("Running its last month")
    summaries = run_and_tell(folder, f"{last:%Y-%m}", None, out)
    tell("Releasing the last quarter that committee has had")
    released = _release(folder, last)
    if released is None:
        out.print("No quarter of it has been to committee yet, so the public sees nothing.")
    else:
        out.print(f"{released} is released to the public by {RELEASED_BY}.")
        summaries += run_and_tell(folder, f"{last:%Y-%m}", ["publish"], out)
    tell("The lists of its days and weeks")
    lists = _day_and_week(folder, add_months(last, 1))
    ended = time.monotonic()
    made = (outputs.absolute() / folder.name if outputs else folder / "outputs") / f"{last:%Y-%m}"
    for audience, who in AUDIENCES.items():
        out.print(f"  For {who}: {made / audience / 'index.html'}")
    for summary in lists:
        out.print(f"  {summary.headline}", markup=False)
    for page in sorted((made.parent / NOW).glob("*/index.html")):
        out.print(f"  As of {uk_date(add_months(last, 1))}: {page}", markup=False)
    out.print(f"What is planted in it, for you to look for: {files.truths}")
    took = _durations(parts, ended)
    took += [(f"  {summary.step}", summary.seconds) for summary in summaries]
    for part, seconds in took:
        out.print(f"{part}: {seconds:.1f} s")
    out.print(f"The whole demo: {ended - begun:.1f} s")


def _release(folder: Path, last: date) -> str | None:
    """Release the latest quarter up to `last` that committee has had; none where there is none."""
    with holding(folder, doing="release of a quarter") as opened:
        months = committee_months(opened)
        ends = [add_months(last, -back) for back in range(12)]
        quarters = {latest_complete_period(end, Frequency.QUARTERLY) for end in ends}
        had = [key for key in quarters if committee_month(key, months) <= opened.today]
        if not had:
            return None
        release_quarter(opened, max(had), RELEASED_BY)
    return max(had)


def _day_and_week(folder: Path, today: date) -> list[StepSummary]:
    """Make what is rebuilt each day or week, as of the day after the month."""
    opened = replace(open_workspace(folder), today=today)
    with hold_store(opened, doing="the demo's lists of the day and week"):
        return [
            publish_due(opened, today),
            publish_waits(opened, today),
            publish_patrol(opened, week_of(opened, None)),
        ]


def _clear(folder: Path) -> None:
    """Remove an earlier demo, and nothing else."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / TRUTHS).exists():
        message = f"{folder} holds files that no demo made. Name a new or empty folder."
        raise DemoFolderError(message)
    shutil.rmtree(folder)


def _durations(parts: list[tuple[str, float]], ended: float) -> list[tuple[str, float]]:
    """Return how long each part took: until the next began, in seconds."""
    ends = [start for _, start in parts[1:]] + [ended]
    return [(part, end - start) for (part, start), end in zip(parts, ends, strict=True)]
