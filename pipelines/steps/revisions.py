"""What may still change of the figures, and what has changed since they were published."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from data_contracts import load_contract
from insight.periods import local_dates
from insight.revisions import KEY, closed_until, new_revisions, with_revised
from models import Result, Revision, SourceFile
from pipelines.edge.store import read_table, upsert
from pipelines.edge.workspace import Workspace


def contracts_closed(workspace: Workspace, contracts: Sequence[str]) -> date:
    """Return the day up to which the sources of `contracts` have sent everything."""
    zone = workspace.settings.timezone
    named = {each.name: each.contract for each in workspace.settings.sources}
    with workspace.engine.connect() as connection:
        files = read_table(
            connection,
            SourceFile,
            where={"contract": list(contracts)},
            columns=["source", "last_event"],
            timezone=zone,
        )
    dated = files[files["source"].isin(named) & files["last_event"].notna()]
    newest = local_dates(dated["last_event"]).dt.date.groupby(dated["source"]).max().to_dict()
    promised = {source: load_contract(named[source]).freshness_days for source in newest}
    return closed_until(newest, promised, workspace.today)


def read_revisions(workspace: Workspace) -> pd.DataFrame:
    """Return every revision on record, oldest first: `models.Revision`."""
    with workspace.engine.connect() as connection:
        return read_table(connection, Revision, timezone=workspace.settings.timezone)


def record_revisions(
    connection: Connection, workspace: Workspace, rows: pd.DataFrame
) -> pd.DataFrame:
    """Record what differs from the stored results, and return `rows` with those marked as revised.

    `rows` are the scorecard's, about to be stored in the transaction of `connection`.
    """
    zone = workspace.settings.timezone
    where = {
        "measure": rows["measure"].unique().tolist(),
        "period": rows["period"].unique().tolist(),
        "breakdown": "",
    }
    columns = [*KEY, "value", "status"]
    before = read_table(connection, Result, where=where, columns=columns, timezone=zone)
    known = read_table(connection, Revision, timezone=zone)
    found = new_revisions(rows, before, known)
    upsert(
        connection,
        Revision,
        found.assign(revised_on=pd.Timestamp(workspace.today), run_id=workspace.run_id),
    )
    return with_revised(rows, pd.concat([known[list(KEY)], found[list(KEY)]]))
