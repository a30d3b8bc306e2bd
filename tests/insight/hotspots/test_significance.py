import esda
import libpysal
import numpy as np
import pytest
from scipy import stats

from insight.hotspots.background import surroundings
from insight.hotspots.emerging import monthly_counts
from insight.hotspots.grid import Grid, grid_over
from insight.hotspots.method import HotspotMethod
from insight.hotspots.significance import (
    evidence_grades,
    excess,
    false_discovery,
    gi_star,
    in_company,
)

METHOD = HotspotMethod()


def over(points):
    cell_m = METHOD.fine_cell_m if len(points) >= METHOD.fine_minimum else METHOD.cell_m
    grid = grid_over(points[:, 0], points[:, 1], cell_m=cell_m)
    return grid.total(points[:, 0], points[:, 1]), grid


def claims(points):
    count, grid = over(points)
    test = excess(count, grid, METHOD)
    return evidence_grades(test.near, test.q, METHOD)[1]


def test_gi_star_equals_the_figure_worked_by_hand():
    # Three cells in a row, 1 2 6: mean 3, variance 41/3 - 9 = 14/3. The first cell's
    # neighbourhood is itself and the second: (3 - 2*3) / sqrt(14/3 * (3*2 - 4) / 2).
    z = gi_star(np.array([[1.0, 2.0, 6.0]]), np.ones((1, 3), dtype=bool))
    assert z[0, 0] == pytest.approx(-3 / np.sqrt(14 / 3))
    assert z[0, 2] == pytest.approx((8 - 6) / np.sqrt(14 / 3))
    assert z[0, 1] == 0  # its neighbourhood is everything, so it stands out from nothing


def test_gi_star_equals_its_formula_on_an_irregular_area():
    rng = np.random.default_rng(2)
    values, inside = rng.poisson(2.0, (9, 7)).astype(float), rng.random((9, 7)) < 0.7
    z = gi_star(values, inside)
    x, at = values[inside], np.argwhere(inside)
    near = (np.abs(at[:, None] - at[None]).max(axis=2) <= 1).astype(float)
    size, weight = len(x), near.sum(axis=1)
    above = near @ x - weight * x.mean()
    below = x.std() * np.sqrt((size * weight - weight**2) / (size - 1))
    assert z[inside] == pytest.approx(above / below, abs=1e-12)
    assert (z[~inside] == 0).all()


@pytest.mark.parametrize("values", [np.full((3, 3), 4.0), np.zeros((3, 3)), np.ones((1, 1))])
def test_gi_star_is_zero_where_nothing_differs(values):
    assert (gi_star(values, np.ones(values.shape, dtype=bool)) == 0).all()


def test_false_discovery_equals_scipys():
    p = np.random.default_rng(1).random(200) ** 2
    assert false_discovery(p) == pytest.approx(stats.false_discovery_control(p))


def test_planted_hotspots_are_found_and_few_others_claimed(borough):
    found, near = [], []
    for seed in range(5):
        points, centres = borough(seed, 3_000, planted=12)
        rows, columns = np.nonzero(claims(points))
        grid = over(points)[1]
        claimed = np.column_stack(grid.centres(rows, columns))
        apart = np.hypot(*(claimed[:, None] - centres[None]).transpose(2, 0, 1))
        found.append((apart.min(axis=0) < 150).mean())
        near.append((apart.min(axis=1) < 150).mean())
    assert np.mean(found) > 0.7
    assert np.mean(near) > 0.8


@pytest.mark.parametrize("reports", [20, 100, 300, 3_000])
def test_boroughs_without_a_hotspot_get_few_claims(borough, reports):
    claimed = [claims(borough(seed, reports)[0]).any() for seed in range(30)]
    # At most 5% should; 4 of 30 or more would happen in one of 16 fair runs.
    assert sum(claimed) <= 3


def test_expected_and_p_speak_only_of_cells_with_reports(borough):
    count, grid = over(borough(1, 1_000)[0])
    test = excess(count, grid, METHOD)
    assert (test.p[count == 0] == 1).all()
    assert (test.expected[count > 0] > 0).all()
    assert ((test.p > 0) & (test.p <= 1)).all()
    assert (test.q >= test.p - 1e-15).all()


def test_more_reports_in_a_cell_are_never_weaker_evidence(borough):
    count, grid = over(borough(1, 1_000)[0])
    row, column = np.unravel_index(count.argmax(), count.shape)
    more = count.copy()
    more[row, column] = 25
    before, after = (excess(each, grid, METHOD).p[row, column] for each in (count, more))
    assert after < before


def test_a_hotspot_does_not_hide_itself_by_raising_its_background():
    rng = np.random.default_rng(4)
    count = np.minimum(rng.poisson(1.0, (30, 30)), 4).astype(float)
    grid = Grid(100.0, 0, 0, np.ones((30, 30), dtype=bool))
    calm = excess(count, grid, METHOD).expected[15, 10]
    count[15, 13:16] = 1_000
    loud = excess(count, grid, METHOD).expected
    count[15, 10] = max(count[15, 10], 1)
    assert loud[15, 14] < 6
    assert abs(loud[15, 10] - calm) < 2


def test_a_place_that_began_in_autumn_is_found_by_its_months_alone(borough):
    points = borough(3, 2_400)[0]
    # Eighteen reports, hardly more than the streets around it have in a year, all since October.
    late = np.random.default_rng(5).normal(0, 30, (18, 2)) + points[40]
    count, grid = over(np.vstack([points, late]))
    month = np.append(np.arange(len(points)) % 12, np.full(18, 11)).astype(float)
    months = monthly_counts(grid, *np.vstack([points, late]).T, month)
    row, column = grid.cells(*points[40])
    without, within = (excess(count, grid, METHOD, each) for each in (None, months))
    near = (slice(row - 1, row + 2), slice(column - 1, column + 2))
    assert within.q[near].min() < 0.01 < without.q[near].min()


def test_three_places_apart_are_rarely_so_striking_by_chance_and_one_wide_place_may_be():
    p, used = np.full((40, 40), 0.5), np.ones((40, 40), dtype=bool)
    p[5, 5:9] = p[30, 30] = 1e-9  # the four in a row are one place
    assert in_company(p, used, 3) > METHOD.alpha
    p[5, 30] = 0.5 / 1_600  # half a window is expected to be so striking
    assert in_company(p, used, 3) == pytest.approx(stats.poisson.sf(2, 0.5))
    p[5, 30] = 1.0 / 1_600
    assert in_company(p, used, 3) > METHOD.alpha


def test_one_busy_place_makes_no_map_of_hotspots_unless_it_is_extreme_and_four_do():
    rng = np.random.default_rng(4)
    count = np.minimum(rng.poisson(1.0, (30, 30)), 4).astype(float)
    grid = Grid(100.0, 0, 0, np.ones((30, 30), dtype=bool))
    count[15, 15] = 10
    assert excess(count, grid, METHOD).q.min() > METHOD.alpha
    four = count.copy()
    four[[5, 5, 25], [5, 25, 5]] = 10
    assert (excess(four, grid, METHOD).q[[15, 5, 5, 25], [15, 5, 25, 5]] < METHOD.alpha).all()
    count[15, 15] = 100
    assert excess(count, grid, METHOD).q[15, 15] < METHOD.alpha


def test_surroundings_are_busier_in_a_busy_town_than_in_the_fields_beside_it():
    usual = 30 * np.exp(-np.hypot(*np.indices((60, 60)) - 30) / 9)  # thirty in the middle, falling
    near = np.random.default_rng(2).poisson(9 * usual).astype(float)
    around = surroundings(near, near > 0, METHOD)[1]
    # One clip for all would make them nearly alike, and all of the town's middle a hotspot.
    assert around[30, 30] > 1.1 * around[30, 45]


def test_a_place_that_was_busy_for_a_spell_is_marked_though_its_year_is_not_busy():
    months = np.random.default_rng(1).poisson(2.0, (12, 400)).astype(float)
    months[11, 210] += 100  # smoothed, about twice what its own year brings
    grid = Grid(50.0, 0, 0, np.ones((20, 20), dtype=bool))
    test = excess(months.sum(axis=0).reshape(20, 20), grid, METHOD, months)
    assert test.q[10, 10] < 0.01
    assert (test.q < METHOD.alpha).sum() < 9


@pytest.mark.parametrize("cells", [0, 1, 19])
def test_too_few_cells_in_use_are_not_tested(cells):
    count = np.zeros((10, 10))
    count.ravel()[:cells] = 50
    grid = Grid(100.0, 0, 0, np.ones((10, 10), dtype=bool))
    assert (excess(count, grid, METHOD).p == 1).all()


def test_single_reports_everywhere_are_no_evidence():
    grid = Grid(100.0, 0, 0, np.ones((10, 10), dtype=bool))
    assert (excess(np.ones((10, 10)), grid, METHOD).q == 1).all()


def test_evidence_is_graded_and_two_reports_never_suffice():
    count, q = np.array([2.0, 3.0, 9.0, 9.0]), np.array([0.0001, 0.005, 0.03, 0.2])
    grade, significant = evidence_grades(count, q, METHOD)
    assert grade.tolist() == ["too few", "strong", "moderate", "weak"]
    assert significant.tolist() == [False, True, True, False]


def test_gi_star_equals_esdas_to_the_last_digits(borough):
    """Weights binary: with `transform="R"` esda leaves the sum of squared weights out."""
    count, grid = over(borough(1, 900)[0])
    height, width = grid.inside.shape
    weights = libpysal.weights.lat2W(height, width, rook=False)
    theirs = esda.G_Local(count.ravel(), weights, transform="B", star=True, permutations=0).Zs
    whole = np.ones(grid.inside.shape, dtype=bool)
    ours = gi_star(count, whole).ravel()
    assert np.abs(ours - theirs).max() < 1e-12
