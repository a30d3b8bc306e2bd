import numpy as np
import pandas as pd
import pytest

from insight.hotspots.backtest import (
    METHODS,
    TooFewToTestError,
    backtest,
    flagged_cells,
    months_only,
    tie_breaks,
)
from insight.hotspots.grid import Grid, grid_over
from insight.hotspots.method import HotspotMethod
from tests.benchmarks.hotspot_boroughs import make_borough

START = np.datetime64("2024-01-01")


def run(easting, northing, days, grid, **more):
    options = {"origins": 3, "horizon_days": 91, "seed": 7} | more
    return backtest(
        easting, northing, days, grid=grid, method=HotspotMethod(), keep_cells=True, **options
    )


@pytest.fixture(scope="module")
def tested():
    borough = make_borough(900)
    easting, northing, day = borough.reports(20_000, 1)
    grid = grid_over(easting, northing, cell_m=100, area=borough.area)
    days = START + day.astype(int)
    return run(easting, northing, days, grid), (easting, northing, days, grid)


def at(result, method, share, column):
    rows = result.figures
    chosen = rows["method"].eq(method) & rows["share"].eq(share)
    return float(rows.loc[chosen, column].iloc[0])


def test_origins_follow_one_another_and_the_last_horizon_ends_with_the_last_report(tested):
    result, (_, _, days, _) = tested
    gaps = np.diff([origin.to_datetime64() for origin in result.origins])
    assert (gaps == np.timedelta64(91, "D")).all()
    assert result.origins[-1] + pd.Timedelta(days=91) == pd.Timestamp(days.max()) + pd.Timedelta(
        "1D"
    )


def test_figures_can_be_worked_out_again_from_the_cells(tested):
    result, (_, _, days, grid) = tested
    for name in METHODS:
        expected = []
        for number, (origin, cells) in enumerate(result.cells.groupby("origin")):
            after = (days >= origin.to_datetime64()) & (
                days < (origin + pd.Timedelta(days=91)).to_datetime64()
            )
            assert cells["outcome"].sum() == after.sum()
            assert len(cells) == grid.inside.sum()
            flagged = flagged_cells(len(cells), 0.02)
            draws = tie_breaks(len(cells), 7, number)
            assert (cells["random"] == draws[0]).all()
            met = [
                cells.assign(draw=draw)
                .sort_values([name, "draw"], ascending=[False, True])
                .head(flagged)["outcome"]
                .sum()
                for draw in draws
            ]
            hit = np.mean(met) / cells["outcome"].sum()
            expected.append(hit * len(cells) / flagged)
        if name != "random":
            assert at(result, name, 0.02, "pai") == pytest.approx(np.mean(expected))
            assert at(result, name, 0.02, "pai_se") == pytest.approx(
                np.std(expected, ddof=1) / np.sqrt(len(expected))
            )


def test_ours_beats_the_plain_count_where_places_change_and_chance_is_one(tested):
    result, _ = tested
    assert at(result, "ours", 0.02, "diff") > 0 < at(result, "ours", 0.05, "diff")
    assert at(result, "ours", 0.02, "pai") > at(result, "gi_star", 0.02, "pai")
    assert at(result, "random", 0.05, "pai") == pytest.approx(1, abs=0.6)
    assert at(result, "foresight", 0.01, "pei") == 1
    assert at(result, "count_12m", 0.01, "diff") == 0


def test_a_map_never_sees_the_reports_that_it_predicts(tested):
    result, (easting, northing, days, grid) = tested
    last = result.origins[-1].to_datetime64()
    rng = np.random.default_rng(1)
    elsewhere = np.where(days >= last, rng.permutation(easting), easting)
    other = run(elsewhere, northing, days, grid)
    columns = ["ours", "count_12m", "last_period", "gi_star"]
    pd.testing.assert_frame_equal(result.cells[columns], other.cells[columns])


def test_the_seed_settles_ties_and_nothing_else(tested):
    result, inputs = tested
    again, other = run(*inputs), run(*inputs, seed=8)
    pd.testing.assert_frame_equal(result.figures, again.figures)
    assert (result.cells["ours"] == other.cells["ours"]).all()
    assert (result.cells["random"] != other.cells["random"]).any()


def test_too_short_a_history_uses_fewer_origins_and_none_is_refused():
    grid = Grid(100.0, 0, 0, np.ones((5, 5), dtype=bool))
    points = np.random.default_rng(1).uniform(0, 500, (2, 200))
    days = START + np.arange(200)
    assert len(run(*points, days, grid, origins=50, horizon_days=30).origins) == 5
    with pytest.raises(TooFewToTestError, match="more months"):
        run(*points, np.full(200, START), grid)
    with pytest.raises(TooFewToTestError, match="0 reports"):
        run(np.empty(0), np.empty(0), np.empty(0, dtype="M8[D]"), grid)


def test_reports_dated_by_month_alone_are_predicted_by_whole_months():
    grid = Grid(100.0, 0, 0, np.ones((5, 5), dtype=bool))
    points = np.random.default_rng(1).uniform(0, 500, (2, 120))
    days = np.repeat(np.array(["2024-10-01", "2024-11-01", "2024-12-01"], dtype="M8[D]"), 40)
    assert months_only(days)
    result = run(*points, days, grid, horizon_days=30)
    assert [f"{origin:%Y-%m-%d}" for origin in result.origins] == ["2024-11-01", "2024-12-01"]
    assert result.cells.groupby("origin")["outcome"].sum().tolist() == [40, 40]


def test_months_of_a_leap_year_are_neither_lost_nor_counted_twice():
    grid = Grid(100.0, 0, 0, np.ones((5, 5), dtype=bool))
    months = np.arange("2015-01", "2017-01", dtype="M8[M]").astype("M8[D]")
    days, points = np.repeat(months, 40), np.random.default_rng(1).uniform(0, 500, (2, 960))
    by = run(*points, days, grid).cells.groupby("origin")
    assert by["outcome"].sum().tolist() == [120, 120, 120]  # from April, July and October
    assert by["count_12m"].sum().tolist() == [480, 480, 480]
    month = run(*points, days, grid, horizon_days=28).cells.groupby("origin")
    assert month["last_period"].sum().tolist() == [40, 40, 40]


def test_a_share_of_the_area_is_a_whole_number_of_cells():
    assert [flagged_cells(n, 0.01) for n in (3, 100, 149, 151)] == [1, 1, 1, 2]
