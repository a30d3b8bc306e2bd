"""Reports of each cell over ever longer spells of the past, counted in one pass."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.hotspots.grid import Floats, Grid

SHORTEST_WEEKS, RATIO = 9, 1.5
CHUNK = 1 << 14  # points at a time: what is worked on stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Windows:
    """Counts that end at one moment and begin at several.

    Parameters
    ----------
    days
        Length of each window, shortest first; the last is the whole history.
    counts
        Reports by window (rows) and cell, flattened as `Grid.inside` is.
    exposure
        Reports of each window in all cells: what a cell's count is a share of, so that a season
        or a growing service makes no street look hotter.
    """

    days: npt.NDArray[np.int64]
    counts: Floats
    exposure: Floats


def window_counts(grid: Grid, easting: Floats, northing: Floats, age_days: Floats) -> Windows:
    """Count the reports of each window and cell.

    Parameters
    ----------
    grid
        The cells.
    easting, northing
        Reports in metres, all within the grid.
    age_days
        Days from each report to the moment that the windows end; never below 0.

    Returns
    -------
    Windows
        Of 9, 14, 20, 30 and so on weeks, and of the whole history.
    """
    oldest = int(age_days.max(initial=0.0)) + 1
    starts = _starts(oldest)
    days = np.array([*starts, oldest], dtype=np.int64)
    cells = grid.inside.size
    # Where each age's counts begin among those of all windows and cells.
    first_of = np.searchsorted(starts, np.arange(oldest + 1), side="right") * cells
    sums = np.zeros(len(days) * cells, dtype=np.int64)
    for first in range(0, len(easting), CHUNK):
        part = slice(first, first + CHUNK)
        # Clipped only because that is faster: no age is beyond the table.
        flat = first_of.take(age_days[part].astype(np.int64), mode="clip")
        flat += grid.flat(easting[part], northing[part])
        sums += np.bincount(flat, minlength=len(sums))
    counts = sums.reshape(len(days), cells).cumsum(axis=0).astype(float)
    return Windows(days, counts, counts.sum(axis=1))


def before(windows: Windows, back: int) -> tuple[Windows, Floats]:
    """Return the windows as they were when number `back` began, and the counts of what followed.

    What followed is what window `back` holds and the next shorter one doesn't, so that no report
    follows two of them.
    """
    later = windows.counts[back - 1] if back else 0.0
    seen = Windows(
        windows.days[back + 1 :] - windows.days[back],
        windows.counts[back + 1 :] - windows.counts[back],
        windows.exposure[back + 1 :] - windows.exposure[back],
    )
    return seen, windows.counts[back] - later


def _starts(oldest: int) -> npt.NDArray[np.int64]:
    """Days before the end at which the windows begin; a month less than all is all."""
    weeks, length = [], float(SHORTEST_WEEKS)
    while round(length) * 7 < oldest - SHORTEST_WEEKS * 7 / 2:
        weeks.append(round(length))
        length *= RATIO
    return np.array(weeks, dtype=np.int64) * 7
