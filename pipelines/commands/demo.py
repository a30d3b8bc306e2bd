"""Make the fictional borough and run its last month."""

import shutil
from datetime import date
from pathlib import Path

from rich.console import Console

from insight.errors import InsightError
from insight.periods import Frequency, parse_period
from pipelines.commands.month import run_and_tell
from pipelines.edge.demo import TRUTHS, write_demo
from pipelines.edge.workspace import prepare_folders

DEMO_MONTH = date(2026, 10, 1)
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
    outputs: Path | None,
    out: Console,
) -> None:
    """Write the borough's inputs into `folder`, run the month, and say where each page is.

    Raises
    ------
    DemoFolderError
        If `folder` holds files and is no earlier demo.
    """
    folder = folder.absolute()
    last = parse_period(month, Frequency.MONTHLY)[1] if month else DEMO_MONTH
    if folder.exists() and any(folder.iterdir()):
        if not (folder / TRUTHS).exists():
            message = f"{folder} holds files that no demo made. Name a new or empty folder."
            raise DemoFolderError(message)
        shutil.rmtree(folder)
    with out.status("Inventing a borough..."):
        files = write_demo(folder, last_month=last, months=months, seed=seed)
        prepare_folders(folder)
        if outputs is not None:
            council = folder / "settings" / "council.yaml"
            setting = f"\noutput_root: {outputs.absolute()}\n"
            council.write_text(council.read_text(encoding="utf-8") + setting, encoding="utf-8")
            made_before = outputs.absolute() / folder.name
            shutil.rmtree(made_before, ignore_errors=True)
    out.print(f"An invented borough in {folder}: {files.summary()}")
    run_and_tell(folder, f"{last:%Y-%m}", None, out)
    made = (outputs.absolute() / folder.name if outputs else folder / "outputs") / f"{last:%Y-%m}"
    for audience, who in AUDIENCES.items():
        out.print(f"  For {who}: {made / audience / 'index.html'}")
