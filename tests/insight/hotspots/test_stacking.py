import numpy as np
import pytest

from insight.hotspots.grid import Grid
from insight.hotspots.stacking import PRIOR_REPORTS, halving_count, stacked_weights
from insight.hotspots.windows import Windows, before, window_counts


@pytest.fixture(scope="module")
def forecasts():
    """Three forecasts for each of two moments, of 400 units."""
    return np.random.default_rng(1).dirichlet(np.full(400, 0.5), (2, 3))


def drawn(forecasts, weights, reports):
    rng = np.random.default_rng(2)
    return [rng.multinomial(reports, weights @ each).astype(float) for each in forecasts]


def test_the_forecasts_that_reports_followed_get_the_weight(forecasts):
    followed = drawn(forecasts, np.array([0.8, 0.2, 0.0]), 50_000)
    assert stacked_weights(forecasts, followed) == pytest.approx([0.8, 0.2, 0.0], abs=0.02)


def test_a_handful_of_reports_moves_the_weights_little(forecasts):
    few = stacked_weights(forecasts, drawn(forecasts, np.array([1.0, 0.0, 0.0]), 2))
    many = stacked_weights(forecasts, drawn(forecasts, np.array([1.0, 0.0, 0.0]), 200))
    assert 1 / 3 < few[0] < 0.5 < many[0]


def test_without_any_outcome_all_forecasts_weigh_the_same(forecasts):
    assert stacked_weights(forecasts, np.zeros((2, 400))).tolist() == [1 / 3] * 3


@pytest.mark.parametrize("reports", [5, 500, 5_000_000])
def test_weights_are_those_that_expectation_and_maximisation_ends_at(forecasts, reports):
    followed = drawn(forecasts, np.array([0.1, 0.0, 0.9]), reports)
    shares, seen = np.concatenate(forecasts, axis=1), np.concatenate(followed)
    weights = np.full(3, 1 / 3)
    for _ in range(3_000):
        weights = weights * (shares @ (seen / (weights @ shares))) + PRIOR_REPORTS / 3
        weights /= weights.sum()
    assert stacked_weights(forecasts, followed) == pytest.approx(weights, abs=1e-6)


def test_windows_of_the_past_know_nothing_of_what_followed():
    grid = Grid(100.0, 0, 0, np.ones((3, 3), dtype=bool))
    rng = np.random.default_rng(3)
    easting, northing = rng.uniform(0, 300, (2, 2_000))
    age = rng.uniform(0, 700, 2_000)
    windows = window_counts(grid, easting, northing, age)
    left = age
    for back in range(2):
        seen, followed = before(windows, back)
        moment = windows.days[back]
        old = age >= moment
        assert seen.counts[-1].sum() == seen.exposure[-1] == old.sum()
        assert followed.sum() == ((left < moment) & (left >= 0)).sum()
        left = np.where(age < moment, -1, age)
        # The first window that is left ends at the moment itself.
        assert seen.exposure[0] == (old & (age < moment + seen.days[0])).sum()


def test_a_count_that_halves_soon_favours_what_came_last():
    windows = Windows(
        np.array([63, 728]), np.array([[0.0, 40.0], [100.0, 40.0]]), np.array([40.0, 140.0])
    )

    def level(values, reach):
        return np.full(2, values.mean())

    soon, late = (halving_count(windows, days, level) for days in (30.0, 3_000.0))
    assert soon[1] > soon[0]
    assert late[0] > late[1]
    assert soon.sum() == pytest.approx(1)
