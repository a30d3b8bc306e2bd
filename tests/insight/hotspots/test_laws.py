import numpy as np
import pytest
from scipy import stats

from insight.hotspots.laws import GammaRates, LognormalRates

COUNT, MEAN = np.array([1.0, 2.0, 7.0, 60.0]), np.array([0.5, 2.0, 2.0, 9.0])


def test_gamma_rates_are_the_negative_binomial_and_poisson_without_spread():
    law, size = GammaRates(COUNT), 1 / 0.8
    part = size / (size + MEAN)
    assert law.reached(MEAN, 0.8) == pytest.approx(stats.nbinom.sf(COUNT - 1, size, part))
    assert law.log_exact(MEAN, 0.8) == pytest.approx(stats.nbinom.logpmf(COUNT, size, part))
    assert law.reached(MEAN, 1e-7)[:3] == pytest.approx(
        stats.poisson.sf(COUNT - 1, MEAN)[:3], rel=1e-4
    )


@pytest.mark.parametrize("spread", [0.5, 1.4])
def test_lognormal_rates_are_the_integral_over_them_to_two_in_a_hundred(spread):
    law = LognormalRates(COUNT)
    reached, exact = law.reached(MEAN, spread), np.exp(law.log_exact(MEAN, spread))
    log_rate = np.linspace(-10, 8, 20_001)
    for place, (count, mean) in enumerate(zip(COUNT, MEAN, strict=True)):
        rare = stats.norm.pdf(log_rate, np.log(mean), np.sqrt(spread))
        more = stats.poisson.sf(count - 1, np.exp(log_rate))
        so_many = stats.poisson.pmf(count, np.exp(log_rate))
        assert reached[place] == pytest.approx(np.trapezoid(more * rare, log_rate), rel=0.02)
        assert exact[place] == pytest.approx(np.trapezoid(so_many * rare, log_rate), rel=0.02)
