"""Ingest files named on the command line."""

from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from insight.account import RowAccount
from insight.errors import InsightError
from pipelines.edge.logs import configure_logs
from pipelines.edge.mappings import read_mapping
from pipelines.edge.run_lock import hold_store
from pipelines.edge.workspace import open_workspace
from pipelines.steps.ingest import find_source
from pipelines.steps.ingest_file import ingest_paths


class NotIngestedError(InsightError):
    """One or more files were refused; the others were ingested."""


def ingest_files(
    workspace: Path | None,
    files: list[Path],
    *,
    source: str,
    mapping: Path | None,
    sheet: str | None,
    json: bool,
    out: Console,
) -> None:
    """Ingest the files, print each one's account, and go on past one that is refused.

    Raises
    ------
    NotIngestedError
        After the last file, with the reason of each that was refused.
    """
    opened = open_workspace(workspace)
    configure_logs(opened.log_file, opened.run_id, names=opened.settings.staff_names)
    if mapping is not None and not mapping.exists() and len(mapping.parts) == 1:
        mapping = opened.root / "mappings" / mapping.with_suffix(".yaml").name
    chosen = read_mapping(mapping) if mapping else None
    kind = find_source(opened, source, chosen)
    if sheet is not None:
        kind = kind.model_copy(update={"sheet": sheet})
    named = "one file" if len(files) == 1 else f"{len(files)} files"
    with hold_store(opened, doing=f"ingest of {source}"), out.status(f"Reading {named}..."):
        outcomes = ingest_paths(opened, files, kind, chosen, mapping_file=mapping)
    accounts = [outcome.account for outcome in outcomes if outcome.account is not None]
    refused = [outcome.reason for outcome in outcomes if outcome.account is None]
    if not json:
        for account in accounts:
            _tell(account, out)
    else:
        out.print_json(data={"files": [asdict(account) for account in accounts]})
    if refused:
        raise NotIngestedError("\n".join(refused))


def _tell(account: RowAccount, out: Console) -> None:
    if account.status == "seen before":
        out.print(f"{account.file}: seen before; nothing to do.")
        return
    out.print(account.sentence())
    for note in account.notes:
        out.print(f"  {note}")
    if account.corrections:
        out.print(f"  {account.corrections} of the accepted replaced an earlier version.")
    if account.quarantined:
        out.print(f"  See what was refused and why: insight quarantine show {account.source}")
