"""A week's plan from the store to the wardens' files, and what they ticked back into it."""

import csv
import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import box

from models import PatrolAction
from pipelines.edge.patrol_ticks import ticks_workbook
from pipelines.edge.place_map import place_map
from pipelines.edge.store import read_table, store_digest
from pipelines.edge.workspace import open_workspace
from pipelines.steps.events import read_events
from pipelines.steps.hotspots import finding_word
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.patrol_files import closer_maps, publish_patrol
from pipelines.steps.patrol_plan import WeekError, plan_week, week_of

MONDAY = date(2026, 11, 30)
FILES = {
    "map.html", "places.geojson", "places.gpkg", "places.gpx", "places.kml", "plan.csv",
    "sheet.pdf", "ticks.xlsx",
}  # fmt: skip
HEADINGS = ["report_id", "reported_at", "category", "latitude", "longitude", "ward"]


def write_reports(root, number, *, seed=1):
    """Dog-fouling reports of a year, a third of them around two points."""
    rng = np.random.default_rng(seed)
    day = pd.Timestamp("2026-11-20") - pd.to_timedelta(rng.integers(0, 360, number), unit="D")
    hot = rng.random(number) < 0.35
    spot = rng.integers(0, 2, number)
    latitude = np.where(hot, 52.590 + spot * 0.01 + rng.normal(0, 0.0002, number),
                        rng.uniform(52.57, 52.62, number))  # fmt: skip
    longitude = np.where(hot, -1.10 + spot * 0.01 + rng.normal(0, 0.0003, number),
                         rng.uniform(-1.13, -1.06, number))  # fmt: skip
    rows = zip(
        range(number), day.strftime("%d/%m/%Y 10:00"), ["Dog fouling"] * number,
        latitude.round(5), longitude.round(5), rng.choice(["North", "South"], number), strict=True,
    )  # fmt: skip
    path = root / "inbox" / "street-reports" / "reports.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *rows])


@pytest.fixture
def planned(workspace):
    write_reports(workspace.root, 300)
    ingest_inbox(workspace)
    summary = publish_patrol(workspace, MONDAY, hours=4)
    return summary, workspace.outputs / "wardens" / "2026-11-30"


def test_every_file_opens_in_a_real_reader_and_has_the_same_visits(planned):
    _, folder = planned
    assert {path.name for path in folder.iterdir()} == FILES
    frames = {
        name: pyogrio.read_dataframe(folder / f"places.{name}", layer=0)
        for name in ("gpx", "kml", "gpkg", "geojson")
    }
    visits = len(frames["gpkg"])
    assert {len(frame) for frame in frames.values()} == {visits}
    assert frames["gpkg"].crs == "EPSG:27700"
    near = frames["geojson"].to_crs("EPSG:27700").distance(frames["gpkg"]).max()
    assert near < 0.2
    assert (folder / "sheet.pdf").read_bytes().startswith(b"%PDF")
    plan = pd.read_csv(folder / "plan.csv")
    assert plan.query("recommendation != 'less'")["visits"].sum() >= visits


def test_the_planted_places_come_first(planned):
    summary, _ = planned
    best = [row for row in summary.table if row["recommendation"] == "more"]
    assert 1 <= len(best) <= 6
    assert all(row["evidence"] in {"strong", "moderate"} for row in best)


def test_the_same_week_gives_the_same_bytes_and_store(planned, workspace):
    _, folder = planned
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    digest = store_digest(workspace.engine)
    publish_patrol(workspace, MONDAY, hours=4)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert store_digest(workspace.engine) == digest


def test_what_is_recommended_is_in_the_store(planned, workspace):
    summary, _ = planned
    with workspace.engine.connect() as connection:
        rows = read_table(connection, PatrolAction, timezone="Europe/London")
    assert set(rows["period"]) == {"2026-11-30"}
    assert len(rows) >= len(summary.table)


def test_the_ticked_workbook_comes_back_as_patrols(planned, workspace, monkeypatch):
    _, folder = planned
    book = openpyxl.load_workbook(folder / "ticks.xlsx")
    sheet = book["Visits"]
    header = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == "Reference")
    at = {cell.value: cell.column for cell in sheet[header]}
    codes = [name for name, width in sheet.column_dimensions.items() if width.hidden]
    assert [sheet[f"{code}{header}"].value for code in codes] == ["Square"]
    sheet.cell(header + 1, at["Visited"]).value = "Yes"
    sheet.cell(header + 1, at["Found"]).value = "fouling"
    sheet.cell(header + 2, at["Visited"]).value = "No"
    spare = sheet.max_row
    for name, value in {"Visited": "Yes", "When": "01/12/2026", "Place": "Leicester Road"}.items():
        sheet.cell(spare, at[name]).value = value
    saved = BytesIO()
    book.save(saved)
    inbox = workspace.root / "inbox" / "ticked-patrols"
    (inbox / "ticks.xlsx").write_bytes(saved.getvalue())
    monkeypatch.setenv("INSIGHT_TODAY", "2026-12-07")
    later = open_workspace(workspace.root, run_id="later")
    (outcome,) = [each for each in ingest_inbox(later) if each.source == "ticked-patrols"]
    assert outcome.account is not None, outcome
    assert (outcome.account.accepted, outcome.account.quarantined) == (2, 0)
    patrols = read_events(later, "patrols").sort_values("place")
    assert set(patrols["action"]) == {"patrol"}
    assert patrols["found"].notna().sum() == 1
    assert patrols["cell"].notna().sum() == 1


@pytest.mark.parametrize(
    ("categories", "word"),
    [(["Dog fouling"], "fouling"), (["Litter"], "litter"), (["Litter", "Graffiti"], "something")],
)
def test_wardens_tick_what_is_mapped_as_found(categories, word):
    assert finding_word(categories) == word
    book = openpyxl.load_workbook(
        BytesIO(ticks_workbook([], title="Week", council="Council", minutes=15, finding=word))
    )
    offered = [each.formula1 for each in book["Visits"].data_validations.dataValidation]
    assert any(word in each for each in offered)
    assert all("fouling" not in each for each in offered) or word == "fouling"


def test_too_few_reports_plan_by_ward_and_say_so(make_workspace):
    workspace = make_workspace(wards_file="reference/wards.geojson")
    square = [[-1.13, 52.57], [-1.06, 52.57], [-1.06, 52.62], [-1.13, 52.62], [-1.13, 52.57]]
    ward = {"type": "Feature", "properties": {"name": "North"},
            "geometry": {"type": "Polygon", "coordinates": [square]}}  # fmt: skip
    path = workspace.root / "reference" / "wards.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [ward]}))
    write_reports(workspace.root, 12)
    ingest_inbox(workspace)
    week = plan_week(workspace, MONDAY)
    assert week.plan.places["place"].tolist() == ["Anywhere in North"]
    assert "too few" in " ".join(week.said)
    publish_patrol(workspace, MONDAY)


def test_one_sheet_of_paper_holds_a_weeks_places_and_boxes(planned):
    _, folder = planned
    pages = re.findall(rb"/Type\s*/Page\b", (folder / "sheet.pdf").read_bytes())
    assert len(pages) == 2


def test_weeks_that_nobody_handed_in_are_not_counted_as_quiet(workspace):
    write_reports(workspace.root, 300)
    ingest_inbox(workspace)
    asked = plan_week(replace(workspace, today=date(2026, 11, 26)), MONDAY)
    week = plan_week(replace(workspace, today=date(2027, 2, 4)), date(2027, 2, 8))
    assert week.late.startswith("The newest report is of ")
    assert week.late in week.said
    assert asked.late is None
    assert week.plan.places["recent"].sum() > 0


def test_nowhere_to_go_is_said(workspace, insight_here):
    with pytest.raises(WeekError, match="nowhere to send"):
        plan_week(workspace, MONDAY)
    code, _, told = insight_here("hotspots", "patrol", "--week", "2026-11-30")
    assert (code, "wards_file" in told) == (1, True)


def test_rounds_that_match_nothing_are_told(make_workspace):
    workspace = make_workspace(patrols={"rounds_file": "reference/rounds.csv"})
    rounds = workspace.root / "reference" / "rounds.csv"
    rounds.write_text("place,visits_a_week\nNowhere Lane,3\n")
    write_reports(workspace.root, 300)
    ingest_inbox(workspace)
    summary = publish_patrol(workspace, MONDAY, hours=4)
    assert any("Nowhere Lane" in problem for problem in summary.problems)
    rounds.unlink()
    with pytest.raises(WeekError, match=r"rounds\.csv"):
        plan_week(workspace, MONDAY)


def test_a_week_is_named_by_any_of_its_days(workspace):
    assert week_of(workspace, "2026-12-03") == MONDAY
    assert week_of(workspace, None) == MONDAY
    with pytest.raises(WeekError, match="no date"):
        week_of(workspace, "soon")


def test_places_that_share_a_pin_are_drawn_nearer(workspace):
    wards = box(460_000, 298_000, 466_000, 304_000)
    pins = pd.DataFrame(
        {"number": [1, 2, 3, 4], "easting": [461_000.0, 461_100, 461_200, 465_000],
         "northing": 299_000.0, "rank": [1, 2, 3, 4], "crs": "EPSG:27700"}
    )  # fmt: skip
    area = gpd.GeoDataFrame({"ward": ["North"]}, geometry=[wards], crs="EPSG:27700")
    whole = place_map(pins, area, source="Dog fouling")
    assert [pin.numbers for pin in whole.pins] == ["1, 2, 3", "4"]
    (near,) = closer_maps(workspace, pins, whole)
    assert near["words"] == "Closer: places 1, 2, 3"
    assert all(f">{number}</text>" in near["map"] for number in (1, 2, 3))
