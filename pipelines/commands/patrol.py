"""``insight patrol``: next week's plan for the wardens."""

from typing import Annotated

import typer
from rich.console import Console

from pipelines.commands.options import JsonOption, WorkspaceOption

out = Console(soft_wrap=True, highlight=False)


def plan_patrol(
    week: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="A day of the week to plan, such as 2026-12-07; else the next week.",
        ),
    ] = None,
    hours: Annotated[
        float | None,
        typer.Option(
            min=0.5, max=200, metavar="HOURS", help="Warden hours; the settings' when absent."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Plan a week of patrols: where more, where less, when, in what order, and why."""
    from pipelines.edge.run_lock import hold_store
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.patrol_files import publish_patrol
    from pipelines.steps.patrol_plan import week_of

    opened = open_workspace(workspace)
    monday = week_of(opened, week)
    with hold_store(opened, doing=f"the patrol plan of {monday:%d/%m/%Y}"):
        summary = publish_patrol(opened, monday, hours=hours)
    folder = opened.outputs / "wardens" / monday.isoformat()
    if json:
        out.print_json(data={"headline": summary.headline, "places": summary.table,
                             "folder": str(folder), "problems": summary.problems})  # fmt: skip
        return
    out.print(summary.headline, markup=False)
    for problem in summary.problems:
        out.print(f"Note: {problem}", markup=False)
    out.print(f"Next: print {folder / 'sheet.pdf'}; send map.html to the phone.", markup=False)
