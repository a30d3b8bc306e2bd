"""``insight cases``: open cases past standard, and the wait now."""

from typing import Annotated

import typer
from rich.console import Console

from pipelines.commands.options import DayOption, JsonOption, ServiceOption, WorkspaceOption

app = typer.Typer(help="Cases past standard, and the wait now.", no_args_is_help=True)
out = Console(soft_wrap=True, highlight=False)


@app.command("list", epilog="Example: insight cases list --service planning --days 21")
def list_cases(
    service: ServiceOption = None,
    days: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="DAYS", help="Days without an update; the settings' when absent."
        ),
    ] = None,
    on: DayOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """List open cases past standard whose applicants have heard nothing lately."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.case_lists import cases_past_standard
    from pipelines.steps.summary import plain_rows

    opened = open_workspace(workspace)
    day = on.date() if on else opened.today
    found = cases_past_standard(opened, day, service, days=days)
    if json:
        dates = dict.fromkeys(["received", "due", "last_update"], "string")
        out.print_json(data={"on": f"{day}", "cases": plain_rows(found.astype(dates))})
        return
    for row in found.to_dict("records"):
        told = (
            f"last told {row['last_update']:%d/%m/%Y}"
            if row["last_update"] == row["last_update"]
            else "never told anything"
        )
        out.print(
            f"{row['service']:<16} {row['case_id']:<18} {row['age_days']:>5} days, "
            f"{row['days_over']:.0f} over; {told}",
            markup=False,
        )
    silent = days or opened.settings.no_update_days
    out.print(
        f"{len(found)} open cases past standard, told nothing for more than {silent} days."
        if len(found)
        else f"No case past standard has gone more than {silent} days without an update."
    )


@app.command("wait", epilog="Example: insight cases wait --service planning")
def show_waits(
    service: ServiceOption = None,
    on: DayOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show the wait now, with its interval, and what a caller can be told."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.case_lists import waits_on
    from pipelines.steps.summary import plain_rows

    opened = open_workspace(workspace)
    day = on.date() if on else opened.today
    rows = plain_rows(waits_on(opened, day, service))
    if json:
        out.print_json(data={"on": f"{day}", "waits": rows})
        return
    for row in rows:
        kind = f", {row['case_type']}" if row["case_type"] else ""
        out.print(f"{row['service']}{kind}: {row['open']} open", markup=False)
        out.print(f"  {row['what_to_say']}", markup=False)
        if row["note"]:
            out.print(f"  {row['note']}", markup=False)
    if not rows:
        out.print("There are no cases. Bring some in with: insight ingest")
