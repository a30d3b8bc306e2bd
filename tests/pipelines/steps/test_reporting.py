"""The page that says who reports, from files as the statistics office publishes them."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, box

from insight.errors import InsightError
from pipelines.edge.area_facts import read_areas
from pipelines.edge.geography import read_wards
from pipelines.settings_areas import Areas
from pipelines.steps.hotspots import find_hotspots
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.reporting import reporting
from pipelines.steps.season import season_from_file

OCTOBER = date(2026, 10, 1)
PEOPLE = '{0},"1,500"\n{1},"2,000"\n'
AREAS = {
    "file": "reference/lsoa.geojson",
    "code_column": "LSOA11CD",
    "population": {"file": "reference/people.csv", "code_column": "code", "value_column": "all"},
    "deprivation": {"file": "reference/imd.csv", "code_column": "code", "value_column": "decile"},
}
HALVES = [box(460_000, 298_000, 461_000, 300_000), box(461_000, 298_000, 462_000, 300_000)]


def write_reference(folder, *, decile=(1, 10), people=PEOPLE):
    folder.mkdir(exist_ok=True, parents=True)
    codes = ["E01000001", "E01000002"]
    shapes = gpd.GeoDataFrame({"LSOA11CD": codes}, geometry=HALVES, crs="EPSG:27700")
    shapes.to_file(folder / "lsoa.geojson")
    wards = gpd.GeoDataFrame({"ward": ["West", "East"]}, geometry=HALVES, crs="EPSG:27700")
    wards.to_file(folder / "wards.geojson")
    lines = [LineString([(460_100, 299_000), (460_900, 299_000)]),
             LineString([(461_100, 299_000), (461_500, 299_000)])]  # fmt: skip
    streets = gpd.GeoDataFrame({"street": ["Ash Road", "Elm Road"]}, geometry=lines,
                               crs="EPSG:27700")  # fmt: skip
    streets.to_file(folder / "streets.geojson")
    (folder / "people.csv").write_text("code,all\n" + people.format(*codes), encoding="utf-8")
    rows = "".join(f"{code},{each}\n" for code, each in zip(codes, decile, strict=True))
    (folder / "imd.csv").write_text("code,decile\n" + rows, encoding="utf-8")


@pytest.fixture
def borough(make_workspace, tmp_path):
    workspace = make_workspace(
        areas=AREAS, wards_file="reference/wards.geojson", streets_file="reference/streets.geojson"
    )
    write_reference(workspace.root / "reference")
    rng = np.random.default_rng(1)
    east = np.r_[np.full(30, 460_500.5), np.full(10, 461_300.5)] + rng.uniform(0, 20, 40).round(1)
    reports = pd.DataFrame(
        {"report_id": range(40), "reported_at": "2026-05-01 10:00", "category": "Dog fouling",
         "easting": east, "northing": 299_003.5, "reporter": ["a@b.uk"] * 20 + [""] * 20}
    )  # fmt: skip
    reports["reported_at"] = [f"{1 + day % 28:02}/0{1 + day % 9}/2026 10:00" for day in range(40)]
    reports.to_csv(workspace.root / "inbox" / "street-reports" / "reports.csv", index=False)
    patrols = pd.DataFrame(
        {"patrol_id": range(60), "started_at": "01/09/2026 09:00",
         "place": ["Ash Road"] * 30 + ["Elm Road (SP 612 990)"] * 30,
         "found": ["fouling"] * 15 + ["nothing"] * 45}
    )  # fmt: skip
    patrols.to_csv(workspace.root / "inbox" / "patrols" / "patrols.csv", index=False)
    ingest_inbox(workspace)
    return workspace


def test_reports_stand_beside_people_streets_deprivation_and_findings(borough):
    told = reporting(borough, OCTOBER, find_hotspots(borough, OCTOBER))
    wards = told.wards.set_index("ward")
    assert wards.loc["West", ["reports", "people", "people_rate"]].tolist() == [30, 1_500, 20]
    assert wards.loc["East", "km_rate"] == pytest.approx(10 / 0.4)
    assert told.deprivation["reports"].tolist() == [30, 10]
    assert "4.0 times as many reports" in told.deprivation_words
    assert told.people.startswith("1 people made the reports whose reporter is known")
    assert "50% of 40 reports don't say who made them" in told.people
    assert told.findings.set_index("street").loc["Ash Road", ["visits", "found"]].tolist() == [
        30, 15,
    ]  # fmt: skip


def test_without_areas_or_streets_the_page_says_what_to_name(make_workspace):
    workspace = make_workspace(wards_file="reference/wards.geojson")
    write_reference(workspace.root / "reference")
    told = reporting(workspace, OCTOBER, find_hotspots(workspace, OCTOBER))
    assert "Name areas in council.yaml" in told.missing
    assert "Name streets_file" in told.missing
    assert told.deprivation.empty
    assert told.wards["reports"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"code_column": "LSOA21CD"}, "LSOA21CD"),
        ({"population": AREAS["population"] | {"file": "reference/none.csv"}}, r"none\.csv"),
        ({"population": AREAS["population"] | {"value_column": "adults"}}, "adults"),
        ({"population": AREAS["population"] | {"code_column": "all"}}, "no code in all"),
        ({"deprivation": AREAS["population"]}, "decile from 1"),
    ],
)
def test_a_wrong_file_of_areas_is_named_with_what_to_do(tmp_path, changes, says):
    write_reference(tmp_path / "reference")
    areas = Areas.model_validate(AREAS | changes)
    with pytest.raises(InsightError, match=says):
        read_areas(tmp_path, areas, "EPSG:27700")


def test_the_boroughs_own_areas_are_read_as_published(real_data):
    folder = real_data / "oadby-wigston-geography"
    imd = "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"
    areas = Areas.model_validate(
        {
            "file": "lsoa_E07000135.geojson",
            "code_column": "LSOA11CD",
            "population": {"file": "population_mid2015_leicestershire_lsoa.csv",
                           "code_column": "LSOA code (2011)",
                           "value_column": "Total population: mid 2015 (excluding prisoners)"},
            "deprivation": {"file": "imd2019_domains_leicestershire_lsoa.csv",
                            "code_column": "LSOA code (2011)", "value_column": imd},
        }
    )  # fmt: skip
    table = read_areas(folder, areas, "EPSG:27700")
    assert len(table) == 36
    assert table["population"].sum() == 55_984
    assert table["decile"].between(3, 10).all()


def test_people_of_a_ward_file_are_kept(tmp_path):
    wards = gpd.GeoDataFrame({"ward": ["A", "B"], "Population": [10, 20]}, geometry=HALVES,
                             crs="EPSG:27700")  # fmt: skip
    wards.to_file(tmp_path / "wards.geojson")
    assert read_wards(tmp_path / "wards.geojson")["population"].tolist() == [10, 20]


def test_the_season_of_elsewhere_is_told_and_a_wrong_file_refused(make_workspace):
    workspace = make_workspace(patrols={"season_file": "reference/counts.csv"})
    file = workspace.root / "reference" / "counts.csv"
    months = pd.period_range("2015-07", "2018-06", freq="M").astype(str)
    dark = pd.Series(months).str[-2:].isin(["11", "12", "01", "02"])
    counts = pd.DataFrame({"month": months, "category": "Dog Fouling", "lsoa": "E01000001",
                           "reports": np.where(dark, 20, 10)})  # fmt: skip
    litter = counts.assign(category="Litter", reports=1_000)
    pd.concat([counts, litter]).to_csv(file, index=False)
    told = season_from_file(workspace)
    assert "Elsewhere (counts, July 2015 to June 2018), 50% of 480 came from November" in told
    file.write_text("month,reports\nMay 2018,3\n", encoding="utf-8")
    with pytest.raises(InsightError, match="month or a number"):
        season_from_file(workspace)
    file.unlink()
    with pytest.raises(InsightError, match="can't be read"):
        season_from_file(workspace)
