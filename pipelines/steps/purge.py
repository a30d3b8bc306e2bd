"""Let go of what is past its retention period."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection

from pipelines.edge.rights_log import PURGE, write_record
from pipelines.edge.store import write_transaction
from pipelines.edge.store.remove import reclaim
from pipelines.edge.workspace import Workspace
from pipelines.steps.purge_files import delete_files, files_due, told
from pipelines.steps.purge_rows import Due, cutoffs, rows_due

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Purged:
    """What was due, what is kept although it is old, and whether it was carried out."""

    due: list[Due]
    kept: list[str]
    carried_out: bool

    @property
    def total(self) -> int:
        """How many things are due, of all kinds."""
        return sum(each.count for each in self.due)


def purge(workspace: Workspace, *, carry_out: bool) -> Purged:
    """Find what is past its retention period and, to carry it out, delete it.

    Rows go in one transaction, files after it. Computed figures stay: they hold no personal data.
    """
    before = cutoffs(workspace)
    files, kept = files_due(workspace)
    with _connection(workspace, carry_out=carry_out) as connection:
        due = rows_due(connection, workspace, before, carry_out=carry_out)
    due += [told(kind, paths) for kind, paths in files.items()]
    outcome = Purged(due, kept, carry_out)
    if not carry_out:
        return outcome
    if outcome.total:
        _record(workspace, outcome, {name: moment.isoformat() for name, moment in before.items()})
    delete_files(path for paths in files.values() for path, _ in paths)
    reclaim(workspace.engine)
    log.info("purged", **{each.kind.replace(" ", "_"): each.count for each in due})
    return outcome


@contextmanager
def _connection(workspace: Workspace, *, carry_out: bool) -> Iterator[Connection]:
    if carry_out:
        with write_transaction(workspace.engine) as connection:
            yield connection
    else:
        with workspace.engine.connect() as connection:
            yield connection


def _record(workspace: Workspace, outcome: Purged, before: dict[str, str]) -> None:
    now = datetime.now(UTC)
    content = {
        "record": PURGE,
        "purged_at": now.isoformat(),
        "purged_before": before,
        "removed": {each.kind: each.count for each in outcome.due if each.count},
    }
    name = f"purge-{now:%Y-%m-%dT%H%M%S}-{workspace.run_id[-8:]}"
    write_record(workspace.rights, name, {".json": json.dumps(content, indent=1) + "\n"})
