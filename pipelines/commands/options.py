"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

WorkspaceOption = Annotated[
    Path | None,
    typer.Option(help="The workspace's folder; else INSIGHT_WORKSPACE, else this folder."),
]
MonthOption = Annotated[
    str | None, typer.Option(help="Such as 2026-10; the last complete month when absent.")
]
ServiceOption = Annotated[
    str | None, typer.Option(help="Only this service, by its code in services.yaml.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do it; without it nothing is changed.")]
