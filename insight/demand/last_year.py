"""Contacts against the same weeks last year: ISO weeks, so that weekdays meet weekdays."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from scipy.stats import t as student

from insight.demand.calendar import holidays_in_weeks, monday_of, same_week_last_year
from insight.demand.monthly import monthly_sums
from insight.periods import month_key
from insight.results import as_results, join_results

FEWEST_WEEKS = 8
"""Pairs of weeks from which the scatter of the change is known well enough to judge one."""


def weekly_contacts(cells: pd.DataFrame, closed: pd.DatetimeIndex) -> pd.DataFrame:
    """Count contacts by whole week beside the same week last year.

    Parameters
    ----------
    cells
        As `insight.demand.volume.contact_cells` gives, with the year before.
    closed
        Bank holidays (`insight.demand.calendar.bank_holidays`).

    Returns
    -------
    pandas.DataFrame
        ``service``, ``channel`` (blank for the whole), ``monday``, ``period`` (the month that the
        week's Thursday lies in), ``contacts``, ``last_year``, ``holidays``,
        ``holidays_last_year``. Weeks that the records don't cover whole are left out; a week
        without a contact between others is nought.
    """
    if cells.empty:
        return pd.DataFrame(columns=[
            "service", "channel", "monday", "period", "contacts", "last_year", "holidays",
            "holidays_last_year",
        ])  # fmt: skip
    monday = monday_of(cells["day"])
    rows = cells.assign(period=monday.dt.strftime("%Y-%m-%d"), count=cells["counted"])
    sums = monthly_sums(rows, ["count"], dims=[["channel"]])
    sums = sums.assign(monday=pd.to_datetime(sums["period"]).astype("datetime64[us]"))
    wide = sums.pivot_table(
        index="monday", columns=["service", "breakdown"], values="count", aggfunc="sum"
    )
    first, last = cells["day"].min(), cells["day"].max()
    every = pd.date_range(monday.min(), monday.max(), freq="7D").as_unit("us")
    whole = every[(every >= first) & (every + pd.Timedelta(days=4) <= last)]
    began = wide.notna().idxmax()
    # A week without a single contact of any service is a gap in the record, not a quiet week.
    kept = whole[whole.isin(wide.index)]
    wide = wide.reindex(kept).fillna(0.0)
    long = wide.T.reset_index().melt(
        ["service", "breakdown"], var_name="monday", value_name="contacts"
    )
    long["monday"] = pd.to_datetime(long["monday"]).astype("datetime64[us]")
    long = long.join(began.rename("began"), on=["service", "breakdown"])
    long = long[long["monday"].ge(long["began"])].drop(columns="began")
    before = dict(zip(kept.date, same_week_last_year(list(kept.date)), strict=True))
    past = pd.to_datetime(long["monday"].dt.date.map(before)).astype("datetime64[us]")
    long = long.assign(past=past)
    pairs = long.merge(
        long[["service", "breakdown", "monday", "contacts"]].rename(
            columns={"monday": "past", "contacts": "last_year"}
        ),
        on=["service", "breakdown", "past"],
        how="left",
    )
    thursday = pairs["monday"] + pd.Timedelta(days=3)
    return pairs.assign(
        channel=pairs["breakdown"].str.removeprefix("channel=").astype("string"),
        period=thursday.dt.strftime("%Y-%m").astype("string"),
        holidays=holidays_in_weeks(pairs["monday"], closed),
        holidays_last_year=holidays_in_weeks(pairs["past"], closed),
    ).drop(columns=["breakdown", "past"])


def week_results(weeks: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Contacts by week, and each month's change on the same weeks last year.

    Returns
    -------
    pandas.DataFrame
        Results ``contacts_by_week`` (breakdown ``week=2026-W42``, with ``holidays=1 not 0`` where
        last year's week had others; ``denominator`` is the same week last year) and
        ``contacts_change``: contacts of the month's weeks over those of the same weeks last year,
        less one, whole and by ``channel``, with its interval.

    Notes
    -----
    Weeks with another number of bank holidays than last year's (Easter moves) are listed, but
    left out of the change. The change's interval is quasi-Poisson: the scatter of the pairs of
    weeks up to that month about their own ratio, never below chance's, with Student's t on
    those pairs; fewer than `FEWEST_WEEKS` give no interval.
    """
    keys = {month_key(month) for month in months}
    if weeks.empty or not weeks["period"].isin(list(keys)).any():
        return join_results([])
    iso = weeks["monday"].dt.isocalendar()
    week = iso["year"].astype("string") + "-W" + iso["week"].astype("string").str.zfill(2)
    named = weeks.assign(week=week)
    here = named["period"].isin(list(keys))
    listed = named[here & named["channel"].eq("")]
    by_week = as_results(
        listed.assign(
            measure="contacts_by_week",
            breakdown=_holiday_note(listed) + "week=" + listed["week"],
            value=listed["contacts"],
            numerator=listed["contacts"],
            denominator=listed["last_year"],
            base=listed["contacts"].round(),
        )
    )
    alike = named["last_year"].notna() & named["holidays"].eq(named["holidays_last_year"])
    return join_results([by_week, _changes(named[alike], keys)])


def _holiday_note(weeks: pd.DataFrame) -> pd.Series:
    """Say where a week has another number of bank holidays than last year's."""
    now, then = weeks["holidays"], weeks["holidays_last_year"]
    note = "holidays=" + now.astype("string") + " not " + then.astype("string") + ";"
    return note.where(now.ne(then) & weeks["last_year"].notna(), "")


def _changes(pairs: pd.DataFrame, keys: set[str]) -> pd.DataFrame:
    group = ["service", "channel"]
    monthly = pairs.groupby([*group, "period"])[["contacts", "last_year"]].sum()
    monthly = monthly.sort_index().reset_index()
    # Each pair's own month and those before it: what was known then, and nothing later.
    total = pairs["contacts"] + pairs["last_year"]
    ratio = monthly.set_index([*group, "period"])
    expected = pairs.join(
        ratio["contacts"].div(ratio["contacts"] + ratio["last_year"]).rename("p"),
        on=[*group, "period"],
    )["p"]
    off = (pairs["contacts"] - expected * total) ** 2
    some = total.gt(0) & expected.between(0, 1, "neither")
    chi = (off / (total * expected * (1 - expected))).where(some)
    known = pairs.assign(chi=chi, n=chi.notna().astype("float64"))
    sums = known.groupby([*group, "period"])[["chi", "n"]].sum().sort_index()
    freedom = (sums["n"] - 1).clip(lower=0).groupby(level=group).cumsum()
    scatter = sums["chi"].groupby(level=group).cumsum() / freedom.where(freedom > 0)
    pairs_so_far = sums["n"].groupby(level=group).cumsum()
    found = monthly.join(
        pd.DataFrame({"scatter": scatter, "freedom": freedom, "pairs": pairs_so_far}),
        on=[*group, "period"],
    )
    a, b = found["contacts"], found["last_year"]
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log(a / b)
        spread = np.sqrt(np.maximum(found["scatter"], 1.0) * (1 / a + 1 / b))
    reach = student.ppf(0.975, found["freedom"].clip(lower=1)) * spread
    told = found["pairs"].ge(FEWEST_WEEKS) & found["freedom"].ge(1) & a.gt(0) & b.gt(0)
    found = found.assign(
        measure="contacts_change",
        value=(a / b - 1).where(b.gt(0)),
        numerator=a,
        denominator=b,
        lower=(np.exp(log - reach) - 1).where(told),
        upper=(np.exp(log + reach) - 1).where(told),
        base=(a + b).round(),
        breakdown=("channel=" + found["channel"]).where(found["channel"].ne(""), ""),
    )
    return as_results(found[found["period"].isin(list(keys)) & found["value"].notna()])


def gap_months(cells: pd.DataFrame) -> list[str]:
    """List months without a contact between months that have some."""
    if cells.empty:
        return []
    have = set(cells["day"].dt.strftime("%Y-%m"))
    every = pd.date_range(cells["day"].min().replace(day=1), cells["day"].max(), freq="MS")
    return [month for month in every.strftime("%Y-%m") if month not in have]
