"""Comments by service: how many, how much praise, themes, and how they read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from insight.comments import (
    OTHER,
    Reading,
    Themes,
    find_themes,
    is_praise,
    measure_reading,
    name_themes,
    read_sentiment,
)
from insight.comments.praise import direction_of
from insight.comments.themes import theme_shares
from insight.errors import InsightError
from insight.intervals import wilson
from insight.periods import add_months, in_month, month_key, uk_date, wall_clock
from insight.results import (
    NOT_RECORDED,
    as_results,
    count_results,
    join_results,
    no_results,
    share_results,
)
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.figures import since_first, store_figures, window
from pipelines.steps.summary import Plain, StepSummary, plain_rows

MEASURES = (
    "comments_received", "comments_praise_share", "comments_read_positive_share",
    "comments_reading_right_share",
)  # fmt: skip
THEME_MONTHS = 12
SIDES = {True: "praise", False: "not praise"}


@dataclass(frozen=True)
class Heard:
    """The comments of some months with ``praise``, ``told`` and ``theme``, and how they read.

    `themes` are by side, "praise" and "not praise", from the last twelve months.
    """

    comments: pd.DataFrame
    themes: dict[str, Themes]
    reading: Reading


def hear(comments: pd.DataFrame, month: date) -> Heard:
    """Sort comments into praise and the rest, each into its themes.

    Parameters
    ----------
    comments
        Rows of the comments contract, redacted, up to the end of `month`.
    month
        The last month; themes are those of the twelve months ending with it.
    """
    rows = comments.assign(praise=is_praise(comments)).reset_index(drop=True)
    rows["told"] = rows["praise"].map(SIDES).astype("string")
    recent = wall_clock(rows["received_at"]).ge(pd.Timestamp(add_months(month, 1 - THEME_MONTHS)))
    rows["theme"] = pd.Series(OTHER, index=rows.index, dtype="string")
    themes = {}
    for praise, side in SIDES.items():
        own = rows["praise"].eq(praise)
        themes[side] = find_themes(rows.loc[own & recent, "text"])
        rows.loc[own, "theme"] = name_themes(rows.loc[own, "text"], themes[side])
    return Heard(rows, themes, measure_reading(rows["text"], direction_of(rows)))


def heard_by_service(
    workspace: Workspace, month: date, service: str | None
) -> tuple[list[dict[str, Any]], str]:
    """Return each service's praise and themes over twelve months, and how far words are read.

    Raises
    ------
    InsightError
        If `service` has no comments while others have.
    """
    heard = hear(read_events(workspace, "comments", months=window(month, THEME_MONTHS)), month)
    rows = heard.comments.assign(
        service=heard.comments["service"].astype("string").fillna(NOT_RECORDED)
    )
    services = sorted(rows["service"].unique())
    if service is not None and services and service not in services:
        message = f"Nobody commented on {service}. Services with comments: {', '.join(services)}."
        raise InsightError(message)
    told = []
    for code in services if service is None else [service] if services else []:
        own = rows[rows["service"].eq(code)]
        praise, base = int(own["praise"].sum()), len(own)
        lower, upper = wilson(praise / base, base)
        themes = {
            side: plain_rows(theme_shares(own.loc[own["told"].eq(side), "theme"]))
            for side in SIDES.values()
        }
        told.append(
            {
                "service": code,
                "comments": base,
                "praise": praise,
                "praise_share": praise / base,
                "lower": float(lower),
                "upper": float(upper),
                "themes": themes,
            }
        )
    return told, heard.reading.words


def publish_comments(workspace: Workspace, month: date) -> StepSummary:
    """Store comments by service, kind and theme, praise apart, with base and interval."""
    months = window(month)
    heard = hear(read_events(workspace, "comments", months=months), month)
    rows = heard.comments
    unrated = rows["rating"].isna()
    rows["read"] = read_sentiment(rows["text"], heard.reading).where(unrated)
    told = since_first(months, rows["received_at"])
    figures = join_results(part for each in told for part in _figures(rows, each))
    figures = join_results([figures, _right(heard.reading, month)])
    stored = store_figures(
        workspace, figures, measures=MEASURES, months=months, contracts=["comments"]
    )
    return StepSummary(
        "comments",
        f"{int(in_month(rows['received_at'], month).sum()):,} comments of {month:%B %Y}; figures "
        f"stored: {stored}. {heard.reading.words}",
        table=_by_service(rows, month),
        problems=_silent(rows, month),
    )


def _by_service(rows: pd.DataFrame, month: date) -> list[dict[str, Plain]]:
    """Count each service's comments and praise, of the month and of all months held."""
    counted = rows.assign(
        service=rows["service"].astype("string").fillna(NOT_RECORDED),
        now=in_month(rows["received_at"], month),
    )
    counts = counted.groupby("service").agg(
        this_month=("now", "sum"), comments=("praise", "size"), praise=("praise", "sum")
    )
    return plain_rows(counts.reset_index())


def _figures(rows: pd.DataFrame, month: date) -> Sequence[pd.DataFrame]:
    own, key = rows[in_month(rows["received_at"], month)], month_key(month)
    if own.empty:
        return []
    parts = [
        count_results(
            own,
            measure="comments_received",
            period=key,
            dims=[["kind"], ["told"], ["told", "theme"]],
        ),
        share_results(
            own.assign(asked=True),
            measure="comments_praise_share",
            period=key,
            numerator="praise",
            denominator="asked",
        ),
    ]
    read = own[own["read"].notna()]
    if len(read):
        parts.append(
            share_results(
                read.assign(asked=True, positive=read["read"].eq(1)),
                measure="comments_read_positive_share",
                period=key,
                numerator="positive",
                denominator="asked",
            )
        )
    return parts


def _right(reading: Reading, month: date) -> pd.DataFrame:
    if np.isnan(reading.right):
        return no_results()
    row = {
        "measure": "comments_reading_right_share",
        "service": "all",
        "period": month_key(month),
        "value": reading.right,
        "lower": reading.lower,
        "upper": reading.upper,
        "base": reading.base,
    }
    return as_results(pd.DataFrame([row]))


def _silent(rows: pd.DataFrame, month: date) -> list[str]:
    if rows.empty or in_month(rows["received_at"], month).any():
        return []
    last = wall_clock(rows["received_at"]).max()
    return [
        f"No comments of {month:%B %Y}; the last is of {uk_date(last.date())}. Is the export still "
        "sent, and its file in the inbox?"
    ]
