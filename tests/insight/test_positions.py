"""How far off each kind of place may be."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, box

from insight.hotspots import HotspotMethod, hotspots
from insight.places import locate
from insight.positions import (
    PIN_M,
    coordinate_error,
    known_error,
    postcode_error,
    street_key,
    street_points,
)

GRID = "EPSG:27700"
WEST, SOUTH = 460_000.0, 298_000.0
WARDS = gpd.GeoDataFrame(
    {"ward": ["Mill Lane"]},
    geometry=[box(WEST, SOUTH, WEST + 3_000, SOUTH + 3_000)],
    crs=GRID,
)
STREETS = gpd.GeoDataFrame(
    {"street": ["Ash Road", "Long Lane", "High Street", "High Street"]},
    geometry=[
        LineString([(WEST + 100, SOUTH + 100), (WEST + 180, SOUTH + 100)]),
        LineString([(WEST + 100, SOUTH + 300), (WEST + 700, SOUTH + 300)]),
        LineString([(WEST + 100, SOUTH + 500), (WEST + 200, SOUTH + 500)]),
        LineString([(WEST + 2_800, SOUTH + 2_800), (WEST + 2_900, SOUTH + 2_800)]),
    ],
    crs=GRID,
)


def place(**columns):
    text = {"postcode", "street", "ward"}
    frame = pd.DataFrame({name: [value] for name, value in columns.items()})
    frame = frame.astype({name: "string" if name in text else "Float64" for name in frame})
    postcodes = pd.DataFrame(
        {
            "postcode": [f"ZE1 {n}AA" for n in range(9)],
            "easting": WEST + 500 + 100.0 * (np.arange(9) % 3),
            "northing": SOUTH + 500 + 100.0 * (np.arange(9) // 3),
        }
    )
    return locate(frame, crs=GRID, wards=WARDS, postcodes=postcodes, streets=STREETS)


@pytest.mark.parametrize(
    ("latitude", "longitude", "metres"),
    [(52.581234, -1.1, PIN_M), (52.5812, -1.12, PIN_M), (52.581, -1.12, 55.66), (52.6, -1, 5566)],
)
def test_each_decimal_less_is_ten_times_further_off(latitude, longitude, metres):
    given = pd.DataFrame({"latitude": [latitude], "longitude": [longitude]})
    assert coordinate_error(given)[0] == pytest.approx(metres)


def test_a_grid_reference_is_as_exact_as_its_figures_and_the_coarser_of_two_wins():
    metres = pd.DataFrame({"easting": [458_700.0, 458_724.0], "northing": [304_600.0, 304_630.0]})
    assert coordinate_error(metres).tolist() == [50, PIN_M]
    both = metres.assign(latitude=52.58, longitude=-1.12)
    assert coordinate_error(both) == pytest.approx([556.6, 556.6])


def test_what_the_file_itself_says_of_its_points_counts():
    given = pd.DataFrame(
        {"easting": [458_724.5] * 2, "northing": [304_630.5] * 2, "place_error_m": [75.0, None]}
    )
    assert coordinate_error(given).tolist() == [75, PIN_M]


def test_a_postcode_is_as_exact_as_its_neighbours_are_near():
    near, far = (np.stack(np.meshgrid(*[step * np.arange(5)] * 2)).reshape(2, -1) for step in
                 (50.0, 200.0))  # fmt: skip
    assert postcode_error(*far)[12] == pytest.approx(4 * postcode_error(*near)[12], rel=0.01)
    assert 20 < postcode_error(*near)[12] < 50


@pytest.mark.parametrize(
    ("given", "note", "least", "most"),
    [
        ({"latitude": 52.581234, "longitude": -1.1001}, "coordinates", 10, 10),
        ({"postcode": "ZE1 4AA"}, "postcode", 30, 90),
        ({"street": "ash rd."}, "street", 40, 40),
        ({"street": "Long Lane"}, "street", 300, 300),
        ({"ward": "mill lane"}, "ward only", 2_100, 2_200),
        ({"street": "Nowhere Way", "ward": "Mill Lane"}, "ward only", 2_100, 2_200),
        ({"postcode": "ZE9 9ZZ", "street": "Ash Road"}, "street", 40, 40),
    ],
)
def test_every_kind_of_place_has_its_own_error(given, note, least, most):
    located, failures = place(**given)
    assert failures.empty
    assert located["place_note"].tolist() == [note]
    assert least <= located["place_error_m"].iloc[0] <= most
    assert located["ward"].tolist() == ["Mill Lane"]


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"street": "Nowhere Way"}, "unknown street"),
        ({"street": "High Street"}, "street that may be several"),
    ],
)
def test_a_street_that_cannot_be_told_is_refused_by_name_of_the_rule(given, rule):
    located, failures = place(**given)
    assert located.empty
    assert failures[["column", "rule"]].to_numpy().tolist() == [["street", rule]]


def test_a_street_stands_at_a_point_of_its_own():
    points = street_points(STREETS)
    assert points.loc["long lane", ["easting", "northing"]].tolist() == [WEST + 400, SOUTH + 300]
    assert street_key(pd.Series(["St Ann\u2019s  Ave"], dtype="string")).tolist() == [
        "st anns avenue"
    ]


def test_rows_stored_before_errors_were_kept_are_judged_again():
    stored = pd.DataFrame(
        {
            "place_note": pd.array(["coordinates", "postcode", "ward only"], dtype="string"),
            "place_error_m": [np.nan, np.nan, np.nan],
            "latitude": [52.581, np.nan, np.nan],
            "longitude": [-1.12, np.nan, np.nan],
            "easting": [459_000.123, 459_000.0, np.nan],
            "northing": [298_000.456, 298_000.0, np.nan],
        }
    )
    told = known_error(stored)
    assert told.iloc[0] == pytest.approx(55.66)
    assert told.iloc[1] == 100
    assert np.isnan(told.iloc[2])


def test_coarse_reports_never_make_a_street_hotspot_and_are_counted(borough_reports):
    exact, coarse = borough_reports
    alone = hotspots(exact, method=HotspotMethod(), month=OCTOBER)
    both = hotspots(pd.concat([exact, coarse], ignore_index=True), method=HotspotMethod(),
                    month=OCTOBER)  # fmt: skip
    assert both.cell_m == alone.cell_m == 100
    assert both.reports == alone.reports
    pd.testing.assert_frame_equal(both.cells, alone.cells)
    assert "60 more are known only within about 80 metres (60 by postcode)" in both.note
    assert set(alone.cells["within_m"]) == {10.0}


def test_postcodes_alone_rank_areas_and_rough_ones_nothing(borough_reports):
    _, coarse = borough_reports
    many = pd.concat([coarse] * 5, ignore_index=True).assign(place_note="postcode")
    many["easting"] += np.arange(len(many)) % 7 * 300.0
    assert hotspots(many, method=HotspotMethod(), month=OCTOBER).cell_m == 250
    rough = hotspots(many.assign(place_error_m=400.0), method=HotspotMethod(), month=OCTOBER)
    assert rough.cells.empty
    assert "too few to rank streets or areas" in rough.note


OCTOBER = pd.Timestamp("2026-10-01").date()


@pytest.fixture
def borough_reports():
    rng = np.random.default_rng(1)
    spots = rng.uniform(0, 3_000, (30, 2))
    points = np.concatenate([np.repeat(spots, 5, axis=0) + rng.normal(0, 10, (150, 2)),
                             rng.uniform(0, 3_000, (100, 2))])  # fmt: skip
    when = pd.Timestamp("2026-10-31", tz="Europe/London") - pd.to_timedelta(
        rng.integers(0, 300, 250), unit="D"
    )
    exact = pd.DataFrame(
        {
            "reported_at": pd.DatetimeIndex(when).as_unit("us"),
            "easting": WEST + points[:, 0],
            "northing": SOUTH + points[:, 1],
            "crs": pd.array([GRID] * 250, dtype="string"),
            "place_note": pd.array(["coordinates"] * 250, dtype="string"),
            "place_error_m": 10.0,
        }
    )
    one = exact.iloc[:60].assign(easting=WEST + 50, northing=SOUTH + 50)
    return exact, one.assign(place_note="postcode", place_error_m=80.0)
