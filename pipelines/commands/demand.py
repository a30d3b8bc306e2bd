"""``insight demand``: contacts, who has to chase, what next month brings, and avoidable contact."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines.commands.options import (
    JsonOption,
    MonthOption,
    ServiceOption,
    WorkspaceOption,
    a_day,
)

app = typer.Typer(help="Contacts: how many, why, and how many next month.", no_args_is_help=True)
out = Console(soft_wrap=True, highlight=False)


@app.command("show", epilog="Example: insight demand show --service planning")
def show(
    service: ServiceOption = None,
    month: MonthOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show the month's contacts, calls, repeats, chasing and take-up, with their intervals."""
    from insight.catalogue import FIGURES
    from pipelines.edge.page_parts import figure, interval
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.demand_shown import show_demand
    from pipelines.steps.summary import plain_rows

    opened = open_workspace(workspace)
    when = opened.month(month)
    rows, problems = show_demand(opened, when, service)
    if json:
        data = {"month": f"{when:%Y-%m}", "figures": plain_rows(rows), "problems": problems}
        out.print_json(data=data)
        return
    for code, some in rows.groupby("service", sort=True):
        out.print(f"\n{code}", style="bold", markup=False)
        for row in plain_rows(some[some["measure"].ne("contacts_by_week")]):
            named = FIGURES[str(row["measure"])]
            likely = interval(row["lower"], row["upper"], named.unit)
            tail = f", likely {likely}" if likely else ""
            out.print(f"  {named.title}: {figure(row['value'], named.unit)}{tail}", markup=False)
    if rows.empty:
        out.print(f"No contacts of {when:%B %Y} are in the store.")
    for problem in problems:
        out.print(f"\n{problem}", markup=False)


@app.command(
    "chasing", epilog="Example: insight demand chasing --service planning --change 2026-04-15"
)
def chasing(
    service: ServiceOption = None,
    change: Annotated[
        datetime | None,
        typer.Option(parser=a_day, metavar="DATE", help="Compare before and after this day."),
    ] = None,
    days: Annotated[
        int, typer.Option(min=7, metavar="DAYS", help="Days to compare each way.")
    ] = 182,
    month: MonthOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show who has to chase and about which cases; or whether a change brought fewer to chase."""
    from pipelines.commands.demand_words import tell_chasing, tell_comparison
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.demand_shown import before_after_row, compare_chasing, show_chasing

    opened = open_workspace(workspace)
    when = opened.month(month)
    if change is None:
        shown = show_chasing(opened, when, service)
        if json:
            out.print_json(data={"month": f"{when:%Y-%m}", **shown})
        else:
            tell_chasing(shown, when, out)
        return
    found = compare_chasing(opened, when, change.date(), service, days)
    if json:
        out.print_json(data=before_after_row(found))
    else:
        tell_comparison(found, out)


@app.command("forecast", epilog="Example: insight demand forecast --service waste")
def forecast(
    service: ServiceOption = None,
    month: MonthOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show the contacts expected in the month after, where such forecasts have been any good."""
    from pipelines.commands.demand_words import tell_forecast
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.demand_shown import show_forecast

    opened = open_workspace(workspace)
    when = opened.month(month)
    _, rows = show_forecast(opened, when, service)
    if json:
        out.print_json(data={"after": f"{when:%Y-%m}", **rows})
    else:
        tell_forecast(rows, when, out)


@app.command("sample", epilog="Example: insight demand sample --size 300; later: --read")
def sample(
    size: Annotated[
        int, typer.Option(min=1, max=20_000, metavar="NUMBER", help="Contacts to draw.")
    ] = 300,
    seed: Annotated[int, typer.Option(help="Same seed, same contacts.")] = 2026,
    read: Annotated[bool, typer.Option("--read", help="Read the classed workbook back.")] = False,
    file: Annotated[
        Path | None, typer.Option(help="The workbook; else samples/avoidable-MONTH.xlsx.")
    ] = None,
    month: MonthOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Draw contacts for people to class as avoidable or not, and read the share back."""
    from pipelines.commands.demand_words import tell_sample
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.demand_shown import coded_share, make_sample

    opened = open_workspace(workspace)
    when = opened.month(month)
    if read:
        rows, done = coded_share(opened, when, file)
        if json:
            out.print_json(data={"month": f"{when:%Y-%m}", "shares": rows, **done})
        else:
            tell_sample(rows, done, out)
        return
    path, drawn = make_sample(opened, when, size=size, seed=seed, to=file)
    if json:
        out.print_json(data={"file": str(path), "drawn": drawn})
        return
    out.print(f"{drawn} contacts of {when:%B %Y} drawn into {path}.", markup=False)
    out.print("Next: choose a class for each in the last column, save, then:")
    out.print(f"insight demand sample --read --month {when:%Y-%m}")
