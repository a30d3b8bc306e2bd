"""What a resident may ask for: to be forgotten, to see what is held; and the map of it all."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from pipelines.commands.options import JsonOption, WorkspaceOption, YesOption

if TYPE_CHECKING:
    from pipelines.steps.erase import Erased

out = Console(soft_wrap=True, highlight=False)
CustomerOption = Annotated[
    str,
    typer.Option(
        prompt="The customer's reference, as the contact centre writes it",
        help="Their reference or address; asked for when absent, to keep it out of the history.",
    ),
]


def erase(
    customer: CustomerOption,
    yes: YesOption = False,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Delete every row held on a customer, keep it out for good, and write a certificate.

    Without --yes it only shows what is held.
    """
    from pipelines.commands.opening import holding
    from pipelines.steps.erase import erase as forget
    from pipelines.steps.erase import look_up

    with holding(workspace, doing="erasure of a customer") as opened:
        done = forget(opened, customer) if yes else look_up(opened, customer)
    if json:
        out.print_json(
            data={
                "erased": done.certificate is not None,
                "rows": done.counts,
                "fingerprint": done.fingerprint,
                "originals": [str(each.path) for each in done.search.found],
                "not_searched": [str(path) for path in done.search.unsearched],
                "certificate": done.certificate and str(done.certificate),
            }
        )
        return
    _tell_erasure(done)


def _tell_erasure(done: "Erased") -> None:
    for name, count in done.counts.items():
        out.print(f"{name}: {count}")
    if not done.counts:
        out.print("Nothing is held on this customer.")
    for found in done.search.found:
        out.print(f"An original still holds {len(found.row_numbers)} of their rows: {found.path}")
    for path in done.search.unsearched:
        out.print(f"This original could not be searched: {path}")
    out.print(f"Fingerprint of the customer, as on certificates: {done.fingerprint}")
    if done.certificate is None:
        out.print("Nothing was erased yet. To erase it, give the same command with --yes.")
        return
    out.print(f"Erased. Certificate: {done.certificate}")
    out.print("Figures and pages are made without them by the next: insight run")


def export(
    customer: CustomerOption,
    to: Annotated[Path, typer.Option(help="A new file that ends in .xlsx or .json.")],
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write everything held on a customer to a file that answers their request to see it.

    The law gives one month to answer; the file and the command name the day.
    """
    from insight.periods import uk_date
    from pipelines.commands.opening import holding
    from pipelines.steps.subject_access import export_customer

    with holding(workspace, doing="export of a customer's data") as opened:
        done = export_customer(opened, customer, to)
    if json:
        out.print_json(
            data={
                "file": str(done.path),
                "rows": done.counts,
                "answer_by": done.answer_by.isoformat(),
            }
        )
        return
    total = sum(done.counts.values())
    out.print(f"{total} rows of {len(done.counts)} tables written to {done.path}.")
    out.print(
        f"A request that arrived today must be answered by {uk_date(done.answer_by)}: one month "
        "(UK GDPR article 12(3)). Look through the texts for other people before you send it."
    )


def data_map(
    to: Annotated[
        Path | None, typer.Option(help="A file that ends in .md or .xlsx; the screen when absent.")
    ] = None,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the data map for the council's impact assessment, made from the contracts."""
    from dataclasses import asdict

    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.data_map import data_map as make_map
    from pipelines.steps.data_map import data_map_markdown, write_data_map

    settings = open_workspace(workspace).settings
    if to is not None:
        write_data_map(settings, to)
    if json:
        out.print_json(data={"contracts": [asdict(section) for section in make_map(settings)]})
    elif to is None:
        out.print(data_map_markdown(settings), markup=False)
    else:
        out.print(f"Data map written to {to}. The lawful bases are for your DPO to confirm.")
