"""Returns that can't be right are refused one by one, each with its reason; the others count."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from insight.errors import MissingColumnsError
from insight.measure_faults import UNKNOWN, faults, join_faults
from insight.numbering import numbered
from insight.periods import UnknownPeriodError, canonical_period
from insight.weeks import is_week, parse_week, week_key

JUMP = 50.0
"""A value this many times the others, or this part of them, is taken for another unit."""
STEADY = 3.0
"""The others must lie within this factor of their median, or nothing can be said."""
FEWEST = 4
"""Other values needed to say so."""
ROUNDING = 0.006
"""How far a value may lie from its own numerator over denominator, as a part of it."""
_NUMBERS = ("value", "numerator", "denominator")
# What people write for a unit.
UNIT_WORDS = {
    "share": {"share", "proportion"},
    "rate": {"rate", "ratio"},
    "count": {"count", "number", "no", "cases"},
    "days": {"days", "day"},
    "score": {"score", "points"},
    "pounds": {"pounds", "gbp", "\N{POUND SIGN}"},
}


def split_returns(
    returns: pd.DataFrame, measures: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the returns that can be used from those that are refused.

    Parameters
    ----------
    returns
        Rows of the kpi_returns contract: ``measure``, ``period``, and ``value`` or ``numerator``
        and ``denominator``; where said, the ``unit`` of the value; where known, the ``file`` and
        ``row_number`` that a fault is to name.
    measures
        ``code``, ``unit`` and ``frequency``.

    Returns
    -------
    tuple of pandas.DataFrame
        The rows that can be used, one a measure and period, with the period's key; and the faults
        (`insight.measure_faults`). Where a measure and period have two values that differ, neither
        is used: nobody but the manager knows which is right.

    Raises
    ------
    MissingColumnsError
        If ``measure`` or ``period`` is absent.

    Examples
    --------
    >>> measures = pd.DataFrame({"code": ["BINS"], "unit": "share", "frequency": "monthly"})
    >>> entered = pd.DataFrame({"measure": ["BINS", "BINS"], "period": ["2026-09", "2026-10"],
    ...     "numerator": [90, 110], "denominator": [100, 100]})
    >>> used, refused = split_returns(entered, measures)
    >>> used["period"].tolist(), refused["rule"].tolist()
    (['2026-09'], ['numerator over denominator'])
    """
    if missing := {"measure", "period"} - set(returns.columns):
        raise MissingColumnsError(missing)
    rows = returns.reindex(columns=list(dict.fromkeys([*returns.columns, *_NUMBERS, "unit"])))
    types = dict.fromkeys(_NUMBERS, "float64")
    rows = rows.astype(types | dict.fromkeys(("measure", "period", "unit"), "string"))
    rows = rows.reset_index(drop=True)
    known = measures.drop_duplicates("code").set_index("code")
    rows = rows.assign(
        own_unit=rows["measure"].map(known["unit"]).astype("string"),
        frequency=rows["measure"].map(known["frequency"]).astype("string"),
    )
    told = []
    for rule, broken, message in _RULES:
        wrong = broken(rows).fillna(False).astype(bool)
        told.append(faults(rows[wrong], rule, message))
        rows = rows[~wrong]
        if rule == "not a period of the measure":
            rows = rows.assign(period=_keys(rows))
    used = rows.drop(columns=["own_unit", "frequency"])
    return used.drop_duplicates(["measure", "period"], ignore_index=True), join_faults(told)


def _keys(rows: pd.DataFrame) -> pd.Series:
    """Return each row's period as its key, missing where it isn't one of the measure's."""
    (number,) = numbered(["period", "frequency"], rows)
    first = np.unique(number, return_index=True)[1]
    distinct = rows[["period", "frequency"]].iloc[first].fillna("")
    pairs = zip(distinct["period"], distinct["frequency"], strict=True)
    keys = pd.array([_key(*pair) for pair in pairs], dtype="string")
    return pd.Series(keys.take(number), index=rows.index)


def _key(period: str, frequency: str) -> str | None:
    try:
        if frequency == "weekly":
            # Somebody may have added up the weeks of a month.
            return (
                week_key(parse_week(period))
                if is_week(period)
                else canonical_period(period, "monthly")
            )
        return canonical_period(period, frequency)
    except UnknownPeriodError:
        return None


def _values(rows: pd.DataFrame) -> pd.Series:
    ratio = rows["numerator"] / rows["denominator"].where(rows["denominator"].gt(0))
    return rows["value"].fillna(ratio)


def _unknown(rows: pd.DataFrame) -> pd.Series:
    return rows["own_unit"].isna()


def _no_period(rows: pd.DataFrame) -> pd.Series:
    return _keys(rows).isna()


def _says_another_unit(rows: pd.DataFrame) -> pd.Series:
    said = rows["unit"].str.strip().str.lower()
    said = said.mask(said.eq(""))
    other = said.notna()
    for unit, words in UNIT_WORDS.items():
        other &= ~(rows["own_unit"].eq(unit).fillna(False) & said.isin(words))
    return other


def _over(rows: pd.DataFrame) -> pd.Series:
    return rows["own_unit"].eq("share") & rows["numerator"].gt(rows["denominator"])


def _no_denominator(rows: pd.DataFrame) -> pd.Series:
    # Nought of nought is a quiet month.
    quiet = rows["numerator"].eq(0) & rows["denominator"].eq(0)
    return rows["numerator"].notna() & rows["value"].isna() & ~rows["denominator"].gt(0) & ~quiet


def _percentage(rows: pd.DataFrame) -> pd.Series:
    return rows["own_unit"].eq("share") & rows["value"].gt(1)


def _disagrees(rows: pd.DataFrame) -> pd.Series:
    ratio = rows["numerator"] / rows["denominator"].where(rows["denominator"].gt(0))
    far = (rows["value"] - ratio).abs().gt(ROUNDING * ratio.abs().clip(lower=1))
    return rows["own_unit"].eq("share") & far


def _two_values(rows: pd.DataFrame) -> pd.Series:
    said = _values(rows).round(12)
    return said.groupby([rows["measure"], rows["period"]]).transform("nunique").gt(1)


def _jumps(rows: pd.DataFrame) -> pd.Series:
    """Tell which values are out by so much that only another unit explains it."""
    value = _values(rows).abs().where(rows["unit"].isna())
    size = pd.Series(np.log(value.where(value.gt(0))), index=rows.index)
    middle = _middle(size, rows["measure"])
    return (size - middle).abs().gt(np.log(JUMP)) & ~rows["own_unit"].eq("share")


def _middle(sizes: pd.Series, measure: pd.Series) -> pd.Series:
    """Return the median of each measure's usual values, missing where they vary too much."""
    known = sizes.groupby(measure)
    near = sizes.where((sizes - known.transform("median")).abs().le(np.log(JUMP)))
    usual = near.groupby(measure)
    middle = usual.transform("median")
    wide = (near - middle).abs().gt(np.log(STEADY)).groupby(measure).transform("any")
    # Most values must agree on the unit, or it isn't clear which are the odd ones.
    count, odd = usual.transform("count"), known.transform("count") - usual.transform("count")
    return middle.mask(wide | count.lt(FEWEST) | count.le(2 * odd))


_OF = "Return of {measure} for {period}{where}: "
_RULES: tuple[tuple[str, Callable[[pd.DataFrame], pd.Series], str], ...] = (
    (
        UNKNOWN,
        _unknown,
        _OF + "measures.yaml has no such measure; correct the code or add the measure.",
    ),
    (
        "not a period of the measure",
        _no_period,
        _OF + "the measure is {frequency}; write its period as 2026-W42, 2026-10, 2026-27 Q2 or "
        "2026-27.",
    ),
    (
        "another unit",
        _says_another_unit,
        _OF + "its unit isn't the measure's own, {own_unit}; convert the value or start a new "
        "measure.",
    ),
    (
        "numerator over denominator",
        _over,
        _OF + "the numerator is over its denominator; correct one of them.",
    ),
    (
        "no denominator",
        _no_denominator,
        _OF + "there is a numerator but no denominator above nought; give it, or the value.",
    ),
    (
        "not a share",
        _percentage,
        _OF + "is over 1; a share is written as a proportion, 0.7 for 70%, and a measure that may "
        "be over 1 has the unit rate.",
    ),
    (
        "value and ratio differ",
        _disagrees,
        _OF + "the value isn't the numerator over the denominator; correct one of them.",
    ),
    (
        "two values",
        _two_values,
        _OF + "there are two values that differ; keep the right one.",
    ),
    (
        "unit changed",
        _jumps,
        _OF + "is so far from the measure's other values that its unit must have changed; convert "
        "it, or write {own_unit} in the column unit if it is right.",
    ),
)
