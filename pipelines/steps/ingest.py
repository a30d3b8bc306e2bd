"""Take every new file of the inbox into the store."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime

import pandas as pd
from pydantic import ValidationError

from insight.errors import InsightError
from insight.mapping import Mapping
from models import RefusedFile
from pipelines.edge.store import StoreError, replace_period, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.settings_sections import Source
from pipelines.steps.ingest_file import FileOutcome, ingest_paths
from pipelines.steps.summary import StepSummary


class UnknownSourceError(InsightError):
    """The settings have no such source."""


def ingest_all(workspace: Workspace, month: date) -> StepSummary:
    """Ingest the whole inbox; `month` is not asked for, since files come when they come."""
    outcomes = ingest_inbox(workspace)
    accounts = [outcome.account for outcome in outcomes if outcome.account is not None]
    new = [account for account in accounts if account.status != "seen before"]
    refused = [outcome for outcome in outcomes if outcome.account is None]
    read, accepted, quarantined, duplicates, filtered = (
        sum(getattr(account, name) for account in new)
        for name in ("rows_read", "accepted", "quarantined", "duplicates", "filtered")
    )
    problems = [outcome.reason for outcome in refused]
    if quarantined:
        rows = "1 row is" if quarantined == 1 else f"{quarantined} rows are"
        problems.append(f"{rows} in quarantine; see why with `insight quarantine list`.")
    return StepSummary(
        "ingest",
        f"{len(new)} new files, {len(accounts) - len(new)} seen before, {len(refused)} refused. "
        f"{read} rows read = {accepted} accepted + {quarantined} quarantined + {duplicates} "
        f"duplicates + {filtered} filtered.",
        table=[asdict(account) | {"notes": " ".join(account.notes)} for account in new],
        problems=problems,
    )


def ingest_inbox(workspace: Workspace, sources: Iterable[str] | None = None) -> list[FileOutcome]:
    """Ingest every new file of every source, in the order of their names.

    A file that is refused does not stop the others; its reason is in its outcome and in the
    store, until the file is put right or gone from the inbox.
    """
    wanted = None if sources is None else set(sources)
    outcomes = []
    for source in workspace.settings.sources:
        if wanted is not None and source.name not in wanted:
            continue
        found = sorted(workspace.inbox(source.name).glob("[!.]*"))
        paths = [path for path in found if path.is_file()]
        try:
            told = ingest_paths(workspace, paths, source)
        except StoreError:
            raise  # not the files' fault; the flow tries again
        except InsightError as error:  # the source's mapping cannot be used
            told = [FileOutcome(source.name, path.name, None, error) for path in paths]
        _remember_refusals(workspace, source.name, told)
        outcomes += told
    return outcomes


def _remember_refusals(workspace: Workspace, source: str, outcomes: list[FileOutcome]) -> None:
    rows = [
        {
            "source": source,
            "name": outcome.file,
            "reason": outcome.reason,
            "run_id": workspace.run_id,
            "refused_at": datetime.now(UTC),
        }
        for outcome in outcomes
        if outcome.account is None
    ]
    with write_transaction(workspace.engine) as connection:
        replace_period(connection, RefusedFile, pd.DataFrame(rows), where={"source": source})


def find_source(workspace: Workspace, name: str, mapping: Mapping | None) -> Source:
    """Return the source called `name`; one that only a mapping describes is allowed.

    Raises
    ------
    UnknownSourceError
        If the settings have no such source and no mapping says which contract it meets.
    """
    for source in workspace.settings.sources:
        if source.name == name:
            return source
    if mapping is None:
        known = ", ".join(source.name for source in workspace.settings.sources)
        message = (
            f"sources.yaml has no source {name}. Use one of {known}, or give --mapping FILE, "
            "which says what the file holds."
        )
        raise UnknownSourceError(message)
    try:
        return Source.model_validate({"name": name, "contract": mapping.contract})
    except ValidationError as error:
        message = (
            f"--source {name}: write a source's name in small letters, digits, - and _, such as "
            "street-reports."
        )
        raise UnknownSourceError(message) from error
