"""Contacts by channel and service, calls answered, forms completed, cases and waits."""

from datetime import date

from insight.case_lists import MEASURES as WAIT_NOW
from insight.case_lists import wait_now_results
from insight.cases import case_results
from insight.demand import demand_results
from insight.results import join_results
from pipelines.edge.workspace import Workspace
from pipelines.steps.case_lists import service_standards
from pipelines.steps.events import read_events
from pipelines.steps.figures import since_first, store_figures, window
from pipelines.steps.summary import StepSummary, table_of

# Each group with the inputs behind it: what has been purged of one holds up no other's figures.
MEASURES = {
    ("contacts",): ("contacts", "enquiries", "contact_counts"),
    ("calls_answered_share",): ("contact_counts",),
    ("form_completion_share",): ("web_counts",),
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


def publish_demand(workspace: Workspace, month: date) -> StepSummary:
    """Store demand and the backlog for the month and those before it."""
    months = window(month)
    contacts = read_events(workspace, "contacts", months=months)
    enquiries = read_events(workspace, "enquiries", months=months)
    counts = read_events(workspace, "contact_counts", months=months)
    web_counts = read_events(workspace, "web_counts", months=months)
    # All of them: the open ones may be older than the window.
    cases = read_events(workspace, "cases")
    parts = [
        demand_results(
            each, contacts=contacts, enquiries=enquiries, counts=counts, web_counts=web_counts
        )
        for each in since_first(
            months,
            contacts["contacted_at"],
            enquiries["received_at"],
            counts["date"],
            web_counts["date"],
        )
    ]
    standards = service_standards(workspace)
    for each in since_first(months, cases["received_at"]):
        parts += [
            case_results(cases, each),
            wait_now_results(
                cases, each, standards, no_update_days=workspace.settings.no_update_days
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
    return StepSummary(
        "demand",
        f"{stored} figures of {month:%B %Y} from {len(contacts)} contacts, {len(enquiries)} "
        f"enquiries, {len(counts)} daily counts and {len(cases)} cases.",
        table=table_of(kept, month),
        problems=problems,
    )
