import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import box

from insight.place_lookups import normal_postcode
from insight.places import locate
from insight.projection import UnknownCrsError
from insight.remedies import remedy

GRID = "EPSG:27700"
# Two made-up wards side by side in a made-up borough, a kilometre each way.
WEST, SOUTH = 460_000.0, 298_000.0


@pytest.fixture
def wards():
    shapes = [
        box(WEST, SOUTH, WEST + 1000, SOUTH + 1000),
        box(WEST + 1000, SOUTH, WEST + 2000, SOUTH + 1000),
    ]
    return gpd.GeoDataFrame({"ward": ["Mill Lane", "St Ann's"]}, geometry=shapes, crs=GRID)


@pytest.fixture
def postcodes():
    return pd.DataFrame(
        {"postcode": ["ZE1 1AA"], "easting": [WEST + 1500], "northing": [SOUTH + 500]}
    )


def reports(**columns):
    kinds = {name: "string" for name in ("postcode", "ward")}
    frame = pd.DataFrame(columns)
    return frame.astype({name: kinds.get(name, "Float64") for name in frame})


def degrees(easting, northing):
    longitude, latitude = Transformer.from_crs(GRID, "EPSG:4326", always_xy=True).transform(
        easting, northing
    )
    return {"latitude": [latitude], "longitude": [longitude]}


def only_rule(failures):
    assert len(failures) == 1
    return failures["rule"].iloc[0]


def test_latitude_and_longitude_become_metres(wards):
    located, failures = locate(
        reports(**degrees(WEST + 250, SOUTH + 250)), crs=GRID, area=wards, wards=wards
    )
    assert failures.empty
    row = located.iloc[0]
    assert (row["easting"], row["northing"]) == pytest.approx((WEST + 250, SOUTH + 250), abs=0.01)
    assert (row["crs"], row["ward"], row["place_note"]) == (GRID, "Mill Lane", "coordinates")


def test_a_known_place_lands_where_the_ordnance_survey_says():
    # The National Grid's own worked example: 52 39 27.2531 N, 1 43 4.5177 E.
    frame = reports(latitude=[52.65757030], longitude=[1.71792157])
    located, _ = locate(frame, crs=GRID)
    point = located[["easting", "northing"]].iloc[0].tolist()
    # That example is in the 1936 datum; in WGS84 the same numbers lie about 100 m away.
    assert point == pytest.approx([651_409.9, 313_177.3], abs=150)


def test_eastings_are_taken_as_they_are_even_with_degrees_beside_them(wards):
    frame = reports(easting=[WEST + 1200], northing=[SOUTH + 10], latitude=[0.5], longitude=[0.5])
    located, failures = locate(frame, crs=GRID, area=wards, wards=wards)
    assert failures.empty
    assert located[["easting", "northing"]].iloc[0].tolist() == [WEST + 1200, SOUTH + 10]
    assert located["ward"].iloc[0] == "St Ann's"


def test_a_postcode_stands_in_for_coordinates(wards, postcodes):
    located, _ = locate(
        reports(postcode=[" ze11aa"]), crs=GRID, area=wards, wards=wards, postcodes=postcodes
    )
    row = located.iloc[0]
    assert (row["easting"], row["ward"], row["place_note"]) == (
        WEST + 1500,
        "St Ann's",
        "postcode",
    )


def test_an_unknown_postcode_falls_back_to_the_ward(wards, postcodes):
    frame = reports(postcode=["ZE9 9ZZ", "ZE9 9ZZ"], ward=["mill lane", None])
    located, failures = locate(frame, crs=GRID, wards=wards, postcodes=postcodes)
    assert located["ward"].tolist() == ["Mill Lane"]
    assert only_rule(failures) == "unknown postcode"


def test_a_ward_alone_gives_no_point(wards):
    located, _ = locate(reports(ward=["ST. ANNS WARD"]), crs=GRID, area=wards, wards=wards)
    row = located.iloc[0]
    assert np.isnan(row["easting"])
    assert (row["ward"], row["place_note"]) == ("St Ann's", "ward only")


def test_a_ward_is_kept_as_given_without_a_ward_file():
    frame = reports(ward=[" Ward 14 ", "07"], easting=[None, 500_000], northing=[None, 200_000])
    located, _ = locate(frame, crs=GRID)
    assert located["ward"].tolist() == ["Ward 14", "07"]


def test_a_strange_ward_is_refused(wards):
    _, failures = locate(reports(ward=["Atlantis"]), crs=GRID, wards=wards)
    assert only_rule(failures) == "unknown ward"
    assert "Atlantis" not in failures.to_string()


@pytest.mark.parametrize(
    "columns",
    [{"latitude": [None], "longitude": [None]}, {"latitude": [52.6]}, {"ward": [" "]}],
)
def test_a_report_without_a_place_says_so(columns):
    _, failures = locate(reports(**columns), crs=GRID)
    assert only_rule(failures) == "missing place"


@pytest.mark.parametrize(
    "columns",
    [
        {"latitude": [152.6], "longitude": [-1.1]},
        {"latitude": [0.0], "longitude": [0.0]},
        {"easting": [0.0], "northing": [0.0]},
        {"easting": [460_000.0], "northing": [2_400_000.0]},
        {"easting": [-1.1], "northing": [52.6]},
    ],
)
def test_what_can_be_no_place_is_no_coordinate(columns):
    _, failures = locate(reports(**columns), crs=GRID)
    assert only_rule(failures) == "not a coordinate"


def test_swapped_degrees_are_named_so_with_and_without_an_area(wards):
    right = degrees(WEST + 250, SOUTH + 250)
    wrong = reports(latitude=right["longitude"], longitude=right["latitude"])
    for area in (wards, None):
        _, failures = locate(wrong, crs=GRID, area=area)
        assert only_rule(failures) == "latitude and longitude swapped"
        assert failures["column"].iloc[0] == "latitude, longitude"


def test_swapped_metres_are_named_so(wards):
    _, failures = locate(
        reports(easting=[SOUTH + 100], northing=[WEST + 100]), crs=GRID, area=wards
    )
    assert only_rule(failures) == "easting and northing swapped"


def test_a_point_in_the_sea_lies_outside_the_area(wards):
    sea = reports(latitude=[53.5], longitude=[1.2])
    _, failures = locate(sea, crs=GRID, area=wards)
    assert only_rule(failures) == "outside the area"
    assert "boundary" in remedy(failures["rule"].iloc[0])


def test_a_generalised_boundary_loses_no_point_just_beyond_it(wards):
    frame = reports(easting=[WEST - 49, WEST - 51], northing=[SOUTH + 500] * 2)
    located, failures = locate(frame, crs=GRID, area=wards, wards=wards)
    assert located["ward"].tolist() == ["Mill Lane"]
    assert failures["row"].tolist() == [1]


def test_an_area_in_degrees_serves_reports_in_metres(wards):
    frame = reports(easting=[WEST + 10, WEST + 9000], northing=[SOUTH + 10, SOUTH + 10])
    located, failures = locate(frame, crs=GRID, area=wards.to_crs("EPSG:4326"))
    assert (len(located), only_rule(failures)) == (1, "outside the area")


def test_failures_keep_the_index_of_the_report(wards):
    frame = reports(ward=["Mill Lane", "Atlantis", "St Ann's"]).set_axis([7, 11, 13])
    located, failures = locate(frame, crs=GRID, wards=wards)
    assert located.index.tolist() == [7, 13]
    assert failures["row"].tolist() == [11]


def test_another_countrys_metres_work_without_the_national_grid():
    boston = reports(latitude=[42.3603], longitude=[-71.0583])
    located, failures = locate(boston, crs="EPSG:26986")
    assert failures.empty
    assert located["easting"].iloc[0] == pytest.approx(236_387, abs=10)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:0", "nonsense"])
def test_only_systems_in_metres_are_accepted(crs):
    with pytest.raises(UnknownCrsError, match="EPSG:27700"):
        locate(reports(ward=["x"]), crs=crs)


def test_no_reports_give_no_rows():
    located, failures = locate(reports(latitude=[], longitude=[]), crs=GRID)
    assert located.empty
    assert failures.empty
    assert {"easting", "northing", "crs", "ward", "place_note"} <= set(located.columns)


def test_postcodes_compare_without_spaces_and_case():
    spelled = pd.Series(["le18 1aa", "LE181AA", "LE18  1AA "], dtype="string")
    assert set(normal_postcode(spelled)) == {"LE181AA"}


coordinate = st.none() | st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(st.lists(st.tuples(coordinate, coordinate, coordinate, coordinate), min_size=1))
def test_every_report_is_either_placed_or_refused(rows):
    columns = ["latitude", "longitude", "easting", "northing"]
    frame = pd.DataFrame(rows, columns=columns).astype("Float64")
    located, failures = locate(frame, crs=GRID)
    assert sorted([*located.index, *failures["row"]]) == list(frame.index)
    assert np.isfinite(located[["easting", "northing"]].to_numpy(dtype=float)).all()


def test_the_boroughs_own_crimes_fall_in_its_wards(real_data):
    from pipelines.edge.geography import read_wards

    geography = real_data / "oadby-wigston-geography"
    wards = read_wards(geography / "wards_E07000135.geojson")
    crimes = pd.read_csv(
        real_data / "leicestershire-street-crime" / "2018-10-leicestershire-street.csv.gz"
    )
    frame = crimes.rename(columns=str.lower)[["latitude", "longitude"]].astype("Float64")
    located, failures = locate(frame, crs=GRID, wards=wards)
    assert failures["rule"].unique().tolist() == ["missing place"]
    labelled = crimes["LSOA name"].fillna("").str.startswith("Oadby and Wigston")
    labelled &= frame["latitude"].notna()
    placed = located["ward"].reindex(crimes.index).notna()
    assert placed[labelled].all()
    # The 50 m of tolerance brings in a few from across the boundary, no more.
    assert (placed & ~labelled).sum() <= 0.03 * labelled.sum()
