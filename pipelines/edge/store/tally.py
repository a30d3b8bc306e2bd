"""Counting events in the store, so that a million rows need not leave it."""

from collections.abc import Sequence
from typing import Any, cast

import pandas as pd
from sqlalchemy import Column, ColumnElement, Connection, case, func, literal_column, select

from models import Event
from pipelines.edge.store.columns import plain_column, table_of


def tally_events(
    connection: Connection,
    table: type[Event],
    *,
    time: str,
    bounds: Sequence[pd.Timestamp],
    by: Sequence[str] = (),
    filled: Sequence[str] = (),
) -> pd.DataFrame:
    """Count a table's events by source and span of time.

    Parameters
    ----------
    connection
        Open connection to the store.
    table
        Class of the table.
    time
        Its column of times or days.
    bounds
        Where the spans begin, oldest first, and where the last ends; with a zone for times.
    by
        Further columns to count by.
    filled
        Columns of which to count the rows that have a value.

    Returns
    -------
    pandas.DataFrame
        ``source``, ``span`` (its number from 0), those of `by`, ``rows``, ``newest`` (the last
        event, as plain text) and a column ``filled_<name>`` for each of `filled`.
    """
    target = table_of(table)
    when = target.c[time]
    spans = _span(when, bounds, 0, len(bounds) - 1).label("span")
    picked = dict.fromkeys((time, *by, *filled))
    # One level down, so that the group is a column's name in every database.
    inner = (
        select(target.c.source, spans, *(target.c[name] for name in picked))
        .where(when >= bounds[0], when < bounds[-1])
        .subquery()
    )
    keys = [inner.c.source, inner.c.span, *(inner.c[name] for name in by)]
    latest = func.max(inner.c[time]).label("newest")
    counts = [func.count(inner.c[name]).label(f"filled_{name}") for name in filled]
    grouped = select(*keys, func.count().label("rows"), latest, *counts).group_by(*keys).subquery()
    wanted = {name: grouped.c[name] for name in grouped.c.keys()}  # noqa: SIM118
    plain = plain_column(cast("Column[Any]", wanted["newest"]), connection.dialect.name)
    statement = select(*(wanted | {"newest": plain}).values())
    rows = connection.execute(statement).all()
    return pd.DataFrame(rows, columns=grouped.c.keys())


def _span(
    when: Column[Any], bounds: Sequence[pd.Timestamp], first: int, last: int
) -> ColumnElement[int]:
    """Return the number of the span from `first` to below `last` that `when` lies in."""
    if last - first == 1:
        return literal_column(str(first))
    middle = (first + last) // 2
    return case(
        (when < bounds[middle], _span(when, bounds, first, middle)),
        else_=_span(when, bounds, middle, last),
    )
