"""Whether a figure still waits for records, and whether it has changed since it was published.

Official statistics mark the first ``[p]`` and the second ``[r]`` (Government Statistical Service).
"""

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from insight.rounding import published_values
from insight.weeks import period_end

FINAL, PROVISIONAL, REVISED = "final", "provisional", "revised"
KEY = ("measure", "service", "period")
REVISION_COLUMNS = (*KEY, "entry", "old_value", "new_value")
QUIET_SHARE = 0.2
"""Share of the time that a source may be silent which a period's end may be without its events."""


def closed_until(
    newest: Mapping[str, date], promised_days: Mapping[str, int | None], today: date
) -> date:
    """Return the last day up to which a figure's sources are taken to have sent everything.

    Parameters
    ----------
    newest
        Day of the newest event of each source behind the figure that ever sent one.
    promised_days
        How old each one's newest event may be, where its contract says so.
    today
        The day in question; it isn't over.

    Notes
    -----
    A source that has few events may have none on a month's last days. So it has covered a period
    if its newest event is within a fifth of its promise of the period's end: seven days for one
    that reports by the month.

    Examples
    --------
    >>> calls = {"calls": date(2026, 10, 28)}
    >>> closed_until(calls, {"calls": 35}, date(2026, 11, 10))
    datetime.date(2026, 11, 4)
    >>> closed_until(calls, {"calls": 35}, date(2026, 10, 31))
    datetime.date(2026, 10, 30)
    """
    covered = [
        day + timedelta(days=int(QUIET_SHARE * (promised_days.get(source) or 0)))
        for source, day in newest.items()
    ]
    return min([today - timedelta(days=1), *covered])


def period_status(periods: pd.Series, closed: date) -> pd.Series:
    """Return ``provisional`` for periods that end after `closed`, else ``final``.

    Examples
    --------
    >>> period_status(pd.Series(["2026-09", "2026-10"]), date(2026, 10, 4)).tolist()
    ['final', 'provisional']
    """
    over = {key: period_end(key) <= closed for key in periods.unique()}
    status = periods.map({key: FINAL if done else PROVISIONAL for key, done in over.items()})
    return status.astype("string")


def new_revisions(card: pd.DataFrame, before: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Find figures that no longer are what was published of them.

    Parameters
    ----------
    card
        Figures as they are now: `KEY`, ``value``, ``unit`` and ``decimals``.
    before
        Those stored by an earlier run: `KEY`, ``value`` and ``status``.
    known
        Revisions on record: `KEY` and ``entry``.

    Returns
    -------
    pandas.DataFrame
        `REVISION_COLUMNS`. A figure that was provisional had said that it might change, so its
        change is none; nor is one that no reader sees, beyond the decimals that are published.
    """
    was = before.loc[before["status"].isin([FINAL, REVISED]), [*KEY, "value"]]
    both = card[[*KEY, "value", "unit", "decimals"]].merge(
        was.rename(columns={"value": "old_value"}), on=list(KEY)
    )
    shown, old = (
        published_values(both[name], both["unit"], both["decimals"])
        for name in ("value", "old_value")
    )
    changed = both[shown.notna() & old.notna() & shown.ne(old)]
    entries = known.groupby(list(KEY))["entry"].max().rename("last").reset_index()
    numbered = changed.merge(entries, on=list(KEY), how="left")
    found = numbered.assign(entry=numbered["last"].fillna(0).astype("int64") + 1)
    return found.rename(columns={"value": "new_value"})[list(REVISION_COLUMNS)]


def with_revised(card: pd.DataFrame, revisions: pd.DataFrame) -> pd.DataFrame:
    """Give final figures that are on record as revised that status."""
    keys = pd.MultiIndex.from_frame(card[list(KEY)].astype("string"))
    there = keys.isin(pd.MultiIndex.from_frame(revisions[list(KEY)].astype("string")))
    return card.assign(status=card["status"].mask(there & card["status"].eq(FINAL), REVISED))
