"""What the services' own pages show: managers, planners, and those who answer the phone."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from pipelines.edge import in_short as short
from pipelines.edge import page_parts as say
from pipelines.edge.page_charts import trend_chart
from pipelines.edge.page_data import PageData, by_service, split_by, whole
from pipelines.edge.survey_views import satisfaction_view

View = dict[str, Any]
SERVICE_FIGURES = (
    "contacts", "enquiries", "complaints_received", "enquiries_classified_share",
    "complaints_upheld_share", "satisfaction_share", "enquiries_several_topics_share",
    "topic_share_corrected", "topic_chasing_share", "topic_avoidable_share",
)  # fmt: skip
PLANNING_FIGURES = (
    "satisfaction_share", "cases_received", "cases_decided", "cases_open", "cases_in_time_share",
)  # fmt: skip
SPLITS = {  # how satisfaction is split: table title and head
    "question": ("Satisfaction by question", "Question"),
    "applicant_kind": ("Satisfaction by who applied", "Who applied"),
    "outcome": ("Satisfaction by decision", "Decision"),
}


def bars(frame: pd.DataFrame, unnamed: str = "Not recorded") -> View:
    """Give labelled counts, largest first, each with its share of them all and a bar's length."""
    frame = frame.sort_values(["value", "label"], ascending=[False, True], kind="stable")
    total = float(frame["value"].sum())
    largest = float(frame["value"].max()) if len(frame) else 0.0
    return {
        "total": total,
        "rows": [
            {
                "label": say.label(row["label"]) or unnamed,
                "value": row["value"],
                "share": row["value"] / total if total else None,
                "bar": round(100 * row["value"] / largest, 1) if largest else 0,
            }
            for row in say.records(frame[frame["value"].notna()])
        ],
    }


def planning(data: PageData) -> View:
    """Show the planning team its satisfaction, its cases and its waits."""
    mine = data.results_of(data.planning_service)
    satisfaction = whole(mine, "satisfaction_share")
    flows = pd.concat(
        [whole(mine, f"cases_{name}").assign(kind=name) for name in ("received", "decided", "open")]
    )
    months = sorted(set(flows["period"]))
    table = flows.pivot_table(index="period", columns="kind", values="value", aggfunc="sum")
    now = mine[mine["period"].eq(data.period)]
    latest = {row["measure"]: row for row in say.records(now[now["breakdown"].eq("")])}
    splits = [
        {"title": title, "head": head, "rows": say.records(part.sort_values("label"))}
        for dimension, (title, head) in SPLITS.items()
        if len(part := split_by(now, "satisfaction_share", dimension))
    ]
    view: View = {
        "latest": {name: latest.get(name) for name in PLANNING_FIGURES},
        "strict": _strict(now),
        "ages": _ages(now),
        "trend": trend_chart(
            satisfaction,
            name="satisfied",
            title="Applicants satisfied, month by month",
            unit="share",
            drawings=data.drawings,
        ),
        "backlog": trend_chart(
            whole(mine, "cases_open"),
            name="open",
            title="Open cases at each month's end",
            unit="count",
            drawings=data.drawings,
        ),
        "splits": splits,
        "survey": satisfaction_view(
            mine, data.planning_service, data.period, name="quarters", drawings=data.drawings
        ),
        "flows": say.records(
            table.reindex(index=months, columns=["received", "decided", "open"]).reset_index()
        ),
        "waits": waits(data, data.planning_service),
    }
    return view | {"in_short": short.of_planning(view)}


def _strict(now: pd.DataFrame) -> View | None:
    """Give the share decided in time had no later date been agreed."""
    mine = now[now["measure"].eq("cases_in_time_share")]
    rows = say.records(mine[mine["breakdown"].eq("extensions=not counted")])
    return rows[0] if rows else None


def _ages(now: pd.DataFrame) -> View | None:
    """Give the open cases by age, the youngest first; None where there are none."""
    rows = split_by(now, "cases_open", "age")
    if rows.empty:
        return None
    begins = rows["label"].str.extract(r"(\d+)", expand=False).astype("float64")
    shown = bars(rows)
    order = [
        say.label(label) for label in rows.assign(begins=begins).sort_values("begins")["label"]
    ]
    by_label = {row["label"]: row for row in shown["rows"]}
    return shown | {"rows": [by_label[label] for label in order if label in by_label]}


def wait_mark(row: View) -> say.Mark:
    """Judge a wait by its standard, in words: typical first, then the slowest tenth."""
    if row["standard_days"] is None:
        return say.Mark("No published standard", say.RAG["no target"].shape, "none", 3)
    if row["typical_days"] is None:
        return say.Mark("Too few decided to say", say.RAG["awaited"].shape, "none", 4)
    if row["typical_days"] > row["standard_days"]:
        return say.Mark("Longer than the standard", say.RAG["red"].shape, "red", 0)
    if (row["slowest_tenth_days"] or 0) > row["standard_days"]:
        return say.Mark("Mostly within the standard", say.RAG["amber"].shape, "amber", 1)
    return say.Mark("Within the standard", say.RAG["green"].shape, "green", 2)


def waits(data: PageData, only: str | None = None) -> list[View]:
    """Give the month's waits, service by service, each with its judgement."""
    chosen = data.waits if only is None else data.waits[data.waits["service"].eq(only)]
    return waits_by_service(chosen, data.name)


def waits_by_service(waits: pd.DataFrame, name: Callable[[str], str]) -> list[View]:
    """Give waits service by service, each with its judgement."""
    ordered = by_service(waits.sort_values("case_type", kind="stable"))
    return [
        {"name": name(code)}
        | {"rows": [_likely(row) | {"mark": wait_mark(row)} for row in say.records(ordered[code])]}
        for code in sorted(ordered, key=name)
    ]


def _likely(row: View) -> View:
    """Add the ends of both waits in words; nothing where they aren't known."""
    return row | {
        f"{name}_likely": _ends(row.get(f"{name}_lower"), row.get(f"{name}_upper"))
        for name in ("typical", "slowest_tenth")
    }


def _ends(lower: float | None, upper: float | None) -> str:
    if lower is None:
        return ""
    if upper is None:
        return f"likely {lower:.0f} days or more; how many more can't be said yet"
    return f"likely {lower:.0f} to {upper:.0f}"


def silent_by_service(silent: pd.DataFrame | None, name: Callable[[str], str]) -> list[View]:
    """Give the open cases past standard without an update, service by service."""
    if silent is None:
        return []
    ordered = by_service(silent)
    return [
        {"name": name(code), "rows": say.records(ordered[code])}
        for code in sorted(ordered, key=name)
    ]


def customer_services(data: PageData) -> View:
    """Show what to tell a caller of each service, and which applicants to update."""
    services = waits(data)
    return {
        "in_short": short.of_waits(services),
        "services": services,
        "silent": silent_by_service(data.past_standard, data.name),
        "no_update_days": data.no_update_days,
    }
