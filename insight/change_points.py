"""Where a level may have changed: offered to a person, never applied.

Only a person who knows why rebases a chart, and says so. To help, each series' latest segment is
looked at by the rank test of A. N. Pettitt (1979), "A non-parametric approach to the change-point
problem", Applied Statistics 28(2), 126-135, and its halves again, up to three times; it assumes
nothing about the figures' distribution. Two changes may hide one another: once one is rebased,
the other shows. A change is offered where chance would bring one as clear
in fewer than 1% of segments, at least seven points lie on either side (the rules' own shift), and
the change is a step: it fits better than a straight line, and neither side goes on the same way.
Where one figure is like the next, so that chance brings longer runs, the statistic is divided as
its variance grows. How often all this is wrong is measured in ``tests/benchmarks/spc.py``.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.spc import Control
from insight.spc_choice import Chart
from insight.spc_rules import RUN, Floats, Ints, position_in
from insight.spc_series import KEYS

LEVEL = 0.01
STILL_MOVING = 1.5
"""Standard errors from which the slope on either side of a step, taken together, is a trend's."""
ROUNDS = 3
COLUMNS = ("period", "mean_before", "mean_after", "points_before", "points_after", "p_value")


def suggested_changes(
    found: Control, *, keys: Sequence[str] = KEYS, level: float = LEVEL, least: int = RUN
) -> pd.DataFrame:
    """Suggest where a person may want to rebase.

    Parameters
    ----------
    found
        Control charts.
    keys
        What tells series apart.
    level
        Chance of a false suggestion in a segment of independent figures; the test keeps below it.
    least
        Points that must lie on either side.

    Returns
    -------
    pandas.DataFrame
        `keys`, ``period`` (the first of the new level), ``mean_before`` and ``mean_after`` up to
        the next change, ``points_before``, ``points_after`` and ``p_value``. Charts of changes on
        last year have none: a step shows in them for a year and then is gone.

    Examples
    --------
    >>> from insight.spc import control
    >>> months = [f"{year}-{month:02d}" for year in (2025, 2026) for month in range(1, 13)]
    >>> days = [20, 22, 19, 21, 20, 23, 21, 20, 22, 19, 21, 22, 12, 14, 11, 13, 12, 15, 13, 12]
    >>> figures = pd.DataFrame(
    ...     {"measure": "M1", "service": "planning", "period": months[:20], "value": days})
    >>> suggested_changes(control(figures))["period"].tolist()
    ['2026-01']
    """
    named = list(keys)
    charts = found.series.loc[found.series["chart"].ne(Chart.DIFFERENCE), [*named, "segment"]]
    points = found.points.merge(charts.dropna(), on=[*named, "segment"]).reset_index(drop=True)
    if points.empty:
        return points.reindex(columns=[*named, *COLUMNS])
    values = points["charted"].to_numpy(dtype="float64")
    series = points.groupby(named, sort=False, dropna=False).ngroup()
    piece: Ints = series.to_numpy().astype(np.int64)
    chance = np.full(len(values), np.nan)
    for _ in range(ROUNDS):
        new, probability = _changes(values, piece, level, least)
        if not len(new):
            break
        chance[new] = probability
        begins = np.append(True, piece[1:] != piece[:-1])
        begins[new] = True
        piece = np.cumsum(begins).astype(np.int64) - 1
    at = np.flatnonzero(np.isfinite(chance))
    size = np.bincount(piece, minlength=len(values))
    mean = np.bincount(piece, values, minlength=len(values)) / np.maximum(size, 1)
    after, before = piece[at], piece[at - 1]
    return (
        points.loc[at, [*named, "period"]]
        .assign(
            mean_before=mean[before],
            mean_after=mean[after],
            points_before=size[before],
            points_after=size[after],
            p_value=chance[at],
        )
        .reset_index(drop=True)
    )


def _changes(
    values: Floats, piece: Ints, level: float, least: int
) -> tuple[NDArray[np.intp], Floats]:
    """Find each piece's clearest change: where the new level begins, and its chance."""
    place, (_, first, number) = (
        position_in(piece),
        np.unique(piece, return_index=True, return_inverse=True),
    )
    n = np.bincount(number)[number].astype(np.float64)
    ranks = pd.Series(values).groupby(number).rank().to_numpy()
    total = np.cumsum(ranks)
    within = total - (total - ranks)[first][number]
    # U of the points up to each: twice their ranks' sum beyond what is expected.
    u = np.abs(2 * within - (place + 1) * (n + 1))
    allowed = (place + 1 >= least) & (n - place - 1 >= least)
    u[~allowed] = -1
    largest = np.full(len(first), -1.0)
    np.maximum.at(largest, number, u)
    last = np.flatnonzero((u == largest[number]) & allowed)
    last = last[np.unique(number[last], return_index=True)[1]]
    left, alike, slope = _beside_step(values, number, last)
    grown = np.maximum((1 + alike) / (1 - alike), 1.0)
    spread = n[last] ** 3 + n[last] ** 2
    chance = np.minimum(2 * np.exp(-6 * u[last] ** 2 / grown / spread), 1.0)
    clear = (chance < level) & (left < _trend(values, number)[number[last]])
    clear &= slope < STILL_MOVING
    return last[clear] + 1, chance[clear]


def _beside_step(
    values: Floats, number: Ints, last: NDArray[np.intp]
) -> tuple[Floats, Floats, Floats]:
    """Tell what a step after each `last` leaves in its piece.

    The squares; how much one figure's rest is like the next's, from -1 to 1; and the slope within
    the sides in the step's direction, in its standard errors.
    """
    ends = np.full(int(number.max()) + 1, len(values))
    ends[number[last]] = last
    side = 2 * number + (np.arange(len(values)) > ends[number])
    size = np.maximum(np.bincount(side), 1)
    level = np.bincount(side, values) / size
    rest = values - level[side]
    squares = np.bincount(number, rest**2)
    neighbours = np.append(rest[:-1] * rest[1:] * (number[:-1] == number[1:]), 0)[: len(rest)]
    safe = np.where(squares > 0, squares, 1.0)
    alike = np.clip(np.bincount(number, neighbours) / safe, -0.9, 0.9)
    at = position_in(side).astype(np.float64)
    at -= (np.bincount(side, at) / size)[side]
    along = np.maximum(np.bincount(number, at**2), 1.0)
    slope = np.bincount(number, at * rest) / along
    spare = np.maximum(np.bincount(number) - 3, 1)
    error = np.sqrt(np.maximum(squares - slope**2 * along, 0) / spare / along)
    which = number[last]
    way = np.sign(level[2 * which + 1] - level[2 * which])
    towards = np.divide(
        way * slope[which], error[which], out=np.zeros(len(which)), where=error[which] > 0
    )
    return squares[which].astype(np.float64), alike[which], towards


def _trend(values: Floats, number: Ints) -> Floats:
    """Give the squares that a straight line leaves in each piece."""
    size = np.bincount(number)
    at = position_in(number).astype(np.float64)
    at -= (np.bincount(number, at) / size)[number]
    apart = values - (np.bincount(number, values) / size)[number]
    across, along = np.bincount(number, at * apart), np.bincount(number, at**2)
    slope = across / np.where(along > 0, along, 1.0)
    left = np.bincount(number, (apart - slope[number] * at) ** 2)
    return left.astype(np.float64)
