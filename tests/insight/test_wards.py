import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point, box

from insight.wards import assign_wards, match_wards

WARDS = gpd.GeoDataFrame(
    {"ward": ["Ash", "Birch", "Saint Paul & Elm"]},
    geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100), box(210, 0, 300, 100)],
    crs="EPSG:27700",
)


def names(*points, tolerance_m=50.0):
    found = assign_wards(np.array(points, dtype=float), WARDS, tolerance_m=tolerance_m)
    return found.fillna("none").tolist()


def test_a_point_takes_the_ward_around_it():
    assert names((50, 50), (150, 50), (250, 50)) == ["Ash", "Birch", "Saint Paul & Elm"]


def test_a_point_on_a_shared_border_takes_the_first_ward():
    assert names((100, 50), (100, 0)) == ["Ash", "Ash"]


def test_a_point_in_a_sliver_takes_the_nearest_ward_within_tolerance():
    assert names((203, 50), (208, 50)) == ["Birch", "Saint Paul & Elm"]
    assert names((205, 50)) == ["Birch"]
    assert names((205, 50), tolerance_m=1) == ["none"]


def test_a_missing_point_has_no_ward():
    assert names((np.nan, 50), (50, 50)) == ["none", "Ash"]


def test_many_points_agree_with_one_by_one():
    points = np.random.default_rng(1).uniform(0, 300, (200, 2))
    several = assign_wards(points, WARDS, tolerance_m=0.001)
    for point, ward in zip(points, several, strict=True):
        inside = WARDS["ward"][WARDS.contains(Point(point))]
        assert ward is pd.NA if inside.empty else ward == inside.iloc[0]


def test_names_match_whatever_their_case_and_punctuation():
    written = pd.Series([" ASH ward", "saint paul and elm", "Oak", None], dtype="string")
    found = match_wards(written, WARDS)
    assert found.fillna("none").tolist() == ["Ash", "Saint Paul & Elm", "none", "none"]


def test_a_code_means_its_ward():
    coded = WARDS.assign(code=["E05000001", "E05000002", None])
    written = pd.Series(["e05000002", "Ash", "E05000009"], dtype="string")
    assert match_wards(written, coded).fillna("none").tolist() == ["Birch", "Ash", "none"]
