"""Redact what is stored again, when the rules have grown since it was stored."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, bindparam, select
from sqlmodel import SQLModel, col

from data_contracts import load_contract
from insight.contract import Contract, Privacy
from insight.redaction import VERSION
from insight.row_identity import row_hashes
from models import EVENT_TABLES, ComplaintDecision, PipelineRun, QuarantinedRow, Rebaseline
from pipelines.edge.store import read_table, upsert, write_transaction
from pipelines.edge.store.columns import table_of
from pipelines.edge.store.remove import reclaim
from pipelines.edge.workspace import Workspace
from pipelines.steps.summary import plain_rows

FLOW = "redaction"
_OTHERS: Mapping[type[SQLModel], Sequence[str]] = {
    QuarantinedRow: ("value",),
    ComplaintDecision: ("reason",),
    Rebaseline: ("reason", "withdrawn_reason"),
}
"""Redacted columns of the tables that no contract describes."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """What was done: rows changed by table. Not `needed` means nothing was looked at."""

    needed: bool
    changed: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Rows changed in all tables."""
        return sum(self.changed.values())


def redact_again(workspace: Workspace, *, always: bool = False) -> Redacted:
    """Redact the stored texts with today's rules and settings; whoever calls holds the store.

    Parameters
    ----------
    workspace
        The council's.
    always
        Also if the rules are those that the texts were last redacted with, as when the settings
        list more names.

    Notes
    -----
    All in one transaction, after which the version is on record. A row's hash is of its redacted
    text, so it moves with it where it can be worked out from what is stored; elsewhere the row,
    if it comes again, counts as corrected once.
    """
    with write_transaction(workspace.engine) as connection:
        if not always and _stored_version(connection) >= VERSION:
            return Redacted(needed=False)
        changed = {
            name: _redact_events(connection, workspace, load_contract(name), table)
            for name, table in EVENT_TABLES.items()
        }
        for other, columns in _OTHERS.items():
            rows = read_table(connection, other, timezone=workspace.settings.timezone)
            target = table_of(other)
            changed[target.name] = _put(
                connection, target, _redacted(workspace, rows, columns), columns
            )
        _record(connection)
    # What a row said before is still in the file until it is packed.
    reclaim(workspace.engine)
    return Redacted(needed=True, changed={name: count for name, count in changed.items() if count})


def _redact_events(
    connection: Connection, workspace: Workspace, contract: Contract, table: type[SQLModel]
) -> int:
    free = [each.name for each in contract.columns if each.privacy is Privacy.FREE_TEXT]
    if not free:
        return 0
    rows = read_table(connection, table, timezone=workspace.settings.timezone)
    after = _redacted(workspace, rows, free)
    before = rows.loc[after.index]
    hashed = [each.name for each in contract.columns if each.name not in contract.key]
    holds = row_hashes(before[hashed]).eq(before["row_hash"])
    after = after.assign(row_hash=row_hashes(after[hashed]).where(holds, before["row_hash"]))
    return _put(connection, table_of(table), after, [*free, "row_hash"])


def _redacted(workspace: Workspace, rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows of which a text changes, redacted."""
    after = rows.assign(**{name: workspace.redact(rows[name]) for name in columns})
    texts, before = after[list(columns)].fillna(""), rows[list(columns)].fillna("")
    return after.loc[texts.ne(before).any(axis=1)]


def _put(connection: Connection, target: Table, rows: pd.DataFrame, columns: Sequence[str]) -> int:
    """Write `columns` of rows that are in the table."""
    if rows.empty:
        return 0
    keys = [column.name for column in target.primary_key]
    statement = (
        target.update()
        .where(*(target.c[key] == bindparam(f"key_{key}") for key in keys))
        .values({name: bindparam(f"new_{name}") for name in columns})
    )
    named = rows[[*keys, *columns]].set_axis(
        [*(f"key_{key}" for key in keys), *(f"new_{name}" for name in columns)], axis=1
    )
    connection.execute(statement, plain_rows(named))
    return len(rows)


def _stored_version(connection: Connection) -> int:
    asked = select(col(PipelineRun.summary)).where(col(PipelineRun.flow) == FLOW)
    said = (json.loads(each or "{}").get("version", 1) for each in connection.scalars(asked))
    return max(said, default=1)


def _record(connection: Connection) -> None:
    now = datetime.now(UTC)
    row: dict[str, Any] = {
        "run_id": f"{FLOW}-{VERSION}",
        "flow": FLOW,
        "started_at": now,
        "finished_at": now,
        "status": "completed",
        "summary": json.dumps({"version": VERSION}),
    }
    upsert(connection, PipelineRun, pd.DataFrame([row]))
