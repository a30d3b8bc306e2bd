import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPoint, Polygon, box

from insight.hotspots.grid import GridTooLargeError, cell_names, grid_over, place_names

EMPTY = np.empty(0)


def area(*shapes):
    return gpd.GeoDataFrame(geometry=list(shapes), crs="EPSG:27700")


def test_cells_begin_at_multiples_of_their_side():
    grid = grid_over(np.array([250.0]), np.array([-50.0]), cell_m=100)
    assert (grid.column, grid.row) == (2, -1)
    assert [axis.tolist() for axis in grid.centres(np.array([0]), np.array([0]))] == [[250], [-50]]


def test_a_point_on_an_edge_belongs_to_the_cell_north_east_of_it():
    grid = grid_over(EMPTY, EMPTY, cell_m=100, area=area(box(0, 0, 300, 300)))
    assert [each.tolist() for each in grid.cells(np.array([100.0]), np.array([200.0]))] == [
        [2],
        [1],
    ]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1))
def test_no_point_is_lost_even_on_every_edge(steps):
    easting, northing = 50.0 * np.array(steps, dtype=float).T
    grid = grid_over(easting, northing, cell_m=100, area=area(box(0, 0, 2000, 2000)))
    count = grid.total(easting, northing)
    assert count.sum() == len(steps)
    assert grid.inside[count > 0].all()


def test_a_cell_counts_when_any_part_of_it_is_in_the_area():
    grid = grid_over(EMPTY, EMPTY, cell_m=100, area=area(box(10, 10, 101, 100)))
    # Its northern edge only touches the next row of cells, which doesn't count.
    assert grid.inside[0].tolist() == [True, True]
    assert grid.inside.sum() == 2


@pytest.mark.parametrize("cell_m", [10.0, 25.0, 100.0])
def test_an_area_of_any_shape_equals_its_cells_one_by_one(cell_m):
    shape = Polygon([(13, 7), (900, 120), (450, 430), (777, 1600), (200, 1100)], [
        [(400, 300), (420, 300), (420, 420), (350, 400)]
    ])  # fmt: skip
    grid = grid_over(EMPTY, EMPTY, cell_m=cell_m, area=area(shape))
    for row, column in np.ndindex(grid.inside.shape):
        west, south = (column + grid.column) * cell_m, (row + grid.row) * cell_m
        cell = box(west, south, west + cell_m, south + cell_m)
        shares = shape.intersects(cell) and not shape.touches(cell)
        assert grid.inside[row, column] == shares


def test_a_point_outside_a_generalised_boundary_brings_its_cell():
    grid = grid_over(np.array([350.0]), np.array([50.0]), cell_m=100, area=area(box(0, 0, 99, 99)))
    assert grid.inside.sum() == 2
    assert grid.total(np.array([350.0]), np.array([50.0])).sum() == 1


@pytest.mark.parametrize("count", [3, 200])
def test_without_an_area_the_cells_are_those_of_the_points_hull(count):
    points = np.random.default_rng(7).uniform(0, 900, (count, 2))
    hull = grid_over(EMPTY, EMPTY, cell_m=100, area=area(MultiPoint(points).convex_hull))
    assert (grid_over(*points.T, cell_m=100).inside == hull.inside).all()


def test_two_points_without_an_area_have_the_cells_between_them():
    grid = grid_over(np.array([50.0, 250.0]), np.array([50.0, 50.0]), cell_m=100)
    assert grid.inside.tolist() == [[True, True, True]]


def test_weights_are_summed():
    grid = grid_over(np.array([50.0, 60.0]), np.array([50.0, 50.0]), cell_m=100)
    weights = np.array([0.25, 0.5])
    assert grid.total(np.array([50.0, 60.0]), np.array([50.0, 50.0]), weights).max() == 0.75


def test_one_stray_report_far_away_is_refused_with_advice():
    with pytest.raises(GridTooLargeError, match="boundary"):
        grid_over(np.array([0.0, 9e6]), np.array([0.0, 9e6]), cell_m=100)


def test_cells_are_named_by_their_south_west_corner():
    assert cell_names(np.array([450.0]), np.array([-50.0]), 100).tolist() == ["400_-100"]


@pytest.mark.parametrize(
    ("easting", "northing", "reference"),
    [
        (530_000, 180_000, "TQ 300 800"),  # Westminster
        (461_234, 299_876, "SP 612 998"),
        (216_600, 771_200, "NN 166 712"),  # Ben Nevis
        (429_300, 1_179_900, "HU 293 799"),  # Shetland
        (134_100, 25_100, "SW 341 251"),  # Land's End
    ],
)
def test_grid_references_are_the_ordnance_surveys(easting, northing, reference):
    found = place_names(np.array([easting * 1.0]), np.array([northing * 1.0]), "EPSG:27700")
    assert found.tolist() == [reference]


def test_elsewhere_a_place_is_named_in_metres():
    found = place_names(np.array([236_389.4]), np.array([901_182.6]), "EPSG:26986")
    assert found.tolist() == ["236389 E, 901183 N"]
