"""The public's page: what the releases decided, drawn and never decided again."""

from typing import Any

import pandas as pd

from insight.periods import period_title
from insight.public import Decision, as_shown, covers
from insight.scorecard import with_target_words
from pipelines.edge import page_parts as say
from pipelines.edge.drawings import Drawings
from pipelines.edge.page_charts import Chart, trend_chart
from pipelines.edge.page_data import PageData

View = dict[str, Any]
FAMILIES = {
    "service standard": "What you can expect from us",
    "general statutory": "What the law asks of us",
    "general improvement": "What we are working to improve",
    "corporate strategy": "What our corporate strategy promises",
}
"""Families in the order in which residents meet them, and what they mean to them."""
QUARTERS_SHOWN = 9


def public(data: PageData) -> View:
    """Show the last released quarter's figures and the quarters before it, or that there is none.

    What isn't shown is named with its reason.
    """
    seen = data.public
    if seen is None or seen.quarter is None:
        return {"released": False, "when": "Nothing released yet"}
    order = list(FAMILIES)
    place = seen.figures["family"].map({name: at for at, name in enumerate(order)})
    ordered = seen.figures.assign(place=place.fillna(len(order)), covers=covers(seen.figures))
    ordered = ordered.sort_values(["place", "family", "title", "measure"], kind="stable")
    shown = ordered["decision"].eq(Decision.PUBLISHED)
    rows = say.records(with_target_words(ordered[shown]))
    marks = [say.rag(row["rag"]) for row in rows]
    known = sorted(set(marks), key=lambda mark: mark.order)
    return {
        "released": True,
        "when": period_title(seen.quarter),
        "released_by": seen.released_by,
        "committee": f"{seen.figures['committee_on'].iloc[0]:%B %Y}",
        "rows": rows,
        "counts": [{"mark": mark, "number": marks.count(mark)} for mark in known],
        "families": [
            {"name": FAMILIES.get(name, say.label(name)), "rows": own}
            for name in dict.fromkeys(row["family"] for row in rows)
            for own in [[row for row in rows if row["family"] == name]]
        ],
        "not_shown": say.records(ordered[~shown]),
        **_over_time(seen.trend, ordered, data.drawings),
    }


def _over_time(trend: pd.DataFrame, ordered: pd.DataFrame, drawings: Drawings) -> View:
    """Put the released quarters beside one another, and draw those measures that have two."""
    quarterly = trend[trend["frequency"].ne("annual")]
    quarters = sorted(set(quarterly["period"]))[-QUARTERS_SHOWN:]
    cells = quarterly.assign(shown=as_shown(quarterly)).set_index(["measure", "period"])["shown"]
    listed = ordered[ordered["frequency"].ne("annual")]
    lines = [
        {"title": title, "cells": [say.text(cells.get((code, key)), "") for key in quarters]}
        for code, title in zip(listed["measure"], listed["title"], strict=True)
    ]
    charts = [
        chart
        for place, row in enumerate(say.records(ordered))
        if (chart := _chart(trend, row, f"trend-{place}", drawings)) is not None
    ]
    return {
        "quarters": [period_title(key) for key in quarters],
        "lines": lines if len(quarters) > 1 else [],
        "charts": charts,
    }


def _chart(trend: pd.DataFrame, row: View, name: str, drawings: Drawings) -> Chart | None:
    own = trend[trend["measure"].eq(row["measure"]) & trend["frequency"].eq(row["frequency"])]
    known = own[own["value"].notna()].tail(QUARTERS_SHOWN)
    band = row["polarity"] == "band"
    return trend_chart(
        known,
        name=name,
        title=say.text(row["title"]),
        unit=say.text(row["unit"], "count"),
        decimals=row["decimals"],
        target=None if band else row["target"],
        drawings=drawings,
    )


def public_news(data: PageData) -> str:
    """Say in a few words what the public's page shows."""
    seen = data.public
    if seen is None or seen.quarter is None:
        return "nothing released yet"
    shown = int(seen.figures["decision"].eq(Decision.PUBLISHED).sum())
    return f"{say.plural(shown, 'measure')} published"
