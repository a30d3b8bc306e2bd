"""The control chart as a figure, unsaved; `insight.spc_words` says it in sentences.

Each kind of point has a shape of its own beside its colour, every line is named where it ends or
in the key, and limits that rest on few points are dashed.
"""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from insight.chart_parts import (
    BLUE,
    GREY,
    INK,
    every_period,
    look,
    new_axes,
    nothing,
    period_axis,
    value_axis,
)
from insight.rounding import written
from insight.spc_choice import Chart
from insight.spc_rules import Variation

ORANGE = "#d4570a"
# Fill, marker and name in the key; each differs in shape, so that it reads in black and white.
MARKS: dict[str, tuple[str, str, str]] = {
    Variation.IMPROVEMENT_HIGH: (BLUE, "^", "Real change for the better, high"),
    Variation.IMPROVEMENT_LOW: (BLUE, "v", "Real change for the better, low"),
    Variation.CONCERN_HIGH: (ORANGE, "D", "Real change for the worse, high"),
    Variation.CONCERN_LOW: (ORANGE, "s", "Real change for the worse, low"),
    Variation.NEUTRAL_HIGH: ("#b9c0c6", "P", "Real change, high"),
    Variation.NEUTRAL_LOW: ("#b9c0c6", "X", "Real change, low"),
}
_TARGET: Any = (0, (6, 2, 1.5, 2))
_PROVISIONAL: Any = (0, (2.5, 2))
_COLUMNS = (
    "period", "value", "charted", "target", "segment", "mean", "lpl", "upl", "variation",
    "provisional",
)  # fmt: skip


def control_chart(
    points: pd.DataFrame,
    *,
    chart: str = Chart.XMR,
    unit: str = "count",
    decimals: int = 0,
    title: str = "",
    frequency: str | None = None,
    polarity: str = "",
) -> Figure:
    """Draw the control chart of one series.

    Parameters
    ----------
    points
        Its rows of `insight.spc.Control.points`; none where the chart was refused.
    chart
        Which chart it is, from `insight.spc.Control.series`.
    unit, decimals
        See `insight.rounding.published_values`; limits of a share are drawn within 0% and 100%.
    title, frequency
        As for `insight.charts.period_trend`.
    polarity
        Which way is better, written below the chart: "higher", "lower" or any other.
    """
    rows = points.reindex(columns=list(_COLUMNS))
    if rows["charted"].isna().all():
        return nothing(title)
    rows = every_period(rows, frequency).reset_index(drop=True)
    differenced = chart == Chart.DIFFERENCE
    lines = within_unit(rows, unit, clip=not differenced)
    at = np.arange(len(rows))
    with look():
        figure, axes = new_axes(3.5, title)
        handles: list[Any] = []
        labels: list[str] = []
        known = rows["charted"].notna()
        axes.plot(at[known], lines["charted"][known], color=GREY, lw=1, zorder=2)
        stepped = chart not in (Chart.XMR, Chart.DIFFERENCE)
        provisional = _segments(axes, rows, lines, stepped=stepped)
        for label, style in (
            ("Mean of the segment", "-"),
            ("Limits", "-"),
            ("Limits, provisional", _PROVISIONAL),
        ):
            if label == "Limits" and provisional == {True}:
                continue
            if label == "Limits, provisional" and True not in provisional:
                continue
            if provisional:
                wide = 1.6 if label.startswith("Mean") else 1.1
                color = INK if label.startswith("Mean") else GREY
                handles.append(Line2D([], [], color=color, lw=wide, ls=style))
                labels.append(label)
        if rows["target"].notna().any() and not differenced:
            aim = lines["target"].where(known, lines["target"].ffill())
            handles += axes.step(at, aim, where="mid", color=INK, lw=1.8, ls=_TARGET, zorder=3)
            labels.append("Target")
        for marks, words in _points(axes, at, rows["variation"], lines["charted"]):
            handles.append(marks)
            labels.append(words)
        period_axis(axes, rows["period"], frequency)
        shown = lines[["charted", "lpl", "upl", *(() if differenced else ("target",))]]
        value_axis(axes, "y", shown.to_numpy(), unit, decimals, from_nought=False)
        axes.grid(axis="y")
        axes.set_xlabel(_below(axes, polarity, differenced), loc="left", color=GREY)
        _at_the_end(axes, rows, lines, unit, decimals)
        figure.legend(handles, labels, loc="outside lower left", ncols=3, frameon=False)
    return figure


def within_unit(rows: pd.DataFrame, unit: str, *, clip: bool) -> pd.DataFrame:
    """Give the numbers to draw: a share's limits cut off at 0 and 1, for display alone."""
    lines = rows[["charted", "target", "mean", "lpl", "upl"]].astype("float64")
    if unit == "share" and clip:
        lines[["lpl", "upl"]] = lines[["lpl", "upl"]].clip(0, 1)
    elif clip and lines["charted"].ge(0).all():
        lines["lpl"] = lines["lpl"].clip(lower=0)
    return lines


def _segments(axes: Axes, rows: pd.DataFrame, lines: pd.DataFrame, *, stepped: bool) -> set[bool]:
    """Draw mean and limits, broken where a segment begins; tell whether any are provisional."""
    drawn = set()
    segment = rows["segment"].astype("Int64").ffill()
    for number in segment.dropna().unique():
        here = segment.eq(number).to_numpy()
        part = lines[here].ffill()
        if part["mean"].isna().all():
            continue
        where = np.flatnonzero(here)
        few = bool(rows.loc[here, "provisional"].eq(True).any())
        drawn.add(few)
        if number > segment.min():
            axes.axvline(where[0] - 0.5, color=GREY, lw=0.9, ls=(0, (1, 2)))
            axes.annotate(
                "rebased", (where[0] - 0.5, 1), xycoords=("data", "axes fraction"),
                xytext=(0, 1), textcoords="offset points", va="bottom", ha="center",
                fontsize=9, color=GREY,
            )  # fmt: skip
        across = np.concatenate([[where[0] - 0.5], where, [where[-1] + 0.5]])
        for name, color, wide in (("mean", INK, 1.6), ("lpl", GREY, 1.1), ("upl", GREY, 1.1)):
            level = part[name].to_numpy()
            level = np.concatenate([level[:1], level, level[-1:]])
            style = _PROVISIONAL if few and name != "mean" else "-"
            kind = "steps-mid" if stepped else "default"
            axes.plot(across, level, color=color, lw=wide, ls=style, drawstyle=kind, zorder=1)
    return drawn


def _points(
    axes: Axes, at: np.ndarray, variation: pd.Series, charted: pd.Series
) -> list[tuple[Line2D, str]]:
    plain = charted.notna() & ~variation.isin(list(MARKS))
    (dots,) = axes.plot(
        at[plain], charted[plain], "o", ms=5, mfc="white", mec=INK, mew=1.1, zorder=4
    )
    drawn = [(dots, "No real change")] if plain.any() else []
    for kind, (fill, shape, words) in MARKS.items():
        here = variation.eq(kind) & charted.notna()
        if here.any():
            (marks,) = axes.plot(
                at[here], charted[here], shape, ms=7.5, mfc=fill, mec=INK, mew=0.8, zorder=5
            )
            drawn.append((marks, words))
    return drawn


def _below(axes: Axes, polarity: str, differenced: bool) -> str:
    better = {"higher": "Higher is better.", "lower": "Lower is better."}.get(polarity, "")
    change = "Change on the same period last year." if differenced else ""
    cut = "The scale does not start at nought." if axes.get_ylim()[0] > 0 else ""
    return " ".join(part for part in (change, better, cut) if part)


def _at_the_end(
    axes: Axes, rows: pd.DataFrame, lines: pd.DataFrame, unit: str, decimals: int
) -> None:
    """Write the latest figures beside the lines' ends, apart from each other."""
    last = int(np.flatnonzero(rows["charted"].notna())[-1])
    low, high = axes.get_ylim()
    gap = (high - low) * 0.075
    names = {"upl": "upper limit", "mean": "mean", "lpl": "lower limit"}
    wanted = [
        (float(lines[name].iloc[last]), words)
        for name, words in names.items()
        if np.isfinite(lines[name].iloc[last])
    ]
    heights: list[float] = []
    for level, words in sorted(wanted):
        height = max(level, heights[-1] + gap) if heights else level
        heights.append(height)
        number = written(pd.Series([level]), unit, decimals).iloc[0]
        axes.annotate(
            f"{words} {number}", (1, height), xycoords=("axes fraction", "data"),
            xytext=(4, 0), textcoords="offset points", va="center", fontsize=9,
            color=INK, annotation_clip=False,
        )  # fmt: skip
