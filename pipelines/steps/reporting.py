"""Who reports and what wardens found, from the store and the areas that the settings name."""

from datetime import date

import pandas as pd

from insight.hotspots import Hotspots
from insight.hotspots.bias import concentration
from insight.hotspots.exposure import (
    deprivation_rates,
    deprivation_words,
    findings_words,
    residents_by_ward,
    street_findings,
    street_km,
    ward_rates,
)
from insight.hotspots.points import at_points
from insight.hotspots.precision import exact_enough
from insight.hotspots.segments import SNAP_M, street_pieces
from insight.periods import add_months
from pipelines.edge.page_data import PageData
from pipelines.edge.reporting_page import FILE, Reporting, reporting_page
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.hotspots import mapped_reports, mapped_source

READERS = ("wardens", "performance")
NOBODY = "No report says who made it, so nobody can tell how many people the map rests on."


def reporting_pages(
    workspace: Workspace, data: PageData, found: Hotspots
) -> dict[str, str | bytes]:
    """Return the page for each of its readers, where the wards are known."""
    if workspace.wards is None:
        return {}
    told = reporting(workspace, data.month, found)
    return {f"{each}/{FILE}": reporting_page(data, told, audience=each) for each in READERS}


def reporting(workspace: Workspace, month: date, found: Hotspots) -> Reporting:
    """Hold the year's reports against people, streets, deprivation and findings."""
    reports = _year(mapped_reports(workspace, read_events(workspace, "street_reports")), month,
                    "reported_at")  # fmt: skip
    reports = reports[~at_points(reports.dropna(subset=["easting"]), found.fallback).reindex(
        reports.index, fill_value=False)]  # fmt: skip
    patrols = _year(read_events(workspace, "patrols"), month, "started_at")
    wards, areas, streets = workspace.wards, workspace.areas, workspace.streets
    residents, missing = residents_of(workspace)
    if streets is None:
        missing.append("Name streets_file in council.yaml for rates by street.")
    names = pd.Index([] if wards is None else sorted(wards["ward"]))
    counts = reports["ward"].value_counts().reindex(names, fill_value=0)
    kilometres = None if streets is None or wards is None else street_km(streets, wards)
    placed = reports[reports["easting"].notna()]
    fine = placed[exact_enough(placed, 2 * SNAP_M)]
    told = concentration(reports["reporter"])
    deprivation = pd.DataFrame()
    words = ""
    if areas is not None and areas["decile"].notna().any():
        deprivation = deprivation_rates(
            placed["easting"].to_numpy(float), placed["northing"].to_numpy(float), areas
        )
        words = deprivation_words(deprivation)
    findings, found_words = pd.DataFrame(), "Name streets_file in council.yaml to compare streets."
    if streets is not None:
        findings = street_findings(
            fine["easting"].to_numpy(float), fine["northing"].to_numpy(float), patrols,
            street_pieces(streets),
        )  # fmt: skip
        found_words = findings_words(findings)
    return Reporting(
        source=mapped_source(workspace),
        people=NOBODY
        if told is None
        else f"{told.sentence()} {told.anonymous:.0%} of "
        f"{len(reports):,} reports don't say who made them.",
        wards=ward_rates(counts, residents, kilometres),
        missing=" ".join(missing),
        deprivation=deprivation,
        deprivation_words=words,
        findings=findings,
        findings_words=found_words,
    )


def residents_of(workspace: Workspace) -> tuple[pd.Series | None, list[str]]:
    """Return residents by ward, from the wards' file or from small areas; and what to say of it."""
    wards, areas = workspace.wards, workspace.areas
    if wards is not None and "population" in wards:
        return wards.set_index("ward")["population"], []
    if wards is not None and areas is not None:
        told = "Residents are added up from small areas by where their middle lies."
        return residents_by_ward(areas, wards), [told]
    return None, ["Name areas in council.yaml, with residents, for rates by people."]


def _year(events: pd.DataFrame, month: date, time: str) -> pd.DataFrame:
    """Return the events of the twelve months that end with `month`."""
    local = events[time].dt.tz_localize(None)
    first, after = pd.Timestamp(add_months(month, -11)), pd.Timestamp(add_months(month, 1))
    within: pd.Series[bool] = (local >= first) & (local < after)
    return events[within]
