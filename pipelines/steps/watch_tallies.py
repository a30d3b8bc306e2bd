"""What the store says of each source's arrivals, counted where the rows lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd
from sqlalchemy import Connection

from data_contracts import load_contract
from insight.contract import Contract, Kind
from insight.periods import UnknownPeriodError, add_months
from insight.value_drift import BLANK, FILLED
from insight.volume_drift import MOST_MONTHS
from insight.weeks import period_end
from models import EVENT_TABLES, KpiReturn
from pipelines.edge.store import read_table
from pipelines.edge.store.tally import tally_events

MONTHS_OF_VALUES = 12
COUNTED_TOGETHER = 3
"""Columns whose values are counted in one pass; more would have too many combinations."""
PERIODS = "kpi_returns"
"""The one contract whose events have a period, not a time; measures differ too much to compare."""
# Few values each, though no contract lists them; a survey's question and wave are its own affair.
GROUPS = frozenset(
    {"service", "category", "ward", "case_type", "outcome", "status", "age_band", "sex", "tenure"}
)
PLACES = frozenset({"latitude", "longitude", "easting", "northing", "weight"})
# Known only as a case goes on, so that the latest month always lacks them.
LATER = frozenset({"outcome", "status", "refused_reason", "compensation"})


@dataclass(frozen=True, slots=True)
class Tallies:
    """One contract's events, counted.

    `months` has ``source``, ``month`` (0 is the oldest of `MOST_MONTHS` and one), ``rows``;
    `newest` the last event's day by source; `shares` and `numbers` are as
    `insight.value_drift.value_changes` takes them, `month` as in `months`.
    """

    months: pd.DataFrame
    newest: dict[str, date]
    shares: pd.DataFrame
    numbers: pd.DataFrame


def span_of(month: date) -> list[date]:
    """Return the months that are watched: `month` and up to three years before it."""
    return [add_months(month, -back) for back in range(MOST_MONTHS, -1, -1)]


def read_tallies(
    connection: Connection, name: str, *, month: date, as_of: date, timezone: str
) -> Tallies:
    """Count the events of contract `name` by source and month, up to the day `as_of`."""
    if name == PERIODS:
        return Tallies(_none("month"), _newest_periods(connection, as_of, timezone), *_no_values())
    contract = load_contract(name)
    table, time = EVENT_TABLES[name], str(contract.event_time)
    zone = None if contract.column(time).kind is Kind.DATE else timezone
    bounds = [pd.Timestamp(day, tz=zone) for day in (*span_of(month), add_months(month, 1))]
    end = pd.Timestamp(as_of + timedelta(days=1), tz=zone)
    bounds = [bound for bound in bounds if bound < end] + [end]
    split = MOST_MONTHS - MONTHS_OF_VALUES
    recent = bounds[split:]
    if len(recent) <= MONTHS_OF_VALUES + 1:  # the month has not begun by `as_of`
        return Tallies(_none("month"), {}, *_no_values())
    groups, filled = _grouping(contract), _fillable(contract)
    before = tally_events(connection, table, time=time, bounds=bounds[: split + 1])
    together = tally_events(
        connection, table, time=time, bounds=recent, by=groups[:COUNTED_TOGETHER], filled=filled
    )
    months = joined([before, together.assign(span=together["span"] + split)])
    months = months.groupby(["source", "span"], as_index=False).agg(
        rows=("rows", "sum"), newest=("newest", "max")
    )
    newest = months.groupby("source")["newest"].max()
    days = {str(source): _day(text, zone) for source, text in newest.items()}
    within = months[months["span"].le(MOST_MONTHS)].rename(columns={"span": "month"})
    shares = [_shaped(together, name, _named(together[name])) for name in groups[:COUNTED_TOGETHER]]
    shares += _blanks(together, filled)
    for column in groups[COUNTED_TOGETHER:]:
        part = tally_events(connection, table, time=time, bounds=recent, by=[column])
        shares.append(_shaped(part, column, _named(part[column])))
    numbers = []
    for column in _numeric(contract):
        part = tally_events(connection, table, time=time, bounds=recent, by=[column])
        numbers.append(_shaped(part, column, part[column].astype("float64")))
    return Tallies(within, days, joined(shares), joined(numbers))


def _blanks(together: pd.DataFrame, filled: Sequence[str]) -> list[pd.DataFrame]:
    """Return how many rows have and lack a value in each column of `filled`."""
    counts = ["rows", *(f"filled_{column}" for column in filled)]
    whole = together.groupby(["source", "span"], as_index=False)[counts].sum()
    parts = []
    for column in filled:
        there = whole.assign(rows=whole[f"filled_{column}"])
        absent = whole.assign(rows=whole["rows"] - there["rows"])
        parts += [_shaped(there, column, FILLED), _shaped(absent, column, BLANK)]
    return parts


def _named(values: pd.Series) -> pd.Series:
    """Give a row without a value the name of that."""
    named: pd.Series = values.astype("object").where(values.notna(), BLANK)
    return named


def _shaped(part: pd.DataFrame, column: str, values: pd.Series | str) -> pd.DataFrame:
    """Bring one column's tally into the shape of `Tallies.shares`."""
    return pd.DataFrame(
        {
            "source": part["source"],
            "column": column,
            "month": part["span"] + MOST_MONTHS - MONTHS_OF_VALUES,
            "value": values,
            "rows": part["rows"],
        }
    )


def _grouping(contract: Contract) -> list[str]:
    return [
        column.name
        for column in contract.columns
        if (column.allowed or column.name in GROUPS)
        and column.name not in contract.key
        and not _comes_later(column.name, contract)
    ]


def _numeric(contract: Contract) -> list[str]:
    return [
        column.name
        for column in contract.columns
        if column.kind in {Kind.INTEGER, Kind.NUMBER}
        and column.name not in PLACES
        and not _comes_later(column.name, contract)
    ]


def _fillable(contract: Contract) -> list[str]:
    """Return the columns of which only blanks are counted: what stands in them stays unread."""
    dates = {Kind.DATE, Kind.TIMESTAMP}
    return [
        column.name
        for column in contract.columns
        if column.name not in {*contract.key, *_grouping(contract)}
        and column.kind not in dates
        and not _comes_later(column.name, contract)
    ]


def _comes_later(column: str, contract: Contract) -> bool:
    times = {each.name for each in contract.columns if each.kind is Kind.TIMESTAMP}
    return column in LATER and len(times) > 1


def _newest_periods(connection: Connection, as_of: date, timezone: str) -> dict[str, date]:
    rows = read_table(connection, KpiReturn, columns=["source", "period"], timezone=timezone)
    rows = rows.dropna().drop_duplicates()
    rows["end"] = rows["period"].map({each: _period_end(each) for each in rows["period"].unique()})
    newest = rows.dropna(subset="end").groupby("source")["end"].max()
    return {str(source): min(end, as_of) for source, end in newest.items()}


def _period_end(period: str) -> date | None:
    try:
        return period_end(period)
    except UnknownPeriodError:
        return None


def _day(text: str, zone: str | None) -> date:
    if zone is None:
        return date.fromisoformat(text)
    moment: datetime = pd.Timestamp(text).tz_convert(zone).to_pydatetime()
    return moment.date()


def joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Put tallies of one shape below each other; those without rows have no types to agree on."""
    there = [part for part in parts if len(part)]
    if there:
        return pd.concat(there, ignore_index=True)
    return parts[0] if parts else _none("month")


def _none(*extra: str) -> pd.DataFrame:
    return pd.DataFrame(columns=["source", "column", *extra, "value", "rows"])


def _no_values() -> tuple[pd.DataFrame, pd.DataFrame]:
    return _none("month"), _none("month")
