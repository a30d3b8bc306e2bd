import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString

from insight.hotspots.streets import on_streets

STREETS = gpd.GeoDataFrame(
    {"street": ["Mill Lane", "Ash Road", "Beech Road"]},
    geometry=[
        LineString([(0, 0), (1000, 0)]),
        LineString([(0, 500), (1000, 500)]),
        LineString([(0, 500), (1000, 500)]),
    ],
    crs="EPSG:27700",
)


def cells(*points):
    return pd.DataFrame(
        {
            "easting": [float(east) for east, _ in points],
            "northing": [float(north) for _, north in points],
            "place": pd.array([f"SK {n}" for n in range(len(points))], dtype="string"),
        },
        index=range(7, 7 + len(points)),
    )


def test_a_cell_is_called_by_its_nearest_street():
    assert on_streets(cells((300, 40)), STREETS)["place"].tolist() == ["Mill Lane (SK 0)"]


def test_a_cell_of_several_streets_is_said_to_lie_around_one():
    named = on_streets(cells((300, 40)), STREETS, prefix="Around ")
    assert named["place"].tolist() == ["Around Mill Lane (SK 0)"]


def test_a_cell_far_from_any_street_keeps_its_name():
    named = on_streets(cells((300, 250), (300, 60)), STREETS, reach_m=100)
    assert named["place"].tolist() == ["SK 0", "Mill Lane (SK 1)"]
    assert named.index.tolist() == [7, 8]


def test_of_streets_equally_near_the_first_by_name_is_taken():
    assert on_streets(cells((300, 490)), STREETS)["place"].tolist() == ["Ash Road (SK 0)"]


def test_no_cells_and_no_streets_are_both_fine():
    assert on_streets(cells(), STREETS).empty
    assert on_streets(cells((1, 1)), STREETS.iloc[:0])["place"].tolist() == ["SK 0"]
