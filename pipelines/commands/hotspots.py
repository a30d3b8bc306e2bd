"""``insight hotspots``: where reports gather, and the wardens' plan."""

import typer

from pipelines.commands.patrol import plan_patrol

app = typer.Typer(help="Hotspots and the wardens' patrols.", no_args_is_help=True)
app.command("patrol", epilog="Example: insight hotspots patrol --week 2026-12-07 --hours 12")(
    plan_patrol
)
