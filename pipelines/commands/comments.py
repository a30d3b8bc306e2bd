"""``insight comments``: what people say in their own words, praise first."""

import typer
from rich.console import Console

from pipelines.commands.options import JsonOption, MonthOption, ServiceOption, WorkspaceOption

app = typer.Typer(
    help="What people say in their own words: praise, themes and how they read.",
    no_args_is_help=True,
)
out = Console(soft_wrap=True, highlight=False)


@app.command("show", epilog="Example: insight comments show --service waste")
def show(
    service: ServiceOption = None,
    month: MonthOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show the themes of the twelve months up to a month, praise apart, with intervals.

    Whether comments read as positive is said only where ratings show that it can be told.
    """
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.comments import heard_by_service

    opened = open_workspace(workspace)
    heard, reading = heard_by_service(opened, opened.month(month), service)
    if json:
        out.print_json(data={"services": heard, "reading": reading})
        return
    for each in heard:
        share, lower, upper = each["praise_share"], each["lower"], each["upper"]
        out.print(f"\n{each['service']}", style="bold")
        out.print(
            f"{each['comments']} comments, {each['praise']} of them praise ({share:.0%}; likely "
            f"{lower:.0%} to {upper:.0%})"
        )
        for side in ("praise", "not praise"):
            for row in each["themes"][side]:
                out.print(
                    f"  {side}: {row['theme']}: {row['comments']} of {row['base']} "
                    f"({row['lower']:.0%} to {row['upper']:.0%})",
                    markup=False,
                )
    if not heard:
        out.print("There are no comments of these twelve months.")
    out.print(f"\n{reading}", markup=False)
