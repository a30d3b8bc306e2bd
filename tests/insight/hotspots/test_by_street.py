"""Pieces of street: cut, snapped, ranked, and held against what followed."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, box

from insight.hotspots import HotspotMethod, hotspots
from insight.hotspots.find import CELL_TYPES
from insight.hotspots.grid import grid_over
from insight.hotspots.segments import (
    Surface,
    piece_of,
    snapped,
    street_pieces,
    with_open_ground,
)
from insight.hotspots.street_backtest import street_backtest

WEST, SOUTH = 460_000, 298_000
OCTOBER = date(2026, 10, 1)


def streets(*lines, names=None):
    names = names or [f"Street {n}" for n in range(len(lines))]
    return gpd.GeoDataFrame(
        {"street": pd.array(names, dtype="string")},
        geometry=[LineString(line) for line in lines],
        crs="EPSG:27700",
    )


def town(count=40):
    """Parallel streets of 2 km, 100 m apart."""
    lines = [
        [(WEST, SOUTH + 100 * n), (WEST + 2_000, SOUTH + 100 * n)] for n in range(1, count + 1)
    ]
    return streets(*lines, names=[f"Row {n:02}" for n in range(1, count + 1)])


def reports_along(town, rng, each=14, hot=(), heat=20):
    """Reports along each street, `heat` more within 20 m of the points `hot`."""
    rows = np.repeat(np.arange(len(town)), each)
    east = WEST + rng.uniform(0, 2_000, len(rows))
    north = SOUTH + 100.0 * (rows + 1) + rng.normal(0, 8, len(rows))
    extra = np.repeat(np.array(hot, dtype=float).reshape(-1, 2), heat, axis=0)
    extra = extra + rng.normal(0, 12, extra.shape)
    points = np.concatenate([np.column_stack([east, north]), extra])
    days = rng.integers(0, 364, len(points))
    when = pd.Timestamp("2026-10-31 12:00", tz="Europe/London") - pd.to_timedelta(days, unit="D")
    return pd.DataFrame(
        {
            "reported_at": pd.DatetimeIndex(when).as_unit("us"),
            "easting": points[:, 0],
            "northing": points[:, 1],
            "crs": pd.array(["EPSG:27700"] * len(points), dtype="string"),
            "ward": pd.array(["Mill Lane"] * len(points), dtype="string"),
        }
    )


AREA = gpd.GeoDataFrame(
    geometry=[box(WEST - 100, SOUTH - 100, WEST + 2_100, SOUTH + 4_200)], crs="EPSG:27700"
)


def test_a_street_is_cut_into_equal_pieces_that_follow_it():
    bent = streets([(0, 0), (150, 0), (150, 170)])
    pieces = street_pieces(bent)
    assert pieces.length_m.tolist() == pytest.approx([80.0] * 4)
    assert shapely.length(pieces.shape).sum() == pytest.approx(320)
    assert shapely.hausdorff_distance(
        shapely.union_all(pieces.shape), bent.geometry[0]
    ) == pytest.approx(0, abs=1e-9)
    assert pieces.cell.is_unique


def test_how_the_file_splits_a_street_changes_nothing():
    whole = street_pieces(streets([(0, 0), (500, 0)], names=["High Street"]))
    split = street_pieces(
        streets([(200, 0), (0, 0)], [(200, 0), (500, 0)], names=["High Street"] * 2)
    )
    assert whole.cell.tolist() == split.cell.tolist()
    assert whole.length_m.tolist() == pytest.approx(split.length_m.tolist())


def test_a_line_drawn_twice_is_one_street():
    twice = street_pieces(
        streets([(0, 0), (150, 40)], [(150, 40), (0, 0)], names=["High Street"] * 2)
    )
    assert (
        twice.cell.tolist()
        == street_pieces(streets([(0, 0), (150, 40)], names=["High Street"])).cell.tolist()
    )


def test_a_report_counts_for_the_nearest_street_within_reach_and_no_other():
    pieces = street_pieces(streets([(0, 0), (100, 0)], [(0, 60), (100, 60)]))
    number, away = snapped(np.array([50.0, 50.0, 50.0]), np.array([20.0, 45.0, 111.0]), pieces)
    assert pieces.street.iloc[number[:2]].tolist() == ["Street 0", "Street 1"]
    assert number[2] == -1
    assert away[:2].tolist() == [20, 15]


def test_reports_off_the_streets_keep_a_square_of_their_own():
    pieces = street_pieces(streets([(0, 0), (100, 0)]))
    east, north = np.array([50.0, 450.0]), np.array([0.0, 450.0])
    grid = grid_over(east, north, cell_m=100)
    both = with_open_ground(pieces, east[1:], north[1:], grid, on_street=1)
    assert piece_of(east, north, both, grid).tolist() == [0, 1]
    assert both.on_street.tolist() == [True, False]


def test_a_surface_of_even_reports_is_even_and_keeps_their_number():
    pieces = street_pieces(town())
    even = pieces.length_m / 100
    smooth = Surface(pieces)(even, 2.5)
    assert smooth == pytest.approx(even, rel=1e-6)


def test_the_planted_street_is_first_and_clear_and_no_report_is_lost():
    rng = np.random.default_rng(3)
    hot = (WEST + 1_050, SOUTH + 2_000)
    reports = reports_along(town(), rng, hot=[hot], heat=40)
    park = reports.head(5).assign(northing=SOUTH + 4_180.0)
    given = pd.concat([reports, park], ignore_index=True)
    found = hotspots(
        given, method=HotspotMethod(), month=OCTOBER, area=AREA, streets=town(), source="test"
    )
    cells = found.cells
    assert cells["place"].iloc[0].startswith("Row 20 (SK")
    assert cells["evidence"].iloc[0] in ("strong", "moderate")
    assert cells["significant"].sum() <= 3
    assert cells["reports"].sum() == found.reports == len(given)
    assert "5 reports lie further off, in parks or on paths" in found.note
    assert cells["place"].str.startswith("Off Row 40").sum() >= 1
    assert list(cells.columns) == list(CELL_TYPES)
    assert cells["cell"].is_unique


def test_the_order_of_reports_and_streets_changes_nothing():
    reports = reports_along(town(), np.random.default_rng(4), hot=[(WEST + 500, SOUTH + 900)])
    tables = [
        hotspots(each, method=HotspotMethod(), month=OCTOBER, area=AREA, streets=lines).cells
        for each, lines in (
            (reports, town()),
            (reports.sample(frac=1, random_state=1), town().sample(frac=1, random_state=2)),
        )
    ]
    pd.testing.assert_frame_equal(*tables)


def test_without_a_hotspot_streets_are_not_claimed_by_the_dozen():
    claims = [
        hotspots(
            reports_along(town(), np.random.default_rng(seed)),
            method=HotspotMethod(), month=OCTOBER, area=AREA, streets=town(),
        ).cells["significant"].sum()
        for seed in range(3)
    ]  # fmt: skip
    assert sum(claims) <= 2


def test_every_later_report_finds_its_place():
    reports = reports_along(town(), np.random.default_rng(5), hot=[(WEST + 500, SOUTH + 900)])
    found = hotspots(reports, method=HotspotMethod(), month=OCTOBER, area=AREA, streets=town())
    named = found.cells_of(reports)
    assert named.notna().all()
    counted = named.value_counts()
    assert counted.reindex(found.cells["cell"]).tolist() == found.cells["reports"].tolist()


def test_streets_are_tested_by_their_length_and_beat_chance():
    rng = np.random.default_rng(6)
    lines = town()
    pieces = street_pieces(lines)
    busy = rng.gamma(0.3, 1, len(pieces.cell)) * pieces.length_m
    piece = rng.choice(len(busy), 4_000, p=busy / busy.sum())
    days = np.datetime64("2024-01-01") + rng.integers(0, 900, 4_000)
    tested = street_backtest(
        piece, days, pieces=pieces, method=HotspotMethod(), origins=3, horizon_days=90,
        keep_cells=True,
    )  # fmt: skip
    pai = tested.figures.set_index(["method", "share"])["pai"]
    assert pai["foresight", 0.05] >= pai["ours", 0.05] >= 0.95 * pai["count_12m", 0.05]
    assert pai["ours", 0.05] > 4 > 1.6 > pai["random", 0.05]
    assert len(tested.cells) == 3 * len(pieces.cell)
    assert tested.cells.groupby("origin")["outcome"].sum().gt(0).all()
