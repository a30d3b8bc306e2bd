"""Rows of the store whose retention period is over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection
from sqlmodel import SQLModel

from data_contracts import INPUTS, load_contract
from insight.contract import Contract, Kind
from insight.retention import cutoff, event_days, is_past, needed_columns
from models import (
    EVENT_TABLES,
    ComplaintDecision,
    Purge,
    QuarantinedRow,
    SourceFile,
    TopicPrediction,
    TopicReview,
)
from pipelines.edge.store import read_table, upsert
from pipelines.edge.store.remove import delete_rows
from pipelines.edge.workspace import Workspace

_FILE = ["source", "file_hash"]
_ALONG: Mapping[str, tuple[tuple[str, tuple[type[SQLModel], ...], str], ...]] = {
    "enquiries": (("topics of enquiries", (TopicPrediction, TopicReview), "enquiry_id"),),
    "complaints": (("decisions on complaints", (ComplaintDecision,), "complaint_id"),),
}
"""What goes with an input's rows: what it is called, its tables, and the key that ties them."""


@dataclass(frozen=True, slots=True)
class Due:
    """What of one kind is past its retention period."""

    kind: str
    count: int
    oldest: date | None
    newest: date | None
    note: str = ""


def cutoffs(workspace: Workspace) -> dict[str, pd.Timestamp]:
    """Return the first moment that each input keeps: its contract's period, or the settings'."""
    days = {name: load_contract(name).retention_days for name in INPUTS}
    days |= workspace.settings.retention_days
    zone = workspace.settings.zone
    return {
        name: cutoff(workspace.today, number, zone)
        for name, number in days.items()
        if number is not None
    }


def rows_due(
    connection: Connection,
    workspace: Workspace,
    before: Mapping[str, pd.Timestamp],
    *,
    carry_out: bool,
) -> list[Due]:
    """Find what is due in the store and, to carry it out, delete it and remember how far.

    An enquiry takes its predicted and reviewed topics with it, a complaint its decision.
    """
    due: list[Due] = []
    for name, moment in before.items():
        due += _events(connection, load_contract(name), moment, carry_out=carry_out)
    due.append(_quarantine(connection, workspace, before, carry_out=carry_out))
    if carry_out:
        keep_out(
            connection, pd.DataFrame({"contract": before.keys(), "purged_before": before.values()})
        )
    return due


def keep_out(connection: Connection, purged: pd.DataFrame) -> None:
    """Remember up to when inputs were purged; what was remembered is never set back."""
    if purged.empty:
        return
    known = read_table(connection, Purge, timezone="UTC")
    both = pd.concat([known, purged], ignore_index=True)
    both["purged_before"] = pd.to_datetime(both["purged_before"], utc=True)
    latest = both.sort_values("purged_before").drop_duplicates("contract", keep="last")
    upsert(connection, Purge, latest)


def _events(
    connection: Connection, contract: Contract, before: pd.Timestamp, *, carry_out: bool
) -> list[Due]:
    table = EVENT_TABLES[contract.name]
    old = _old_rows(connection, contract, before)
    past = is_past(old, contract, before)
    going, days = old[past], event_days(old, contract, before)
    still_open = int((days.lt(before.tz_localize(None)) & ~past).sum())
    note = f"still open, and so kept although older: {still_open}." if still_open else ""
    due = [_due(contract.name, days[past], note)]
    for kind, tables, key in _ALONG.get(contract.name, ()):
        parents = going[["source", key]]
        due.append(_along(connection, kind, tables, parents, carry_out=carry_out))
    if carry_out:
        delete_rows(connection, table, going[["source", "row_key"]])
    return due


def _old_rows(connection: Connection, contract: Contract, before: pd.Timestamp) -> pd.DataFrame:
    """Return the rows that may be past, so that not every row has to be read."""
    time = str(contract.event_time)
    bounds = {
        Kind.TIMESTAMP: {time: slice(None, before)},
        Kind.DATE: {time: slice(None, before.tz_localize(None))},
    }
    columns = ["source", "row_key", *needed_columns(contract)]
    columns += [key for _, _, key in _ALONG.get(contract.name, ())]
    return read_table(
        connection,
        EVENT_TABLES[contract.name],
        where=bounds.get(contract.column(time).kind, {}),
        columns=columns,
        timezone=str(before.tz),
    )


def _along(
    connection: Connection,
    kind: str,
    tables: tuple[type[SQLModel], ...],
    parents: pd.DataFrame,
    *,
    carry_out: bool,
) -> Due:
    """Delete what hangs on rows that go, or count it."""
    count = 0
    for table in tables:
        if carry_out:
            count += delete_rows(connection, table, parents)
            continue
        there = read_table(connection, table, columns=list(parents.columns), timezone="UTC")
        count += len(there.merge(parents.drop_duplicates(), on=list(parents.columns)))
    return Due(kind, count, None, None)


def _quarantine(
    connection: Connection,
    workspace: Workspace,
    before: Mapping[str, pd.Timestamp],
    *,
    carry_out: bool,
) -> Due:
    """Refused rows count from the last event of their file, else from when they were refused."""
    zone = workspace.settings.timezone
    rows = read_table(
        connection,
        QuarantinedRow,
        columns=[*_FILE, "row_number", "contract", "first_seen"],
        timezone=zone,
    )
    files = read_table(connection, SourceFile, columns=[*_FILE, "last_event"], timezone=zone)
    dated = rows.merge(files, on=_FILE, how="left")
    dated = dated.assign(day=dated["last_event"].fillna(dated["first_seen"]))
    limit = pd.to_datetime(dated["contract"].map(dict(before)), utc=True)
    going = dated[dated["day"].lt(limit)]
    if carry_out:
        delete_rows(connection, QuarantinedRow, going[[*_FILE, "row_number"]])
    days = going.drop_duplicates([*_FILE, "row_number"])["day"]
    return _due("quarantined rows", days.dt.tz_localize(None).dt.normalize())


def _due(kind: str, days: pd.Series, note: str = "") -> Due:
    if days.empty:
        return Due(kind, 0, None, None, note)
    return Due(kind, len(days), days.min().date(), days.max().date(), note)
