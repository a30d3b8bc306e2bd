from math import comb, exp, factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.attribute_charts import attribute_lines

TAIL = 0.0013498980316300933  # of a normal beyond three standard deviations


def lines_of(cases, bases, kind="p"):
    cases, bases = np.array(cases, float), np.array(bases, float)
    count = len(cases)
    return attribute_lines(cases, bases, np.zeros(count, int), np.ones(count, bool), kind)


def test_the_mean_is_all_cases_by_all_bases():
    lines, _ = lines_of([5, 40], [10, 40])
    assert lines.mean.tolist() == [0.9, 0.9]


def test_p_limits_are_binomial_quantiles():
    # Mean 0.2, ten a month: the chance of at most k, added up by hand.
    lines, sigma_z = lines_of([2, 2, 3, 1, 2, 2], [10] * 6)
    added, upper = 0.0, 0
    while True:
        added += comb(10, upper) * 0.2**upper * 0.8 ** (10 - upper)
        if 1 - added <= TAIL:
            break
        upper += 1
    assert upper == 6
    assert lines.upl.tolist() == [0.6] * 6
    assert lines.lpl.tolist() == [0] * 6
    assert np.isnan(sigma_z).all()


def test_u_limits_are_poisson_quantiles():
    lines, _ = lines_of([3, 1, 2, 2], [2.0] * 4, "u")
    added, upper = exp(-2), 0
    while 1 - added > TAIL:
        upper += 1
        added += exp(-2) * 2**upper / factorial(upper)
    assert lines.mean.tolist() == [1] * 4
    assert lines.upl.tolist() == [upper / 2] * 4


def test_limits_of_large_bases_are_near_three_standard_errors():
    lines, _ = lines_of([5000, 5000, 20000], [10000, 10000, 40000])
    assert lines.upl.tolist() == pytest.approx([0.515, 0.515, 0.5075], abs=2e-4)
    assert lines.near_lpl.tolist() == pytest.approx([0.49, 0.49, 0.495], abs=2e-4)


def test_overdispersed_shares_get_laneys_limits():
    # Mean 0.5, standard error 0.005; z goes between -10 and 10, mean range 20.
    lines, sigma_z = lines_of([4500, 5500] * 4, [10000] * 8)
    assert sigma_z == pytest.approx(20 / 1.128)
    assert lines.upl == pytest.approx(0.5 + 3 * 0.005 * 20 / 1.128)
    assert lines.near_lpl == pytest.approx(0.5 - 2 * 0.005 * 20 / 1.128)


def test_overdispersed_rates_get_laneys_limits():
    lines, sigma_z = lines_of([80, 120] * 4, [100] * 8, "u")
    assert sigma_z == pytest.approx(4 / 1.128)
    assert lines.lpl == pytest.approx(1 - 3 * 0.1 * 4 / 1.128)


def test_a_step_alone_is_no_overdispersion():
    # Pearson's statistic is large, but each figure is like the one before.
    _, sigma_z = lines_of([450] * 12 + [550] * 12, [1000] * 24)
    assert np.isnan(sigma_z).all()


def test_all_or_none_of_all_cases_have_limits_without_width():
    for cases in (0, 10):
        lines, _ = lines_of([cases] * 6, [10] * 6)
        assert (lines.upl == lines.lpl).all()
        assert (lines.upl == cases / 10).all()


def test_only_the_baseline_counts():
    cases, bases = np.array([1.0, 1, 9, 9]), np.full(4, 10.0)
    baseline = np.array([True, True, False, False])
    lines, _ = attribute_lines(cases, bases, np.zeros(4, int), baseline, "p")
    assert lines.mean.tolist() == [0.1] * 4


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(30, 90)), min_size=2, max_size=20))
def test_limits_lie_about_the_mean_and_within_what_is_possible(pairs):
    cases, bases = zip(*pairs, strict=True)
    lines, sigma_z = lines_of(cases, bases)
    assert (lines.lpl <= lines.near_lpl).all()
    assert (lines.near_lpl <= lines.near_upl).all()
    assert (lines.near_upl <= lines.upl).all()
    exact = np.isnan(sigma_z)
    assert (lines.lpl[exact] >= 0).all()
    assert (lines.upl[exact] <= 1).all()
