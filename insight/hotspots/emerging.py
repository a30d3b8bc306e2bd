"""Is it changing: what a place has been, month by month, by the classes of emerging hotspots."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from insight.hotspots.grid import Floats, Grid

LEAST_MONTHS = 6
NEARLY_ALWAYS = 0.9
HOT_Z, TREND_P = 1.96, 0.05
TOO_FEW, NO_PATTERN = "too few to say", "no pattern"
# What each class means to whoever patrols; of cold spots the same, with busy and quiet swapped.
IN_WORDS = {
    "new": "busy in the last month, never before",
    "consecutive": "busy in the last months, never before",
    "intensifying": "busy nearly every month, more and more",
    "persistent": "busy nearly every month, about as much",
    "diminishing": "busy nearly every month, less and less",
    "historical": "busy nearly every month, but not the last",
    "sporadic": "busy in the last month, and now and then before",
    "oscillating": "busy in the last month, and quiet before",
    NO_PATTERN: "neither busy nor quiet in the last month",
}
Flags = npt.NDArray[np.bool_]


def month_numbers(when: pd.Series) -> Floats:
    """Return each moment's month in its own time zone, counted from the oldest's, which is 0."""
    local = when.dt.tz_localize(None)
    number = (local.dt.year * 12 + local.dt.month).to_numpy(dtype=float)
    return np.asarray(number - number.min(initial=np.inf), dtype=np.float64)


def monthly_counts(grid: Grid, easting: Floats, northing: Floats, month: Floats) -> Floats:
    """Count reports by month (rows, oldest first) and cell; months without any are zeros.

    `month` counts from 0, the oldest; the last is ``month.max()``.
    """
    cells, months = grid.inside.size, int(month.max(initial=0)) + 1
    flat = month.astype(np.int64) * cells + grid.flat(easting, northing)
    return np.bincount(flat, minlength=months * cells).reshape(months, cells).astype(float)


def mann_kendall(series: Floats) -> Floats:
    """Mann-Kendall trend: z of each column, with the correction for ties.

    Parameters
    ----------
    series
        Months by cells, without gaps.

    Notes
    -----
    S = sum of the signs of all later less earlier values; Var S = [n (n-1) (2n+5) - sum over ties
    of t (t-1) (2t+5)] / 18; z = (S -+ 1) / sqrt(Var), 0 where S or its variance is.

    Examples
    --------
    >>> mann_kendall(np.array([[1.0], [2.0], [3.0], [4.0], [5.0]])).round(3).tolist()
    [2.205]
    """
    months = len(series)
    signs = sum((np.sign(series[at + 1 :] - series[at]).sum(axis=0) for at in range(months - 1)),
                np.zeros(series.shape[1]))  # fmt: skip
    ordered = np.sort(series, axis=0)
    ties, run = np.zeros(series.shape[1]), np.ones(series.shape[1])
    for at in range(1, months + 1):
        same = ordered[at] == ordered[at - 1] if at < months else np.zeros(run.shape, dtype=bool)
        ties += np.where(same, 0.0, run * (run - 1) * (2 * run + 5))
        run = np.where(same, run + 1, 1)
    variance = (months * (months - 1) * (2 * months + 5) - ties) / 18
    corrected = signs - np.sign(signs)
    return np.divide(corrected, np.sqrt(variance), out=np.zeros_like(signs), where=variance > 0)


def emerging_class(z: Floats, trend: Floats, enough: Flags) -> npt.NDArray[np.str_]:
    """Name what each cell has been.

    Parameters
    ----------
    z
        Gi* of each month (rows, oldest first) and cell; 1.96 and more is hot, -1.96 and less cold.
    trend
        Mann-Kendall z of each cell's months.
    enough
        Cells with reports enough to say anything.

    Returns
    -------
    numpy.ndarray
        One class per cell, "cold" before those of cold spots.

    Notes
    -----
    In this order, of T months: new (hot in the last alone); consecutive (hot in a final run of two
    or more, never before); intensifying, persistent or diminishing (hot in 90% or more, the last
    included, with counts rising, flat or falling); historical (90% or more, but not the last);
    oscillating (hot in the last, cold once before); sporadic (hot in the last, less than 90%,
    never cold). Mirrored for cold. Where a month has few reports, one is enough to make it hot: a
    place that began three months ago is sporadic if it had a single report in spring.
    """
    months, cells = z.shape
    names = np.full(cells, NO_PATTERN, dtype="<U24")
    # A cold pattern first, so that a hot one, which wardens act on, is written over it.
    for sign, prefix in ((-1.0, "cold "), (1.0, "")):
        hot, other = sign * z >= HOT_Z, sign * z <= -HOT_Z
        last, share, ever_other = hot[-1], hot.mean(axis=0), other.any(axis=0)
        run = np.logical_and.accumulate(hot[::-1], axis=0).sum(axis=0)
        alone = last & (hot.sum(axis=0) == run)
        nearly = share >= NEARLY_ALWAYS
        critical = -special.ndtri(TREND_P / 2)
        rising = sign * trend
        for name, which in (
            ("sporadic", last & ~nearly & ~ever_other),
            ("oscillating", last & ever_other),
            ("consecutive", alone & (run >= 2) & ~nearly),
            ("new", alone & (run == 1)),
            ("historical", nearly & ~last),
            ("persistent", nearly & last),
            ("intensifying", nearly & last & (rising >= critical)),
            ("diminishing", nearly & last & (rising <= -critical)),
        ):
            names[which] = prefix + name
    names[~enough] = TOO_FEW
    if months < LEAST_MONTHS:
        names[:] = TOO_FEW
    return names


def class_in_words(name: str) -> str:
    """Say what a class means.

    Examples
    --------
    >>> class_in_words("sporadic")
    'sporadic (busy in the last month, and now and then before)'
    >>> class_in_words("cold new")
    'cold new (quiet in the last month, never before)'
    """
    words = IN_WORDS.get(name.removeprefix("cold "))
    if words is None:
        return name
    if name.startswith("cold "):
        swapped = {"busy": "quiet", "quiet": "busy"}
        words = " ".join(swapped.get(word, word) for word in words.split(" "))
    return f"{name} ({words})"
