"""Take out of a restored store what was purged or erased after its backup was made."""

import pandas as pd
from sqlalchemy import Connection

from data_contracts import INPUTS, load_contract
from insight.erasure import CASE_COLUMN, erased_rows, identifier_columns
from models import EVENT_TABLES, Erasure, Purge, QuarantinedRow
from pipelines.edge.rights_log import StaysOut
from pipelines.edge.store import read_table
from pipelines.edge.store.remove import delete_rows
from pipelines.edge.workspace import Workspace
from pipelines.steps.erase import remember
from pipelines.steps.held import TOPIC_TABLES
from pipelines.steps.purge_rows import keep_out, rows_due

_PLACE = ["source", "file_hash", "row_number"]


def known_in(connection: Connection) -> StaysOut:
    """Return what a store remembers of its purges and erasures."""
    return StaysOut(
        read_table(connection, Erasure, timezone="UTC"),
        read_table(connection, Purge, timezone="UTC"),
    )


def keep_out_of_store(
    connection: Connection, workspace: Workspace, out: StaysOut
) -> dict[str, int]:
    """Remember `out`, delete what it and the store itself say must not be there, and count it."""
    remember(connection, out.erased)
    keep_out(connection, out.purged)
    known = known_in(connection)
    removed = _without_erased(connection, workspace, known.erased)
    zone = workspace.settings.timezone
    moments = known.purged["purged_before"].dt.tz_convert(zone)
    before = dict(zip(known.purged["contract"], moments, strict=True))
    if before:
        for due in rows_due(connection, workspace, before, carry_out=True):
            if due.count:
                removed[due.kind] = removed.get(due.kind, 0) + due.count
    return removed


def _without_erased(
    connection: Connection, workspace: Workspace, erased: pd.DataFrame
) -> dict[str, int]:
    removed: dict[str, int] = {}
    if erased.empty:
        return removed
    until = erased.set_index("fingerprint")["erased_at"]
    for name in INPUTS:
        contract, table = load_contract(name), EVENT_TABLES[name]
        asked = [*identifier_columns(contract), *({CASE_COLUMN} & set(contract.column_names))]
        if not asked:
            continue
        key = ["enquiry_id"] if name == "enquiries" else []
        columns = ["row_key", *_PLACE, *key, *asked, str(contract.event_time)]
        zone = workspace.settings.timezone
        rows = read_table(connection, table, columns=columns, timezone=zone)
        theirs = rows[erased_rows(rows, contract, until, workspace.key)]
        if theirs.empty:
            continue
        if key:
            for topics in TOPIC_TABLES.values():
                delete_rows(connection, topics, theirs[["source", *key]])
        delete_rows(connection, QuarantinedRow, theirs[_PLACE])
        removed[name] = delete_rows(connection, table, theirs[["source", "row_key"]])
    return removed
