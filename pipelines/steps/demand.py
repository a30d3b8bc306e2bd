"""Contacts, calls, chasing and what is expected next month; cases and waits."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from insight.case_lists import MEASURES as WAIT_NOW
from insight.case_lists import wait_now_results
from insight.cases import case_results
from insight.demand import Forecasts, sample_results
from insight.periods import add_months, month_key
from insight.results import as_results, join_results
from pipelines.edge.samples import read_samples
from pipelines.edge.workspace import Workspace
from pipelines.steps.case_lists import service_standards
from pipelines.steps.demand_inputs import compute_demand, forecast_next, read_sources
from pipelines.steps.figures import since_first, store_figures, window
from pipelines.steps.summary import StepSummary, table_of

SINGLE = ("contacts", "enquiries")
# Each group with the inputs behind it: what has been purged of one holds up no other's figures.
MEASURES = {
    ("contacts", "contacts_by_week", "contacts_change", "contact_hours", "contact_pounds"): (
        *SINGLE,
        "contact_counts",
    ),
    (
        "calls_answered_share",
        "calls_abandoned_share",
        "service_level_share",
        "wait_seconds_mean",
    ): ("contact_counts",),
    ("form_completion_share",): ("web_counts",),
    ("digital_take_up_share",): (*SINGLE, "web_counts"),
    (
        "repeat_contact_share",
        "first_contact_resolution_share",
        "chasing_contacts",
        "chasing_contact_share",
        "avoidable_contacts",
        "avoidable_contact_share",
    ): (*SINGLE, "cases"),
    (
        "cases_received",
        "cases_decided",
        "cases_open",
        "case_wait_days_typical",
        "case_wait_days_slowest_tenth",
        "cases_in_time_share",
        *WAIT_NOW,
    ): ("cases",),
}
EXPECTED = "contacts_expected"


def publish_demand(workspace: Workspace, month: date) -> StepSummary:
    """Store demand and the backlog for the month and those before it, and the next expected."""
    months = window(month)
    sources = read_sources(workspace, month)
    found, _ = compute_demand(workspace, month, sources)
    coded, faults = _sampled(workspace, months)
    parts = [_without_sampled(found.results, coded), coded]
    cases = sources.cases
    if cases is not None:
        standards = service_standards(workspace)
        counted = since_first(months, cases["received_at"])
        parts += [
            case_results(cases, *counted),
            wait_now_results(
                cases, counted, standards, no_update_days=workspace.settings.no_update_days
            ),
        ]
    figures = join_results(parts)
    kept = figures[figures["measure"].isin([each for group in MEASURES for each in group])]
    problems: list[str] = []
    stored = sum(
        store_figures(
            workspace,
            kept[kept["measure"].isin(group)],
            measures=group,
            months=months,
            contracts=contracts,
            refused=problems,
        )
        for group, contracts in MEASURES.items()
    )
    forecasts = forecast_next(workspace, month, found.cells)
    following = add_months(month, 1)
    store_figures(
        workspace,
        expected_results(forecasts, following),
        measures=[EXPECTED],
        months=[following],
        contracts=(*SINGLE, "contact_counts"),
        refused=problems,
    )
    sizes = {
        name: 0 if frame is None else len(frame)
        for name, frame in (
            ("contacts", sources.contacts),
            ("enquiries", sources.enquiries),
            ("daily counts", sources.counts),
            ("cases", cases),
        )
    }
    made_from = ", ".join(f"{size:,} {name}" for name, size in sizes.items())
    return StepSummary(
        "demand",
        f"{stored} figures of {month:%B %Y} from {len(months)} months of records: {made_from}.",
        table=table_of(kept, month),
        problems=[*problems, *found.problems, *faults],
    )


def expected_results(forecasts: Forecasts | None, month: date) -> pd.DataFrame:
    """Return the month's forecasts as results, by service and channel; only those shown."""
    if forecasts is None or forecasts.totals.empty:
        return join_results([])
    totals = forecasts.totals
    return as_results(
        totals.assign(
            measure=EXPECTED,
            period=month_key(month),
            breakdown="channel=" + totals["channel"],
            value=totals["expected"],
        )
    )


def _sampled(workspace: Workspace, months: Sequence[date]) -> tuple[pd.DataFrame, list[str]]:
    """Return the avoidable shares that people's samples give, and which samples are wrong."""
    samples, faults = read_samples(workspace.samples, months)
    return join_results(sample_results(coded, month) for month, coded in samples.items()), faults


def _without_sampled(results: pd.DataFrame, coded: pd.DataFrame) -> pd.DataFrame:
    """Leave out the avoidable shares of months that people have classed a sample of."""
    share = results["measure"].eq("avoidable_contact_share")
    return results[~(share & results["period"].isin(coded["period"]))]
