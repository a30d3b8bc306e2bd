from itertools import pairwise, permutations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

from insight.patrols import PatrolMethod
from insight.patrols.distances import along_streets, straight
from insight.patrols.route import plan_routes, shift_days


def visits(times, share=None):
    number = len(times)
    return pd.DataFrame(
        {
            "cell": [f"c{at}" for at in range(number)],
            "visits": times,
            "share": np.linspace(1, 0.1, number) if share is None else share,
        }
    )


def test_one_shift_is_the_shortest_way():
    points = np.random.default_rng(7).uniform(0, 3000, (7, 2))
    metres = straight(points, 1.4)
    routes = plan_routes(visits([1] * 7), metres, PatrolMethod(hours_a_week=3))
    shortest = min(sum(metres[a, b] for a, b in pairwise(way)) for way in permutations(range(7)))
    assert routes.stops["metres"].sum() == pytest.approx(shortest, rel=0.05)


def test_no_place_is_twice_in_a_shift_and_no_shift_too_long():
    points = np.random.default_rng(8).uniform(0, 4000, (12, 2))
    method = PatrolMethod(hours_a_week=9)
    routes = plan_routes(visits([3, 3, 2, 2, *[1] * 8]), straight(points, 1.4), method)
    assert not routes.stops.duplicated(["shift", "cell"]).any()
    assert max(routes.minutes) <= 180.01
    assert len(routes.stops) + len(routes.left_out) == 18


def test_what_does_not_fit_is_what_is_worth_least():
    method = PatrolMethod(hours_a_week=1)
    routes = plan_routes(visits([1] * 6), np.zeros((6, 6)), method)
    assert sorted(routes.stops["cell"]) == ["c0", "c1", "c2", "c3"]
    assert set(routes.left_out) == {"c4", "c5"}


def test_the_same_places_give_the_same_routes():
    points = np.random.default_rng(9).uniform(0, 4000, (15, 2))
    first, again = (
        plan_routes(visits([2] * 15), straight(points, 1.4), PatrolMethod(hours_a_week=12))
        for _ in range(2)
    )
    pd.testing.assert_frame_equal(first.stops, again.stops)


def test_nothing_to_visit_gives_empty_shifts():
    routes = plan_routes(visits([]), np.zeros((0, 0)), PatrolMethod(hours_a_week=6))
    assert routes.stops.empty
    assert routes.minutes == (0.0, 0.0)


def test_shifts_are_spread_over_the_week():
    assert [shift_days(number) for number in (1, 2, 5, 7)] == [
        [0], [0, 4], [0, 1, 2, 3, 4], [0, 0, 1, 1, 2, 3, 4],
    ]  # fmt: skip


def test_ways_follow_the_streets():
    # A cross of two streets that only meet in the middle, where neither has a corner.
    streets = gpd.GeoDataFrame(
        geometry=[LineString([(0, 50), (100, 50)]), LineString([(50, 0), (50, 100)])],
        crs="EPSG:27700",
    )
    points = np.array([[0.0, 50.0], [50.0, 100.0], [100.0, 50.0]])
    metres = along_streets(points, streets, 1.4)
    assert metres[0, 1] == pytest.approx(100)
    assert metres[0, 2] == pytest.approx(100)


def test_places_that_no_street_joins_are_reached_by_the_stated_factor():
    streets = gpd.GeoDataFrame(
        geometry=[LineString([(0, 0), (10, 0)]), LineString([(1000, 0), (1010, 0)])],
        crs="EPSG:27700",
    )
    metres = along_streets(np.array([[0.0, 0.0], [1000.0, 0.0]]), streets, 1.4)
    assert metres[0, 1] == pytest.approx(1400)
