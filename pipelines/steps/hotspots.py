"""Where street reports gather."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from insight.hotspots import HotspotMethod, Hotspots, hotspots
from insight.hotspots.streets import on_streets
from insight.periods import month_key
from insight.positions import known_error
from insight.results import count_results, join_results
from models import Hotspot
from pipelines.edge.store import replace_period, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.figures import since_first, store_figures, window
from pipelines.steps.retention import still_whole
from pipelines.steps.sound_geography import with_sound_geography
from pipelines.steps.summary import StepSummary, plain_rows

FOULING = re.compile(r"\bfoul", re.IGNORECASE)
MEASURES = ("street_reports", "hotspots_significant")


def find_hotspots(workspace: Workspace, month: date) -> Hotspots:
    """Find the month's hotspots of the categories that the settings map, all sources together."""
    reports = mapped_reports(workspace, read_events(workspace, "street_reports"))
    found = hotspots(
        reports,
        method=HotspotMethod(),
        month=month,
        area=workspace.wards,
        streets=workspace.streets,
        source=mapped_source(workspace),
    )
    if workspace.streets is None or found.streets is not None:
        return found
    return replace(found, cells=on_streets(found.cells, workspace.streets, prefix="Around "))


def mapped_source(workspace: Workspace) -> str:
    """Return what the hotspots are of: the settings' categories, else all street reports."""
    return ", ".join(workspace.settings.hotspot_categories) or "Street reports"


def finding_word(categories: Sequence[str]) -> str:
    """Return what wardens tick where they found what was reported: the category if it is one."""
    if len(categories) != 1:
        return "something"
    return "fouling" if FOULING.search(categories[0]) else categories[0].casefold()


def mapped_reports(workspace: Workspace, reports: pd.DataFrame) -> pd.DataFrame:
    """Return the reports in the workspace's metric system and of the categories it maps."""
    settings = workspace.settings
    wanted = {category.casefold() for category in settings.hotspot_categories}
    # A report known by its ward alone has no metric system, and is counted with ours.
    chosen = reports["crs"].fillna(settings.crs).eq(settings.crs)
    if wanted:
        chosen &= reports["category"].str.casefold().isin(wanted)
    mapped = reports[chosen]
    return mapped.assign(place_error_m=known_error(mapped))


def publish_hotspots(workspace: Workspace, month: date) -> StepSummary:
    """Store the month's hotspots, and the counts of reports for it and the months before."""
    workspace, faults = with_sound_geography(workspace)
    months = window(month)
    reports = read_events(workspace, "street_reports", months=months)
    found = find_hotspots(workspace, month)
    period = month_key(month)
    if still_whole(workspace, [month], ["street_reports"]):
        with write_transaction(workspace.engine) as connection:
            where = {"period": period}
            replace_period(connection, Hotspot, found.cells, where=where)
    local = reports["reported_at"].dt.strftime("%Y-%m")
    counted = [
        count_results(
            reports[local.eq(month_key(each))],
            measure="street_reports",
            period=month_key(each),
            dims=[["ward"], ["category"]],
        )
        for each in since_first(months, reports["reported_at"])
    ]
    refused: list[str] = []
    store_figures(
        workspace,
        join_results(counted),
        measures=["street_reports"],
        months=months,
        contracts=["street_reports"],
        refused=refused,
    )
    significant = int(found.cells["significant"].sum())
    store_figures(
        workspace,
        _one_count("hotspots_significant", period, significant, found.reports),
        measures=["hotspots_significant"],
        months=[month],
        contracts=["street_reports"],
        refused=refused,
    )
    best = found.cells.head(20)[["rank", "place", "ward", "reports", "evidence"]]
    problems = [
        f"{row['reports']} reports lie on one point ({row['easting']:.0f}, "
        f"{row['northing']:.0f}): {row['reason']} They are left out of the map."
        for row in found.fallback.to_dict(orient="records")
    ]
    return StepSummary(
        "hotspots",
        f"{significant} places stand out among {len(found.cells)}, from {found.reports} reports."
        if len(found.cells)
        else f"No place is ranked. {found.note}",
        table=plain_rows(best),
        problems=[*faults, *problems, *refused],
    )


def _one_count(measure: str, period: str, value: int, base: int) -> pd.DataFrame:
    row = {
        "measure": measure,
        "service": "all",
        "period": period,
        "breakdown": "",
        "value": float(value),
        "numerator": float(value),
        "denominator": None,
        "lower": None,
        "upper": None,
        "base": base,
    }
    return pd.DataFrame([row])
