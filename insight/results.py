"""Figures in one shape: a row each, with its base and its interval.

Every count and share is made from sums per service and breakdown (`sum_parts`), which can be
merged: parts of a month computed apart give the same figures as the whole month.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from insight.errors import MissingColumnsError
from insight.intervals import effective_base, poisson_interval, wilson

RESULT_COLUMNS = (
    "measure", "service", "period", "breakdown", "value", "numerator", "denominator", "lower",
    "upper", "base",
)  # fmt: skip
KEY_COLUMNS = RESULT_COLUMNS[:4]
ALL_SERVICES = "all"
NOT_RECORDED = "not recorded"

_ESCAPES = {"%": "%25", ";": "%3B", "=": "%3D"}


def _escaped(values: pd.Series) -> pd.Series:
    text = values.astype("string").fillna("")
    for character, escape in _ESCAPES.items():
        text = text.str.replace(character, escape, regex=False)
    return text


def _unescaped(values: pd.Series) -> pd.Series:
    for character, escape in reversed(_ESCAPES.items()):
        values = values.str.replace(escape, character, regex=False)
    return values.mask(values == "")


def breakdown(dimensions: Mapping[str, str]) -> str:
    """Write one breakdown's key, dimensions in alphabetical order.

    Examples
    --------
    >>> breakdown({"topic": "bins; recycling", "channel": "phone"})
    'channel=phone;topic=bins%3B recycling'
    """
    cells = pd.DataFrame({name: [value] for name, value in dimensions.items()}, dtype="string")
    return str(breakdowns(cells).iloc[0]) if dimensions else ""


def breakdowns(cells: pd.DataFrame) -> pd.Series:
    """Write each row's breakdown key; every column is a dimension.

    A missing value is written as nothing (``"outcome="``) and read back as missing.
    """
    keys = pd.Series("", index=cells.index, dtype="string", name="breakdown")
    for position, name in enumerate(sorted(cells.columns)):
        keys = keys + f"{';' if position else ''}{name}=" + _escaped(cells[name])
    return keys


def split_breakdowns(keys: pd.Series) -> pd.DataFrame:
    """Read breakdown keys: one text column per dimension, missing where a key has none of it.

    Examples
    --------
    >>> split_breakdowns(pd.Series(["", "stage=stage 1", "outcome=upheld;stage=stage 2"]))
      outcome    stage
    0    <NA>     <NA>
    1    <NA>  stage 1
    2  upheld  stage 2
    """
    pairs = keys.astype("string").str.split(";").explode().str.split("=", n=1, expand=True)
    pairs = pairs.reindex(columns=[0, 1])
    pairs = pairs[pairs[0].notna() & pairs[0].ne("")]
    names = sorted(pairs[0].unique())
    columns = {name: _unescaped(pairs.loc[pairs[0].eq(name), 1]) for name in names}
    return pd.DataFrame(columns, index=keys.index, columns=names).astype("string")


def as_results(figures: pd.DataFrame) -> pd.DataFrame:
    """Give figures the result columns, their types and their order."""
    rows = figures.reindex(columns=list(RESULT_COLUMNS))
    types = dict.fromkeys(KEY_COLUMNS, "string") | dict.fromkeys(RESULT_COLUMNS[4:9], "float64")
    rows["breakdown"] = rows["breakdown"].astype("string").fillna("")
    rows = rows.astype(types | {"base": "Int64"})
    return rows.sort_values(list(KEY_COLUMNS), ignore_index=True)


def no_results() -> pd.DataFrame:
    """Return a results frame without rows."""
    return as_results(pd.DataFrame(columns=list(RESULT_COLUMNS)))


def join_results(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Put results frames together, in key order."""
    filled = [part for part in parts if len(part)]
    return as_results(pd.concat(filled, ignore_index=True)) if filled else no_results()


def sum_parts(
    frame: pd.DataFrame,
    sums: Sequence[str],
    *,
    service_col: str = "service",
    dims: Sequence[Sequence[str]] = (),
    by_period: bool = False,
) -> pd.DataFrame:
    """Sum columns by service, for the whole and for each breakdown asked for.

    Parameters
    ----------
    frame
        Rows with `service_col`, the dimensions and the columns to sum.
    sums
        Columns to sum.
    service_col
        Where the service is; a missing one is ``"not recorded"``.
    dims
        Each a set of columns to break down by, such as ``[["channel"], ["channel", "topic"]]``.
    by_period
        Sum each ``period`` of the frame apart; a row whose period is missing is in none.

    Returns
    -------
    pandas.DataFrame
        ``service``, ``breakdown`` and the sums: a row per service, and per service ``"all"``;
        with `by_period`, ``period`` first.

    Raises
    ------
    MissingColumnsError
        If a column is absent.
    """
    whole = ["period"] if by_period else []
    needed = {service_col, *whole, *sums, *(name for names in dims for name in names)}
    if missing := needed - set(frame.columns):
        raise MissingColumnsError(missing)
    if by_period:
        frame = frame[frame["period"].notna()]
    service = frame[service_col].astype("string").fillna(NOT_RECORDED).rename("service")
    values = frame[list(sums)].astype("float64")
    parts = []
    for names in [[], *map(list, dims)]:
        keys = [service, *(frame[name].astype("string") for name in [*whole, *names])]
        grouped = values.groupby(keys, dropna=False, observed=True).sum().reset_index()
        told = grouped[[*whole, "service", *sums]]
        parts.append(told.assign(breakdown=breakdowns(grouped[names])))
    return with_all_services(pd.concat(parts, ignore_index=True), sums)


def with_all_services(parts: pd.DataFrame, sums: Sequence[str]) -> pd.DataFrame:
    """Add up the services into rows of service ``"all"``."""
    whole = ["period"] if "period" in parts else []
    total = parts.groupby([*whole, "breakdown"], as_index=False)[list(sums)].sum()
    columns = [*whole, "service", "breakdown", *sums]
    return pd.concat([parts, total.assign(service=ALL_SERVICES)], ignore_index=True)[columns]


def merge_parts(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Merge the sums of separate partitions into those of the whole."""
    return (
        pd.concat(list(parts), ignore_index=True)
        .groupby(["service", "breakdown"], as_index=False)
        .sum()
    )


def counts_of(parts: pd.DataFrame, *, measure: str, period: str | pd.Series) -> pd.DataFrame:
    """Results of summed counts: column ``count``, with the exact Poisson interval.

    `period` is one key, or each row's own.
    """
    lower, upper = poisson_interval(parts["count"])
    count = parts["count"]
    return as_results(
        parts.assign(
            measure=measure,
            period=period,
            value=count,
            numerator=count,
            denominator=np.nan,
            lower=lower,
            upper=upper,
            base=count.round(),
        )
    )


def shares_of(parts: pd.DataFrame, *, measure: str, period: str | pd.Series) -> pd.DataFrame:
    """Results of summed shares, with Wilson's interval on the effective base.

    `period` is one key, or each row's own.

    Needs the sums ``numerator``, ``denominator``, ``squares`` (of the weights) and ``base``.
    A denominator of nought, or a numerator over its denominator, gives no value.
    """
    share = parts["numerator"].div(parts["denominator"].where(parts["denominator"].gt(0)))
    share = share.mask(share.gt(1 + 1e-12)).clip(upper=1)
    lower, upper = wilson(share, effective_base(parts["denominator"], parts["squares"]))
    return as_results(
        parts.assign(
            measure=measure,
            period=period,
            value=share,
            lower=lower,
            upper=upper,
            base=parts["base"].round(),
        )
    )


def count_results(
    frame: pd.DataFrame,
    *,
    measure: str,
    period: str | None = None,
    service_col: str = "service",
    count: str | None = None,
    dims: Sequence[Sequence[str]] = (),
    services: Iterable[str] | Mapping[str, Iterable[str]] = (),
) -> pd.DataFrame:
    """Count rows (or sum a column of counts) by service and breakdown.

    Parameters
    ----------
    frame
        The period's events.
    measure, period
        The figure's code and the period's key; without a key, the frame's own ``period`` tells
        each row's, and many months cost what one does.
    service_col, dims
        As for `sum_parts`.
    count
        Column of counts to sum; without it each row counts one.
    services
        Services known to be covered: one without a row gets a count of 0. Without events and
        without these there are no figures, because no data is not nought. Without
        `period`, the services of each period's key.

    Examples
    --------
    >>> events = pd.DataFrame({"service": ["bins", "bins", "trees"]})
    >>> count_results(events, measure="contacts", period="2026-10")[["service", "value"]]
      service  value
    0     all    3.0
    1    bins    2.0
    2   trees    1.0
    """
    ones = frame.assign(count=1 if count is None else frame[count].fillna(0))
    parts = sum_parts(ones, ["count"], service_col=service_col, dims=dims, by_period=period is None)
    parts = parts.assign(period=parts["period"] if period is None else period)
    covered = services if isinstance(services, Mapping) else {str(period): services}
    named = {(key, name) for key, names in covered.items() for name in names}
    named |= {(key, ALL_SERVICES) for key, _ in named}
    idle = sorted(named - set(zip(parts["period"], parts["service"], strict=True)))
    nought = pd.DataFrame(idle, columns=["period", "service"]).assign(breakdown="", count=0.0)
    filled = pd.concat([parts, nought], ignore_index=True) if idle else parts
    return counts_of(filled, measure=measure, period=filled["period"])


def share_results(
    frame: pd.DataFrame,
    *,
    measure: str,
    period: str | None = None,
    numerator: str = "numerator",
    denominator: str = "denominator",
    weight: str | None = None,
    service_col: str = "service",
    dims: Sequence[Sequence[str]] = (),
) -> pd.DataFrame:
    """Divide one sum by another, by service and breakdown.

    Parameters
    ----------
    frame
        Rows with `numerator` and `denominator`: true and false for single answers (false or
        missing in the denominator leaves the base), or counts such as answered and offered.
    measure, period, service_col, dims
        As for `count_results`.
    weight
        Column of weights; the interval is then Wilson's on Kish's effective base, and ``base``
        stays the unweighted number.
    """
    if missing := {numerator, denominator} - set(frame.columns):
        raise MissingColumnsError(missing)
    under = frame[denominator].astype("Float64").fillna(0).astype("float64")
    over = frame[numerator].astype("Float64").fillna(0).astype("float64").where(under > 0, 0.0)
    weights = 1.0 if weight is None else frame[weight].astype("float64")
    rows = frame.assign(
        numerator=over * weights,
        denominator=under * weights,
        squares=under * np.square(weights),
        base=under,
    )
    sums = ["numerator", "denominator", "squares", "base"]
    parts = sum_parts(rows, sums, service_col=service_col, dims=dims, by_period=period is None)
    return shares_of(parts, measure=measure, period=parts["period"] if period is None else period)
