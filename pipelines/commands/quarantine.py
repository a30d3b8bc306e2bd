"""``insight quarantine``: what was refused, why, and how to let it in."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines.commands.options import JsonOption, WorkspaceOption, YesOption

app = typer.Typer(help="Rows that were refused, and how to let them in.", no_args_is_help=True)
out = Console(soft_wrap=True, highlight=False)
SourceArgument = Annotated[str, typer.Argument(help="The source, as in sources.yaml.")]


@app.command("list", epilog="Example: insight quarantine list")
def list_quarantine(
    source: Annotated[str | None, typer.Argument(help="Only this source.")] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """List refused rows by source and rule, most first, with what to do and what to paste."""
    from pipelines.commands.quarantine_words import tell_list

    tell_list(workspace, source, json=json, out=out)


@app.command("show", epilog="Example: insight quarantine show telephony --to rows.xlsx")
def show_quarantine(
    source: SourceArgument,
    rule: Annotated[
        str | None, typer.Option(help="Only rows whose column or rule has this text.")
    ] = None,
    file: Annotated[str | None, typer.Option(help="Only rows of the file of this name.")] = None,
    limit: Annotated[
        int, typer.Option(min=1, metavar="NUMBER", help="The most rows to show.")
    ] = 20,
    to: Annotated[
        Path | None, typer.Option(help="Write all of them to this .xlsx or .csv, to correct from.")
    ] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show a source's refused rows: file, row, column, rule and the redacted value."""
    from pipelines.commands.quarantine_words import tell_rows

    tell_rows(workspace, source, rule=rule, file=file, limit=limit, to=to, json=json, out=out)


@app.command("replay", epilog="Example: insight quarantine replay telephony")
def replay_quarantine(
    source: Annotated[str | None, typer.Argument(help="The source to read again.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every source.")] = False,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Read files with refused rows again, after a setting, mapping or file was put right."""
    from pipelines.commands.quarantine_words import replay_and_tell

    if (source is None) != every:
        message = "name a source, or give --all for every one."
        raise typer.BadParameter(message)
    replay_and_tell(workspace, source, json=json, out=out)


@app.command("forget", epilog="Example: insight quarantine forget telephony --file may.csv --yes")
def forget_quarantine(
    source: SourceArgument,
    file: Annotated[str, typer.Option(help="The file whose rows can't be mended.")],
    yes: YesOption = False,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Close a file's refused rows as given up; they stay on record as that."""
    from pipelines.commands.quarantine_words import forget_and_tell

    forget_and_tell(workspace, source, file, sure=yes, json=json, out=out)
