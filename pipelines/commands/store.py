"""``insight store``: the performance store itself."""

import typer
from rich.console import Console

from pipelines.commands.options import WorkspaceOption

app = typer.Typer(help="The performance store.", no_args_is_help=True)
out = Console(soft_wrap=True, highlight=False)


@app.command("upgrade", epilog="Example: insight store upgrade --workspace my-council")
def upgrade(workspace: WorkspaceOption = None) -> None:
    """Make the store, or bring it to this version's tables."""
    from pipelines.edge.workspace import open_workspace

    opened = open_workspace(workspace)
    out.print(f"The store is up to date: {opened.engine.url.render_as_string(hide_password=True)}")


@app.command("digest", epilog="Example: insight store digest")
def digest(workspace: WorkspaceOption = None) -> None:
    """Print a hash of the store's contents that ignores run times and run ids.

    Two equal digests mean the same rows and the same figures.
    """
    from pipelines.edge.store import store_digest
    from pipelines.edge.workspace import open_workspace

    out.print(store_digest(open_workspace(workspace).engine))
