"""Which rows are past their retention period.

A row is as old as the last thing that happened to it: a case counts from its decision, a
complaint from its response, and one that is still open is never past. So whatever month is
computed after a purge, from the purge's day on no row is missing from it.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from insight.contract import Contract, Kind
from insight.errors import InsightError
from insight.weeks import period_end

ENDED_AT = {"cases": "decided_at", "complaints": "responded_at"}
"""Inputs whose rows are open for a while, and the column that says when they ended."""
STILL_OPEN = ("undecided", "open", "other")
"""Outcomes with which a row that has no end is still open, as the figures count it."""


def cutoff(today: date, days: int, zone: ZoneInfo) -> pd.Timestamp:
    """Return the first moment that is kept: local midnight, `days` days before `today`."""
    return pd.Timestamp(datetime.combine(today - timedelta(days=days), time(), tzinfo=zone))


def needed_columns(contract: Contract) -> list[str]:
    """Name the columns that `is_past` asks for."""
    names = [contract.event_time, ENDED_AT.get(contract.name)]
    if contract.name in ENDED_AT:
        names.append("outcome")
    return [name for name in names if name is not None]


def is_past(rows: pd.DataFrame, contract: Contract, before: pd.Timestamp) -> pd.Series:
    """Tell which rows happened, and ended, before a moment.

    Parameters
    ----------
    rows
        Columns `needed_columns`; times with a zone, days without.
    contract
        The input that they are of.
    before
        A local midnight, with its zone.

    Returns
    -------
    pandas.Series
        ``bool``. A row without a time, or still open, is not past.
    """
    past = event_days(rows, contract, before).lt(before.tz_localize(None))
    if contract.name in ENDED_AT:
        past &= ~_open(rows, contract) & ~rows[ENDED_AT[contract.name]].ge(before)
    return past.astype("bool")


def event_days(rows: pd.DataFrame, contract: Contract, before: pd.Timestamp) -> pd.Series:
    """Return the local day on which each row happened, in the zone of `before`, as midnight.

    A return counts from the last day of its period. Missing where a row has no time.
    """
    if contract.event_time is None:
        return pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    times = rows[contract.event_time]
    kind = contract.column(contract.event_time).kind
    if kind is Kind.TIMESTAMP:
        local: pd.Series = times.dt.tz_convert(before.tz).dt.tz_localize(None).dt.normalize()
        return local
    if kind is Kind.DATE:
        return times
    ends = {key: _end(key) for key in times.dropna().unique()}
    return pd.to_datetime(times.map(ends)).astype("datetime64[us]")


def _open(rows: pd.DataFrame, contract: Contract) -> pd.Series:
    outcome = rows["outcome"].astype("string")
    undecided = outcome.isna() | outcome.isin(STILL_OPEN)
    return rows[ENDED_AT[contract.name]].isna() & undecided


def _end(period: str) -> date | None:
    try:
        return period_end(period)
    except InsightError:
        return None
