"""What the one door of the store refuses: a figure that can't be right, or can't be explained."""

import re
from collections.abc import Callable, Sequence

import pandas as pd

from insight.catalogue import FIGURES
from insight.measure_faults import faults, join_faults
from insight.periods import Frequency, UnknownPeriodError, parse_period

KEY = ["measure", "service", "period", "breakdown"]
SURE = frozenset({"share", "count", "score"})
"""Units whose figures have an interval, unless the catalogue says of one that it has none."""
SLIP = 1e-9
# What a manager enters is rounded, and may lie just beside the interval of its own counts.
ROUNDED = 0.01
_SERVICE = re.compile(r"[a-z0-9][a-z0-9 _-]{0,59}")
_NAMED = "{measure} of {service} for {period}"


def split_figures(
    figures: pd.DataFrame, measures: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the figures that may be stored from those that are refused.

    Parameters
    ----------
    figures
        A results frame (`insight.results.RESULT_COLUMNS`).
    measures
        Codes of the catalogue that the step computes.

    Returns
    -------
    tuple of pandas.DataFrame
        The figures that may be stored, as given; and the faults (`insight.measure_faults`), each
        naming measure, service and period. Of two figures under one key neither is stored.

    Examples
    --------
    >>> from insight.results import count_results
    >>> bins = pd.DataFrame({"service": ["bins", "bins"]})
    >>> counted = count_results(bins, measure="contacts", period="2026-10")
    >>> kept, refused = split_figures(counted.assign(base=[2, None]), ["contacts"])
    >>> kept["service"].tolist(), refused["message"].tolist()
    (['all'], ['contacts of bins for 2026-10 has no base: the number of records behind it.'])
    """
    rows = _asked(figures)
    rows["listed"] = rows["measure"].isin(list(measures))
    told, wrong = [], pd.Series(False, index=rows.index)
    for rule, broken, message in FIGURE_RULES:
        # One fault a figure: the first says what to put right.
        found = broken(rows).fillna(False).astype(bool) & ~wrong
        told.append(faults(rows[found], rule, f"{_NAMED} {message}"))
        wrong |= found
    return figures[~wrong.to_numpy()], join_faults(told)


def split_measures(results: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the scorecard's results that may be stored from those that are refused.

    What people entered has its own checks before (`insight.return_checks`), and need not have a
    base; whatever made it, a result has a definition's code, a value of its unit and one row a key.

    Parameters
    ----------
    results
        A results frame with ``unit``.
    """
    rows = _asked(results)
    told, wrong = [], pd.Series(False, index=rows.index)
    for rule, broken, message in MEASURE_RULES:
        found = broken(rows).fillna(False).astype(bool) & ~wrong
        told.append(faults(rows[found], rule, f"{_NAMED} {message}"))
        wrong |= found
    return results[~wrong.to_numpy()], join_faults(told)


def _asked(figures: pd.DataFrame) -> pd.DataFrame:
    """Give figures the columns that rules look at, services without anybody's words."""
    rows = figures.reset_index(drop=True)
    numbers = ["value", "numerator", "denominator", "lower", "upper", "base"]
    rows = rows.astype(dict.fromkeys(numbers, "Float64") | dict.fromkeys(KEY, "string"))
    if "unit" not in rows:
        units = {code: figure.unit for code, figure in FIGURES.items()}
        rows["unit"] = rows["measure"].map(units).astype("string")
    service = rows["service"].fillna("")
    rows["twice"] = rows.duplicated(KEY, keep=False)
    known = service.str.fullmatch(_SERVICE)
    return rows.assign(service=service.where(known, "a service"), bare=service.eq(""))


def _no_period(rows: pd.DataFrame) -> pd.Series:
    known = {key: _is_period(key) for key in rows["period"].dropna().unique()}
    return ~rows["period"].map(known).fillna(False).astype(bool)


def _is_period(key: str) -> bool:
    try:
        return parse_period(key)[0] in list(Frequency)
    except UnknownPeriodError:
        return False


def _no_interval(rows: pd.DataFrame) -> pd.Series:
    exempt = [code for code, figure in FIGURES.items() if not figure.interval]
    needed = rows["unit"].isin(SURE) & ~rows["measure"].isin(exempt)
    return needed & rows["value"].notna() & rows[["lower", "upper"]].isna().any(axis="columns")


def _out_of_range(rows: pd.DataFrame) -> pd.Series:
    """Tell shares outside 0 to 1, and counts and days below nought."""
    share = rows["unit"].eq("share") & ~rows["value"].between(-SLIP, 1 + SLIP)
    below = rows["unit"].isin(["count", "days"]) & rows["value"].lt(-SLIP)
    return rows["value"].notna() & (share | below) & ~_is_change(rows)


def _not_inside(rows: pd.DataFrame) -> pd.Series:
    room = ROUNDED * rows["value"].abs().clip(lower=1)
    low, high = rows["lower"].gt(rows["value"] + room), rows["upper"].lt(rows["value"] - room)
    return low.fillna(False) | high.fillna(False)


def _over(rows: pd.DataFrame) -> pd.Series:
    over = rows["numerator"].gt(rows["denominator"] * (1 + SLIP))
    return rows["unit"].eq("share") & over & ~_is_change(rows)


def _is_change(rows: pd.DataFrame) -> pd.Series:
    """Tell changes, which may lie below nought, and whose parts are now and then."""
    return rows["measure"].isin([code for code, figure in FIGURES.items() if figure.change])


Rule = tuple[str, Callable[[pd.DataFrame], pd.Series], str]
_SHARED: tuple[Rule, ...] = (
    ("no service", lambda rows: rows["bare"], "has no service; give its code, or all."),
    ("no period", _no_period, "names no month, quarter or year."),
    ("two figures", lambda rows: rows["twice"], "is there twice: neither is stored."),
    (
        "out of range",
        _out_of_range,
        "is {value}, which no {unit} can be: shares lie from 0 to 1, counts and days not below 0.",
    ),
    ("numerator over denominator", _over, "has a numerator over its denominator."),
    ("outside its interval", _not_inside, "is {value}, outside its interval {lower} to {upper}."),
)
FIGURE_RULES: tuple[Rule, ...] = (
    (
        "no catalogue entry",
        lambda rows: ~rows["measure"].isin(list(FIGURES)),
        "isn't in the catalogue (insight/catalogue.py): give it a title, unit and definition.",
    ),
    ("another step's", lambda rows: ~rows["listed"], "isn't among the measures of this step."),
    *_SHARED,
    (
        "no base",
        lambda rows: rows["value"].notna() & (rows["base"].isna() | rows["base"].lt(0)),
        "has no base: the number of records behind it.",
    ),
    ("no interval", _no_interval, "has no 95% interval; its unit, {unit}, needs one."),
)
MEASURE_RULES = _SHARED
