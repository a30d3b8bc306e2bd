"""The periods of a financial year, and what the targets of single periods make of it."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from insight.forecast import PRIOR_YEARS
from insight.periods import (
    Frequency,
    add_months,
    latest_complete_period,
    parse_period,
    period_key,
    year_key,
)
from insight.targets import targets_for


def years_of(rows: pd.DataFrame, month: date) -> pd.Series:
    """Name the financial year of each measure's last period that is over."""
    last = {each: latest_complete_period(month, each) for each in rows["frequency"].unique()}
    years = {each: year_key(parse_period(key, each)[1]) for each, key in last.items()}
    return rows["frequency"].map(years).astype("string")


def periods_of(frequency: str, month: date) -> tuple[list[str], int]:
    """List the periods of the years looked at, oldest first, and how many are over."""
    last = parse_period(latest_complete_period(month, frequency), frequency)[1]
    april = date(last.year if last.month >= 4 else last.year - 1, 4, 1)
    step = {"monthly": 1, "quarterly": 3}[frequency]
    firsts = [add_months(april, late) for late in range(-12 * PRIOR_YEARS, 12, step)]
    return [period_key(first, frequency) for first in firsts], firsts.index(last) + 1


def stretch(frequency: str, month: date) -> list[str]:
    """List the periods of the year so far."""
    if frequency == "annual":
        return [latest_complete_period(month, frequency)]
    keys, over = periods_of(frequency, month)
    return keys[len(keys) // (PRIOR_YEARS + 1) * PRIOR_YEARS : over]


def year_targets(rows: pd.DataFrame, targets: pd.DataFrame, year: pd.Series) -> pd.DataFrame:
    """Return the year's own target, else a sum's profile added up, else its last period's."""
    whole = targets_for(rows.assign(period=year, frequency="annual"), targets)
    lacking = whole[["target", "target_low"]].isna().all(axis="columns")
    if not lacking.any():
        return whole
    profiled = _by_profile(rows[lacking], targets, year[lacking], whole[lacking])
    return pd.concat([whole[~lacking], profiled]).reindex(whole.index)


def _by_profile(
    rows: pd.DataFrame, targets: pd.DataFrame, year: pd.Series, whole: pd.DataFrame
) -> pd.DataFrame:
    """Return what the targets of single periods make of a year."""
    ends = {key: _parts_of(key) for key in year.unique()}
    last, profile = whole.copy(), whole.assign(target=np.nan)
    for name, own in rows.groupby("frequency").groups.items():
        frequency = str(name)
        if frequency == "annual":
            continue
        for key, some in year[own].groupby(year[own]).groups.items():
            each = _targets_by_period(rows.loc[some], targets, ends[str(key)][frequency])
            last.loc[some] = each.xs(ends[str(key)][frequency][-1]).reindex(some)
            profile.loc[some, "target"] = _added(each).reindex(some)
    summed = rows["aggregation"].eq("sum") & rows["accumulation"].eq("in period")
    return last.assign(target=last["target"].mask(summed, profile["target"]))


def _targets_by_period(
    rows: pd.DataFrame, targets: pd.DataFrame, keys: Sequence[str]
) -> pd.DataFrame:
    """Return the targets of `rows` for each of `keys`, by key and row."""
    columns = ["code", "frequency", "aggregation", "accumulation", "band_low", "band_high"]
    return targets_for(pd.concat({key: rows[columns].assign(period=key) for key in keys}), targets)


def _added(each: pd.DataFrame) -> pd.Series:
    """Add up the targets of each row, missing where one of them is."""
    periods = each.index.get_level_values(0).nunique()
    return each["target"].groupby(level=1).sum(min_count=periods)


def _parts_of(year: str) -> dict[str, list[str]]:
    april = parse_period(year, Frequency.ANNUAL)[1]
    return {
        "monthly": [period_key(add_months(april, n), "monthly") for n in range(12)],
        "quarterly": [period_key(add_months(april, 3 * n), "quarterly") for n in range(4)],
    }


def targets_so_far(rows: pd.DataFrame, targets: pd.DataFrame, month: date) -> pd.DataFrame:
    """Return the target of each measure's year so far: a sum's is that of its periods so far."""
    year = years_of(rows, month)
    found = year_targets(rows, targets, year)
    now = targets_for(rows, targets)
    found = found.where(rows["accumulation"].eq("in period"), now)
    summed = rows["aggregation"].eq("sum") & rows["accumulation"].eq("in period")
    for frequency, own in rows[summed].groupby("frequency").groups.items():
        each = _targets_by_period(rows.loc[own], targets, stretch(str(frequency), month))
        found.loc[own, "target"] = _added(each)
    return found
