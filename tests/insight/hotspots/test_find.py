from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from insight.errors import MissingColumnsError
from insight.hotspots import HotspotMethod, hotspots
from insight.hotspots.find import CELL_TYPES, MixedCrsError
from models import Hotspot

OCTOBER = date(2026, 10, 1)
AREA = gpd.GeoDataFrame(geometry=[box(460_000, 298_000, 464_900, 302_900)], crs="EPSG:27700")


def find(reports, month=OCTOBER, area=AREA, **choices):
    return hotspots(
        reports, method=HotspotMethod(**choices), month=month, area=area, source="wardens"
    )


@pytest.fixture
def busy(borough, report_frame):
    return report_frame(borough(1, 2_000, planted=10)[0])


def test_cells_have_the_stores_columns_and_types(busy):
    cells = find(busy).cells
    assert cells.dtypes.astype(str).to_dict() == {
        name: str(pd.Series(dtype=kind).dtype) for name, kind in CELL_TYPES.items()
    }
    assert list(cells.columns) == list(Hotspot.model_fields)
    assert not cells.duplicated(["period", "source", "cell"]).any()


def test_every_report_is_in_a_cell_and_ranks_run_from_one(busy):
    found = find(busy)
    assert found.cells["reports"].sum() == found.reports == len(busy)
    assert found.cells["rank"].tolist() == list(range(1, len(found.cells) + 1))
    assert found.cells["score"].is_monotonic_decreasing
    assert set(found.cells["period"]) == {"2026-10"}
    assert set(found.cells["source"]) == {"wardens"}


def test_the_order_of_the_reports_changes_nothing(busy):
    shuffled = busy.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(find(busy).cells, find(shuffled).cells)
    assert find(busy).note == find(shuffled).note


def test_later_reports_are_not_looked_at(busy, report_frame):
    later = report_frame(np.tile([(1_000.0, 1_000.0)], (500, 1)), days=20, last="2026-11-25")
    assert find(pd.concat([busy, later])).note == find(busy).note


def test_only_the_window_counts(busy, report_frame):
    old = report_frame(np.tile([(1_000.0, 1_000.0)], (90, 1)), days=20, last="2025-10-30")
    assert find(pd.concat([busy, old])).reports == find(busy).reports
    assert find(busy, window_months=1).reports < 250


def test_the_month_is_the_councils_not_greenwichs(report_frame):
    reports = report_frame(np.zeros((40, 2)))
    last_minute = pd.Timestamp("2026-06-30 23:30", tz="UTC").tz_convert("Europe/London")
    reports = reports.assign(reported_at=last_minute)  # 00:30 on 1 July in summer time
    assert find(reports, month=date(2026, 6, 1)).reports == 0
    assert find(reports, month=date(2026, 7, 1)).reports == 40


def test_default_locations_are_left_out_and_named(busy, report_frame):
    hall = report_frame(np.tile([(2_400.0, 2_400.0)], (60, 1)), seed=1)
    found = find(pd.concat([busy, hall], ignore_index=True))
    assert found.fallback["reports"].tolist() == [60]
    assert found.reports == len(busy)
    assert "60 reports are left out: they lie on 1 exact point" in found.note
    assert "SK 624 004 (52.5" in found.working


def test_a_default_location_of_other_years_does_not_fill_the_note(busy, report_frame):
    hall = report_frame(np.tile([(2_400.0, 2_400.0)], (60, 1)), last="2023-06-30", seed=1)
    found = find(pd.concat([busy, hall], ignore_index=True))
    assert found.fallback.empty
    assert "default" not in found.note


def test_reports_known_by_ward_alone_are_counted_in_the_note(busy):
    nowhere = busy.head(7).assign(easting=np.nan, northing=np.nan)
    found = find(pd.concat([busy, nowhere], ignore_index=True))
    assert found.reports == len(busy)
    assert "7 more have no point on the map" in found.note


def test_streets_are_ranked_only_with_enough_reports(borough, report_frame):
    def side(reports):
        return find(report_frame(borough(2, reports, planted=6)[0]))

    assert side(3_000).cell_m == 50
    assert side(400).cell_m == 100
    few = side(90)
    assert few.cell_m == 250
    assert "too few to rank streets" in few.note
    assert set(few.cells["cell_m"]) == {250.0}


def test_scattered_single_reports_are_too_few_to_rank_streets(report_frame):
    scattered = np.random.default_rng(1).uniform(0, 4_900, (120, 2))
    assert find(report_frame(scattered)).cell_m == 250


def test_twenty_reports_rank_nothing_and_say_where_they_were(borough, report_frame):
    reports = report_frame(borough(2, 20)[0])
    reports["ward"] = pd.array(["Mill Lane"] * 8 + ["St Ann's"] * (len(reports) - 8), "string")
    found = find(reports)
    assert found.cells.empty
    assert list(found.cells.columns) == list(CELL_TYPES)
    assert "no hotspot is claimed" in found.note
    assert "There is not enough to rank wards either" in found.note
    assert f"All reports by ward: Mill Lane: 8; St Ann's: {len(reports) - 8}." in found.note


def test_reports_known_by_ward_alone_rank_wards_where_they_differ(report_frame):
    reports = report_frame(np.full((2, 2), 100.0))
    alone = pd.concat([reports] * 14, ignore_index=True).assign(easting=np.nan, northing=np.nan)
    area = AREA.assign(ward="Ash")
    area = pd.concat([area, area.assign(ward="Birch"), area.assign(ward="Mill Lane")])
    found = find(pd.concat([reports, alone], ignore_index=True), area=area)
    assert "Wards can be told apart" in found.note
    assert "Mill Lane: 30 (20 to 43); Ash: 0 (0 to 4); Birch: 0 (0 to 4)" in found.note
    assert found.wards.to_dict() == {"Mill Lane": 30, "Ash": 0, "Birch": 0}


@pytest.mark.parametrize("count", [0, 1])
def test_none_or_one_report_gives_a_note(report_frame, count):
    found = find(report_frame(np.full((count, 2), 100.0)))
    assert found.cells.empty
    assert found.note.startswith(["Made from 0 reports", "Made from 1 report from"][count])


def test_all_reports_in_one_place_are_said_to_be_and_nothing_is_ranked(report_frame):
    reports = report_frame(np.full((500, 2), 150.0))
    found = find(reports)
    days = reports["reported_at"].dt.strftime("%Y-%m-%d").nunique()
    assert found.cells.empty
    assert "All 500 reports are at one point" in found.note
    assert f"{500 - days} repeats count once with the first of the same place and day" in found.note


def test_without_a_boundary_the_hull_is_the_base_and_said(busy):
    assert "touch the area" in find(busy).working
    assert "ground between the outermost reports" in find(busy, area=None).working


def test_a_boundary_in_degrees_is_the_same_boundary(busy):
    # A straight line in degrees is slightly bent in metres, so cells on the edge may differ.
    degrees, metres = find(busy, area=AREA.to_crs("EPSG:4326")).cells, find(busy).cells
    assert degrees["place"].head(10).tolist() == metres["place"].head(10).tolist()
    assert degrees["score"].head(10).tolist() == pytest.approx(metres["score"].head(10), rel=0.02)


def test_a_cells_ward_is_that_of_most_of_its_reports(report_frame):
    reports = report_frame(np.repeat([[150.0, 150.0], [950.0, 950.0]], 40, axis=0))
    named = ["Ash"] * 10 + ["Birch"] * 20 + [pd.NA] * 10
    reports["ward"] = pd.array(named * 2, dtype="string")
    assert find(reports).cells["ward"].tolist() == ["Birch", "Birch"]
    assert find(reports.assign(ward=pd.NA)).cells["ward"].isna().all()


def test_recent_reports_rank_first(report_frame):
    points = np.repeat([(550.0, 550.0), (4_050.0, 4_050.0)], 20, axis=0)
    points[:, 0] += np.tile(np.arange(20), 2)
    reports = report_frame(points)
    new, old = (pd.Timestamp(day, tz="Europe/London") for day in ("2026-10-20", "2025-11-20"))
    reports["reported_at"] = [old] * 20 + [new] * 20
    assert find(reports).cells["easting"].iloc[0] == 464_125  # the middle of 4,000 to 4,250


def test_two_coordinate_systems_cannot_share_a_map(busy):
    mixed = busy.assign(crs=["EPSG:26986"] * 10 + ["EPSG:27700"] * (len(busy) - 10))
    with pytest.raises(MixedCrsError, match="EPSG:26986, EPSG:27700"):
        find(mixed)


def test_a_missing_column_is_named(busy):
    with pytest.raises(MissingColumnsError, match="reported_at"):
        find(busy.drop(columns="reported_at"))


def test_the_note_says_that_snapped_points_are_snapped(borough, report_frame):
    points = np.round(borough(1, 3_000)[0] / 300) * 300
    note = find(report_frame(points)).note
    assert "The publisher moved reports to a few fixed points" in note


def test_the_boroughs_own_crimes_are_ranked_and_none_claimed(real_data):
    from insight.places import locate
    from pipelines.edge.geography import read_wards

    wards = read_wards(real_data / "oadby-wigston-geography" / "wards_E07000135.geojson")
    folder = real_data / "leicestershire-street-crime"
    raw = pd.concat([pd.read_csv(file) for file in sorted(folder.glob("*.csv.gz"))])
    raw = raw.reset_index(drop=True)
    frame = raw.rename(columns=str.lower)[["latitude", "longitude"]].astype("Float64")
    times = pd.to_datetime(raw["Month"]).dt.tz_localize("Europe/London")
    crimes, _ = locate(frame.assign(reported_at=times), crs="EPSG:27700", area=wards, wards=wards)
    found = find(crimes, month=date(2018, 12, 1), area=wards)
    assert found.reports == len(crimes)
    assert "from 1 October 2018 to 31 December 2018" in found.note
    assert found.cells["ward"].isin(wards["ward"]).all()
    best = found.cells.iloc[0]
    assert (best["place"], best["ward"]) == ("SP 607 990", "Wigston St Wolstan's")
    # Three months of crimes lie on the police's few points a street: a long tail, and no hotspot.
    assert not found.cells["significant"].any()
