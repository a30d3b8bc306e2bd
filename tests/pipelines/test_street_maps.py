"""`insight hotspots` on streets, and reports placed by postcode or street alone."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString
from typer.testing import CliRunner

from pipelines.cli import app

WEST, SOUTH = 460_000, 298_000
MAPPING = """
contract: street_reports
columns: {report_id: id, reported_at: at, category: kind, easting: e, northing: n,
          street: road, postcode: code}
dates: "%Y-%m-%d"
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    rng = np.random.default_rng(2)
    lines = [LineString([(WEST, SOUTH + 200 * n), (WEST + 1_500, SOUTH + 200 * n)])
             for n in range(1, 11)]  # fmt: skip
    trees = ["Ash", "Beech", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Lime", "Oak", "Yew"]
    names = [f"{tree} Road" for tree in trees]
    streets = gpd.GeoDataFrame({"name": names}, geometry=lines, crs="EPSG:27700")
    streets.to_file(folder / "streets.gpkg")
    count = 500
    hot = rng.random(count) < 0.3
    row = np.where(hot, 6, rng.integers(1, 11, count))
    table = pd.DataFrame(
        {
            "id": np.arange(count),
            "at": pd.Timestamp("2024-12-31") - pd.to_timedelta(rng.integers(0, 700, count), "D"),
            "kind": "Dog fouling",
            "e": np.where(hot, WEST + 760 + rng.normal(0, 12, count),
                          WEST + rng.uniform(0, 1_500, count)).round(1),
            "n": (SOUTH + 200 * row + rng.normal(0, 8, count)).round(1),
            "road": "",
            "code": "",
        }
    )  # fmt: skip
    lost = table.head(12).assign(at=pd.Timestamp("2024-09-01"), e=np.nan, n=np.nan)
    by_name = lost.assign(id=np.arange(900, 912), road="hazel rd")
    by_code = by_name.assign(id=np.arange(950, 962), road="", code="ZE1 1AA")
    pd.concat([table, by_name, by_code]).to_csv(folder / "reports.csv", index=False)
    codes = pd.DataFrame({"postcode": ["ZE1 1AA"], "easting": [WEST], "northing": [SOUTH + 200]})
    codes.to_csv(folder / "postcodes.csv", index=False)
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("ending", "crs"), [("geojson", 4326), ("gpkg", 27_700)])
def test_the_places_are_written_as_shapes_that_gdal_opens(town, tmp_path, ending, crs):
    path = tmp_path / f"places.{ending}"
    told = invoke(town, "map", "--output", str(tmp_path / "map.html"), "--cells", str(path))
    assert told.exit_code == 0, told.output
    drawn = gpd.read_file(path)
    assert drawn.crs.to_epsg() == crs
    assert drawn["place"].iloc[0].startswith("Hazel Road (SP")
    assert set(drawn.geom_type) <= {"LineString", "Polygon"}
    lengths = drawn[drawn.geom_type.eq("LineString")].to_crs(27_700).length
    assert lengths.between(90, 101).all()


def invoke(town, *words):
    return CliRunner().invoke(
        app,
        ["hotspots", words[0], "--reports", str(town / "reports.csv"), "--mapping",
         str(town / "mapping.yaml"), "--streets", str(town / "streets.gpkg"), *words[1:], "--json"],
    )  # fmt: skip


def test_the_map_draws_streets_by_rank_and_says_how_exact_they_are(town, tmp_path):
    page, cells = tmp_path / "map.html", tmp_path / "cells.csv"
    told = invoke(town, "map", "--postcodes", str(town / "postcodes.csv"), "--output", str(page),
                  "--cells", str(cells))  # fmt: skip
    assert told.exit_code == 0, told.output
    note = json.loads(told.stdout)["note"]
    assert "12 by postcode, 12 by street name" in note
    assert "Places are pieces of street of up to 100 metres" in note
    table = pd.read_csv(cells)
    assert table["place"].iloc[0].startswith("Hazel Road (SP")
    assert table["significant"].iloc[0]
    assert set(table["within_m"]) == {10}
    html = page.read_text(encoding="utf-8")
    assert "LineString" in html
    assert "by 100 metres of street" in html
    assert "Placed within about 10 metres" in html


def test_a_report_by_street_or_postcode_needs_the_file_that_knows_it(town, tmp_path):
    told = invoke(town, "map", "--output", str(tmp_path / "map.html"))
    assert "12 refused (place: missing place)" in json.loads(told.stdout)["rows"]


def test_streets_are_backtested_as_squares_are(town, tmp_path):
    cells = tmp_path / "cells.csv"
    told = invoke(town, "backtest", "--origins", "2", "--horizon-days", "90", "--cells", str(cells))
    assert told.exit_code == 0, told.output
    printed = json.loads(told.stdout)
    assert 14 < printed["street_km"] <= 15
    assert 140 < printed["pieces"] <= 150
    ours, plain = (printed["methods"][name]["pai"]["1"] for name in ("ours", "count_12m"))
    assert ours > 3
    assert ours >= plain - printed["methods"]["ours"]["diff_se"]["1"] - 1e-9
    assert {"cell", "length_m", "outcome", "ours"} <= set(pd.read_csv(cells).columns)


@pytest.mark.parametrize("command", ["map", "backtest"])
def test_streets_of_somewhere_else_or_in_another_system_are_said_to_be(town, tmp_path, command):
    streets = gpd.read_file(town / "streets.gpkg").set_crs(27_701, allow_override=True)
    streets.to_file(tmp_path / "streets.shp")
    told = CliRunner().invoke(
        app,
        ["hotspots", command, "--reports", str(town / "reports.csv"), "--mapping",
         str(town / "mapping.yaml"), "--streets", str(tmp_path / "streets.shp")],
    )  # fmt: skip
    assert told.exit_code == 1
    assert "streets.shp: no report lies beside any of its streets" in str(told.exception)
