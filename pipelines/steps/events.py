"""Read events of some months from the store."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlmodel import SQLModel

from data_contracts import load_contract
from insight.periods import add_months
from models import EVENT_TABLES
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace

MACHINERY = {"row_key", "row_hash", "file_hash", "row_number", "run_id"}


def read_events(
    workspace: Workspace,
    contract: str,
    *,
    months: Sequence[date] | None = None,
    where: dict[str, Any] | None = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the events of one contract, times in the workspace's zone.

    Parameters
    ----------
    workspace
        Where the store is.
    contract
        Such as ``"contacts"``.
    months
        First days of consecutive months, oldest first; all events when absent.
    where
        Further conditions, as for `read_table`.
    columns
        Those needed, where not all are: a million notes needn't be read to count contacts.

    Returns
    -------
    pandas.DataFrame
        ``source`` and the contract's columns; street reports with their place.
    """
    table = EVENT_TABLES[contract]
    wanted = dict(where or {})
    time = load_contract(contract).event_time
    if months is not None and time is not None:
        zone = None if _is_day(table, time) else workspace.settings.timezone
        wanted[time] = slice(
            pd.Timestamp(months[0], tz=zone), pd.Timestamp(add_months(months[-1], 1), tz=zone)
        )
    names = columns or [name for name in table.model_fields if name not in MACHINERY]
    with workspace.engine.connect() as connection:
        return read_table(
            connection,
            table,
            where=wanted,
            columns=names,
            timezone=workspace.settings.timezone,
            mostly=months is not None and months[0] <= add_months(months[-1], -12),
        )


def _is_day(table: type[SQLModel], column: str) -> bool:
    return "date" in str(table.model_fields[column].annotation).replace("datetime", "")
