"""What heads of service and service managers see: all services at a glance, then each by itself."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from insight.periods import add_months, month_key
from insight.results import ALL_SERVICES, NOT_RECORDED
from pipelines.edge import manager_tables as tables
from pipelines.edge import page_parts as say
from pipelines.edge.manager_words import looked_at, month_headlines, sentence
from pipelines.edge.missing_view import missing_view
from pipelines.edge.page_charts import Chart, channels_chart, satisfaction_chart, trend_chart
from pipelines.edge.page_data import PageData, by_service, split_by, whole
from pipelines.edge.service_views import SERVICE_FIGURES, bars
from pipelines.edge.survey_views import comments_view, satisfaction_view
from pipelines.edge.topic_views import with_topic_shares

View = dict[str, Any]
STATS = (
    "contacts", "contacts_change", "chasing_contact_share", "repeat_contact_share",
    "first_contact_resolution_share", "avoidable_contact_share", "digital_take_up_share",
    "calls_answered_share", "service_level_share", "wait_seconds_mean", "contact_hours",
    "contact_pounds", "enquiries", "complaints_received", "complaints_on_time_share",
    "complaints_overdue", "complaints_upheld_share", "satisfaction_share",
)  # fmt: skip
MANAGER_FIGURES = tuple(dict.fromkeys([*STATS, *SERVICE_FIGURES, "chasing_contacts",
                                       "avoidable_contacts", "calls_abandoned_share",
                                       "contacts_expected", "comments_received",
                                       "comments_praise_share", "satisfaction_share_quarter",
                                       "survey_responses"]))  # fmt: skip
SPLITS = {
    "contacts": ("contacts", "channel", "Not recorded"),
    "topics": ("enquiries", "topic", "Too unclear to sort"),
    "stages": ("complaints_received", "stage", "Not recorded"),
    "outcomes": ("complaints_received", "outcome", "Not recorded"),
    "evidence": ("chasing_contacts", "evidence", "Not recorded"),
    "classes": ("avoidable_contacts", "class", "Not recorded"),
}
GLANCE = (
    "contacts", "contacts_change", "chasing_contact_share", "repeat_contact_share",
    "complaints_received", "satisfaction_share",
)  # fmt: skip


def pages_of(data: PageData) -> dict[str, str]:
    """Give the services that have figures, in order, with the file name of each one's page."""
    codes = [str(code) for code in {*data.now["service"].dropna()} if _has_any(data, str(code))]
    ordered = sorted(codes, key=lambda code: (code == ALL_SERVICES, data.name(code), code))
    plain = {code: re.sub(r"[^a-z0-9]+", "-", code.casefold()).strip("-") for code in ordered}
    names: dict[str, str] = {}
    for number, code in enumerate(ordered, start=1):
        name = plain[code] or "service"
        # Two codes may look alike once they are plain; the file names must not.
        taken = name in names.values() or name == "index"
        names[code] = f"{name}-{number}" if taken else name
    return names


def _has_any(data: PageData, code: str) -> bool:
    shown = {*MANAGER_FIGURES}
    if code == NOT_RECORDED:  # a survey of all residents is of no service, and needs no page
        shown = {name for name in shown if not name.startswith(("satisfaction", "survey"))}
    mine = data.now[data.now["service"].eq(code)]
    return bool(mine["measure"].isin(shown).any())


def service_managers(data: PageData) -> View:
    """Show all services at a glance, the changes that stand, and the way to each one's page."""
    names = pages_of(data)
    found = month_headlines(data)
    whole_now = {name: _rows(whole(data.now, name)) for name in GLANCE}
    apart = data.now[data.now["service"].ne(ALL_SERVICES)]
    compared = (
        channels_chart(
            split_by(apart, "contacts", "channel"),
            data.name,
            name="channels",
            title=f"Contacts by channel, {data.period_label}",
            drawings=data.drawings,
        ),
        satisfaction_chart(
            whole(apart, "satisfaction_share"),
            data.name,
            name="satisfaction",
            title=f"Satisfied customers, {data.period_label}",
            drawings=data.drawings,
        ),
    )
    return {
        "services": [
            {
                "name": data.name(code),
                "href": f"{file}.html",
                "cells": [
                    tables.figure_cell(data, name, whole_now[name].get(code)) for name in GLANCE
                ],
            }
            for code, file in names.items()
        ],
        "head": [tables.figure_title(data, name) for name in GLANCE],
        "news": [
            {"service": data.name(str(row["service"])), "says": sentence(row),
             "href": f"{names[str(row['service'])]}.html"}
            for row in say.records(found.found.drop_duplicates("service"))  # the surest
            if str(row["service"]) in names
        ],
        "looked_at": looked_at(found) if found.candidates else "",
        "charts": [chart for chart in compared if chart],
    }  # fmt: skip


def service_view(data: PageData, code: str, news: pd.DataFrame) -> View:
    """Show one service: what changed, its contacts, who chases, complaints, satisfaction."""
    now = data.now[data.now["service"].eq(code)].reset_index(drop=True)
    latest = {row["measure"]: row for row in say.records(now[now["breakdown"].fillna("").eq("")])}
    people = {row["code"]: row for row in say.records(data.services)}
    cut = {
        name: by_service(split_by(now, measure, by)) for name, (measure, by, _) in SPLITS.items()
    }
    parts = {
        name: bars(cut[name][code], SPLITS[name][2]) if code in cut[name] else None
        for name in SPLITS
    }
    if parts["topics"]:
        parts["topics"] = with_topic_shares(parts["topics"], data, now, code)
    return {
        "code": code,
        "name": data.name(code),
        "person": people.get(code),
        "news": [sentence(row) for row in say.records(news[news["service"].eq(code)])],
        "stats": [_stat(data, name, latest[name]) for name in STATS if name in latest],
        "figures": {name: latest.get(name) for name in SERVICE_FIGURES},
        "parts_": parts,
        "weeks": tables.by_week(data, code),
        "expected": _expected(data, code),
        "charts": _charts(data, code),
        "survey": satisfaction_view(
            data.results_of(code), code, data.period, name="quarters", drawings=data.drawings
        ),
        "comments": comments_view(data.results, code, data.period),
        "missing": missing_view(data.results, data.period) if code == ALL_SERVICES else [],
        "closer": _closer(data, code),
    }


def _rows(frame: pd.DataFrame) -> dict[str, View]:
    return {row["service"]: row for row in say.records(frame)}


def _stat(data: PageData, name: str, row: Mapping[str, Any]) -> View:
    """Write one headline number: its value, and what it is likely between and rests on."""
    unit = data.catalogue[name][1] if name in data.catalogue else "count"
    if row["value"] is None:
        base = say.plural(row["base"], "record") if row["base"] is not None else ""
        return {"name": tables.figure_title(data, name), "value": "too few", "extra": base}
    range_ = say.interval(row["lower"], row["upper"], unit)
    if name == "contacts_change" and not range_:
        range_ = "too few weeks to tell it from chance"
    elif range_:
        chance = unit == "count"
        range_ = f"chance alone: {range_}" if chance else f"likely {range_}"
    based = unit == "share" and name != "contacts_change" and row["base"] is not None
    extra = [range_, f"based on {say.count(row['base'])}" if based else ""]
    return {
        "name": tables.figure_title(data, name),
        "value": say.figure(row["value"], unit),
        "extra": "; ".join(part for part in extra if part),
    }


def _expected(data: PageData, code: str) -> View | None:
    """Give the contacts expected next month by channel, where forecasts have been any good."""
    if data.expected is None:
        return None
    mine = data.expected[data.expected["service"].eq(code)].reset_index(drop=True)
    rows = split_by(mine, "contacts_expected", "channel").sort_values("value", ascending=False)
    if rows.empty:
        return None
    return {
        "month": say.period(month_key(add_months(data.month, 1))),
        "rows": [
            {"label": say.label(row["label"]), "value": say.count(row["value"]),
             "range": say.interval(row["lower"], row["upper"])}
            for row in say.records(rows)
        ],
    }  # fmt: skip


def _charts(data: PageData, code: str) -> list[Chart]:
    mine = data.results_of(code)
    wanted = (("chasing_contact_share", "Share of contacts that chase, month by month"),
              ("satisfaction_share", "Satisfied customers, month by month"))  # fmt: skip
    drawn = [
        trend_chart(
            whole(mine, measure),
            name=measure.replace("_", ""),
            title=title,
            unit="share",
            drawings=data.drawings,
        )
        for measure, title in wanted
    ]
    return [chart for chart in drawn if chart is not None]


def _closer(data: PageData, code: str) -> list[View]:
    label = data.period_label
    made = (
        tables.by_month(data, code, tables.CONTACT_MEASURES, "Contacts by month"),
        tables.by_month(
            data, code, tables.OTHER_MEASURES, "Calls, complaints, satisfaction by month"
        ),
        tables.by_dimension(data, code, "channel", f"By channel, {label}", tables.CHANNEL_MEASURES),
        tables.by_dimension(data, code, "ward", f"By ward, {label}"),
    )
    return [table for table in made if table is not None]
