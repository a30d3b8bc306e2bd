"""Check that a workspace can run, and say what to put right."""

from collections.abc import Callable, Iterator, Sized
from pathlib import Path

from rich.console import Console

from data_contracts import load_contract
from insight.errors import InsightError
from pipelines.edge.mappings import read_mapping
from pipelines.edge.workspace import Workspace, open_workspace


class UnwellError(InsightError):
    """Something in the workspace must be put right before a month can run."""


def check_workspace(root: Path | None, out: Console) -> None:
    """Run every check, print each outcome, and fail if one did.

    Raises
    ------
    UnwellError
        Counting the checks that failed; each was printed with what to do.
    """
    workspace = open_workspace(root)
    out.print(f"Settings of {workspace.settings.name}: in order.")
    failed = 0
    for what, check in _checks(workspace):
        try:
            out.print(f"{what}: {check()}")
        except InsightError as error:
            failed += 1
            out.print(f"{what}: {error}", style="red")
    if failed:
        message = f"{failed} of the checks failed; put them right as said above."
        raise UnwellError(message)
    if workspace.settings.sources and not any(
        _waiting(workspace, source.name) for source in workspace.settings.sources
    ):
        out.print(f"Ready. Next: put this month's files into the folders of {workspace.root}/inbox")
        return
    out.print("Ready. Next: insight run")


def _checks(workspace: Workspace) -> Iterator[tuple[str, Callable[[], str]]]:
    settings = workspace.settings
    yield "Store", lambda: f"up to date ({workspace.engine.dialect.name})."
    yield "Key", lambda: f"{len(workspace.key) * 8} bits, kept outside the workspace."
    # Each is read when it is asked for, so that what is wrong with one file is said under its name.
    if settings.wards_file:
        yield "Wards", lambda: _rows(workspace.wards)
    if settings.postcodes_file:
        yield "Postcodes", lambda: _rows(workspace.postcodes)
    if settings.streets_file:
        yield "Streets", lambda: _rows(workspace.streets)
    if settings.areas:
        yield "Areas", lambda: _rows(workspace.areas)
    for source in settings.sources:
        yield f"Source {source.name}", lambda source=source: _source(workspace, source.name)  # type: ignore[misc]


def _rows(table: Sized | None) -> str:
    return f"{0 if table is None else len(table)} read."


def _source(workspace: Workspace, name: str) -> str:
    (source,) = (source for source in workspace.settings.sources if source.name == name)
    contract = load_contract(source.contract, workspace.settings.synonyms)
    if source.mapping:
        mapping = read_mapping(workspace.root / source.mapping)
        contract = load_contract(mapping.contract, workspace.settings.synonyms)
    waiting = _waiting(workspace, name)
    files = "1 file" if waiting == 1 else f"{waiting} files"
    return f"{contract.name} {contract.version}; {files} in its inbox."


def _waiting(workspace: Workspace, name: str) -> int:
    """Count the files in a source's inbox."""
    folder = workspace.inbox(name)
    return sum(path.is_file() for path in folder.glob("[!.]*")) if folder.is_dir() else 0
