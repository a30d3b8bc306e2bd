"""Volume drift: how often an undisturbed source is told of, and how soon a halved one is."""

import itertools

import numpy as np
import pandas as pd
import pytest

from insight.drift import volume_words
from insight.volume_drift import FALSE_ALARMS, volume_change

SHAPES = ("flat", "wave", "peak")


def invented(rng, *, months, level, scatter, shape, growth):
    """Give counts with a trend, a season and more scatter than chance (Poisson-gamma)."""
    at = np.arange(months)
    index = pd.date_range("2023-11-01", periods=months, freq="MS")
    mean = level * np.exp(growth * at / 12) * index.days_in_month.to_numpy() / 30.4
    if shape == "wave":
        mean = mean * np.exp(0.4 * np.cos(2 * np.pi * (at - rng.integers(12)) / 12))
    if shape == "peak":
        mean = mean * np.where(index.month == rng.integers(1, 13), 3, 1)
    noise = rng.gamma(1 / scatter**2, scatter**2, months) if scatter else 1.0
    return pd.Series(rng.poisson(mean * noise), index=index)


def kinds():
    """Every kind of source; one peak a year can't be known for one before it came twice."""
    for months, level, scatter, shape, growth in itertools.product(
        (13, 19, 25, 37), (100, 2000), (0.0, 0.05, 0.12), SHAPES, (-0.2, 0.0, 0.3)
    ):
        if shape == "flat" or months > 18:
            yield {
                "months": months, "level": level, "scatter": scatter, "shape": shape,
                "growth": growth,
            }  # fmt: skip


@pytest.fixture(scope="module")
def simulated():
    rng = np.random.default_rng(2026)
    told = []
    for kind in kinds():
        for _ in range(6):
            counts = invented(rng, **kind)
            false = volume_change(counts) is not None
            counts.iloc[-1] //= 2
            told.append(kind | {"false": false, "halved": volume_change(counts) is not None})
    return pd.DataFrame(told)


def test_an_undisturbed_source_is_told_of_about_once_in_two_hundred_months(simulated):
    assert len(simulated) > 1000
    assert simulated["false"].mean() <= 1.5 * FALSE_ALARMS
    by_shape = simulated.groupby("shape")["false"].mean()
    assert (by_shape <= 3 * FALSE_ALARMS).all(), by_shape


def test_a_source_that_halves_is_told_of_within_the_month(simulated):
    steady = simulated[simulated["scatter"].le(0.05)]
    assert steady["halved"].mean() >= 0.9
    assert simulated["halved"].mean() >= 0.8


def month_by_month(values):
    return pd.Series(values, index=pd.date_range("2025-01-01", periods=len(values), freq="MS"))


def test_a_month_without_rows_is_told_with_where_to_put_its_file():
    change = volume_change(month_by_month([40, 44, 38, 41, 45, 39, 40, 0]))
    words = volume_words("calls", change, pd.Timestamp("2025-08-01").date())
    assert words.startswith("calls: 0 rows in August 2025")
    assert "inbox/calls" in words


def test_a_yearly_peak_is_no_news_the_second_time():
    rng = np.random.default_rng(3)
    year = np.full(12, 300.0)
    year[2] = 900
    counts = month_by_month(rng.poisson(np.tile(year, 3))[:27])
    assert counts.iloc[-1] > 800
    assert volume_change(counts) is None
    assert volume_change(counts.iloc[:3]) is None  # too short to say
    assert volume_change(counts.iloc[:15].set_axis(counts.index[:15])) is None
    calm = counts.copy()
    calm.iloc[[2, 14]] = 300
    assert volume_change(calm).share > 1


def test_what_has_no_month_of_its_own_is_left_to_freshness():
    assert volume_change(month_by_month([300, 0, 0] * 6 + [0])) is None
    assert volume_change(month_by_month([400, 410, 0])) is None


def test_a_change_too_small_to_act_on_is_not_told():
    steady = [100_000, 100_100, 99_950, 100_020, 99_990, 100_050, 99_900, 100_010]
    assert volume_change(month_by_month([*steady, 90_000])) is None
    assert volume_change(month_by_month([*steady, 70_000])) is not None


def test_a_few_old_cases_before_a_register_began_are_no_past():
    register = [2, 1, 0, 3, 2, 60, 62, 59, 61, 60, 63, 58, 30]
    assert volume_change(month_by_month(register)).months == 7
