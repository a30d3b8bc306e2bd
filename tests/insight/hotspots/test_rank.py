import numpy as np
import pytest

from insight.hotspots.grid import Grid, grid_over
from insight.hotspots.method import HotspotMethod
from insight.hotspots.rank import density_score, recency_weights

METHOD = HotspotMethod()


def square(cells, cell_m=100.0):
    return Grid(cell_m, 0, 0, np.ones((cells, cells), dtype=bool))


def test_a_report_counts_half_after_its_half_life_and_never_more_than_one():
    weights = recency_weights(np.array([-5.0, 0.0, 90.0, 180.0]), 90.0)
    assert weights.tolist() == [1.0, 1.0, 0.5, 0.25]


def test_recent_reports_outrank_as_many_old_ones():
    grid = square(41)
    easting = np.repeat([550.0, 3_550.0], 20)
    northing = np.full(40, 2_050.0)
    weights = np.repeat([0.2, 0.9], 20)
    score = density_score(grid, easting, northing, weights, METHOD)
    assert score[20, 35] > score[20, 5] > 0


def test_with_few_reports_neighbours_decide_between_equal_counts():
    grid = square(41)
    # Two cells with two reports each; around one of them lie others.
    points = np.array([(550, 550), (560, 550), (3550, 3550), (3560, 3550), (3450, 3550),
                       (3650, 3550), (3550, 3650)], dtype=float)  # fmt: skip
    score = density_score(grid, points[:, 0], points[:, 1], np.ones(7), METHOD)
    assert score[35, 35] > score[5, 5]


def test_a_score_lies_between_the_count_and_its_surface(borough):
    points, _ = borough(1, 2_000, planted=10)
    grid = grid_over(points[:, 0], points[:, 1], cell_m=100)
    count = grid.total(points[:, 0], points[:, 1])
    score = density_score(grid, points[:, 0], points[:, 1], np.ones(len(points)), METHOD)
    busiest = np.unravel_index(count.argmax(), count.shape)
    assert 0 < score[busiest] < count[busiest]
    assert score.sum() == pytest.approx(count.sum(), rel=0.25)


def test_many_reports_let_the_count_rule(borough):
    points, _ = borough(1, 60_000, planted=10)
    grid = grid_over(points[:, 0], points[:, 1], cell_m=100)
    count = grid.total(points[:, 0], points[:, 1])
    score = density_score(grid, points[:, 0], points[:, 1], np.ones(len(points)), METHOD)
    assert np.corrcoef(count.ravel(), score.ravel())[0, 1] > 0.99


def test_ground_beyond_the_boundary_gets_no_score_and_takes_none():
    grid = square(3)
    grid.inside[:, 2] = False
    score = density_score(grid, np.array([150.0]), np.array([150.0]), np.ones(1), METHOD)
    assert (score[:, 2] == 0).all()
    assert score[1, 1] > 0


def test_no_reports_score_nothing():
    empty = np.empty(0)
    assert density_score(square(3), empty, empty, empty, METHOD).sum() == 0


def test_the_ranking_predicts_planted_hotspots_better_than_counting(borough):
    """The share of next quarter's reports in the top 2% of cells, over made-up boroughs."""
    ours, plain = [], []
    for seed in range(6):
        points, _ = borough(seed, 3_000, planted=24)
        order = np.random.default_rng(seed).permutation(len(points))
        past, future = points[order[:2_400]], points[order[2_400:]]
        grid = grid_over(points[:, 0], points[:, 1], cell_m=100)
        count = grid.total(past[:, 0], past[:, 1])
        score = density_score(grid, past[:, 0], past[:, 1], np.ones(len(past)), METHOD)
        truth = grid.total(future[:, 0], future[:, 1]).ravel()
        top = int(0.02 * grid.inside.sum())
        tie = np.random.default_rng(seed).random(truth.size) * 1e-6
        ours.append(truth[np.argsort(-score.ravel())[:top]].sum())
        plain.append(truth[np.argsort(-(count.ravel() + tie))[:top]].sum())
    assert sum(ours) >= sum(plain)
