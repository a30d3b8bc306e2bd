"""A service's figures as tables to look closer into: by month, by channel, by ward."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from insight.results import split_breakdowns
from pipelines.edge import page_parts as say
from pipelines.edge.page_data import PageData, split_alone, whole

View = dict[str, Any]
MONTHS_SHOWN = 13
CONTACT_MEASURES = (
    "contacts", "contacts_change", "chasing_contacts", "chasing_contact_share",
    "repeat_contact_share", "first_contact_resolution_share", "avoidable_contacts",
    "avoidable_contact_share", "digital_take_up_share", "contact_hours",
)  # fmt: skip
OTHER_MEASURES = (
    "calls_answered_share", "calls_abandoned_share", "service_level_share", "wait_seconds_mean",
    "complaints_received", "complaints_upheld_share", "satisfaction_share",
)  # fmt: skip
CHANNEL_MEASURES = (
    "contacts", "contacts_change", "chasing_contacts", "chasing_contact_share",
    "repeat_contact_share", "avoidable_contacts", "contact_hours", "contact_pounds",
)  # fmt: skip
NONE = "\N{EN DASH}"


def by_month(data: PageData, code: str, measures: Sequence[str], title: str) -> View | None:
    """Give a service's figures month by month, the latest first."""
    mine = data.results_of(code)
    parts = {name: rows for name in measures if len(rows := whole(mine, name))}
    if not parts:
        return None
    periods = sorted({key for rows in parts.values() for key in rows["period"]}, reverse=True)
    cells = {
        name: {row["period"]: row for row in say.records(rows)} for name, rows in parts.items()
    }
    return {
        "title": title,
        "head": ["Month", *(figure_title(data, name) for name in parts)],
        "rows": [
            {
                "label": say.period(key),
                "cells": [figure_cell(data, name, cells[name].get(key)) for name in parts],
            }
            for key in periods[:MONTHS_SHOWN]
        ],
    }


def by_dimension(
    data: PageData, code: str, dimension: str, title: str, measures: Sequence[str] | None = None
) -> View | None:
    """Give a service's figures of the month by channel, or ward, or whatever `dimension` is."""
    mine = data.now[data.now["service"].eq(code)].reset_index(drop=True)
    found: dict[str, dict[str, View]] = {}
    split = dict(iter(split_alone(mine, dimension).groupby("measure")))
    for name in measures or data.catalogue:
        if name in split:
            found[name] = {say.label(row["label"]): row for row in say.records(split[name])}
    labels = sorted({label for rows in found.values() for label in rows}, key=lambda x: (not x, x))
    if not labels:
        return None
    return {
        "title": title,
        "head": [say.label(dimension), *(figure_title(data, name) for name in found)],
        "rows": [
            {
                "label": label or "Not recorded",
                "cells": [figure_cell(data, name, rows.get(label)) for name, rows in found.items()],
            }
            for label in labels
        ],
    }


def by_week(data: PageData, code: str) -> View | None:
    """Give a service's contacts of each week of the month beside the same week last year."""
    mine = data.now[
        data.now["service"].eq(code) & data.now["measure"].eq("contacts_by_week")
    ].reset_index(drop=True)
    if mine.empty:
        return None
    cells = split_breakdowns(mine["breakdown"])
    mine = mine.assign(week=cells["week"], holidays=cells.get("holidays")).sort_values("week")
    largest = max(float(mine[["value", "denominator"]].max().max()), 1.0)
    rows = [
        {
            "label": _week(str(row["week"])),
            "now": say.count(row["value"]),
            "then": NONE if row["denominator"] is None else say.count(row["denominator"]),
            "bar": round(100 * row["value"] / largest, 1),
            "note": _holidays(row["holidays"]),
        }
        for row in say.records(mine)
    ]
    return {"rows": rows, "noted": any(row["note"] for row in rows)}


def _week(key: str) -> str:
    monday = pd.Timestamp.fromisocalendar(int(key[:4]), int(key[-2:]), 1)
    return f"From {say.day(monday.date())}"


def _holidays(note: object) -> str:
    if say.missing(note):
        return ""
    now, _, then = str(note).partition(" not ")
    return f"{say.plural(int(now), 'bank holiday')}, last year {then}"


def figure_title(data: PageData, name: str) -> str:
    """Return the catalogue's title of a figure."""
    return data.catalogue[name][0] if name in data.catalogue else say.label(name)


def figure_cell(data: PageData, name: str, row: View | None) -> tuple[str, str]:
    """Write a figure and its range; a dash where there is none, words where there are too few."""
    if row is None:
        return NONE, ""
    unit = data.catalogue[name][1] if name in data.catalogue else "count"
    if row["value"] is None:
        return "too few", ""
    return say.figure(row["value"], unit), say.interval(row["lower"], row["upper"], unit)
