import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from insight.intervals import (
    difference_of,
    effective_base,
    net_interval,
    newcombe,
    poisson_interval,
    quantile_ranks,
    ratio_of,
    wilson,
)

bases = st.integers(1, 100_000)
shares_of_bases = bases.flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_wilson_is_what_it_is_by_hand():
    # 8 of 10: z2 = 3.841459; D = 1.3841459; centre = (0.8 + 0.19207) / D = 0.71674;
    # half = 1.959964 / D * sqrt(0.016 + 0.0096036) = 0.22658.
    lower, upper = wilson(0.8, 10)
    assert lower == pytest.approx(0.49016, abs=1e-5)
    assert upper == pytest.approx(0.94332, abs=1e-5)


@given(shares_of_bases)
def test_wilson_equals_the_reference(counted):
    k, n = counted
    lower, upper = wilson(k / n, n)
    assert (lower, upper) == pytest.approx(
        proportion_confint(k, n, method="wilson"), rel=1e-9, abs=1e-12
    )


@given(shares_of_bases)
def test_wilson_holds_its_share_and_stays_between_nought_and_one(counted):
    k, n = counted
    lower, upper = wilson(k / n, n)
    assert 0 <= lower <= k / n <= upper <= 1


@given(st.floats(0, 1), st.floats(0.01, 1e6), st.floats(1.01, 100))
def test_more_answers_narrow_the_interval(share, base, times):
    few, many = wilson(share, base), wilson(share, base * times)
    assert many[1] - many[0] <= few[1] - few[0] + 1e-12


def test_no_answers_have_no_interval_and_no_warning():
    with np.errstate(all="raise"):
        lower, upper = wilson([np.nan, 0.5, 0.0], [0, 0, 0])
    assert np.isnan([lower, upper]).all()


def test_a_share_over_one_has_no_interval():
    assert np.isnan(wilson(1.2, 10)).all()


@given(shares_of_bases, shares_of_bases)
def test_newcombe_equals_the_reference(one, other):
    (k1, n1), (k2, n2) = one, other
    lower, upper = newcombe(k1 / n1, n1, k2 / n2, n2)
    reference = confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", compare="diff")
    assert (lower, upper) == pytest.approx(reference, rel=1e-6, abs=1e-9)


def test_newcombe_is_what_newcombe_published():
    # Newcombe (1998), table II, case (a), method 10: 56/70 - 48/80.
    lower, upper = newcombe(56 / 70, 70, 48 / 80, 80)
    assert (round(float(lower), 4), round(float(upper), 4)) == (0.0524, 0.3339)


def test_a_difference_needs_both_bases():
    assert np.isnan(newcombe(0.5, 10, np.nan, 0)).all()


@given(st.integers(0, 10_000))
def test_a_counts_interval_equals_the_chi_squared_form(count):
    lower, upper = poisson_interval(count)
    assert lower == pytest.approx(chi2.ppf(0.025, 2 * count) / 2 if count else 0, rel=1e-9)
    assert upper == pytest.approx(chi2.ppf(0.975, 2 * count + 2) / 2, rel=1e-9)


def test_a_missing_count_has_no_interval():
    assert np.isnan(poisson_interval([np.nan, -1.0])).all()


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=50))
def test_weights_never_make_more_of_the_answers(weights):
    w = np.array(weights)
    assert effective_base(w.sum(), np.square(w).sum()) <= len(w) * (1 + 1e-9)


def test_equal_weights_change_nothing():
    assert effective_base(7 * 3.0, 7 * 9.0) == pytest.approx(7)
    assert effective_base(0.0, 0.0) == 0


@given(shares_of_bases)
def test_a_net_of_yes_and_no_is_one_share_stretched(counted):
    k, n = counted
    lower, upper = net_interval(k / n, 1 - k / n, n)
    one = wilson(k / n, n)
    assert (lower, upper) == pytest.approx((2 * one[0] - 1, 2 * one[1] - 1), abs=1e-6)


def test_a_net_score_is_covered_about_as_often_as_it_says():
    # The exact interval has no closed form; its promise is coverage.
    draws = np.random.default_rng(20261).multinomial(40, [0.55, 0.25, 0.2], size=20_000)
    lower, upper = net_interval(draws[:, 0] / 40, draws[:, 2] / 40, np.full(len(draws), 40))
    assert 0.94 <= np.mean((lower <= 0.35) & (upper >= 0.35)) <= 0.97


def test_a_net_of_all_neutral_answers_has_an_interval_around_nought():
    lower, upper = net_interval(0.0, 0.0, 20)
    assert lower == pytest.approx(-upper)
    assert 0 < upper < 0.25


def test_a_difference_of_figures_needs_only_their_bounds():
    lower, upper = difference_of(10.0, (6.0, 14.0), 5.0, (2.0, 8.0))
    assert (lower, upper) == (0.0, 10.0)


@pytest.mark.parametrize("quantile", [0.5, 0.9])
@pytest.mark.parametrize("base", [1, 5, 6, 12, 28, 29, 40, 250])
def test_ranks_leave_out_no_more_than_a_fortieth_on_each_side(base, quantile):
    low, high = quantile_ranks(base, quantile)
    if not np.isnan(low):
        assert binom.cdf(low - 1, base, quantile) <= 0.025
    else:
        assert binom.cdf(0, base, quantile) > 0.025
    if not np.isnan(high):
        assert binom.sf(high - 1, base, quantile) <= 0.025
    else:
        assert binom.sf(base - 1, base, quantile) > 0.025


def test_six_waits_bound_a_median_and_five_do_not():
    assert np.isnan(quantile_ranks(5, 0.5)).all()
    assert tuple(quantile_ranks(6, 0.5)) == (1, 6)
    assert np.isnan(quantile_ranks(0, 0.5)).all()


def test_a_ratio_to_nought_has_no_upper_end_or_no_interval():
    low, high = ratio_of([0.5, 0.5], wilson([0.5, 0.5], [10, 10]), [0.0, 0.1], ([0, 0], [0.3, 0.4]))
    assert np.isnan([low[0], high[0]]).all()
    assert np.isfinite(low[1])
    assert np.isposinf(high[1])


@given(shares_of_bases, shares_of_bases)
def test_a_ratio_leaves_out_one_just_where_the_difference_leaves_out_nought(one, other):
    (k, n), (j, m) = one, other
    bounds = wilson(k / n, n), wilson(j / m, m)
    low, high = ratio_of(k / n, bounds[0], j / m, bounds[1])
    lower, upper = difference_of(k / n, bounds[0], j / m, bounds[1])
    if j and min(abs(lower), abs(upper)) > 1e-9:
        assert (low > 1 or high < 1) == (lower > 0 or upper < 0)
