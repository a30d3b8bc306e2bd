import numpy as np
import pytest
from scipy import stats

from insight.hotspots.emerging import (
    class_in_words,
    emerging_class,
    mann_kendall,
    monthly_counts,
)
from insight.hotspots.grid import Grid
from insight.hotspots.significance import gi_star

GRID = Grid(100.0, 0, 0, np.ones((1, 2), dtype=bool))


def test_months_without_reports_are_zeros():
    counts = monthly_counts(
        GRID, np.array([50.0, 50.0, 150.0]), np.full(3, 50.0), np.array([0.0, 4.0, 4.0])
    )
    assert counts.tolist() == [[1, 0], [0, 0], [0, 0], [0, 0], [1, 1]]


def test_mann_kendall_equals_its_formula_with_ties():
    rng = np.random.default_rng(1)
    series = rng.poisson(1.0, (14, 60)).astype(float)
    series[:, 0] = 3
    z = mann_kendall(series)
    assert z[0] == 0
    for column in range(1, 60):
        x, n = series[:, column], 14
        score = sum(np.sign(x[j] - x[i]) for i in range(n) for j in range(i + 1, n))
        ties = np.unique(x, return_counts=True)[1]
        var = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
        assert z[column] == pytest.approx((score - np.sign(score)) / np.sqrt(var))
        tau = stats.kendalltau(np.arange(n), x).statistic
        assert np.sign(z[column]) == np.sign(tau) or abs(score) <= 1


H, C, N = 3.0, -3.0, 0.0


@pytest.mark.parametrize(
    ("z", "trend", "name"),
    [
        ([N] * 9 + [H], 0, "new"),
        ([N] * 7 + [H] * 3, 0, "consecutive"),
        ([H] * 10, 3, "intensifying"),
        ([N] + [H] * 9, 0, "persistent"),
        ([H] * 10, -3, "diminishing"),
        ([H, N] * 4 + [H, H], 0, "sporadic"),
        ([H, C] + [N] * 7 + [H], 0, "oscillating"),
        ([H] * 9 + [N], 0, "historical"),
        ([N] * 10, 3, "no pattern"),
        ([H] * 5 + [N] * 5, 0, "no pattern"),
        ([N] * 9 + [C], 0, "cold new"),
        ([C] * 10, -3, "cold intensifying"),
    ],
)
def test_each_class_is_told_as_it_is_defined(z, trend, name):
    told = emerging_class(np.array(z)[:, None], np.array([trend * 1.0]), np.array([True]))
    assert told.tolist() == [name]


def test_too_few_reports_or_months_are_too_few_to_say():
    z = np.full((10, 1), H)
    assert emerging_class(z, np.zeros(1), np.array([False])).tolist() == ["too few to say"]
    assert emerging_class(z[:5], np.zeros(1), np.array([True])).tolist() == ["too few to say"]


def test_a_place_that_began_three_months_ago_is_sporadic_if_one_report_came_in_spring():
    # As on the invented borough: by the definition one hot month before is enough.
    months = np.zeros((12, 60, 60))
    months[:, 0, :12] = 1  # elsewhere
    months[9:, 10, 10] = [2, 2, 3]
    inside = np.ones((60, 60), dtype=bool)

    def name():
        z = np.array([gi_star(each, inside)[10, 10] for each in months])[:, None]
        return emerging_class(z, np.zeros(1), np.ones(1, dtype=bool))[0]

    assert name() == "consecutive"
    months[5, 10, 10] = 1
    assert name() == "sporadic"
    assert class_in_words(name()).endswith("(busy in the last month, and now and then before)")
