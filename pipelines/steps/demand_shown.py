"""What ``insight demand`` shows: figures of a month, who is chased about, the next month."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import pandas as pd

from insight.demand import (
    BeforeAfter,
    Forecasts,
    before_and_after,
    draw_sample,
    sample_results,
    single_records,
)
from insight.errors import InsightError
from insight.periods import month_key
from insight.results import ALL_SERVICES, split_breakdowns
from pipelines.edge.samples import read_sample, sample_file, write_sample
from pipelines.edge.workspace import Workspace
from pipelines.steps.demand_inputs import compute_demand, forecast_next, read_sources
from pipelines.steps.summary import Plain, plain_rows

SHOWN = ["measure", "service", "value", "lower", "upper", "base"]
MOST_CASES = 20


def known_service(workspace: Workspace, service: str | None) -> str | None:
    """Return the service's code.

    Raises
    ------
    InsightError
        If services.yaml has none of that code.
    """
    codes = [each.code for each in workspace.settings.services]
    if service is None or service in {*codes, ALL_SERVICES}:
        return service
    raise InsightError(
        f"There is no service {service} in services.yaml; use one of {', '.join(codes)}."
    )


def show_demand(
    workspace: Workspace, month: date, service: str | None
) -> tuple[pd.DataFrame, list[str]]:
    """Return the month's whole figures, computed now, and what a person should know of them."""
    chosen = known_service(workspace, service)
    found, _ = compute_demand(workspace, month)
    now = found.results["period"].eq(month_key(month))
    rows = found.results[now & found.results["breakdown"].eq("")]
    if chosen is not None:
        rows = rows[rows["service"].eq(chosen)]
    return rows[SHOWN].reset_index(drop=True), found.problems


def show_chasing(
    workspace: Workspace, month: date, service: str | None
) -> dict[str, list[dict[str, Plain]]]:
    """Return the month's chasing contacts by service and evidence, and the cases chased most."""
    chosen = known_service(workspace, service)
    found, _ = compute_demand(workspace, month)
    now = found.results[found.results["period"].eq(month_key(month))]
    if chosen is not None:
        now = now[now["service"].eq(chosen)]
    counted = now[now["measure"].eq("chasing_contacts")].reset_index(drop=True)
    share = now[now["measure"].eq("chasing_contact_share") & now["breakdown"].eq("")]
    cells = split_breakdowns(counted["breakdown"])
    evidence = counted.assign(evidence=cells.get("evidence"))
    evidence = evidence[evidence["evidence"].notna()]
    links = found.links[found.links["period"].eq(month_key(month)) & found.links["chasing"]]
    if chosen not in (None, ALL_SERVICES):
        links = links[links["service"].eq(chosen)]
    cases = links[links["case_id"].notna()].groupby(["case_id", "service"], observed=True)
    most = cases.size().rename("contacts").reset_index()
    most = most.sort_values(["contacts", "case_id"], ascending=[False, True]).head(MOST_CASES)
    return {
        "services": plain_rows(
            counted[counted["breakdown"].eq("")][["service", "value", "lower", "upper"]]
        ),
        "shares": plain_rows(share[["service", "value", "lower", "upper", "base"]]),
        "evidence": plain_rows(evidence[["service", "evidence", "value"]]),
        "cases": plain_rows(most.astype({"service": "string"})),
    }


def compare_chasing(
    workspace: Workspace, month: date, changed: date, service: str | None, days: int
) -> BeforeAfter:
    """Compare a service's chasing before and after a change, on what is on record by `month`."""
    chosen = known_service(workspace, service)
    found, _ = compute_demand(workspace, month)
    return before_and_after(found.links, chosen or ALL_SERVICES, changed, days=days)


def show_forecast(
    workspace: Workspace, month: date, service: str | None
) -> tuple[Forecasts | None, dict[str, list[dict[str, Plain]]]]:
    """Return the forecast of the month after `month`, and as plain rows."""
    chosen = known_service(workspace, service)
    found, _ = compute_demand(workspace, month)
    forecasts = forecast_next(workspace, month, found.cells)
    if forecasts is None:
        return None, {"expected": [], "skill": []}
    keep = [
        frame if chosen is None else frame[frame["service"].eq(chosen)]
        for frame in (forecasts.totals, forecasts.skill)
    ]
    return forecasts, {"expected": plain_rows(keep[0]), "skill": plain_rows(keep[1])}


def make_sample(
    workspace: Workspace, month: date, *, size: int, seed: int, to: Path | None
) -> tuple[Path, int]:
    """Draw the month's sample into a workbook; return where it is and how many it holds.

    Raises
    ------
    InsightError
        If the month has no single contacts.
    """
    sources = read_sources(workspace, month)
    records = single_records([month], contacts=sources.contacts, enquiries=sources.enquiries)
    if records.empty:
        raise InsightError(
            f"There are no single contacts of {month:%B %Y} to draw from; put the contact "
            "centre's export into the inbox and run `insight run --only ingest`."
        )
    drawn = draw_sample(records, month, size=size, seed=seed)
    path = to or sample_file(workspace.samples, month)
    write_sample(drawn, path, month=month, council=workspace.settings.name)
    return path, len(drawn)


def coded_share(
    workspace: Workspace, month: date, path: Path | None
) -> tuple[list[dict[str, Plain]], dict[str, int]]:
    """Read a classed sample: the avoidable shares, and how many of how many are classed."""
    file = path or sample_file(workspace.samples, month)
    if not file.exists():
        raise InsightError(f"{file} is not there; `insight demand sample` draws it.")
    coded = read_sample(file)
    results = sample_results(coded, month)
    done = {"drawn": len(coded), "classed": int(coded["class"].notna().sum())}
    return plain_rows(results[["service", "breakdown", *SHOWN[2:]]]), done


def before_after_row(found: BeforeAfter) -> dict[str, object]:
    """Return a comparison as plain values."""
    return asdict(found) | {"changed": found.changed.isoformat()}
