"""Charts as figures, unsaved; `insight.chart_words` says each in a sentence.

Nothing is told by colour alone: statuses are written out and hatched, channels are hatched and
named, intervals and targets are lines of their own kind. Each chart reads in black and white.
"""

import re
from io import StringIO
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from insight.chart_parts import (
    BLUE,
    GREY,
    INK,
    beside,
    every_period,
    inside,
    look,
    names,
    new_axes,
    nothing,
    period_axis,
    value_axis,
)
from insight.rounding import written

# Light fills under dark edges, so that intervals and hatching show on all of them.
STATUS_FILL = {"green": "#8fd0a8", "amber": "#ffdd99", "red": "#f2a59b", "no target": "#dfe4e8"}
STATUS_HATCH = {"amber": "//", "red": "xx"}
CHANNEL_FILL = ("#7fb8e0", "#f6c26b", "#7fcfb6", "#f0e68c", "#e79a6b", "#dba6c6", "#b9c0c6")
CHANNEL_HATCH = ("", "//", "..", "\\\\", "xx", "--", "oo")
OTHER_CHANNELS = "other channels"


def service_bars(
    figures: pd.DataFrame, *, unit: str = "share", decimals: int = 0, title: str = ""
) -> Figure:
    """Draw one bar per service with its interval, and its status in words.

    Parameters
    ----------
    figures
        In the order to draw: ``service`` (or ``name`` for people), ``value``, and where known
        ``lower``, ``upper``, ``base``, ``target`` and ``rag``.
    unit, decimals
        See `insight.rounding.published_values`.
    title
        Drawn above, unless the page says it.
    """
    columns = ["name", "service", "value", "lower", "upper", "base", "target", "rag"]
    rows = figures.reindex(columns=columns).reset_index(drop=True)
    if rows["value"].isna().all():
        return nothing(title)
    numbers = rows[["value", "lower", "upper", "target"]].astype("float64")
    places = np.arange(len(rows))
    status = rows["rag"].astype("string").fillna("")
    with look():
        figure, axes = new_axes(0.62 * len(rows) + 1.0, title)
        axes.barh(
            places,
            numbers["value"].fillna(0),
            height=0.56,
            color=status.map(STATUS_FILL).fillna("#9cc3e4"),
            edgecolor=np.where(numbers["value"].isna(), "none", INK),
            linewidth=0.9,
            hatch=status.map(STATUS_HATCH).fillna("").tolist(),
        )
        axes.hlines(places, numbers["lower"], numbers["upper"], colors=INK, linewidth=1.6)
        for end in ("lower", "upper"):
            axes.vlines(numbers[end], places - 0.13, places + 0.13, colors=INK, linewidth=1.6)
        aim = numbers["target"]
        axes.vlines(
            aim, places - 0.4, places + 0.4, colors=INK, linewidth=2, linestyles=(0, (2, 1))
        )
        axes.set_yticks(places, [fill(name, 22) for name in names(rows)])
        axes.invert_yaxis()
        value_axis(axes, "x", numbers.to_numpy(), unit, decimals)
        axes.grid(axis="x")
        for place, words in zip(places, _bar_words(rows, unit, decimals), strict=True):
            beside(axes, float(place), words)
        key = [
            text
            for text, drawn in (
                ("thin line: 95% interval", numbers["lower"].notna().any()),
                ("dashed line: target", aim.notna().any()),
            )
            if drawn
        ]
        axes.set_xlabel("; ".join(key).capitalize(), loc="left", color=GREY)
    return figure


def period_trend(
    figures: pd.DataFrame,
    *,
    unit: str = "share",
    decimals: int = 0,
    title: str = "",
    frequency: str | None = None,
) -> Figure:
    """Draw a figure over time with its interval and target.

    Parameters
    ----------
    figures
        ``period`` (keys of one frequency), ``value``, and where known ``lower``, ``upper`` and
        ``target``. A period that is missing is a gap in the line.
    unit, decimals, title
        As for `service_bars`.
    frequency
        Of the periods; needed only for financial years before 2012-13, which read like months.
    """
    columns = ["period", "value", "lower", "upper", "target"]
    rows = figures.reindex(columns=columns).dropna(subset="period").drop_duplicates("period")
    if rows["value"].isna().all():
        return nothing(title)
    rows = every_period(rows, frequency)
    numbers = rows[columns[1:]].astype("float64")
    # A target doesn't lapse because a figure is missing.
    numbers["target"] = numbers["target"].fillna(numbers["target"].ffill().where(rows["added"]))
    at = np.arange(len(rows))
    with look():
        figure, axes = new_axes(3.3, title)
        axes.fill_between(at, numbers["lower"], numbers["upper"], color=BLUE, alpha=0.2, lw=0)
        # A band needs two neighbours; a point between gaps has its interval as a line.
        known = numbers["lower"].notna().to_numpy()
        alone = known & ~np.append(known[1:], False) & ~np.append(False, known[:-1])
        axes.vlines(at[alone], numbers["lower"][alone], numbers["upper"][alone], colors=BLUE)
        handles: list[Any] = axes.plot(at, numbers["value"], color=BLUE, lw=2, marker="o", ms=5)
        labels = ["Figure"]
        if known.any():
            handles.append(Patch(facecolor=BLUE, alpha=0.2))
            labels.append("95% interval")
        if numbers["target"].notna().any():
            aim = axes.step(at, numbers["target"], where="mid", color=INK, lw=1.6, ls=(0, (4, 2)))
            if len(rows) == 1:
                axes.hlines(numbers["target"], at - 0.4, at + 0.4, colors=INK, ls=(0, (4, 2)))
            handles += aim
            labels.append("Target")
        period_axis(axes, rows["period"], frequency)
        value_axis(axes, "y", numbers.to_numpy(), unit, decimals, from_nought=False)
        axes.grid(axis="y")
        if axes.get_ylim()[0] > 0:
            axes.set_xlabel("The scale does not start at nought.", loc="left", color=GREY)
        last = int(np.flatnonzero(numbers["value"].notna())[-1])
        latest = numbers["value"].iloc[[last]]
        axes.annotate(
            str(written(latest, unit, decimals).iloc[0]),
            (last, float(latest.iloc[0])),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            weight="bold",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1, "alpha": 0.8},
        )
        figure.legend(handles, labels, loc="outside lower left", ncols=3, frameon=False)
    return figure


def channel_volumes(figures: pd.DataFrame, *, title: str = "", most: int = 6) -> Figure:
    """Draw each service's volume as one bar, cut by channel.

    Parameters
    ----------
    figures
        ``service`` (or ``name``), ``channel`` and ``value``; services in the order to draw.
    title
        As for `service_bars`.
    most
        Channels drawn apart, the largest; the others are one part.
    """
    table = volumes_by_channel(figures, most=most)
    if table.empty:
        return nothing(title)
    places = np.arange(len(table))
    largest = float(table.sum(axis="columns").max())
    with look():
        figure, axes = new_axes(0.5 * len(table) + 1.3, title)
        start = np.zeros(len(table))
        fills: list[dict[str, Any]] = [
            {"facecolor": color, "hatch": hatch, "edgecolor": INK, "linewidth": 0.8}
            for color, hatch in zip(CHANNEL_FILL, CHANNEL_HATCH, strict=True)
        ]
        for filling, channel in zip(fills, table.columns, strict=False):
            part = table[channel].to_numpy()
            axes.barh(places, part, left=start, height=0.62, **filling)
            for place, left, value in zip(places, start, part, strict=True):
                if value >= 0.08 * largest:
                    inside(axes, float(left + value / 2), float(place), f"{value:,.0f}")
            start = start + part
        axes.set_yticks(places, [fill(str(name), 22) for name in table.index])
        axes.invert_yaxis()
        value_axis(axes, "x", start, "count", 0)
        for place, total in zip(places, start, strict=True):
            beside(axes, float(place), f"{total:,.0f}")
        axes.grid(axis="x")
        patches = [Patch(**filling) for filling, _ in zip(fills, table.columns, strict=False)]
        figure.legend(
            patches, list(table.columns), loc="outside lower left", ncols=4, frameon=False,
            handlelength=2.2, handleheight=1.1,
        )  # fmt: skip
    return figure


def volumes_by_channel(figures: pd.DataFrame, *, most: int = 6) -> pd.DataFrame:
    """Give a row per service and a column per channel, the largest channel first.

    Smaller channels than the first `most` are added up under "other channels".
    """
    rows = figures.reindex(columns=["name", "service", "channel", "value"]).dropna(subset="value")
    rows = rows.assign(label=names(rows), channel=rows["channel"].fillna("not recorded"))
    rows = rows[rows["value"].gt(0)]
    largest = rows.groupby("channel")["value"].sum().sort_values(ascending=False, kind="stable")
    kept = list(largest.index[:most] if len(largest) > most + 1 else largest.index)
    rows["channel"] = rows["channel"].where(rows["channel"].isin(kept), OTHER_CHANNELS)
    table = rows.pivot_table(
        index="label", columns="channel", values="value", aggfunc="sum", sort=False, fill_value=0
    )
    order = [*kept, *({OTHER_CHANNELS} & set(table.columns) - set(kept))]
    return table[order].astype("float64") if len(table) else table


def svg_text(figure: Figure, *, name: str = "chart", alt: str = "") -> str:
    """Write a figure as an SVG element to put into a page: the same bytes every time.

    Parameters
    ----------
    figure
        A chart.
    name
        Begins every id in it; each chart of a page needs its own.
    alt
        What it shows, in words; empty if the page says it beside the chart.
    """
    buffer = StringIO()
    unsaid = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with look(**{"svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", metadata=unsaid)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'(href="#|url\(#)', rf"\1{name}-", text)
    # The reader's computer may not have the first of these; all are about as wide.
    text = text.replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, Arial")
    label = re.sub(r'[<>&"]', lambda found: f"&#{ord(found[0])};", alt)
    role = f'role="img" aria-label="{label}"' if alt else 'aria-hidden="true"'
    return text.replace("<svg", f"<svg {role}", 1)


def _bar_words(rows: pd.DataFrame, unit: str, decimals: int) -> pd.Series:
    value, low, high = (
        written(rows[name].astype("float64"), unit, decimals)
        for name in ("value", "lower", "upper")
    )
    status = rows["rag"].astype("string")
    absent = status.where(status.isin(["awaited", "suppressed"]), "no figure").fillna("no figure")
    first = (value + (", " + status).fillna("")).fillna(absent.replace("suppressed", "not shown"))
    base = (", base " + written(rows["base"].astype("float64"), "count", 0)).fillna("")
    return first + ("\n" + low + " to " + high + base).fillna("").mask(value.isna(), "")
