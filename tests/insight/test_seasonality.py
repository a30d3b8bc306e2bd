import numpy as np
import pytest

from insight.seasonality import strongly_seasonal

RNG = np.random.default_rng(3)


def seasonal(values, per_year=12, ordinal=None):
    """Return whether each row of values is found strongly seasonal."""
    values = np.atleast_2d(values)
    count, length = values.shape
    series = np.repeat(np.arange(count), length)
    at = np.tile(np.arange(length) if ordinal is None else ordinal, count)
    return strongly_seasonal(values.ravel(), series, series, at, np.full(count, per_year))


@pytest.mark.parametrize(("per_year", "length"), [(12, 24), (12, 36), (12, 200), (4, 16), (4, 24)])
def test_a_pattern_that_repeats_every_year_is_seen(per_year, length):
    pattern = np.resize(np.arange(per_year) * 3.0, length)
    assert seasonal(pattern + RNG.normal(size=length), per_year).all()


def test_noise_is_hardly_ever_seasonal():
    assert seasonal(RNG.normal(size=(2000, 36))).mean() < 0.005


def test_a_trend_a_step_and_a_constant_are_not_seasonal():
    month = np.arange(36)
    for values in (month * 5.0, 10.0 * (month > 20), np.full(36, 0.1), np.zeros(36)):
        assert not seasonal(values + 0.0).any()
    assert not seasonal(month * 5.0 + RNG.normal(size=36)).any()


def test_a_pattern_on_a_trend_is_seen():
    pattern = np.resize([0.0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 9], 36)
    assert seasonal(pattern + np.arange(36) + RNG.normal(size=36)).all()


def test_under_two_years_or_yearly_figures_are_not_judged():
    pattern = np.resize(np.arange(12) * 3.0, 23)
    assert not seasonal(pattern).any()
    assert not seasonal(pattern, per_year=1).any()


def test_missing_months_keep_the_others_in_their_place():
    month = np.delete(np.arange(48), [3, 17, 18, 30])
    pattern = np.resize(np.arange(12) * 3.0, 48)[month] + RNG.normal(size=44)
    assert seasonal(pattern, ordinal=month).all()
    # Close the gaps up and the pattern is lost.
    assert not seasonal(pattern).all()


def test_series_of_different_lengths_are_judged_together():
    pattern = np.resize(np.arange(12) * 3.0, 36) + RNG.normal(size=36)
    values = np.concatenate([RNG.normal(size=30), pattern, RNG.normal(size=5)])
    series = np.repeat([0, 1, 2], [30, 36, 5])
    at = np.concatenate([np.arange(30), np.arange(36), np.arange(5)])
    found = strongly_seasonal(values, series, series, at, np.full(3, 12))
    assert found.tolist() == [False, True, False]
