"""Whether a month's values are spread as in the months before: channels, outcomes, blanks, numbers.

Each column's shares in the last month are held against those of the months before by Pearson's
chi-square, divided by how much more than chance those months differ among themselves (the
quasi-likelihood F test of McCullagh and Nelder, "Generalized Linear Models", 2nd edition 1989,
4.5 and 9.2): a column that wanders every month must wander further to be told. Over all columns
the false discovery rate is held by Benjamini and Hochberg's step-up procedure (1995, J. R.
Statist. Soc. B 57(1)).

What passes must also matter: at least a tenth of the rows have another value than before (total
variation distance), and than in the same month last year, where it is known. A number is cut at
the fifths of its past, and must have moved three tenths of its rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import f as fisher
from scipy.stats import false_discovery_control

FALSE_DISCOVERIES = 0.01
"""Part of what is told that may be chance."""
MOVED_VALUES, MOVED_NUMBERS = 0.1, 0.3
"""Smallest share of rows with another value that is told."""
FEWEST_ROWS = 20
FEWEST_MONTHS = 3
BLANK = "blank"
"""Stands for no value; a filled value of a column of which only blanks are counted is FILLED."""
FILLED = "filled"
_YEAR = 12
_FEWEST_EXPECTED = 5.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value whose share changed most in a column that changed.

    `value` is "blank" where it is the blanks that did; None for a number, and then `now` and
    `before` are medians, else proportions. `rows` is the last month's base.
    """

    source: str
    column: str
    value: str | None
    now: float
    before: float
    rows: int
    moved: float
    q: float


@dataclass(frozen=True, slots=True)
class _Tested:
    change: ValueChange
    p: float
    matters: bool


def value_changes(shares: pd.DataFrame, numbers: pd.DataFrame, last: int) -> list[ValueChange]:
    """Return the columns whose values changed in month `last`, those that moved furthest first.

    Parameters
    ----------
    shares
        ``source``, ``column``, ``month`` (whole numbers, one apart), ``value`` and ``rows``.
    numbers
        The same, `value` a number.
    last
        The month in question; those before it are the past, at most twelve of them.

    Examples
    --------
    >>> shares = pd.DataFrame([("calls", "channel", month, value, rows)
    ...     for month in range(6) for value, rows in (("phone", 300), ("web", 100))],
    ...     columns=["source", "column", "month", "value", "rows"])
    >>> value_changes(shares, shares.iloc[:0], 5)
    []
    >>> shares.loc[shares["month"].eq(5), "rows"] = [10, 390]
    >>> [(c.column, c.value, c.now, c.before) for c in value_changes(shares, shares.iloc[:0], 5)]
    [('channel', 'phone', 0.025, 0.75)]
    """
    tested = [*_each(shares, last, _test_shares), *_each(numbers, last, _test_numbers)]
    if not tested:
        return []
    q = false_discovery_control([test.p for test in tested])
    told = [
        _with_q(test.change, float(at))
        for test, at in zip(tested, q, strict=True)
        if test.matters and at <= FALSE_DISCOVERIES
    ]
    return sorted(told, key=lambda change: (-change.moved, change.source, change.column))


def _each(frame: pd.DataFrame, last: int, test: object) -> Iterable[_Tested]:
    recent = frame[frame["month"].between(last - _YEAR, last)]
    for (source, column), own in recent.groupby(["source", "column"], sort=True):
        result = test(str(source), str(column), own, last)  # type: ignore[operator]
        if result is not None:
            yield result


def _test_shares(source: str, column: str, own: pd.DataFrame, last: int) -> _Tested | None:
    table = _table(own)
    found = _compare(table, last)
    if found is None:
        return None
    p, moved = found
    latest = table.loc[[last]].sum()
    now, before = _shares(latest), _shares(table.drop(index=last).sum())
    change = now - before
    value = str(change.abs().idxmax())
    if set(table.columns) == {BLANK, FILLED}:
        value = BLANK
    elif table.shape[1] > 1 and before[value] < now[value] and before.idxmax() != value:
        # What fell is told before what rose, where it fell by nearly as much: it is what is missed.
        fallen = str(change.idxmin())
        value = fallen if -change[fallen] >= 0.8 * change[value] else value
    told = ValueChange(
        source, column, value, float(now[value]), float(before[value]),
        int(latest.sum()), moved, 1.0,
    )  # fmt: skip
    return _Tested(told, p, moved >= MOVED_VALUES)


def _test_numbers(source: str, column: str, own: pd.DataFrame, last: int) -> _Tested | None:
    own = own.dropna(subset="value").astype({"value": "float64"})
    past = own[own["month"].ne(last)]
    if past.empty or len(past) == len(own):
        return None
    cuts = np.unique([_quantile(past, at) for at in (0.2, 0.4, 0.6, 0.8)])
    binned = own.assign(value=np.searchsorted(cuts, own["value"].to_numpy(), side="left"))
    found = _compare(_table(binned), last)
    if found is None:
        return None
    p, moved = found
    latest = own[own["month"].eq(last)]
    told = ValueChange(
        source, column, None, _quantile(latest, 0.5), _quantile(past, 0.5),
        int(latest["rows"].sum()), moved, 1.0,
    )  # fmt: skip
    return _Tested(told, p, moved >= MOVED_NUMBERS)


def _compare(table: pd.DataFrame, last: int) -> tuple[float, float] | None:
    """Return the chance of the last month's difference, and the share of rows that moved."""
    table = table[table.sum(axis="columns").gt(0)]
    if last not in table.index or table.loc[last].sum() < FEWEST_ROWS:
        return None
    past = table.drop(index=last)
    if len(past) < FEWEST_MONTHS or past.to_numpy().sum() < FEWEST_ROWS:
        return None
    now, pooled = table.loc[last].to_numpy(), past.sum().to_numpy()
    moved = _distance(now, pooled)
    if last - _YEAR in past.index and past.loc[last - _YEAR].sum() >= FEWEST_ROWS:
        moved = min(moved, _distance(now, past.loc[last - _YEAR].to_numpy()))
    expected = (now + pooled) / (now + pooled).sum() * now.sum()
    rare = expected < _FEWEST_EXPECTED
    cells = np.column_stack([table.to_numpy()[:, ~rare], table.to_numpy()[:, rare].sum(axis=1)])
    cells = cells[:, cells.sum(axis=0) > 0]
    free = cells.shape[1] - 1
    if free < 1:
        return None
    is_last = table.index == last
    among = cells[~is_last]
    scatter = max(_chi_square(among) / ((len(among) - 1) * free), 1.0)
    against = _chi_square(np.vstack([cells[is_last], among.sum(axis=0)]))
    p = float(fisher.sf(against / free / scatter, free, (len(among) - 1) * free))
    return p, moved


def _chi_square(cells: Floats) -> float:
    cells = cells[:, cells.sum(axis=0) > 0]
    expected = np.outer(cells.sum(axis=1), cells.sum(axis=0)) / cells.sum()
    return float(((cells - expected) ** 2 / expected).sum())


def _distance(one: Floats, other: Floats) -> float:
    """Return the total variation distance: the share of rows that would have to change."""
    return float(np.abs(one / one.sum() - other / other.sum()).sum() / 2)


def _table(own: pd.DataFrame) -> pd.DataFrame:
    """Return rows by month and value; by hand, since a month has a hundred such tables."""
    months, at_month = np.unique(own["month"].to_numpy(dtype="int64"), return_inverse=True)
    values, at_value = np.unique(own["value"].to_numpy(), return_inverse=True)
    cells = np.zeros((len(months), len(values)))
    np.add.at(cells, (at_month, at_value), own["rows"].to_numpy(dtype="float64"))
    return pd.DataFrame(cells, index=months, columns=values)


def _shares(counts: pd.Series) -> pd.Series:
    return counts / counts.sum()


def _quantile(own: pd.DataFrame, at: float) -> float:
    ordered = own.sort_values("value")
    up_to = ordered["rows"].cumsum() / ordered["rows"].sum()
    return float(ordered["value"].iloc[int(np.searchsorted(up_to.to_numpy(), at - 1e-9))])


def _with_q(change: ValueChange, q: float) -> ValueChange:
    return ValueChange(
        change.source, change.column, change.value, change.now, change.before, change.rows,
        change.moved, q,
    )  # fmt: skip
