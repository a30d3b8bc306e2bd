"""Options that several commands share, each written once, as typer advises (Annotated aliases).

A metavar is what the help shows in the value's place: a word that says what to type, where typer
would show the type or the format of a date.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


def a_day(written: str) -> datetime:
    """Read a day as people in the United Kingdom write it, or as a file name does."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        with suppress(ValueError):
            return datetime.strptime(written.strip(), form)  # noqa: DTZ007
    message = f"'{written}' is no day; write it as 26/10/2026 or 2026-10-26."
    raise typer.BadParameter(message)


WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="The workspace's folder; else INSIGHT_WORKSPACE, else this folder.",
    ),
]
MonthOption = Annotated[
    str | None,
    typer.Option(metavar="MONTH", help="Such as 2026-10; the last complete month when absent."),
]
DayOption = Annotated[
    datetime | None,
    typer.Option(parser=a_day, metavar="DATE", help="A day such as 26/10/2026; today when absent."),
]
ServiceOption = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="Only this service, by its code in services.yaml."),
]
MeasureArgument = Annotated[
    str, typer.Argument(metavar="MEASURE", help="Code of the measure, as in measures.yaml.")
]
FileMappingOption = Annotated[
    Path | None,
    typer.Option(
        metavar="MAPPING", help="The file's mapping, or the name of a ready-made mapping."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do it; without it nothing is changed.")]
