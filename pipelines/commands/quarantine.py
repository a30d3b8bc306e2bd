"""``insight quarantine``: what was refused, and why."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipelines.commands.options import WorkspaceOption

app = typer.Typer(help="Rows that were refused, and why.", no_args_is_help=True)
out = Console(soft_wrap=True, highlight=False)
JsonOption = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


@app.command("list", epilog="Example: insight quarantine list")
def list_quarantine(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """List refused rows, counted by source, file and rule, with what to do about each."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.quarantine import quarantine_by_rule

    groups = quarantine_by_rule(open_workspace(workspace))
    if json:
        out.print_json(groups.to_json(orient="records"))
        return
    if groups.empty:
        out.print("Nothing is in quarantine.")
        return
    table = Table("Source", "File", "Rows", "What is wrong, and what to do")
    for group in groups.astype(str).to_dict(orient="records"):
        table.add_row(*(group[key] for key in ("source", "file", "rows", "message")))
    out.print(table)
    out.print("See the rows of one source: insight quarantine show SOURCE")


@app.command("show", epilog="Example: insight quarantine show telephony --limit 50")
def show_quarantine(
    source: Annotated[str, typer.Argument(help="The source, as in sources.yaml.")],
    limit: Annotated[int, typer.Option(min=1, help="The most rows to show.")] = 20,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show a source's refused rows: file, row, column, rule and the redacted value."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.quarantine import quarantined_rows

    rows = quarantined_rows(open_workspace(workspace), source)
    if json:
        out.print_json(rows.head(limit).to_json(orient="records"))
        return
    if rows.empty:
        out.print(f"Nothing of {source} is in quarantine.")
        return
    table = Table("File", "Row", "Column", "Rule", "Value (redacted)")
    for row in rows.head(limit).fillna("").astype(str).to_dict(orient="records"):
        table.add_row(*(row[key] for key in ("file", "row_number", "column", "rule", "value")))
    out.print(table)
    if len(rows) > limit:
        out.print(f"{len(rows) - limit} more; ask for them with --limit {len(rows)}.")
    out.print("Put the file or its mapping right, then ingest it again.")
