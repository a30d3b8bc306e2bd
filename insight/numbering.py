"""Rows of large frames found by number, so that their texts are compared once."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def numbered(keys: Sequence[str], *frames: pd.DataFrame) -> list[Ints]:
    """Give every row a number, the same for rows of any of `frames` whose `keys` are the same.

    A missing key is the same as another missing one.

    Examples
    --------
    >>> one, two = pd.DataFrame({"a": ["x", "y"]}), pd.DataFrame({"a": ["y", "z", "y"]})
    >>> [numbers.tolist() for numbers in numbered(["a"], one, two)]
    [[0, 1], [1, 2, 1]]
    """
    number: Ints = np.zeros(sum(map(len, frames)), dtype=np.int64)
    for key in keys:
        column = pd.concat([frame[key].astype("string") for frame in frames], ignore_index=True)
        codes, found = pd.factorize(column, use_na_sentinel=False)
        number = number * max(len(found), 1) + codes
        number = pd.factorize(number)[0].astype(np.int64)
    ends = np.cumsum([len(frame) for frame in frames])[:-1]
    return np.split(number, ends)


def places(wanted: Ints, among: Ints) -> Ints:
    """Tell where in `among` each number first is, -1 where it isn't.

    Examples
    --------
    >>> places(np.array([7, 5, 9]), np.array([5, 7, 7])).tolist()
    [1, 0, -1]
    """
    first = np.flatnonzero(~pd.Series(among).duplicated().to_numpy())
    at = pd.Index(among[first]).get_indexer(pd.Index(wanted))
    if not len(first):
        return at.astype(np.int64)
    return np.where(at >= 0, first[at], -1).astype(np.int64)


class FigureTable:
    """Figures found by measure and period.

    Parameters
    ----------
    figures
        `keys`, ``period`` and whatever else is known; of several rows of one series and period
        the first counts.
    rows
        The measures: `keys`, on any index.
    keys
        What tells series apart.
    """

    def __init__(self, figures: pd.DataFrame, rows: pd.DataFrame, keys: Sequence[str]) -> None:
        self._index = rows.index
        series, self._own = numbered(keys, figures, rows)
        self._codes, self._periods = pd.factorize(figures["period"].astype("string"))
        self._among = series * (len(self._periods) + 1) + self._codes

    def at(self, periods: pd.Series, figures: pd.DataFrame) -> pd.DataFrame:
        """Return each measure's row of `figures` in its own period, missing where there is none.

        `figures` are those that the table was made of, in their order; their columns may differ.
        """
        code = pd.Index(self._periods).get_indexer(pd.Index(periods.astype("string")))
        wanted = np.where(code >= 0, self._own * (len(self._periods) + 1) + code, -1)
        at = places(wanted.astype(np.int64), self._among)
        found = figures.reset_index(drop=True).reindex(np.where(at >= 0, at, len(figures)))
        return found.set_axis(self._index)
