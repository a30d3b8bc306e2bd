"""The financial year of every measure: how far it has come, and where it will end."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.aggregation import together
from insight.cumulative import in_period
from insight.forecast import (
    PRIOR_YEARS,
    YearEnd,
    last_at_year_end,
    ratio_at_year_end,
    sum_at_year_end,
)
from insight.numbering import numbered, places
from insight.periods import add_months, latest_complete_period
from insight.rag import rag
from insight.scorecard import as_measures, figures_of, tolerance_of
from insight.year_targets import periods_of, stretch, targets_so_far, year_targets, years_of

_SERIES = ["figure", "figure_service", "breakdown"]
_ARRAYS = ("value", "numerator", "denominator")
YEAR_END_COLUMNS = (
    "measure", "year", "periods_in", "periods_of", "year_target", "year_low", "year_high",
    "forecast", "forecast_lower", "forecast_upper", "forecast_rag", "outlook", "forecast_note",
)  # fmt: skip
TO_DATE_COLUMNS = (
    "measure", "period", "to_date", "to_date_lower", "to_date_upper", "to_date_target",
    "to_date_low", "to_date_high", "to_date_rag", "to_date_last_year",
)  # fmt: skip
_NO_FORECAST = {
    "worst": "the worst period may be yet to come",
    "annual": "an annual measure has one figure a year",
    "cumulative": "the figure of the year so far needs its numerator and denominator",
}


def year_end(
    results: pd.DataFrame, measures: pd.DataFrame, targets: pd.DataFrame, month: date
) -> pd.DataFrame:
    """Forecast where each measure will be at the end of its financial year.

    Parameters
    ----------
    results, measures, targets, month
        As `insight.scorecard.scorecard` takes them; three years before are looked at.

    Returns
    -------
    pandas.DataFrame
        One row a measure, in the order of `measures`, with `YEAR_END_COLUMNS`: the forecast and its
        95% interval, missing where `forecast_note` says what it waits for; its colour by the year's
        target; and the ``outlook``: ``on course`` where the whole interval meets the target,
        ``off course`` where none of it does, else ``uncertain``. A sum goes by its run-rate, a
        ratio and a mean by the year so far, the last value and a rolling one by the latest.
    """
    rows = as_measures(measures)
    year = years_of(rows, month)
    out = rows[["code"]].rename(columns={"code": "measure"}).assign(year=year)
    numbers = ["periods_in", "forecast", "forecast_lower", "forecast_upper"]
    out = out.assign(**dict.fromkeys(numbers, np.nan), forecast_note="")
    out["periods_of"] = rows["frequency"].map({"monthly": 12, "quarterly": 4, "annual": 1})
    out.loc[rows["frequency"].eq("annual"), "forecast_note"] = _NO_FORECAST["annual"]
    for frequency in ("monthly", "quarterly"):
        own = rows["frequency"].eq(frequency).to_numpy()
        if own.any():
            told = _forecasts(results, rows[own], frequency, month)
            out.loc[own, [*numbers, "forecast_note"]] = told.to_numpy()
    out[numbers] = out[numbers].astype("float64")
    goal = year_targets(rows, targets, year)
    judged = _judged(rows, goal)
    shown = [rag(out[name], goal["target"], **judged) for name in numbers[1:]]
    known = out["forecast"].notna()
    return out.assign(
        year_target=goal["target"],
        year_low=goal["target_low"],
        year_high=goal["target_high"],
        forecast_rag=shown[0].where(known),
        outlook=_outlook(out, shown, rows["polarity"], goal).where(known),
        forecast_note=out["forecast_note"].astype("string"),
    )[list(YEAR_END_COLUMNS)]


def _outlook(
    out: pd.DataFrame, shown: list[pd.Series], polarity: pd.Series, goal: pd.DataFrame
) -> pd.Series:
    """Say how the interval lies to the target."""
    _, low, high = (words.eq("green") for words in shown)
    # A band can lie wholly inside an interval both of whose ends miss it.
    around = out["forecast_lower"].lt(goal["target_low"]) & out["forecast_upper"].gt(
        goal["target_high"]
    )
    outside = ~low & ~high & ~(polarity.eq("band") & around)
    word = np.select([low & high, outside], ["on course", "off course"], "uncertain")
    none = shown[0].eq("no target")
    return pd.Series(word, index=out.index, dtype="string").mask(none)


def _series(
    results: pd.DataFrame, rows: pd.DataFrame, frequency: str, month: date
) -> dict[str, NDArray[np.float64]]:
    """Return each measure's figures by year and period, cumulative ones taken apart."""
    keys, over = periods_of(frequency, month)
    known = keys[:over]
    named = rows.assign(**{f"p{place}": key for place, key in enumerate(known)})
    columns = [f"p{place}" for place in range(len(known))] if frequency == "quarterly" else []
    figures = figures_of(results, named, columns or ["p0"])
    summed = rows["aggregation"].isin(["sum", "ratio of sums"])
    figures = in_period(figures, rows[summed])
    figures = figures[figures["period"].isin(known)].drop_duplicates([*_SERIES, "period"])
    unique = rows[_SERIES].drop_duplicates().reset_index(drop=True)
    unique["series"] = np.arange(len(unique))
    found = figures.merge(unique, on=_SERIES)
    at = {key: place for place, key in enumerate(keys)}
    place = found["period"].map(at).to_numpy("int64")
    arrays = {}
    for name in _ARRAYS:
        table = np.full((len(unique), len(keys)), np.nan)
        table[found["series"].to_numpy(), place] = found[name].to_numpy("float64", na_value=np.nan)
        arrays[name] = table.reshape(len(unique), PRIOR_YEARS + 1, -1)
    series = rows[_SERIES].merge(unique, on=_SERIES, how="left")["series"].to_numpy()
    return {name: table[series] for name, table in arrays.items()}


def _forecasts(
    results: pd.DataFrame, rows: pd.DataFrame, frequency: str, month: date
) -> pd.DataFrame:
    arrays = _series(results, rows, frequency, month)
    value, top, bottom = (arrays[name] for name in _ARRAYS)
    rule = (
        rows["aggregation"].mask(rows["accumulation"].eq("rolling"), "last").to_numpy(dtype=object)
    )
    # Where only the share is entered, each period counts alike; the year so far can't be parted.
    pooled = (~np.isnan(top) & ~np.isnan(bottom)).any(axis=(1, 2))
    entered_whole = rows["accumulation"].eq("cumulative").to_numpy()
    rule[(rule == "ratio of sums") & ~pooled] = "mean"
    unknown = entered_whole & np.isin(rule.astype(str), ["mean", "last"])
    share = rows["unit"].eq("share").to_numpy()
    events = rows["unit"].eq("count").to_numpy()
    # Days that something takes are never below nought either.
    never_negative = events | rows["unit"].eq("days").to_numpy()
    columns = ["so_far", "value", "lower", "upper", "note"]
    told = pd.DataFrame(np.nan, index=rows.index, columns=columns).astype({"note": "object"})
    for name, chosen in ((name, rule == name) for name in ("sum", "ratio of sums", "mean", "last")):
        if not chosen.any():
            continue
        some, shares = value[chosen], share[chosen]
        if name == "sum":
            found = sum_at_year_end(some, events=events[chosen])
        elif name == "ratio of sums":
            found = ratio_at_year_end(top[chosen], bottom[chosen], shares=shares)
        elif name == "mean":
            found = ratio_at_year_end(some, np.where(np.isnan(some), np.nan, 1.0))
        else:
            found = last_at_year_end(some, shares=shares)
        told.loc[chosen] = _columns(found, columns, shares, never_negative[chosen]).to_numpy()
    told.loc[rule == "worst", "note"] = _NO_FORECAST["worst"]
    told.loc[unknown, ["value", "lower", "upper"]] = np.nan
    told.loc[unknown, "note"] = _NO_FORECAST["cumulative"]
    return told


def _columns(
    found: YearEnd, columns: list[str], shares: NDArray[np.bool_], counts: NDArray[np.bool_]
) -> pd.DataFrame:
    frame = pd.DataFrame({name: getattr(found, name) for name in columns})
    # Nothing that is counted can be fewer than none, whatever its history allows by symmetry.
    frame["lower"] = frame["lower"].mask((shares | counts) & frame["lower"].lt(0), 0.0)
    frame["upper"] = frame["upper"].mask(shares & frame["upper"].gt(1), 1.0)
    return frame.astype("object")


def _judged(rows: pd.DataFrame, goal: pd.DataFrame) -> dict[str, pd.Series]:
    return {
        "polarity": rows["polarity"],
        "unit": rows["unit"],
        "decimals": rows["decimals"],
        "low": goal["target_low"],
        "high": goal["target_high"],
        **tolerance_of(pd.concat([rows.drop(columns=goal.columns, errors="ignore"), goal], axis=1)),
    }


def year_to_date(
    results: pd.DataFrame, measures: pd.DataFrame, targets: pd.DataFrame, month: date
) -> pd.DataFrame:
    """Judge the year so far of every measure, beside the period's own figure.

    Parameters
    ----------
    results, measures, targets, month
        As `insight.scorecard.scorecard` takes them.

    Returns
    -------
    pandas.DataFrame
        One row a measure, in the order of `measures`, with `TO_DATE_COLUMNS`. A cumulative or
        rolling figure is the year so far as it stands; the others are put together by the
        measure's aggregation, and awaited until each period of the year so far is in. A sum's
        target is that of its periods so far, any other's the year's. ``to_date_last_year`` is the
        same stretch of the year before.
    """
    rows = as_measures(measures)
    now = {each: latest_complete_period(month, each) for each in rows["frequency"].unique()}
    rows = rows.assign(period=rows["frequency"].map(now).astype("string"))
    so_far = _so_far(results, rows, [month, add_months(month, -12)])
    this, before = so_far.xs(0), so_far.xs(1)
    goal = targets_so_far(rows, targets, month)
    colour = rag(this["value"], goal["target"], **_judged(rows, goal))
    return rows.rename(columns={"code": "measure"}).assign(
        to_date=this["value"],
        to_date_lower=this["lower"],
        to_date_upper=this["upper"],
        to_date_target=goal["target"],
        to_date_low=goal["target_low"],
        to_date_high=goal["target_high"],
        to_date_rag=colour,
        to_date_last_year=before["value"],
    )[list(TO_DATE_COLUMNS)]


def _so_far(results: pd.DataFrame, rows: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Put the years so far with each of `months` together, by the month and the row."""
    parts: pd.DataFrame = pd.concat(
        [
            _parts_so_far(some, stretch(str(frequency), month)).assign(whole=whole)
            for whole, month in enumerate(months)
            for frequency, some in rows.groupby("frequency")
        ],
        ignore_index=True,
    )
    figures = figures_of(results, parts, ["month"])
    numbers, of_parts = numbered(
        [*_SERIES, "period"], figures, parts.rename(columns={"month": "period"})
    )
    # Each measure for itself: two may read one figure by different rules.
    wholes = pd.MultiIndex.from_product([range(len(months)), rows.index])
    number = wholes.get_indexer(pd.MultiIndex.from_arrays([parts["whole"], parts["row"]]))
    made = together(figures, places(of_parts, numbers), parts.assign(whole=number))
    return made[["value", "lower", "upper"]].reindex(range(len(wholes))).set_axis(wholes)


def _parts_so_far(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """List the periods that each row's year so far is made of; `rows` are of one frequency."""
    whole = rows["accumulation"].eq("in period")
    columns = [*_SERIES, "aggregation", "accumulation", "polarity", "frequency"]
    asked = rows[columns].assign(row=rows.index, months=whole.map({True: len(keys), False: 1}))
    # One period is its own year so far, whether or not it could be added to another.
    added = whole & (len(keys) > 1)
    asked["aggregation"] = asked["aggregation"].where(added, "last")
    each = [asked[whole].assign(month=key) for key in keys[:-1]]
    return pd.concat([*each, asked.assign(month=keys[-1])])
