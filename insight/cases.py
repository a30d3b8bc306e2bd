"""Cases received, decided and still open, and how long the decided ones took.

Waits are whole days from the day of receipt, the wait that an applicant lives through, not
from the day an application became valid.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from insight.errors import MissingColumnsError
from insight.intervals import quantile_ranks
from insight.periods import local_dates, month_end, month_key, period_within
from insight.results import (
    ALL_SERVICES,
    NOT_RECORDED,
    as_results,
    breakdowns,
    count_results,
    join_results,
    share_results,
)

AGE_BAND_DAYS = (28, 56, 91, 182)
_TIMES = ("received_at", "decided_at", "target_at", "extended_to")
_NOT_DECIDED = ("withdrawn", "undecided")
_ENDED = ("granted", "refused", "withdrawn", "awarded", "completed")
_TYPICAL = 0.5
_SLOWEST_TENTH = 0.9


def dated_cases(cases: pd.DataFrame) -> pd.DataFrame:
    """Cases with every time as a local day, absent columns missing, and the wait in days."""
    if missing := {"service", "received_at", "decided_at"} - set(cases.columns):
        raise MissingColumnsError(missing)
    columns = dict.fromkeys([*cases.columns, *_TIMES, "case_type", "outcome"])
    rows = cases.reindex(columns=list(columns))
    days = {name: local_dates(pd.to_datetime(rows[name])) for name in _TIMES}
    rows = rows.assign(**days, case_type=rows["case_type"].astype("string"))
    wait = (rows["decided_at"] - rows["received_at"]).dt.days
    # A decision before receipt is a wrong date, not a negative wait.
    return rows.assign(wait_days=wait.where(wait >= 0))


def is_decided(rows: pd.DataFrame) -> pd.Series:
    """Tell which cases have a decision, withdrawn and undecided ones left out."""
    return rows["decided_at"].notna() & ~rows["outcome"].isin(list(_NOT_DECIDED))


def is_ended(rows: pd.DataFrame) -> pd.Series:
    """Tell which cases have an outcome that ends them, dated or not."""
    return rows["outcome"].isin(list(_ENDED))


def open_at(rows: pd.DataFrame, day: date) -> pd.DataFrame:
    """Cases open when `day` ends, with ``age_days``.

    One that ended without a date is not open: nobody is waiting for it.
    """
    end = pd.Timestamp(day)
    ended = rows["decided_at"].le(end) | (rows["decided_at"].isna() & is_ended(rows))
    still = rows[rows["received_at"].le(end) & ~ended]
    return still.assign(age_days=(end - still["received_at"]).dt.days)


def age_bands(age_days: pd.Series, *, edges: Sequence[int] = AGE_BAND_DAYS) -> pd.Series:
    """Name each age's band, as an ordered category.

    Examples
    --------
    >>> age_bands(pd.Series([0, 28, 400])).tolist()
    ['0 to 27 days', '28 to 55 days', '182 days or more']
    """
    starts = [0, *edges]
    labels = [f"{low} to {high - 1} days" for low, high in zip(starts, edges, strict=False)]
    return pd.cut(
        age_days,
        [*starts, np.inf],
        right=False,
        labels=[*labels, f"{edges[-1]} days or more"],
    )


def case_results(
    cases: pd.DataFrame, *months: date, edges: Sequence[int] = AGE_BAND_DAYS
) -> pd.DataFrame:
    """Cases received, decided and open, in time, and the waits, by service and case type.

    Parameters
    ----------
    cases
        Rows of the cases contract.
    months
        First of each month asked for.
    edges
        Days at which an age band of the open cases begins.

    Returns
    -------
    pandas.DataFrame
        Results ``cases_received``, ``cases_decided``, ``cases_open`` (at each month's end, also
        by ``age``), ``case_wait_days_typical``, ``case_wait_days_slowest_tenth`` and
        ``cases_in_time_share``: whole and by ``case_type``. In time counts a date agreed with
        the applicant; breakdown ``extensions=not counted`` doesn't. Months from a service's first
        case to its last receipt or decision in which none came, went or waited have nought.

    Raises
    ------
    MissingColumnsError
        If a column is absent.
    """
    rows = dated_cases(cases)
    by_type = [["case_type"]]
    decided = rows.assign(period=period_within(rows["decided_at"], months))
    decided = decided[is_decided(rows) & decided["period"].notna()]
    received = rows.assign(period=period_within(rows["received_at"], months))
    still = pd.concat(
        [open_at(rows, month_end(month)).assign(period=month_key(month)) for month in months],
        ignore_index=True,
    )
    still = still.assign(age=age_bands(still["age_days"], edges=edges).astype("string"))
    known = _recorded(rows, months)
    return join_results(
        [
            count_results(received, measure="cases_received", dims=by_type, services=known),
            count_results(decided, measure="cases_decided", dims=by_type, services=known),
            count_results(still, measure="cases_open", dims=[*by_type, ["age"]], services=known),
            _wait_results(decided, "case_wait_days_typical", _TYPICAL),
            _wait_results(decided, "case_wait_days_slowest_tenth", _SLOWEST_TENTH),
            _in_time(decided),
        ]
    )


def _recorded(rows: pd.DataFrame, months: Sequence[date]) -> dict[str, list[str]]:
    """Give the services on record in each month: from their first case to their last event."""
    service = rows["service"].astype("string").fillna(NOT_RECORDED)
    first = rows["received_at"].groupby(service).min()
    last = rows[["received_at", "decided_at"]].max(axis="columns").groupby(service).max()
    found = {}
    for month in months:
        here = first.le(pd.Timestamp(month_end(month))) & last.ge(pd.Timestamp(month))
        found[month_key(month)] = first.index[here].tolist()
    return found


def _in_time(decided: pd.DataFrame) -> pd.DataFrame:
    aimed = decided[decided["target_at"].notna()]
    agreed = aimed[["target_at", "extended_to"]].max(axis=1)
    measured = aimed.assign(
        denominator=True,
        numerator=aimed["decided_at"].le(agreed),
        extensions="not counted",
    )
    measure = "cases_in_time_share"
    counted = share_results(measured, measure=measure, dims=[["case_type"]])
    strict = measured.assign(numerator=aimed["decided_at"].le(aimed["target_at"]))
    plain = share_results(strict, measure=measure, dims=[["extensions"]])
    return join_results([counted, plain[plain["breakdown"].ne("")]])


def wait_quantiles(rows: pd.DataFrame, keys: Sequence[str], quantile: float) -> pd.DataFrame:
    """Find a quantile of ``wait_days`` by group, with its order-statistics interval.

    Returns
    -------
    pandas.DataFrame
        `keys`, ``value``, ``lower``, ``upper`` and ``base``; a bound that so few waits don't
        have is missing.
    """
    known = rows.dropna(subset="wait_days").sort_values("wait_days", kind="stable")
    known = known.assign(wait=known["wait_days"].astype("float64"))
    groups = known.groupby(list(keys), dropna=False)["wait"]
    size = groups.size()
    # The ranks depend on the group's size alone: a handful of them, not one per case.
    low, high = (ranks[groups.ngroup()] for ranks in quantile_ranks(size, quantile))
    rank = groups.cumcount() + 1
    # One wait at most has the rank, so "first" is that wait.
    at = known.assign(
        lower=known["wait"].where(rank == low), upper=known["wait"].where(rank == high)
    )
    bounds = at.groupby(list(keys), dropna=False)[["lower", "upper"]].first()
    found = bounds.assign(value=groups.quantile(quantile), base=size)
    return found.reset_index()


def _wait_results(decided: pd.DataFrame, measure: str, quantile: float) -> pd.DataFrame:
    rows = pd.concat([decided.assign(service=ALL_SERVICES), decided], ignore_index=True)
    rows["service"] = rows["service"].astype("string").fillna(NOT_RECORDED)
    whole = wait_quantiles(rows, ["period", "service"], quantile).assign(breakdown="")
    typed = wait_quantiles(rows, ["period", "service", "case_type"], quantile)
    typed = typed.assign(breakdown=breakdowns(typed[["case_type"]]))
    found = pd.concat([whole, typed], ignore_index=True)
    return as_results(found.assign(measure=measure))
