"""What is true today rather than of a month: complaints due, waits, a service's recovery sheet.

Each has its own folder under ``outputs/now``, written anew every time.
"""

from datetime import date

import pandas as pd

from data_contracts import load_contract
from insight.complaints.due import BUCKETS
from insight.errors import InsightError
from insight.periods import uk_date
from insight.published import publishable
from insight.recovery_sheet import NoCasesError, RecoverySheet
from models import Result
from pipelines.edge.now_pages import Measured, due_page, recovery_page, waits_page
from pipelines.edge.output_folder import replace_folder
from pipelines.edge.store import read_table
from pipelines.edge.workbook import csv_text
from pipelines.edge.workspace import Workspace
from pipelines.steps.case_lists import (
    cases_past_standard,
    read_cases,
    service_recovery,
    waits_on,
)
from pipelines.steps.complaints import due_list
from pipelines.steps.summary import StepSummary, plain_rows

NOW = "now"
CHASING = "chasing_contacts"
SATISFIED = "satisfaction_share"


def publish_due(workspace: Workspace, month: date) -> StepSummary:
    """Rebuild the complaints officer's page and list, as of today."""
    on = workspace.today
    due = due_list(workspace, on)
    files: dict[str, str | bytes] = {
        "index.html": due_page(due, on, council=workspace.settings.name, names=_names(workspace)),
        "complaints_due.csv": _csv("complaints_due", due),
    }
    replace_folder(workspace.outputs / NOW / "complaints-officer", files)
    counts = due["bucket"].value_counts()
    said = ", ".join(f"{counts.get(name, 0)} {name}" for name in BUCKETS[:-1])
    late = int(counts.get(BUCKETS[0], 0))
    return StepSummary(
        "due",
        f"On {uk_date(on)}: {said}.",
        table=plain_rows(due.astype({"received": "string", "due": "string"})),
        problems=[f"{late} steps of complaints are overdue; see complaints-officer."]
        if late
        else [],
    )


def publish_waits(workspace: Workspace, month: date) -> StepSummary:
    """Rebuild customer services' page and Monday list, and the recovery sheets, as of today."""
    del month
    on = workspace.today
    cases = read_cases(workspace)
    silent = cases_past_standard(workspace, on, cases=cases)
    waits = waits_on(workspace, on, cases=cases)
    by_service = dict(list(cases.groupby(cases["service"].astype("string"))))
    files: dict[str, str | bytes] = {
        "index.html": waits_page(
            waits, silent, on, council=workspace.settings.name, names=_names(workspace),
            no_update_days=workspace.settings.no_update_days,
        ),
        "cases_past_standard.csv": _csv("cases_past_standard", silent),
        "waits.csv": _csv("waits", waits),
    }  # fmt: skip
    replace_folder(workspace.outputs / NOW / "customer-services", files)
    made, problems = [], []
    for service in sorted(set(waits["service"])):
        try:
            publish_recovery(workspace, service, None, cases=by_service.get(service))
            made.append(service)
        except NoCasesError:
            continue
        except InsightError as error:
            problems.append(str(error))
    return StepSummary(
        "waits",
        f"{len(waits)} waits, {len(silent)} open cases past standard without an update, and "
        f"{len(made)} recovery sheets.",
        table=plain_rows(waits[["service", "case_type", "open", "past_standard", "typical_days"]]),
        problems=problems,
    )


def publish_recovery(
    workspace: Workspace, service: str, week: str | None, *, cases: pd.DataFrame | None = None
) -> RecoverySheet:
    """Write one service's weekly sheet into its folder; return it."""
    sheet = service_recovery(workspace, service, week, cases=cases)
    page = recovery_page(
        sheet,
        council=workspace.settings.name,
        name=_names(workspace).get(service, service),
        chasing=latest(workspace, CHASING, service, sheet.day),
        satisfaction=latest(workspace, SATISFIED, service, sheet.day),
    )
    files: dict[str, str | bytes] = {
        "index.html": page,
        "recovery_weeks.csv": _csv("recovery_weeks", sheet.weeks.assign(service=service)),
        "cases_past_standard.csv": _csv("cases_past_standard", sheet.silent),
    }
    replace_folder(workspace.outputs / NOW / f"recovery-{service}", files)
    return sheet


def latest(workspace: Workspace, measure: str, service: str, day: date) -> Measured | None:
    """Return the newest whole figure up to `day`'s month and the one before it, if any."""
    where = {"measure": measure, "service": service, "breakdown": ""}
    with workspace.engine.connect() as connection:
        rows = read_table(connection, Result, where=where, timezone=workspace.settings.timezone)
    rows = rows[rows["period"].le(f"{day:%Y-%m}") & rows["value"].notna()].sort_values("period")
    if rows.empty:
        return None
    last = rows.iloc[-1]
    before = rows.iloc[-2]["value"] if len(rows) > 1 else None
    return Measured(
        period=str(last["period"]), value=float(last["value"]), lower=_known(last["lower"]),
        upper=_known(last["upper"]), base=_known(last["base"]), before=_known(before),
    )  # fmt: skip


def _known(value: object) -> float | None:
    return None if value is None or pd.isna(value) else float(value)  # type: ignore[call-overload, arg-type]


def _names(workspace: Workspace) -> dict[str, str]:
    return {service.code: service.name for service in workspace.settings.services}


def _csv(contract: str, frame: pd.DataFrame) -> str:
    known = load_contract(contract)
    return csv_text(publishable(frame, known), known.column_names)
