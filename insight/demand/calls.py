"""Calls offered, answered, given up, how long callers waited, and the service level."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from insight.demand.monthly import monthly_sums, ratio_parts, rows_of_months
from insight.results import as_results, join_results, shares_of

_NUMBERS = ("offered", "answered", "abandoned", "wait_seconds_mean", "share_within_target")
_Z = 1.959963984540054


def call_rows(counts: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Return the telephone's days of `months`; ``wrong`` marks those that can't be true.

    More calls answered, or given up, than were offered is a fault of the count; such a day is left
    out of every share and said.
    """
    phone = counts[counts["channel"].eq("phone")]
    rows = rows_of_months(phone, "date", months)
    rows = rows.reindex(columns=list(dict.fromkeys([*rows.columns, "service", *_NUMBERS])))
    numbers = rows[list(_NUMBERS)].astype("Float64").astype("float64")
    wrong = numbers["answered"].gt(numbers["offered"]) | numbers["abandoned"].gt(numbers["offered"])
    return rows.assign(**{name: numbers[name] for name in _NUMBERS}, wrong=wrong)


def call_results(counts: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Sum up calls by service and month.

    Returns
    -------
    pandas.DataFrame
        Results ``calls_answered_share`` and ``calls_abandoned_share`` (of calls offered on days
        where both are known), ``service_level_share`` (of calls answered, days weighed by them)
        and ``wait_seconds_mean`` (seconds, days weighed by calls answered; the interval is of the
        day-to-day scatter, missing for fewer than two days).
    """
    rows = call_rows(counts, months)
    right = rows[~rows["wrong"]]
    return join_results(
        [
            _share(right, "calls_answered_share", right["answered"], right["offered"]),
            _share(right, "calls_abandoned_share", right["abandoned"], right["offered"]),
            _share(
                right,
                "service_level_share",
                right["share_within_target"] * right["answered"],
                right["answered"],
            ),
            _waits(right),
        ]
    )


def _share(rows: pd.DataFrame, measure: str, over: pd.Series, under: pd.Series) -> pd.DataFrame:
    """Divide sums, not daily shares averaged, so that a busy day counts for what it was.

    The interval is that of days as clusters: calls of one bad day fail together.
    """
    rows = rows.assign(k=over, n=under)
    rows = rows[rows["k"].notna() & rows["n"].gt(0)]
    if rows.empty:
        return join_results([])
    parts = ratio_parts(rows)
    return shares_of(parts, measure=measure, period=parts["period"])


def _waits(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["wait_seconds_mean"].notna() & rows["answered"].gt(0)]
    if rows.empty:
        return join_results([])
    w, x = rows["answered"], rows["wait_seconds_mean"]
    sums = monthly_sums(
        rows.assign(w=w, wx=w * x, ww=w * w, wwx=w * w * x, wwxx=w * w * x * x, days=1.0),
        ["w", "wx", "ww", "wwx", "wwxx", "days"],
    )
    mean = sums["wx"] / sums["w"]
    # Cochran's variance of a ratio, days as the units.
    spread = (sums["wwxx"] - 2 * mean * sums["wwx"] + mean**2 * sums["ww"]).clip(lower=0)
    days = sums["days"]
    reach = _Z * np.sqrt(spread * (days / (days - 1)).where(days > 1)) / sums["w"]
    return as_results(
        sums.assign(
            measure="wait_seconds_mean",
            value=mean,
            numerator=sums["wx"],
            denominator=sums["w"],
            lower=(mean - reach).clip(lower=0),
            upper=mean + reach,
            base=sums["w"].round(),
        )
    )
