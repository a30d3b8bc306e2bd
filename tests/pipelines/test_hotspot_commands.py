"""`insight hotspots` on files as strangers have them, the wrong ones among them."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from insight.errors import InsightError
from pipelines.cli import app
from pipelines.steps.hotspot_files import backtest_file, map_file
from tests.benchmarks.hotspot_boroughs import make_borough

MAPPING = """
contract: street_reports
columns: {report_id: id, reported_at: at, category: kind, easting: e, northing: n}
dates: "%Y-%m-%d"
crs: EPSG:27700
"""


def frame(easting, northing, day=None):
    count = len(easting)
    day = np.arange(count) % 360 if day is None else day
    when = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.asarray(day, dtype=int), unit="D")
    return pd.DataFrame(
        {"id": np.arange(count), "at": when.strftime("%Y-%m-%d"), "kind": "Dog fouling",
         "e": np.round(easting, 1), "n": np.round(northing, 1)}
    )  # fmt: skip


@pytest.fixture(scope="module")
def borough_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("borough")
    borough = make_borough(900)
    easting, northing, day = borough.reports(4_000, 1)
    frame(easting, northing, day).to_csv(folder / "reports.csv", index=False)
    borough.area.to_file(folder / "area.geojson")
    (folder / "mapping.yaml").write_text(MAPPING + "area: area.geojson\n", encoding="utf-8")
    return folder


@pytest.fixture
def given(tmp_path):
    """Write reports and a mapping, and give their paths."""

    def write(easting, northing, more="", **frames):
        reports, mapping = tmp_path / "reports.csv", tmp_path / "mapping.yaml"
        frame(np.asarray(easting, float), np.asarray(northing, float), **frames).to_csv(
            reports, index=False
        )
        mapping.write_text(MAPPING + more, encoding="utf-8")
        return reports, mapping

    return write


def run_backtest(reports, mapping, **files):
    asked = {"origins": 2, "horizon_days": 60, "cell_m": 100, "seed": 1}
    return backtest_file(reports, mapping, **asked, **files)


def test_the_backtest_prints_one_json_object_and_writes_the_cells(borough_files):
    cells = borough_files / "cells.csv"
    told = CliRunner().invoke(
        app,
        ["hotspots", "backtest", "--reports", str(borough_files / "reports.csv"), "--mapping",
         str(borough_files / "mapping.yaml"), "--origins", "3", "--horizon-days", "90",
         "--cell-m", "100", "--cells", str(cells), "--json"],
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    printed = json.loads(told.stdout)
    assert len(printed["origins"]) == 3
    assert set(printed["methods"]) == {
        "ours", "count_12m", "last_period", "gi_star", "random", "foresight"
    }  # fmt: skip
    for figures in printed["methods"].values():
        assert {"pai", "pai_se", "hit", "pei", "diff_se"} <= set(figures)
        assert all(set(each) == {"1", "2", "5"} for each in figures.values())
    table = pd.read_csv(cells)
    assert table["origin"].unique().tolist() == printed["origins"]
    assert len(table) == 3 * printed["cells"]
    assert {"easting", "northing", "outcome", *printed["methods"]} <= set(table.columns)


def test_moments_out_of_reach_are_said(given):
    reports, mapping = given(461_000 + np.arange(6), np.full(6, 299_000), day=np.arange(6) * 30)
    told = CliRunner().invoke(
        app,
        ["hotspots", "backtest", "--reports", str(reports), "--mapping", str(mapping),
         "--origins", "50", "--horizon-days", "28", "--json"],
    )  # fmt: skip
    made = len(json.loads(told.stdout)["origins"])
    assert 0 < made < 50
    assert f"{made} of 50 moments" in told.stderr


@pytest.mark.parametrize("made", [run_backtest, map_file])
def test_a_file_that_cannot_be_written_is_named(made, given, tmp_path):
    reports, mapping = given(461_000 + np.arange(6), np.full(6, 299_000), day=np.arange(6) * 30)
    (tmp_path / "taken").touch()
    files = {"cells_file": tmp_path / "taken" / "cells.csv"}
    if made is map_file:
        files["output"] = tmp_path / "map.html"
    with pytest.raises(InsightError, match=r"cells\.csv can't be written"):
        made(reports, mapping, **files)


def test_the_map_of_any_file_is_written_and_judges_last_quarters(borough_files, tmp_path):
    page, places = tmp_path / "map.html", tmp_path / "places.csv"
    told = CliRunner().invoke(
        app,
        ["hotspots", "map", "--reports", str(borough_files / "reports.csv"), "--mapping",
         str(borough_files / "mapping.yaml"), "--output", str(page), "--cells", str(places)],
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    html = page.read_text(encoding="utf-8")
    assert "The map of three months ago would have covered" in html
    table = pd.read_csv(places)
    assert {"emerging", "evidence", "expected", "p", "rank", "score"} <= set(table.columns)
    assert table["significant"].sum() >= 1


def test_parquet_gives_the_same_map_as_csv(borough_files, tmp_path):
    table = pd.read_csv(borough_files / "reports.csv", parse_dates=["at"])
    table.to_parquet(tmp_path / "reports.parquet")
    pages = []
    for file in (borough_files / "reports.csv", tmp_path / "reports.parquet"):
        map_file(file, borough_files / "mapping.yaml", tmp_path / "map.html", title="Same")
        pages.append((tmp_path / "map.html").read_bytes())
    assert pages[0] == pages[1]


def test_no_reports_are_refused_with_the_reason(given, tmp_path):
    reports, mapping = given([], [])
    with pytest.raises(InsightError, match=r"no reports|no day with|No report|holds"):
        run_backtest(reports, mapping)
    with pytest.raises(InsightError):
        map_file(reports, mapping, tmp_path / "map.html")


def test_one_report_makes_a_map_that_says_what_it_cannot_show(given, tmp_path):
    reports, mapping = given([460_100], [300_100])
    told = map_file(reports, mapping, tmp_path / "map.html")
    assert "no hotspot is claimed" in told.about["note"]
    with pytest.raises(InsightError, match="There is 1 report, and no day"):
        run_backtest(reports, mapping)


def test_all_at_one_point_is_said_and_nothing_is_claimed(given, tmp_path):
    reports, mapping = given(np.full(400, 460_100), np.full(400, 300_100))
    told = map_file(reports, mapping, tmp_path / "map.html")
    assert told.about["places"] == 0
    assert "All 400 reports are at one point, SK 601 001 (" in told.about["note"]
    assert "are at one point" in (tmp_path / "map.html").read_text("utf-8")
    assert run_backtest(reports, mapping).about["cells"] == 1


def test_reports_outside_the_borough_are_counted_and_all_of_them_refused(given, borough_files):
    area = f"area: {borough_files / 'area.geojson'}\n"
    with pytest.raises(InsightError, match="outside the area"):
        run_backtest(*given([300_000.0] * 5, [200_000.0] * 5, area))


def test_swapped_axes_are_named(given, borough_files):
    area = f"area: {borough_files / 'area.geojson'}\n"
    with pytest.raises(InsightError, match="swapped"):
        run_backtest(*given([300_450.0] * 5, [462_450.0] * 5, area))


def test_a_missing_boundary_file_is_named(given):
    with pytest.raises(InsightError, match=r"nowhere\.geojson"):
        run_backtest(*given([460_000], [300_000], "area: nowhere.geojson\n"))


def test_a_boundary_in_an_unknown_system_says_what_to_do(given, tmp_path, borough_files):
    make_borough(900).area.to_file(tmp_path / "lost.shp")
    (tmp_path / "lost.prj").unlink()
    with pytest.raises(InsightError, match="coordinate reference system"):
        run_backtest(*given([460_000], [300_000], "area: lost.shp\n"))


def test_a_broken_outline_is_mended(given, tmp_path):
    bow = [[-1.1, 52.6], [-1.0, 52.7], [-1.0, 52.6], [-1.1, 52.7], [-1.1, 52.6]]
    shape = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon",
             "coordinates": [bow]}}  # fmt: skip
    broken = {"type": "FeatureCollection", "features": [shape]}
    (tmp_path / "bow.geojson").write_text(json.dumps(broken), encoding="utf-8")
    rng = np.random.default_rng(1)
    reports, mapping = given(
        rng.uniform(466_500, 467_500, 300),
        rng.uniform(306_500, 309_500, 300),
        "area: bow.geojson\n",
    )
    tested = run_backtest(reports, mapping)
    assert tested.about["reports"] > 0
    assert "1 broken outline was mended in the boundary file" in tested.sentence


def test_a_million_reports_in_one_cell_are_said_to_be(tmp_path):
    rng = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "id": np.arange(1_000_000),
            "at": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(rng.integers(0, 360, 1_000_000), "D"),
            "kind": "Dog fouling",
            "e": rng.uniform(460_001, 460_049, 1_000_000),
            "n": rng.uniform(300_001, 300_049, 1_000_000),
        }
    )
    table.to_parquet(tmp_path / "reports.parquet")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    told = map_file(tmp_path / "reports.parquet", tmp_path / "mapping.yaml", tmp_path / "map.html")
    assert told.about["places"] == 0
    assert "lie within 250 metres of one another, around SK 600 000" in told.about["note"]
    assert "publisher" not in told.about["note"]


def test_another_contracts_mapping_is_refused(tmp_path, given):
    reports, mapping = given([460_000], [300_000])
    mapping.write_text("contract: contacts\n", encoding="utf-8")
    with pytest.raises(InsightError, match="street_reports"):
        run_backtest(reports, mapping)


def test_boston_is_predicted_no_worse_than_by_the_plain_count(real_data):
    file = real_data / "boston-animal-311" / "reports_2013_2018.csv.gz"
    mapping = Path(__file__).parents[1] / "mappings" / "boston.yaml"
    tested = backtest_file(file, mapping, origins=6, horizon_days=90, cell_m=250, seed=1)
    ours = tested.backtest.figures.query("method == 'ours'")
    assert (ours["diff"] > -ours["diff_se"]).all()


def test_the_boroughs_own_incidents_are_predicted_by_whole_months(real_data, tmp_path):
    folder = real_data / "leicestershire-street-crime"
    months = pd.concat([pd.read_csv(file, dtype=str) for file in sorted(folder.glob("*.gz"))])
    months.to_csv(tmp_path / "crimes.csv", index=False)
    wards = real_data / "oadby-wigston-geography" / "wards_E07000135.geojson"
    text = (Path(__file__).parents[1] / "mappings" / "leicestershire_crime.yaml").read_text("utf-8")
    (tmp_path / "crimes.yaml").write_text(text + f"area: {wards}\ncrs: EPSG:27700\n", "utf-8")
    tested = backtest_file(
        tmp_path / "crimes.csv", tmp_path / "crimes.yaml", origins=2, horizon_days=30,
        cell_m=100, seed=1,
    )  # fmt: skip
    assert [f"{origin:%Y-%m}" for origin in tested.backtest.origins] == ["2018-11", "2018-12"]
    ours = tested.backtest.figures.query("method == 'ours'")
    assert (ours["pai"] > 3).all()
