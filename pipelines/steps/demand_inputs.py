"""What the demand figures are made from: the store's events, the settings, the coded samples."""

from datetime import date

import pandas as pd

from insight.demand import (
    Demand,
    DemandMethod,
    ForecastMethod,
    Forecasts,
    Sources,
    bank_holidays,
    daily_series,
    demand_figures,
    forecast_demand,
)
from insight.periods import add_months, month_end
from insight.pseudonym import pseudonymise
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.figures import window

READ_MONTHS = 48
"""Months of contacts read: forecasts are judged on as many as there are."""

CONTACTS = (
    "contacted_at", "channel", "service", "customer", "reason", "outcome", "case_id", "text",
)  # fmt: skip
ENQUIRIES = ("received_at", "channel", "service", "sender", "text")
COUNTS = (
    "date", "channel", "service", "offered", "answered", "abandoned", "wait_seconds_mean",
    "share_within_target",
)  # fmt: skip
WEB_COUNTS = ("date", "page", "service", "form_starts", "form_completions")
CASES = (
    "case_id", "service", "case_type", "received_at", "decided_at", "target_at", "extended_to",
    "outcome", "ward", "customer", "last_update_sent_at",
)  # fmt: skip


def demand_method(workspace: Workspace) -> DemandMethod:
    """Return the settings' choices, placeholders as the codes that the store has for them."""
    settings = workspace.settings
    named = settings.demand.customers_that_are_nobody
    # The key is read, and made, only by those who name somebody.
    codes: list[str] = []
    if named:
        written = pd.Series(named, dtype="string")
        codes = pseudonymise(written, workspace.key, scope="person").dropna().tolist()
    return settings.demand.method(
        minutes=dict(settings.contact_costs.minutes),
        pounds=settings.contact_costs.pound_ranges,
        placeholders=frozenset(codes),
    )


def closed_days(workspace: Workspace, month: date) -> pd.DatetimeIndex:
    """Return the council's bank holidays from the first month read to the month after."""
    country, part = workspace.settings.demand.bank_holidays
    first = window(month, READ_MONTHS)[0]
    return bank_holidays(first, add_months(month, 2), country=country, part=part)


def read_sources(workspace: Workspace, month: date) -> Sources:
    """Read what demand needs of the store, and no other column."""
    months = window(month, READ_MONTHS)

    def rows(contract: str, columns: tuple[str, ...]) -> pd.DataFrame:
        return read_events(workspace, contract, months=months, columns=columns)

    return Sources(
        contacts=rows("contacts", CONTACTS),
        enquiries=rows("enquiries", ENQUIRIES),
        counts=rows("contact_counts", COUNTS),
        web_counts=rows("web_counts", WEB_COUNTS),
        # All of them: the open ones may be older than the window.
        cases=read_events(workspace, "cases", columns=CASES),
    )


def compute_demand(
    workspace: Workspace, month: date, sources: Sources | None = None
) -> tuple[Demand, DemandMethod]:
    """Compute the figures of `month` and of the months before it, storing nothing."""
    method = demand_method(workspace)
    found = demand_figures(
        window(month),
        sources or read_sources(workspace, month),
        method,
        closed_days(workspace, month),
        earliest=window(month, READ_MONTHS)[0],
    )
    return found, method


def forecast_next(workspace: Workspace, month: date, cells: pd.DataFrame) -> Forecasts | None:
    """Forecast the month after `month`; nothing where there are no contacts to go by."""
    named = cells[cells["counted"].gt(0)]
    if named.empty:
        return None
    method = ForecastMethod(events=workspace.settings.demand.calendar_events)
    series = daily_series(named, month_end(month))
    return forecast_demand(series, closed_days(workspace, month), method)
