"""Values that managers and partners enter, as figures."""

import numpy as np
import pandas as pd

from insight.errors import MissingColumnsError
from insight.intervals import wilson
from insight.numbering import numbered
from insight.periods import canonical_period
from insight.results import RESULT_COLUMNS
from insight.weeks import is_week, parse_week, week_key

_TEXTS = ("commentary", "entered_by")
_NUMBERS = ("value", "numerator", "denominator")


def return_results(returns: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Turn the rows of the kpi_returns contract into figures.

    Parameters
    ----------
    returns
        ``measure``, ``period`` and ``value``, or ``numerator`` and ``denominator``; and where
        given ``commentary`` and ``entered_by``.
    measures
        ``code``, ``service``, ``unit`` and ``frequency`` of the measures.

    Returns
    -------
    pandas.DataFrame
        Result columns with ``commentary`` and ``commentary_by``, one row per return of a known
        measure. A share with its numerator and denominator has Wilson's interval; one whose
        numerator is over its denominator has no value. What else can be wrong is refused before, by
        `insight.return_checks.split_returns`.

    Raises
    ------
    MissingColumnsError
        If a column is absent.
    UnknownPeriodError
        If a period is none, or not of the measure's frequency.

    Examples
    --------
    >>> measures = pd.DataFrame(
    ...     {"code": ["BINS"], "service": "waste", "unit": "share", "frequency": "quarterly"})
    >>> entered = pd.DataFrame(
    ...     {"measure": ["BINS"], "period": "2026/27Q2", "numerator": 90, "denominator": 100})
    >>> return_results(entered, measures)[["service", "period", "value"]]
      service      period  value
    0   waste  2026-27 Q2    0.9
    """
    if missing := {"measure", "period"} - set(returns.columns):
        raise MissingColumnsError(missing)
    known = measures[["code", "service", "unit", "frequency"]].rename(columns={"code": "measure"})
    columns = ["measure", "period", *_NUMBERS, *_TEXTS]
    rows = returns.reindex(columns=columns).merge(known, on="measure", how="inner")
    types = dict.fromkeys(_NUMBERS, "float64") | dict.fromkeys(
        ["measure", "period", "service", *_TEXTS], "string"
    )
    rows = rows.astype(types)
    (number,) = numbered(["period", "frequency"], rows)
    first = np.unique(number, return_index=True)[1]
    pairs = zip(rows["period"].iloc[first], rows["frequency"].iloc[first], strict=True)
    written = pd.array([_key(*pair) for pair in pairs], dtype="string").take(number)
    ratio = rows["numerator"] / rows["denominator"].where(rows["denominator"].gt(0))
    share = rows["unit"].eq("share")
    ratio = ratio.mask(share & ratio.gt(1))
    value = rows["value"].fillna(ratio)
    lower, upper = wilson(ratio.where(share), rows["denominator"])
    figures = rows.assign(
        period=written,
        breakdown="",
        value=value,
        lower=lower,
        upper=upper,
        base=rows["denominator"].round().astype("Int64"),
    ).rename(columns={"entered_by": "commentary_by"})
    kept = figures[[*RESULT_COLUMNS, "commentary", "commentary_by"]].astype({"breakdown": "string"})
    return kept.sort_values(["measure", "period"], ignore_index=True)


def _key(period: str, frequency: str) -> str:
    if frequency != "weekly":
        return canonical_period(period, frequency)
    # A weekly measure's month may be entered like any other's.
    return week_key(parse_week(period)) if is_week(period) else canonical_period(period, "monthly")
