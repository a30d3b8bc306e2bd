import numpy as np
import pytest

from insight.forecast import last_at_year_end, ratio_at_year_end, sum_at_year_end

SEASON = np.array([6, 8, 9, 9, 8, 7, 6, 5, 5, 4, 4, 5], dtype=float)


def years(*rows, known=None):
    """One measure's years; of the last only the first `known` periods."""
    values = np.array([rows], dtype=float)
    if known is not None:
        values[:, -1, known:] = np.nan
    return values


def test_a_sum_goes_by_the_share_of_the_year_that_lay_in_the_same_months_before():
    found = sum_at_year_end(years(SEASON * 10, SEASON * 20, SEASON * 15, known=4))
    assert found.value[0] == pytest.approx(SEASON.sum() * 15)
    assert (found.so_far[0], found.note[0]) == (4, "the season of years before")
    # The pattern fits exactly, so nothing is left to be unsure of but for separate events.
    assert found.upper[0] == pytest.approx(found.value[0])
    events = sum_at_year_end(years(SEASON * 10, SEASON * 20, SEASON * 15, known=4), events=True)
    assert events.lower[0] < found.value[0] < events.upper[0]


def test_with_one_year_before_months_count_alike_and_half_of_them_must_be_in():
    assert sum_at_year_end(years(SEASON, SEASON * 2, known=6)).value[0] == pytest.approx(188)
    early = sum_at_year_end(years(SEASON, SEASON * 2, known=5))
    assert np.isnan(early.value[0])
    assert early.note[0] == "too few periods of the year are in"


def test_a_sum_never_ends_below_what_is_in():
    values = years(
        [9, 1, 8, 2, 9, 1] * 2, [9, 1, 8, 2, 9, 1] * 2, [1, 20, 1, 20, 1, 20] * 2, known=9
    )
    found = sum_at_year_end(values)
    assert found.lower[0] >= np.nansum(values[0, -1])


@pytest.mark.parametrize(
    ("values", "note"),
    [
        (years(SEASON, known=9), "no whole year before to know the season from"),
        (years(SEASON, SEASON, SEASON, known=2), "too few periods of the year are in"),
        (years(SEASON, SEASON, SEASON, known=0), "too few periods of the year are in"),
        (years(SEASON, SEASON, -SEASON, known=6), "a value is negative"),
        (years(SEASON, SEASON, [1, np.nan, 3, 4, 5, 6] + [np.nan] * 6),
         "a period of the year is missing"),
    ],
)  # fmt: skip
def test_what_a_sums_forecast_waits_for_is_said(values, note):
    found = sum_at_year_end(values)
    assert np.isnan([found.value[0], found.lower[0], found.upper[0]]).all()
    assert found.note[0] == note


def test_a_year_that_is_over_is_known():
    found = sum_at_year_end(years(SEASON, SEASON, SEASON * 3))
    assert found.value[0] == found.lower[0] == found.upper[0] == SEASON.sum() * 3
    assert found.note[0] == "the year is over"


def test_a_ratio_is_pooled_over_the_year_so_far():
    top = years([5] * 12, [5, 6, 4, 9, 3, 3] + [0] * 6, known=6)
    bottom = years([10] * 12, [10, 10, 10, 20, 5, 5] + [1] * 6, known=6)
    found = ratio_at_year_end(top, bottom, shares=True)
    assert found.value[0] == pytest.approx(30 / 60)
    assert found.note[0] == "the year so far, pooled"
    assert 0 < found.lower[0] < 0.5 < found.upper[0] < 1


def test_a_month_with_nothing_to_divide_by_is_in_all_the_same():
    top = years([5] * 12, [5, 0, 4, 5, 6] + [0] * 7, known=5)
    bottom = years([10] * 12, [10, 0, 10, 10, 10] + [1] * 7, known=5)
    found = ratio_at_year_end(top, bottom, shares=True)
    assert (found.so_far[0], found.value[0]) == (5, 0.5)


def test_the_last_value_stays_give_or_take_what_it_moved_before():
    rng = np.random.default_rng(5)
    walk = 100 + rng.normal(size=36).cumsum()
    values = walk.reshape(1, 3, 12)
    values[:, -1, 6:] = np.nan
    found = last_at_year_end(values)
    assert found.value[0] == walk[29]
    steps = walk[6:30] - walk[:24]
    assert found.upper[0] - found.value[0] > 2 * np.sqrt(np.mean(steps**2))
    few = last_at_year_end(values[:, 1:])
    assert few.note[0] == "too few past values to know how far it moves"


def coverage(truth, found):
    told = ~np.isnan(found.value)
    assert told.mean() > 0.95
    inside = (found.lower <= truth + 1e-9) & (truth <= found.upper + 1e-9)
    return inside[told].mean()


@pytest.mark.parametrize("mean", [4, 40, 1000])
@pytest.mark.parametrize("known", [3, 6, 9])
def test_the_interval_of_a_seasonal_sum_covers_what_it_says(mean, known):
    rng = np.random.default_rng(2026)
    level = mean * np.exp(rng.normal(0, 0.1, size=(1500, 4, 1)))
    values = rng.poisson(level * SEASON / SEASON.mean()).astype(float)
    truth = values[:, -1].sum(axis=1)
    values[:, -1, known:] = np.nan
    assert 0.94 <= coverage(truth, sum_at_year_end(values, events=True)) <= 0.995


@pytest.mark.parametrize(("base", "share"), [(8, 0.7), (8, 0.97), (200, 0.7), (200, 0.97)])
@pytest.mark.parametrize("known", [3, 6, 9])
def test_the_interval_of_a_share_covers_what_it_says(base, share, known):
    rng = np.random.default_rng(2026)
    bottom = rng.poisson(base, size=(1500, 4, 12))
    top = rng.binomial(bottom, share).astype(float)
    bottom = bottom.astype(float)
    truth = top[:, -1].sum(axis=1) / bottom[:, -1].sum(axis=1)
    for values in (top, bottom):
        values[:, -1, known:] = np.nan
    assert coverage(truth, ratio_at_year_end(top, bottom, shares=True)) >= 0.94


def test_months_that_deviate_alike_are_allowed_for():
    rng = np.random.default_rng(2026)
    noise = rng.normal(size=(1500, 48))
    for month in range(1, 48):
        noise[:, month] = 0.5 * noise[:, month - 1] + np.sqrt(0.75) * noise[:, month]
    values = rng.poisson(40 * np.exp(0.27 * noise)).astype(float).reshape(1500, 4, 12)
    truth = values[:, -1].sum(axis=1)
    values[:, -1, 6:] = np.nan
    assert coverage(truth, sum_at_year_end(values, events=True)) >= 0.9
