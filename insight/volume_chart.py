"""Rows of each source by month, small and side by side, for whoever would rather look."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from insight.chart_parts import BLUE, GREY, INK, WIDTH_IN, look, nothing

MONTHS_SHOWN = 24
ACROSS = 3


def source_volumes(volumes: pd.DataFrame, *, title: str = "") -> Figure:
    """Draw one small chart a source, each on its own scale from nought.

    Parameters
    ----------
    volumes
        ``source``, ``month`` (its first day) and ``rows``; sources in the order to draw. The last
        month is the one in question, and has a dot.
    title
        Drawn above, unless the page says it.
    """
    wide = by_month(volumes)
    if wide.empty:
        return nothing(title)
    down = -(-len(wide) // ACROSS)
    with look():
        figure = Figure(figsize=(WIDTH_IN, 0.92 * down + 0.3), layout="constrained")
        grid = figure.subplots(down, ACROSS, squeeze=False).ravel()
        for axes, source in zip(grid, wide.index, strict=False):
            _draw(axes, str(source), wide.loc[source])
        for axes in grid[len(wide) :]:
            axes.set_axis_off()
        if title:
            figure.suptitle(title, x=0, ha="left", weight="bold")
    return figure


def describe_source_volumes(volumes: pd.DataFrame) -> str:
    """Say what `source_volumes` draws.

    Examples
    --------
    >>> volumes = pd.DataFrame({"source": ["calls"] * 3, "rows": [410, 395, 205],
    ...     "month": pd.date_range("2026-08-01", periods=3, freq="MS")})
    >>> describe_source_volumes(volumes)
    'Rows a month from August 2026 to October 2026. Fewest rows of those months in the last: calls.'
    """
    wide = by_month(volumes)
    if wide.empty:
        return "No rows yet."
    first, last = wide.columns[0], wide.columns[-1]
    words = f"Rows a month from {first:%B %Y} to {last:%B %Y}."
    fewest = wide.index[wide[last].lt(wide.drop(columns=last).min(axis="columns"))]
    if len(fewest):
        words += f" Fewest rows of those months in the last: {', '.join(fewest)}."
    return words


def by_month(volumes: pd.DataFrame) -> pd.DataFrame:
    """Give a row per source that ever sent a row, and a column per month, 24 at most.

    Months before a source began are missing.
    """
    if volumes.empty:
        return pd.DataFrame()
    wide = volumes.pivot_table(
        index="source", columns="month", values="rows", aggfunc="sum", sort=False
    )
    wide = wide.sort_index(axis="columns").astype("float64")
    wide = wide[wide.columns[-MONTHS_SHOWN:]]
    wide = wide[wide.sum(axis="columns").gt(0)]
    return wide.mask(wide.cumsum(axis="columns").eq(0)).dropna(axis="columns", how="all")


def _draw(axes: Axes, source: str, rows: pd.Series) -> None:
    at, values = np.arange(len(rows)), rows.to_numpy(dtype="float64")
    axes.fill_between(at, 0, values, color=BLUE, alpha=0.15, lw=0)
    axes.plot(at, values, color=BLUE, lw=1.5)
    axes.plot(at[-1:], values[-1:], color=INK, marker="o", ms=4)
    axes.set_ylim(0, max(float(np.nanmax(values)), 1) * 1.15)
    axes.set_xlim(-0.5, len(rows) - 0.5)
    name = source if len(source) <= 24 else f"{source[:23]}\N{HORIZONTAL ELLIPSIS}"
    axes.set_title(f"{name}: {values[-1]:,.0f}", fontsize=9, pad=3, x=0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
