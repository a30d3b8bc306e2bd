"""Real reports of things at places, each through ingest with a mapping and on to a map.

The expected figures are worked out here from the raw files, by other means than the code's.
"""

import gzip
import io
from datetime import date

import pandas as pd
import pytest

from insight.errors import InsightError
from pipelines.steps.events import read_events
from pipelines.steps.hotspots import find_hotspots, publish_hotspots
from pipelines.steps.ingest import find_source
from pipelines.steps.ingest_file import ingest_file
from tests.real_accounts import told


def test_boston_reports_become_a_map_and_its_fallback_points_are_named(
    make_workspace, real_data, ingest, pages
):
    path = real_data / "boston-animal-311" / "reports_2013_2018.csv.gz"
    workspace = make_workspace(
        name="boston", crs="EPSG:26986", timezone="America/New_York", hotspot_categories=[]
    )
    account = ingest(workspace, path, "boston", "boston")
    raw = pd.read_csv(path)
    assert told(account)[0] == len(raw)
    assert account.filtered == 0
    assert account.quarantined <= raw["latitude"].isna().sum()
    month = date(2018, 12, 1)
    summary = publish_hotspots(workspace, month)
    found = find_hotspots(workspace, month)
    busiest = raw.groupby(["latitude", "longitude"]).size().nlargest(2)
    named = found.fallback.sort_values("reports", ascending=False)
    assert len(named) >= 1
    assert any("lie on one point" in problem for problem in summary.problems)
    kept = read_events(workspace, "street_reports")
    city_hall = kept[kept["latitude"].eq(busiest.index[0][0])]
    assert len(city_hall) == busiest.iloc[0]
    at_it = (named["easting"] - city_hall["easting"].iloc[0]).abs() < 1
    assert at_it.any()
    assert "NaN" not in pages(workspace, month)["wardens"]


def test_baltimore_requests_are_read_month_first_and_its_placeholder_point_is_named(
    make_workspace, real_data, ingest, pages
):
    path = real_data / "baltimore-311" / "requests_train.csv.gz"
    workspace = make_workspace(
        name="baltimore", crs="EPSG:26985", timezone="America/New_York", hotspot_categories=[]
    )
    account = ingest(workspace, path, "baltimore", "baltimore")
    raw = pd.read_csv(path, dtype=str)
    ours = ~raw["SRStatus"].str.contains("Duplicate") & raw["GeoLocation"].notna()
    ours &= ~raw["MethodReceived"].isin(["Internal", "System"])
    assert told(account) == (len(raw), ours.sum(), 0, 0, (~ours).sum())
    kept = read_events(workspace, "street_reports")
    created = pd.to_datetime(raw[ours]["CreatedDate"], format="%m/%d/%Y %I:%M:%S %p")
    months = kept["reported_at"].dt.tz_convert("America/New_York").dt.strftime("%Y-%m")
    pd.testing.assert_series_equal(
        months.value_counts().sort_index(),
        created.dt.strftime("%Y-%m").value_counts().sort_index(),
        check_names=False,
        check_dtype=False,
        check_index_type=False,
    )
    found = find_hotspots(workspace, date(2018, 12, 1))
    year = created.between("2018-01-01", "2018-12-31 23:59:59")
    placeholder = (raw[ours]["GeoLocation"].eq("(39.0, -77.0)") & year).sum()
    assert placeholder in found.fallback["reports"].tolist()
    summary = publish_hotspots(workspace, date(2018, 12, 1))
    assert any("lie on one point" in problem for problem in summary.problems)
    assert "NaN" not in pages(workspace, date(2018, 12, 1))["wardens"]


@pytest.mark.parametrize(
    ("file", "column"), [("wards_E07000135", "WD13NM"), ("lsoa_E07000135", "LSOA11NM")]
)
def test_incidents_in_the_boroughs_own_wards_and_areas_are_mapped(
    make_workspace, real_data, ingest, pages, file, column
):
    geography = real_data / "oadby-wigston-geography" / f"{file}.geojson"
    workspace = make_workspace(
        wards_file=str(geography), wards_name_column=column, hotspot_categories=[]
    )
    packed = real_data / "leicestershire-street-crime" / "2018-11-leicestershire-street.csv.gz"
    account = ingest(workspace, packed, "leicestershire_crime", "police")
    raw = pd.read_csv(io.BytesIO(gzip.decompress(packed.read_bytes())))
    ours = raw["LSOA name"].str.startswith("Oadby and Wigston", na=False)
    ours &= raw["Crime type"].eq("Anti-social behaviour")
    assert told(account)[0] == len(raw)
    assert account.rows_read - account.filtered == ours.sum()
    assert account.accepted >= 0.95 * ours.sum()
    wards = read_events(workspace, "street_reports")["ward"]
    assert set(wards.dropna()) <= set(workspace.wards["ward"])
    publish_hotspots(workspace, date(2018, 11, 1))
    page = pages(workspace, date(2018, 11, 1))["wardens"]
    assert "Wigston" in page


def test_reports_that_have_only_a_postcode_lie_where_the_postcode_file_says(
    make_workspace, real_data, tmp_path
):
    geography = real_data / "oadby-wigston-geography"
    postcodes = pd.read_csv(geography / "postcodes_le2_le18.csv", dtype=str)
    workspace = make_workspace(
        wards_file=str(geography / "wards_E07000135.geojson"),
        postcodes_file=str(geography / "postcodes_le2_le18.csv"),
    )
    ours = postcodes[postcodes["ward_name"].notna()]
    lines = [f"{n},03/10/2026,Dog fouling,{code}" for n, code in enumerate(ours["postcode"])]
    path = tmp_path / "fouling.csv"
    path.write_text("report_id,reported_at,category,postcode\n" + "\n".join(lines), "utf-8")
    account = ingest_file(workspace, path, find_source(workspace, "street-reports", None))
    assert told(account) == (len(ours), len(ours), 0, 0, 0)
    placed = read_events(workspace, "street_reports").sort_values("report_id", key=pd.to_numeric)
    assert placed["easting"].astype(int).tolist() == ours["easting"].astype(int).tolist()
    # Postcodes on a ward's generalised edge may fall to its neighbour.
    assert (placed["ward"].to_numpy() == ours["ward_name"].to_numpy()).mean() > 0.98


def test_swapped_coordinates_and_points_in_the_sea_are_each_said(
    make_workspace, real_data, tmp_path
):
    geography = real_data / "oadby-wigston-geography" / "wards_E07000135.geojson"
    workspace = make_workspace(wards_file=str(geography))
    source = find_source(workspace, "street-reports", None)
    header = "report_id,reported_at,category,latitude,longitude\n"
    for name, place, rule in (
        ("swapped", "-1.10,52.59", "swapped"),
        ("sea", "54.00,3.00", "outside"),
    ):
        path = tmp_path / f"{name}.csv"
        path.write_text(header + f"1,03/10/2026,Dog fouling,{place}\n", encoding="utf-8")
        with pytest.raises(InsightError, match=rule):
            ingest_file(workspace, path, source)
    assert read_events(workspace, "street_reports").empty
