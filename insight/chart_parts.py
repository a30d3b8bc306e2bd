"""What the charts share: their look, their axes and how they write a number."""

from contextlib import AbstractContextManager
from functools import cache
from textwrap import fill
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import ArrayLike

from insight.periods import Frequency, add_months, parse_period, period_key
from insight.rounding import written

INK, GREY, BLUE = "#0b0c0c", "#505a5f", "#1d70b8"
WIDTH_IN = 7.2
MOST_LABELS = 12
MONTHS_IN = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.ANNUAL: 12}
STYLE: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10.5,
    "axes.titlesize": 12,
    "axes.titlelocation": "left",
    "axes.titlepad": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.axisbelow": True,
    "grid.color": "#dcdfe1",
    "hatch.color": GREY,
    "hatch.linewidth": 0.7,
    "text.color": INK,
    "text.parse_math": False,  # a "$" in a service's name is a "$"
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "none",  # text stays text: smaller, searchable, read aloud
}


def look(**more: str) -> AbstractContextManager[None]:
    """Draw or save in the house's look; `more` settings of matplotlib go on top."""
    settings: Any = STYLE | more
    return rc_context(settings)


def new_axes(height_in: float, title: str) -> tuple[Figure, Axes]:
    """Give an empty chart with its title."""
    figure = Figure(figsize=(WIDTH_IN, height_in + (0.4 if title else 0)), layout="constrained")
    axes = figure.subplots()
    if title:
        axes.set_title(fill(title, 70), weight="bold", x=0)
    return figure, axes


def nothing(title: str) -> Figure:
    """Give the chart that says there is nothing to draw."""
    with look():
        figure, axes = new_axes(1.0, title)
        axes.set_axis_off()
        axes.text(0, 0.5, "No figures for this period.", va="center", transform=axes.transAxes)
    return figure


def names(rows: pd.DataFrame) -> pd.Series:
    """Give each row its name for people, or else its service's code."""
    return rows["name"].astype("string").fillna(rows["service"].astype("string")).fillna("")


def beside(axes: Axes, place: float, words: str) -> None:
    """Write words to the right of the axes, level with `place`."""
    axes.annotate(
        words,
        (1, place),
        xycoords=("axes fraction", "data"),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        annotation_clip=False,
    )


def inside(axes: Axes, across: float, place: float, words: str) -> None:
    """Write words in the middle of a bar's part."""
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.2}
    axes.text(across, place, words, ha="center", va="center", fontsize=9, bbox=box)


def value_axis(
    axes: Axes,
    which: Literal["x", "y"],
    values: ArrayLike,
    unit: str,
    decimals: int,
    *,
    from_nought: bool = True,
) -> None:
    """Fit an axis to values and write its numbers in their unit.

    A bar's length is read from nought, so its axis has it; a line's slope isn't.
    """
    known = np.asarray(values, dtype="float64")
    known = known[np.isfinite(known)]
    low, high = float(known.min()), float(known.max())
    if unit == "share" and from_nought:
        low, high = 0.0, max(1.0, high)
    elif from_nought:
        low, high = min(low, 0.0), max(high * 1.04, 0.0)
    else:
        pad = max((high - low) * 0.12, 0.03 if unit == "share" else abs(high) * 0.05)
        floor = 0.0 if low >= 0 else -np.inf
        low, high = max(low - pad, floor), high + pad
        low = 0.0 if 0 < low < 0.35 * high else low
        high = min(high, 1.0 + 0.02) if unit == "share" else high
    high = high if high > low else low + 1
    if which == "x":
        axes.set_xlim(low, high)
    else:
        axes.set_ylim(low, high)
    axis: Axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(6, integer=unit == "count"))
    places = decimals if unit == "share" and high - low < 0.05 else (1 if unit == "score" else 0)

    @cache  # each tick is asked for a dozen times while the chart is laid out
    def words(value: float) -> str:
        return str(written(pd.Series([value]), unit, places).item())

    axis.set_major_formatter(FuncFormatter(lambda value, _: words(float(value))))


def every_period(rows: pd.DataFrame, frequency: Frequency | str | None) -> pd.DataFrame:
    """Put rows in the order of their ``period`` and add those that are missing between.

    Column ``added`` tells which are.
    """
    parsed = [parse_period(key, frequency) for key in rows["period"]]
    kind = parsed[0][0]
    step = MONTHS_IN[kind]
    at = pd.Index([(first.year * 12 + first.month - 1) // step for _, first in parsed])
    first = min(start for _, start in parsed)
    every = pd.RangeIndex(at.min(), at.max() + 1)
    found = rows.set_axis(at).reindex(every).assign(added=~every.isin(at))
    starts = [add_months(first, step * later) for later in range(len(found))]
    return found.assign(period=[period_key(start, kind) for start in starts])


def period_axis(axes: Axes, keys: pd.Series, frequency: Frequency | str | None) -> None:
    """Label periods below, the last always, the year once."""
    count = len(keys)
    stride = -(-count // MOST_LABELS)
    ticks = [at for at in range(count) if (count - 1 - at) % stride == 0]
    labels, year_before = [], ""
    for at in ticks:
        label, year = _period_label(keys.iloc[at], frequency)
        labels.append(label if year == year_before else f"{label}\n{year}")
        year_before = year
    axes.set_xticks(ticks, labels)
    # Room to the right for the last value.
    axes.set_xlim(-0.5, count - 1 + max(0.5, 0.09 * count))


def _period_label(key: str, frequency: Frequency | str | None) -> tuple[str, str]:
    kind, first = parse_period(key, frequency)
    if kind is Frequency.MONTHLY:
        return f"{first:%b}", f"{first:%Y}"
    if kind is Frequency.QUARTERLY:
        year, quarter = key.split(" ")
        return quarter, year
    return key, ""
