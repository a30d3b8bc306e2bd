"""The ``insight`` command. It translates; the thinking is elsewhere, imported when needed."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from insight.errors import InsightError
from pipelines.commands import (
    cases,
    comments,
    complaints,
    hotspots,
    kpi,
    quarantine,
    satisfaction,
    store,
    topics,
)
from pipelines.commands import demand as demand_commands
from pipelines.commands.help_text import WholeHelp, asked_help
from pipelines.commands.options import (
    FileMappingOption,
    JsonOption,
    MonthOption,
    WorkspaceOption,
)

app = typer.Typer(
    name="insight",
    cls=WholeHelp,
    help="Customer insight for a council, every month: from the inbox to each reader's desk.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)
for group in (
    comments,
    cases,
    complaints,
    demand_commands,
    hotspots,
    kpi,
    quarantine,
    satisfaction,
    store,
    topics,
):
    app.add_typer(group.app, name=group.__name__.rpartition(".")[2], cls=WholeHelp)
out = Console(soft_wrap=True, highlight=False)

FLOW_NAMES = (
    "ingest",
    "watch",
    "enquiries",
    "hotspots",
    "satisfaction",
    "comments",
    "complaints",
    "demand",
    "scorecard",
    "publish",
)


@app.command("init", epilog="Example: insight init my-council")
def init_workspace(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
) -> None:
    """Make a workspace for a council: commented settings, an inbox, mappings."""
    from pipelines.edge.workspace import create_workspace

    root = create_workspace(folder)
    out.print(f"Workspace made in {root}.")
    out.print(f"Next: edit {root / 'settings' / 'council.yaml'} and its neighbours,")
    out.print("put files into inbox/<source>/, then:")
    out.print(f"  insight doctor --workspace {folder}", markup=False)
    out.print(f"  insight run --workspace {folder}", markup=False)


@app.command("demo", epilog="Example: insight demo demo --outputs outputs")
def demo(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")] = Path("demo"),
    month: MonthOption = None,
    months: Annotated[
        int,
        typer.Option(min=1, max=36, metavar="NUMBER", help="Months of inputs, the last included."),
    ] = 24,
    seed: Annotated[int, typer.Option(help="Another seed makes another borough.")] = 2026,
    reports_a_year: Annotated[
        int,
        typer.Option(
            min=100,
            max=100_000,
            metavar="NUMBER",
            help="Reports of dog fouling a year in the borough.",
        ),
    ] = 300,
    outputs: Annotated[
        Path | None, typer.Option(help="Where outputs go; FOLDER/outputs when absent.")
    ] = None,
) -> None:
    """Invent a borough with months of messy inputs, run its last month, and show the outputs.

    Everything in it is made up by code. A folder that an earlier demo made is made anew.
    """
    from pipelines.commands.demo import make_demo

    make_demo(
        folder,
        month=month,
        months=months,
        seed=seed,
        reports_a_year=reports_a_year,
        outputs=outputs,
        out=out,
    )


@app.command("run", epilog="Example: insight run --month 2026-10 --only ingest --only demand")
def run(
    month: MonthOption = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PART",
            help=f"Run this part alone; may be repeated. One of {', '.join(FLOW_NAMES)}.",
        ),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait up to an hour for another run to end.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Run the month: ingest, topics, hotspots, satisfaction, demand, scorecard, pages."""
    from pipelines.commands.month import run_and_tell

    if unknown := sorted(set(only or []) - set(FLOW_NAMES)):
        parts = ", ".join(FLOW_NAMES)
        raise typer.BadParameter(f"there is no part {', '.join(unknown)}; the parts are {parts}.")
    run_and_tell(workspace, month, only or None, out, wait_minutes=60 if wait else 0)


@app.command("ingest", epilog="Example: insight ingest calls.xlsx --source telephony")
def ingest(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of one source.")],
    source: Annotated[str, typer.Option(help="The source they come from, as in sources.yaml.")],
    mapping: FileMappingOption = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a workbook.")] = None,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Read files of one source into the store and account for every row."""
    from pipelines.commands.intake import ingest_files

    ingest_files(workspace, files, source=source, mapping=mapping, sheet=sheet, json=json, out=out)


@app.command("recovery", epilog="Example: insight recovery --service planning --week 2026-W43")
def recovery(
    service: Annotated[str, typer.Option(help="Code of the service, as in services.yaml.")],
    week: Annotated[
        str | None, typer.Option(help="Such as 2026-W43; the last whole week when absent.")
    ] = None,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Make a service's weekly recovery sheet: received, decided, open by age, what to do."""
    from pipelines.commands.recovery import make_sheet

    make_sheet(workspace, service, week, json=json, out=out)


@app.command("doctor", epilog="Example: insight doctor --workspace my-council")
def doctor(workspace: WorkspaceOption = None) -> None:
    """Check the settings, mappings, boundaries, key and store, and say what to put right."""
    from pipelines.commands.doctor import check_workspace

    check_workspace(workspace, out)


def main() -> None:
    """Run the command line: exit code 0 done, 1 refused with a reason, 2 wrong usage.

    An error that nobody foresaw is not shown in full: its text may quote a resident.
    """
    try:
        app(asked_help(sys.argv[1:]))
    except InsightError as error:
        typer.secho(str(error), err=True, fg="red")
        sys.exit(1)
    except Exception as error:
        if os.environ.get("INSIGHT_DEBUG"):
            raise
        message = (
            f"This should not have happened ({type(error).__name__}); please report it. Run it "
            "again with INSIGHT_DEBUG=1 to see where; what is shown then may quote residents."
        )
        typer.secho(message, err=True, fg="red")
        sys.exit(1)


if __name__ == "__main__":
    main()
