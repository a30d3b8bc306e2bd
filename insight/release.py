"""How far the public may see: the last quarter that committee had and a person released."""

from collections.abc import Mapping
from datetime import date, datetime

import pandas as pd

from insight.errors import InsightError
from insight.periods import Frequency, add_months, canonical_period, months_of, uk_date

_MONTHS = {
    name.casefold(): number
    for number in range(1, 13)
    for name in (f"{date(2000, number, 1):%B}", f"{date(2000, number, 1):%b}")
}


class ReleaseError(InsightError):
    """A quarter can't be released."""


def committee_month(quarter: str, committee_months: Mapping[str, str]) -> date:
    """Return the month in which a quarter's report goes to committee.

    Parameters
    ----------
    quarter
        Such as ``2026-27 Q2``.
    committee_months
        Month's name by ``Q1`` to ``Q4``, as in the settings.

    Raises
    ------
    ReleaseError
        If the settings don't say when.

    Examples
    --------
    >>> committee_month("2026-27 Q4", {"Q4": "June"})
    datetime.date(2027, 6, 1)
    """
    key = canonical_period(quarter, Frequency.QUARTERLY)
    name = committee_months.get(key[-2:], "")
    if name.strip().casefold() not in _MONTHS:
        raise ReleaseError(
            f"council.yaml doesn't say in which month {key[-2:]} goes to committee; write it under "
            "committee_months, such as Q1: September."
        )
    after = add_months(months_of(key, Frequency.QUARTERLY)[-1], 1)
    return next(
        month
        for month in (add_months(after, late) for late in range(12))
        if month.month == _MONTHS[name.strip().casefold()]
    )


def last_reported_quarter(
    committee_months: Mapping[str, str], approvals: pd.DataFrame, today: date
) -> str | None:
    """Name the last quarter that the public may see.

    Parameters
    ----------
    committee_months
        Month's name by ``Q1`` to ``Q4``, as in the settings.
    approvals
        ``quarter`` and ``released_by``: who released which.
    today
        The day it is.

    Returns
    -------
    str or None
        The latest quarter that a named person released and whose committee month has come; none
        where there isn't one. A release alone doesn't outrun the committee, nor does the calendar
        alone release.

    Examples
    --------
    >>> months = {"Q1": "September", "Q2": "November", "Q3": "March", "Q4": "June"}
    >>> released = pd.DataFrame({"quarter": ["2026-27 Q1", "2026-27 Q2"], "released_by": "Ann"})
    >>> last_reported_quarter(months, released, date(2026, 11, 2))
    '2026-27 Q2'
    >>> last_reported_quarter(months, released, date(2026, 10, 31))
    '2026-27 Q1'
    """
    named = approvals[approvals["released_by"].astype("string").str.strip().fillna("").ne("")]
    quarters = {canonical_period(str(key), Frequency.QUARTERLY) for key in named["quarter"]}
    reported = [key for key in quarters if committee_month(key, committee_months) <= today]
    return max(reported, default=None)


def released(
    quarter: str,
    by: str,
    *,
    committee_months: Mapping[str, str],
    now: datetime,
) -> pd.DataFrame:
    """Make the record of a release: ``quarter``, ``released_by`` and ``released_at``.

    Raises
    ------
    ReleaseError
        If nobody is named, the quarter isn't over, or the settings don't know its committee month.
    """
    key = canonical_period(quarter, Frequency.QUARTERLY)
    if not by.strip():
        message = "Say who releases the quarter: --by with a name or a post."
        raise ReleaseError(message)
    end = add_months(months_of(key, Frequency.QUARTERLY)[-1], 1)
    if now.date() < end:
        raise ReleaseError(f"{key} isn't over before {uk_date(end)}; release it after that.")
    committee_month(key, committee_months)
    return pd.DataFrame([{"quarter": key, "released_by": by.strip(), "released_at": now}])
