"""Waits, open cases past standard, and a service's recovery sheet, from the store."""

from datetime import date

import pandas as pd

from insight.caller_words import waits
from insight.case_lists import past_standard
from insight.errors import InsightError
from insight.periods import month_end
from insight.recovery_sheet import RecoverySheet, recovery_sheet
from insight.weeks import parse_week
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events

STANDARD_COLUMNS = {"service": "string", "case_type": "string", "standard_days": "float64"}


class UnknownServiceError(InsightError):
    """The settings have no such service."""


def service_standards(workspace: Workspace) -> pd.DataFrame:
    """Return the published standards: service, case type (empty for every one) and days."""
    rows = [
        (service.code, case_type, days)
        for service in workspace.settings.services
        for case_type, days in _each(service.standard_days)
    ]
    return pd.DataFrame(rows, columns=list(STANDARD_COLUMNS)).astype(STANDARD_COLUMNS)


def _each(days: dict[str, float] | float | None) -> list[tuple[str, float]]:
    if days is None:
        return []
    return list(days.items()) if isinstance(days, dict) else [("", days)]


def waits_on(
    workspace: Workspace,
    day: date,
    service: str | None = None,
    *,
    cases: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the waits as `day` ends, by service and kind of case.

    `cases` are those that somebody has read already; `read_cases` reads them when absent.
    """
    mine = read_cases(workspace, service) if cases is None else cases
    found = waits(mine, day, service_standards(workspace))
    return found.rename(columns={"typical": "typical_days", "slowest_tenth": "slowest_tenth_days"})


def case_waits(workspace: Workspace, month: date) -> pd.DataFrame:
    """Return the waits at the month's end; while the month runs, those of today."""
    return waits_on(workspace, min(month_end(month), workspace.today))


def cases_past_standard(
    workspace: Workspace,
    day: date,
    service: str | None = None,
    *,
    days: int | None = None,
    cases: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List open cases past standard without an update in `days` (the settings' when absent)."""
    return past_standard(
        read_cases(workspace, service) if cases is None else cases,
        day,
        service_standards(workspace),
        no_update_days=days or workspace.settings.no_update_days,
    )


def read_cases(workspace: Workspace, service: str | None = None) -> pd.DataFrame:
    """Return the cases of one service, or all.

    Raises
    ------
    UnknownServiceError
        If services.yaml has none of that code.
    """
    known = [each.code for each in workspace.settings.services]
    if service is not None and service not in known:
        message = f"There is no service {service} in services.yaml; use {', '.join(known)}."
        raise UnknownServiceError(message)
    return read_events(workspace, "cases", where={"service": service} if service else None)


def service_recovery(
    workspace: Workspace, service: str, week: str | None, *, cases: pd.DataFrame | None = None
) -> RecoverySheet:
    """Make a service's sheet of `week`, such as ``2026-W42``; the last whole one when absent."""
    monday = parse_week(week) if week else last_monday(workspace.today)
    agreed = [s.recovery_actions for s in workspace.settings.services if s.code == service]
    return recovery_sheet(
        read_cases(workspace, service) if cases is None else cases,
        service=service,
        monday=monday,
        standards=service_standards(workspace),
        no_update_days=workspace.settings.no_update_days,
        agreed=agreed[0] if agreed else (),
    )


def last_monday(today: date) -> date:
    """Return the Monday of the last week that is over."""
    monday = pd.Timestamp(today) - pd.Timedelta(days=today.weekday() + 7)
    return monday.date()
