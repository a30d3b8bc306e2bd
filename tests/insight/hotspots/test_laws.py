import numpy as np
import pytest
from scipy import integrate, stats

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

    def over(chance):
        rate = stats.lognorm(np.sqrt(spread), scale=mean)
        return integrate.quad(lambda at: chance(at) * rate.pdf(at), 0, 2_000, limit=500)[0]

    for place, (count, mean) in enumerate(zip(COUNT, MEAN, strict=True)):
        reached = over(lambda at, count=count: stats.poisson.sf(count - 1, at))
        exact = over(lambda at, count=count: stats.poisson.pmf(count, at))
        assert law.reached(MEAN, spread)[place] == pytest.approx(reached, rel=0.02)
        assert np.exp(law.log_exact(MEAN, spread)[place]) == pytest.approx(exact, rel=0.05)
