"""A page's charts: the drawing, what it shows in words, and its figures as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure

from insight.chart_words import (
    describe_channel_volumes,
    describe_period_trend,
    describe_service_bars,
)
from insight.charts import channel_volumes, period_trend, service_bars, svg_text, volumes_by_channel
from pipelines.edge import page_parts as say
from pipelines.edge.drawings import Drawings, Fresh, drawn_once, key_of

MONTHS_FOR_A_TREND = 2
NONE = "–"  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart for a page: `svg` is drawn by us and escaped; the rest is plain text."""

    title: str
    description: str
    svg: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def trend_chart(
    figures: pd.DataFrame,
    *,
    name: str,
    title: str,
    unit: str,
    decimals: int | None = None,
    target: float | None = None,
    drawings: Drawings | None = None,
) -> Chart | None:
    """Draw a figure month by month, or nothing where there are too few months.

    Parameters
    ----------
    figures
        One row per period: ``period``, ``value``, ``lower``, ``upper`` and ``base``.
    name
        Begins the drawing's ids; each chart of a page needs its own.
    title, unit, decimals
        As the reader sees them.
    target
        The target now; drawn for all periods.
    drawings
        Where what has been drawn before is found.
    """
    rows = figures.sort_values("period", kind="stable")
    if rows["value"].notna().sum() < MONTHS_FOR_A_TREND:
        return None
    places = 0 if decimals is None else decimals
    drawn = rows.assign(target=target if target is not None else float("nan"))
    return Chart(
        title=title,
        description=describe_period_trend(drawn, unit=unit, decimals=places),
        svg=drawing(
            lambda: period_trend(drawn, unit=unit, decimals=places),
            name,
            title,
            shown=["trend", drawn, unit, places],
            drawings=drawings,
        ),
        head=("Period", "Figure", "Likely between", "Based on"),
        rows=_table(rows, rows["period"].map(say.period), unit, places),
    )


def satisfaction_chart(
    figures: pd.DataFrame,
    named: Callable[[str], str],
    *,
    name: str,
    title: str,
    drawings: Drawings | None = None,
) -> Chart | None:
    """Draw each service's satisfied share with its interval, or nothing without any.

    Parameters
    ----------
    figures
        One row per service: ``service``, ``value``, ``lower``, ``upper`` and ``base``.
    named
        Service code to name.
    name, title, drawings
        As for `trend_chart`.
    """
    rows = figures.assign(name=figures["service"].map(named)).sort_values("name", kind="stable")
    if rows["value"].notna().sum() == 0:
        return None
    return Chart(
        title=title,
        description=describe_service_bars(rows),
        svg=drawing(
            lambda: service_bars(rows), name, title, shown=["services", rows], drawings=drawings
        ),
        head=("Service", "Satisfied", "Likely between", "Answers"),
        rows=_table(rows, rows["name"], "share", 0),
    )


def channels_chart(
    figures: pd.DataFrame,
    named: Callable[[str], str],
    *,
    name: str,
    title: str,
    drawings: Drawings | None = None,
) -> Chart | None:
    """Draw each service's contacts by channel, or nothing without any.

    Parameters
    ----------
    figures
        One row per service and channel: ``service``, ``label`` (the channel) and ``value``.
    named, name, title, drawings
        As for `satisfaction_chart`.
    """
    rows = figures.assign(name=figures["service"].map(named), channel=figures["label"])
    rows = rows.sort_values(["name", "channel"], kind="stable")
    table = volumes_by_channel(rows)
    if table.empty:
        return None
    cells = zip(table.index, table.to_numpy(), table.sum(axis="columns"), strict=True)
    return Chart(
        title=title,
        description=describe_channel_volumes(rows),
        svg=drawing(
            lambda: channel_volumes(rows), name, title, shown=["channels", rows], drawings=drawings
        ),
        head=("Service", *(say.label(channel) for channel in table.columns), "All"),
        rows=tuple(
            (str(service), *(say.count(value) for value in values), say.count(total))
            for service, values, total in cells
        ),
    )


def drawing(
    make: Callable[[], Figure],
    name: str,
    title: str,
    *,
    shown: Sequence[object] = (),
    drawings: Drawings | None = None,
) -> Markup:
    """Put a figure into a page, drawn only where it isn't among the `drawings` yet.

    Parameters
    ----------
    make
        Draws it.
    name, title
        `name` begins its ids, `title` says what it is.
    shown
        What kind of chart it is and all that it is made from.
    drawings
        Where what has been drawn before is found.
    """

    def drawn(_: object) -> list[str]:
        return [svg_text(make(), name=name, alt=title)]

    (text,) = drawn_once(drawings or Fresh(), [key_of([*shown, name, title])], drawn)
    # svg_text escapes what it is given; matplotlib escapes the texts in the drawing.
    return Markup(text)  # noqa: S704


def _table(
    rows: pd.DataFrame, labels: pd.Series, unit: str, decimals: int
) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            say.text(label),
            say.figure(row["value"], unit, decimals) if row["value"] is not None else "too few",
            say.interval(row["lower"], row["upper"], unit, decimals) or NONE,
            NONE if row["base"] is None else say.count(row["base"]),
        )
        for label, row in zip(labels, say.records(rows), strict=True)
    )
