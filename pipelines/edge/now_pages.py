"""Pages of today: complaints due, the waits and Monday list, a service's recovery sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from insight.complaints.due import BUCKETS
from insight.periods import uk_date
from insight.recovery_sheet import RecoverySheet
from pipelines.edge import in_short as short
from pipelines.edge import page_parts as say
from pipelines.edge.page_data import Download
from pipelines.edge.pages import page_from
from pipelines.edge.service_views import bars, silent_by_service, waits_by_service

OMBUDSMEN = {"lgsco": "Local Government", "housing ombudsman": "Housing"}
HEADS = {
    "overdue": ("Overdue", "Send these first."),
    "due today": ("Due today", "The last day on which they are on time."),
    "about to breach": ("About to breach", "The last day comes within a few working days."),
    "due this week": ("Due this week", "The last day comes before the week is over."),
    "due later": ("Due later", "None of these is pressing yet."),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page's frame says of itself."""

    council: str
    period_label: str
    generated_from: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure from the store: its month, value, ends, base, and the value of the one before."""

    period: str
    value: float
    lower: float | None
    upper: float | None
    base: float | None
    before: float | None


def due_page(due: pd.DataFrame, on: date, *, council: str, names: Mapping[str, str]) -> str:
    """Render the complaints officer's page: by reference, most pressing first."""
    groups = []
    for bucket in BUCKETS:
        rows = say.records(due[due["bucket"].eq(bucket)])
        for row in rows:
            row["service_name"] = names.get(row["service"], row["service"])
        title, note = HEADS[bucket]
        groups.append({"title": title, "note": note, "rows": rows})
    return _page(
        "complaints-due",
        Standing(council, uk_date(on), f"As the records stood on {uk_date(on)}."),
        title="Complaints due",
        downloads=[Download("", "complaints_due.csv", "The same list", "CSV, opens in Excel")],
        groups=groups,
        ombudsmen=OMBUDSMEN,
    )


def waits_page(
    waits: pd.DataFrame,
    silent: pd.DataFrame,
    on: date,
    *,
    council: str,
    names: Mapping[str, str],
    no_update_days: int,
) -> str:
    """Render customer services' page of today."""

    def name(code: str) -> str:
        return names.get(code, code)

    services = waits_by_service(waits, name)
    return _page(
        "waits-now",
        Standing(council, uk_date(on), f"As the records stood on {uk_date(on)}."),
        title="What to tell callers",
        downloads=[
            Download("", "cases_past_standard.csv", "Cases to update", "CSV, opens in Excel"),
            Download("", "waits.csv", "Waits", "CSV, opens in Excel"),
        ],
        services=services,
        in_short=short.of_waits(services),
        silent=silent_by_service(silent, name),
        no_update_days=no_update_days,
    )


def recovery_page(
    sheet: RecoverySheet,
    *,
    council: str,
    name: str,
    chasing: Measured | None,
    satisfaction: Measured | None,
) -> str:
    """Render a service's weekly sheet, to be read on a screen or printed on A4."""
    weeks = say.records(sheet.weeks)
    ages = sheet.ages.rename(columns={"age_band": "label", "open": "value"})
    week = sheet.weeks["monday"].iloc[-1].date()
    return _page(
        "recovery",
        Standing(
            council,
            f"Week of {uk_date(week)}",
            f"As the records stood at the end of {uk_date(sheet.day)}.",
        ),
        title=f"{name}: recovery sheet",
        downloads=[
            Download("", "recovery_weeks.csv", "The weeks", "CSV, opens in Excel"),
            Download("", "cases_past_standard.csv", "Cases to update", "CSV, opens in Excel"),
        ],
        sheet=sheet,
        weeks=weeks,
        now=weeks[-1],
        ages=_ordered(ages),
        silent=say.records(sheet.silent),
        chasing=chasing,
        satisfaction=satisfaction,
    )


def _ordered(ages: pd.DataFrame) -> dict[str, Any]:
    """Give the age bands their bars in order of age, not of size."""
    shown = bars(ages.assign(label=ages["label"].astype("string")))
    by_label = {row["label"]: row for row in shown["rows"]}
    late = dict(zip(ages["label"].astype(str), ages["past_standard"], strict=True))
    rows = [
        by_label[say.label(label)] | {"past_standard": int(late[label])}
        for label in ages["label"].astype(str)
    ]
    return {"total": shown["total"], "rows": rows}


def _page(template: str, standing: Standing, **view: Any) -> str:  # noqa: ANN401
    return page_from(f"{template}.html.j2", data=standing, audience="index", meanings=[], **view)
