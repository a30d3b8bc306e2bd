import numpy as np
import pytest

from insight.hotspots.grid import Grid, grid_over
from insight.hotspots.method import HotspotMethod
from insight.hotspots.rank import expected_shares
from insight.hotspots.windows import window_counts

METHOD = HotspotMethod()


def square(cells, cell_m=100.0):
    return Grid(cell_m, 0, 0, np.ones((cells, cells), dtype=bool))


def shares(grid, points, age):
    points = np.asarray(points, dtype=float).reshape(-1, 2)
    windows = window_counts(grid, points[:, 0], points[:, 1], np.asarray(age, dtype=float))
    return expected_shares(windows, grid, METHOD)


def test_windows_hold_ever_more_and_the_last_holds_all():
    age = np.array([0.0, 62.9, 63.0, 300.0, 700.0])
    windows = window_counts(square(2), np.full(5, 50.0), np.full(5, 150.0), age)
    assert windows.days[0] == 63
    assert windows.counts[:, 2].tolist() == windows.exposure.tolist()
    assert windows.exposure[0] == 2
    assert windows.exposure[-1] == 5
    assert windows.days[-1] == 701


def test_many_points_are_counted_as_few_are():
    rng = np.random.default_rng(1)
    easting, northing = rng.uniform(0, 900, (2, 300_000))
    age = rng.uniform(0, 700, 300_000)
    windows = window_counts(square(9), easting, northing, age)
    recent = age < windows.days[0]
    assert windows.counts[-1].tolist() == square(9).total(easting, northing).ravel().tolist()
    first = square(9).total(easting[recent], northing[recent]).ravel()
    assert windows.counts[0].tolist() == first.tolist()


def test_shares_add_up_to_one_and_none_falls_outside_the_area():
    grid = square(3)
    grid.inside[:, 2] = False
    share = shares(grid, [(150, 150)], [3]).share
    assert share.sum() == pytest.approx(1)
    assert (share[:, 2] == 0).all()
    assert share[1, 1] == share.max()
    assert (share[grid.inside] > 0).all()


def test_recent_reports_outrank_as_many_old_ones(borough):
    grid = square(49)
    background, _ = borough(1, 2_000)
    points = np.concatenate([background, np.repeat([(550, 2_050), (3_550, 2_050)], 30, axis=0)])
    age = np.concatenate(
        [np.random.default_rng(2).uniform(0, 700, len(background)), np.linspace(400, 700, 30),
         np.linspace(0, 90, 30)]
    )  # fmt: skip
    found = shares(grid, points, age)
    assert found.share[20, 35] > 3 * found.share[20, 5]
    assert found.changed[20, 35] > 0.9 > found.changed[0, 0]


def test_a_steady_place_is_judged_by_all_that_is_known(borough):
    grid = square(49)
    background, _ = borough(1, 4_000)
    steady = np.repeat([(550, 2_050)], 60, axis=0)
    age = np.random.default_rng(2).uniform(0, 700, len(background))
    found = shares(
        grid, np.concatenate([background, steady]), np.append(age, np.linspace(0, 700, 60))
    )
    assert found.share[20, 5] == pytest.approx(60 / (len(background) + 60), rel=0.35)


def test_with_few_reports_neighbours_decide_between_equal_counts():
    points = [(550, 550), (560, 550), (3550, 3550), (3560, 3550), (3450, 3550),
              (3650, 3550), (3550, 3650)]  # fmt: skip
    share = shares(square(41), points, np.full(7, 5)).share
    assert share[35, 35] > share[5, 5]


def test_a_season_makes_no_place_hotter():
    """Every cell gets four times as many reports lately: nothing has changed between them."""
    rng = np.random.default_rng(3)
    points = rng.uniform(0, 2_000, (6_000, 2))
    age = np.where(rng.random(6_000) < 0.5, rng.uniform(0, 90, 6_000), rng.uniform(90, 700, 6_000))
    share = shares(square(20), points, age).share
    # Chance alone spreads the last quarter's counts by 0.36 of their mean, all counts by 0.26.
    assert share.std() * 400 < 0.26


def test_no_reports_are_no_share():
    assert shares(square(3), [], []).share.sum() == 0


def test_the_order_of_the_reports_changes_nothing(borough):
    points, _ = borough(1, 2_000, planted=10)
    age = np.random.default_rng(2).uniform(0, 700, len(points))
    order = np.random.default_rng(3).permutation(len(points))
    grid = grid_over(points[:, 0], points[:, 1], cell_m=100)
    first, second = shares(grid, points, age), shares(grid, points[order], age[order])
    assert (first.share == second.share).all()
