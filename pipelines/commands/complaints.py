"""``insight complaints``: what is due, request or complaint, and the annual report."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines.commands.options import DayOption, JsonOption, WorkspaceOption, a_day

app = typer.Typer(
    help="Complaints by the Ombudsmen's Codes: what is due, decisions, the annual report.",
    no_args_is_help=True,
)
out = Console(soft_wrap=True, highlight=False)


@app.command("due", epilog="Example: insight complaints due --on 2026-10-26")
def list_due(
    on: DayOption = None,
    later: Annotated[
        bool, typer.Option("--later", help="Show what is due after this week too.")
    ] = False,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """List the complaints to acknowledge or answer: overdue, today, about to breach, this week."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.complaints import due_list
    from pipelines.steps.summary import plain_rows

    opened = open_workspace(workspace)
    day = on.date() if on else opened.today
    due = due_list(opened, day)
    shown = due if later else due[due["bucket"].ne("due later")]
    if json:
        dates = dict.fromkeys(["received", "due"], "string")
        out.print_json(data={"on": f"{day}", "due": plain_rows(shown.astype(dates))})
        return
    for row in shown.to_dict("records"):
        note = f"; {row['note']}" if row["note"] else ""
        out.print(
            f"{row['bucket']:<16} {row['complaint_id']:<14} {row['stage']:<8} {row['step']:<12} "
            f"by {row['due']:%d/%m/%Y} ({row['regime']}){note}",
            markup=False,
        )
    rest = len(due) - len(shown)
    out.print(f"{len(shown)} steps due; {rest} more after this week." if len(due) else "None open.")


@app.command(
    "review", epilog="Example: insight complaints review to-decide.xlsx --since 2026-10-01"
)
def review(
    file: Annotated[Path, typer.Argument(help="The workbook to write, ending in .xlsx.")],
    since: Annotated[
        datetime | None,
        typer.Option(parser=a_day, metavar="DATE", help="Received on or after this day."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="List those that are decided already too.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the workbook in which a named officer decides: request for service or complaint."""
    from pipelines.edge.complaint_book import review_workbook
    from pipelines.edge.output_folder import write_file
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.complaint_decisions import to_review

    if file.suffix.lower() != ".xlsx":
        raise typer.BadParameter("end the name in .xlsx, such as to-decide.xlsx.")
    opened = open_workspace(workspace)
    listed = to_review(opened, since=since.date() if since else None, everything=everything)
    write_file(file, review_workbook(listed, council=opened.settings.name))
    differs = int(listed["suggested"].ne(listed["recorded"]).sum())
    out.print(
        f"{len(listed)} to decide, {differs} of them recorded otherwise than the rule suggests: "
        f"{file}. Next: insight complaints decide {file}",
        markup=False,
    )


@app.command("decide", epilog="Example: insight complaints decide to-decide.xlsx")
def decide(
    file: Annotated[Path, typer.Argument(help="The workbook with decisions.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Read an officer's decisions back; another person's is never overwritten."""
    from pipelines.commands.opening import holding
    from pipelines.steps.complaint_decisions import decide as read_decided

    with holding(workspace, doing="decisions on complaints") as opened:
        found = read_decided(opened, file)
    out.print(
        f"{len(found.accepted)} decisions stored, {found.unchanged} as they were, "
        f"{len(found.conflicts)} in conflict, {len(found.problems)} rows left out.",
        markup=False,
    )
    for row in found.conflicts.fillna("nobody yet").to_dict("records"):
        out.print(
            f"  Conflict on {row['reference']}: the store says {row['now']} ({row['now_by']}), "
            f"this copy {row['decision']} ({row['decided_by']}). Agree, then decide it in a new "
            "workbook: insight complaints review --all.",
            markup=False,
        )
    for problem in found.problems:
        out.print(f"  Left out: {problem}", markup=False)
    if len(found.conflicts) or found.problems:
        raise typer.Exit(1)
    if len(found.accepted):
        out.print("Next: insight run --only complaints", markup=False)


@app.command(
    "annual", epilog="Example: insight complaints annual --year 2026-27 --file report.xlsx"
)
def annual(
    year: Annotated[str, typer.Option(help="Financial year, such as 2026-27.")],
    file: Annotated[
        Path | None, typer.Option(help="A workbook to write as well, ending in .xlsx.")
    ] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Give the figures that the Ombudsman's annual report needs (Code, section 8.1)."""
    from pipelines.edge.complaint_book import annual_workbook
    from pipelines.edge.output_folder import write_file
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.complaint_decisions import annual as annual_tables
    from pipelines.steps.summary import plain_rows

    if file is not None and file.suffix.lower() != ".xlsx":
        raise typer.BadParameter("end the file's name in .xlsx, such as report.xlsx.")
    opened = open_workspace(workspace)
    tables = annual_tables(opened, year)
    if file is not None:
        settings = opened.settings
        services = {service.code: service.name for service in settings.services}
        book = annual_workbook(tables, council=settings.name, year=year, services=services)
        write_file(file, book)
    if json:
        out.print_json(data={name: plain_rows(table) for name, table in tables.items()})
        return
    out.print(f"{'':<44}{'Stage 1':>10}{'Stage 2':>10}{'Ombudsman':>11}{'All':>8}", markup=False)
    for row in plain_rows(tables["stages"]):
        cells = [_shown(row["line"], row[name]) for name in ("stage 1", "stage 2")]
        more = [_shown(row["line"], row[name]) for name in ("ombudsman", "total")]
        line = f"{row['line']:<44}{cells[0]:>10}{cells[1]:>10}{more[0]:>11}{more[1]:>8}"
        out.print(line, markup=False)
    for row in plain_rows(tables["refused"]):
        out.print(f"Refused, {row['reason']}: {row['number']}", markup=False)
    for row in plain_rows(tables["learning"]):
        out.print(f"{row['line']}: {row['number']:,.0f}", markup=False)
    if file is not None:
        out.print(f"Workbook: {file}", markup=False)


def _shown(line: object, value: object) -> str:
    """Write one number of the layout as a reader sees it."""
    if value is None:
        return "-"
    number = float(str(value))
    if "share of" in str(line):
        return f"{number:.1%}"
    return f"{number:.1f}" if "Mean" in str(line) else f"{number:.0f}"
