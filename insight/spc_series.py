"""Figures put in the order of a control chart: series, time, and segment between rebases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from insight.errors import MissingColumnsError
from insight.periods import Frequency, parse_period
from insight.spc_rules import Floats, Ints

KEYS = ("measure", "service")
MEASURE_DEFAULTS = {
    "polarity": "",
    "unit": "count",
    "frequency": "",
    "accumulation": "in period",
}
"""What a frame of measures says of each, and what an absent or missing cell means.

``polarity`` is "higher" or "lower"; any other is neutral. ``unit`` "share" and "rate" are
numerator by denominator. ``accumulation`` is "in period", "cumulative" or "rolling".
"""
_STEPS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.ANNUAL: 12}
_NUMBERS = ("value", "numerator", "denominator", "target")
_FAR = 1_000_000  # more than any period's number


@dataclass(frozen=True, slots=True)
class Ordered:
    """Points without the missing ones, in the order of series and time.

    Attributes
    ----------
    points
        The figures as given, with their numbers as floats.
    series, segment
        Number of each point's series and segment, both from 0.
    ordinal
        Number of each point's period: one more is the next month, quarter or year.
    each
        A row per series: its keys, what is said of its measure, ``per_year`` (12, 4 or 1) and
        ``fault``, which says why it can't be charted.
    """

    points: pd.DataFrame
    series: Ints
    segment: Ints
    ordinal: Ints
    each: pd.DataFrame

    def column(self, name: str) -> Floats:
        """Give one column's numbers."""
        return self.points[name].to_numpy(dtype="float64")

    def total(self, values: Floats) -> Floats:
        """Add up values by series."""
        sums = np.bincount(self.series, values, minlength=len(self.each))
        return sums.astype(np.float64, copy=False)


def in_order(
    figures: pd.DataFrame,
    measures: pd.DataFrame | None = None,
    rebases: pd.DataFrame | None = None,
    *,
    keys: Sequence[str] = KEYS,
) -> Ordered:
    """Put figures in order; see `insight.spc.control` for the parameters."""
    if lacking := {*keys, "period", "value"} - set(figures.columns):
        raise MissingColumnsError(lacking, "the frame of figures")
    columns = list(dict.fromkeys([*keys, "period", *_NUMBERS]))
    rows = figures.reindex(columns=columns).reset_index(drop=True)
    types = dict.fromkeys([*keys, "period"], "string") | dict.fromkeys(_NUMBERS, "float64")
    rows = rows.astype(types).replace([np.inf, -np.inf], np.nan)
    number, each = _series(rows, keys)
    each = _with_measures(each, measures, keys)
    ordinal, kind = _ordinals(rows["period"], each["frequency"].iloc[number])
    each["fault"] = _faults(rows, number, ordinal, kind, each)
    shortest = np.full(len(each), 12)
    np.minimum.at(shortest, number, kind)
    each["per_year"] = 12 // np.maximum(shortest, 1)
    usable = rows["value"].notna().to_numpy() & (each["fault"].iloc[number] == "").to_numpy()
    order = np.lexsort((ordinal, number))
    order = order[usable[order]]
    points, series = rows.iloc[order].reset_index(drop=True), number[order]
    step = _rebased(rebases, keys, each, series, ordinal[order])
    fresh = np.append(True, (series[1:] != series[:-1]) | (step[1:] != step[:-1]))[: len(series)]
    return Ordered(points, series, np.cumsum(fresh) - 1, ordinal[order], each)


def _series(rows: pd.DataFrame, keys: Sequence[str]) -> tuple[Ints, pd.DataFrame]:
    number: Ints = np.zeros(len(rows), dtype=np.int64)
    for key in keys:
        codes, found = pd.factorize(rows[key], sort=True, use_na_sentinel=False)
        number = number * max(len(found), 1) + codes
    number, _ = pd.factorize(number, sort=True)
    number = number.astype(np.int64)
    _, first = np.unique(number, return_index=True)
    return number, rows.iloc[first][list(keys)].reset_index(drop=True)


def _with_measures(
    each: pd.DataFrame, measures: pd.DataFrame | None, keys: Sequence[str]
) -> pd.DataFrame:
    if measures is not None:
        shared = [key for key in keys if key in measures.columns]
        if "measure" not in shared:
            raise MissingColumnsError(["measure"], "the frame of measures")
        known = measures.reindex(columns=[*shared, *MEASURE_DEFAULTS]).astype("string")
        each = each.merge(known.drop_duplicates(shared), on=shared, how="left")
    each = each.reindex(columns=[*keys, *MEASURE_DEFAULTS])
    given = each.astype("object")
    for name, default in MEASURE_DEFAULTS.items():
        given[name] = given[name].where(given[name].notna(), default)
    return given


def _ordinals(periods: pd.Series, frequency: pd.Series) -> tuple[Ints, Ints]:
    """Give each period's number and its length in months."""
    period_codes, names = pd.factorize(periods)
    frequency_codes, kinds = pd.factorize(frequency.astype("object"))
    codes, pairs = pd.factorize(period_codes * len(kinds) + frequency_codes)
    parsed = [
        _parsed(str(names[int(pair) // len(kinds)]), str(kinds[int(pair) % len(kinds)]))
        for pair in pairs
    ]
    length = np.array([_STEPS[kind] for kind, _ in parsed], dtype=np.int64)
    months = np.array([start.year * 12 + start.month - 1 for _, start in parsed], dtype=np.int64)
    return (months // np.maximum(length, 1))[codes], length[codes]


def _parsed(period: str, frequency: str) -> tuple[Frequency, date]:
    # Only financial years such as 2010-11, which read like months, need to be told.
    return parse_period(period, Frequency.ANNUAL if frequency == Frequency.ANNUAL else None)


def _faults(
    rows: pd.DataFrame, number: Ints, ordinal: Ints, kind: Ints, each: pd.DataFrame
) -> pd.Series:
    faults = pd.Series("", index=each.index, dtype="object")
    shortest, longest = (np.full(len(each), start) for start in (99, 0))
    np.minimum.at(shortest, number, kind)
    np.maximum.at(longest, number, kind)
    faults[shortest < longest] = (
        "It has periods of different lengths: give months, quarters and years as measures apart."
    )
    twice = pd.DataFrame({"series": number, "at": ordinal}).duplicated().to_numpy()
    twice = twice & (shortest == longest)[number]
    which = pd.Series(rows["period"].to_numpy()[twice], index=number[twice])
    which = which[~which.index.duplicated()]
    faults[which.index] = (
        "It has more than one figure for " + which.astype("object") + ": keep one."
    )
    return faults


def _rebased(
    rebases: pd.DataFrame | None, keys: Sequence[str], each: pd.DataFrame, series: Ints, at: Ints
) -> Ints:
    """Count the rebases up to each point."""
    if rebases is None or not len(rebases):
        return np.zeros(len(series), dtype=np.int64)
    if lacking := {*keys, "period"} - set(rebases.columns):
        raise MissingColumnsError(lacking, "the frame of rebases")
    known = rebases[[*keys, "period"]].astype("string").reset_index(drop=True)
    found = known.merge(
        each[[*keys, "frequency"]].astype("string").assign(series=range(len(each))), on=list(keys)
    )
    starts, _ = _ordinals(found["period"], found["frequency"].astype("object"))
    marks = np.sort(found["series"].to_numpy(dtype=np.int64) * _FAR + starts)
    return np.searchsorted(marks, series * _FAR + at, "right").astype(np.int64)
