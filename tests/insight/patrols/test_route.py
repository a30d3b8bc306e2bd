from itertools import pairwise, permutations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

from insight.patrols import PatrolMethod
from insight.patrols.distances import along_streets, straight, street_network
from insight.patrols.plan import patrol_plan
from insight.patrols.route import plan_routes, routed, shift_days


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
    routes = plan_routes(visits([1] * 7), metres, None, PatrolMethod(hours_a_week=3))
    shortest = min(sum(metres[a, b] for a, b in pairwise(way)) for way in permutations(range(7)))
    assert routes.stops["metres"].sum() == pytest.approx(shortest, rel=0.05)


def test_no_place_is_twice_in_a_shift_and_no_shift_too_long():
    points = np.random.default_rng(8).uniform(0, 4000, (12, 2))
    method = PatrolMethod(hours_a_week=9)
    routes = plan_routes(visits([3, 3, 2, 2, *[1] * 8]), straight(points, 1.4), None, method)
    assert not routes.stops.duplicated(["day", "cell"]).any()
    assert max(routes.minutes) <= 180.01
    assert len(routes.stops) + len(routes.left_out) == 18


def test_what_does_not_fit_is_what_is_worth_least():
    method = PatrolMethod(hours_a_week=1)
    routes = plan_routes(visits([1] * 6), np.zeros((6, 6)), None, method)
    assert sorted(routes.stops["cell"]) == ["c0", "c1", "c2", "c3"]
    assert set(routes.left_out) == {"c4", "c5"}


def test_the_same_places_give_the_same_routes():
    points = np.random.default_rng(9).uniform(0, 4000, (15, 2))
    first, again = (
        plan_routes(visits([2] * 15), straight(points, 1.4), None, PatrolMethod(hours_a_week=12))
        for _ in range(2)
    )
    pd.testing.assert_frame_equal(first.stops, again.stops)


def test_nothing_to_visit_gives_empty_shifts():
    routes = plan_routes(visits([]), np.zeros((0, 0)), None, PatrolMethod(hours_a_week=6))
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
    metres = along_streets(points, street_network(streets), 1.4)
    assert metres[0, 1] == pytest.approx(100)
    assert metres[0, 2] == pytest.approx(100)


def test_places_that_no_street_joins_are_reached_by_the_stated_factor():
    streets = gpd.GeoDataFrame(
        geometry=[LineString([(0, 0), (10, 0)]), LineString([(1000, 0), (1010, 0)])],
        crs="EPSG:27700",
    )
    metres = along_streets(np.array([[0.0, 0.0], [1000.0, 0.0]]), street_network(streets), 1.4)
    assert metres[0, 1] == pytest.approx(1400)


def test_two_wardens_go_out_together_from_the_depot_and_never_to_one_place_on_one_day():
    points = np.random.default_rng(4).uniform(0, 3000, (10, 2))
    method = PatrolMethod(hours_a_week=12, wardens=2)
    home = np.hypot(*points.T)
    routes = plan_routes(visits([2] * 10), straight(points, 1.0), home, method)
    shifts = routes.stops.groupby("shift")
    assert shifts["day"].first().tolist() == [0, 0, 4, 4]
    assert shifts["warden"].first().tolist() == [1, 2, 1, 2]
    assert not routes.stops.duplicated(["day", "cell"]).any()
    first = routes.stops.query("stop == 1")
    assert first["metres"].tolist() == pytest.approx(
        [home[int(cell[1:])] for cell in first["cell"]]
    )
    assert max(routes.minutes) <= 180.01


def test_a_place_too_far_for_a_shift_is_left_out_and_the_others_are_not():
    # There it is a hundred minutes, and as long back: too much for 180 with a visit.
    home = np.array([500.0, 600.0, 25_000.0])
    near = straight(np.array([[500.0, 0.0], [600.0, 0.0], [25_000.0, 0.0]]), 1.0)
    routes = plan_routes(visits([1, 1, 1]), near, home, PatrolMethod(hours_a_week=3))
    assert routes.left_out == ("c2",)
    assert len(routes.stops) == 2


def test_as_many_visits_are_planned_as_the_ways_leave_time_for():
    number = 60
    places = pd.DataFrame(
        {"cell": [f"c{at}" for at in range(number)], "place": "A", "ward": "W", "easting": 0.0,
         "northing": 0.0, "score": 1.0, "reports": 1, "recent": 0, "expected": 1.0,
         "evidence": "weak"}
    )  # fmt: skip
    method = PatrolMethod(hours_a_week=6)

    def shared(way):
        ways = np.full((number, number), way)
        return routed(
            lambda visits: patrol_plan(places, method=method, week=0, visits=visits),
            lambda chosen: (ways[: len(chosen), : len(chosen)], None),
            method,
        )

    for way, most in ((0.0, 24), (5_000.0, 10)):  # no way at all, twenty minutes
        plan, routes = shared(way)
        assert not routes.left_out
        assert most - 1 <= len(routes.stops) == plan.visits <= most
