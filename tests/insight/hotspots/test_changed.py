import numpy as np
import pytest
from scipy import stats

from insight.hotspots.changed import change, kept_and_gained

SEASON = np.array([4, 4, 3, 2, 2, 1, 1, 2, 2, 3, 4, 4]) / 32


def steady(places, mean, seed=1):
    return np.random.default_rng(seed).poisson(mean * SEASON[:, None], (12, places)).astype(float)


def test_a_place_that_follows_the_season_has_not_changed():
    p = change(steady(4_000, 20)).p
    # Corrected for every split, p is at most that of a fair test, and not far below it.
    assert 0.2 < (p <= 0.05).mean() / 0.05 < 1.2
    assert (p <= 0.001).mean() < 0.004


def test_a_place_that_began_or_ended_has_changed():
    months = steady(500, 20)
    months[:8, 0], months[8:, 0] = 0, 6
    months[:3, 1], months[3:, 1] = 9, 0
    assert (change(months).p[:2] < 1e-4).all()


def test_p_is_the_conditional_binomials_corrected_for_the_splits():
    months = np.ones((4, 100))
    months[:, 0] = [0, 0, 4, 4]
    share = months[:2].sum() / months.sum()
    # Three splits, two directions, a quarter of them apart in effect.
    assert change(months).p[0] == pytest.approx(stats.binom.sf(7, 8, 1 - share) * 6 / 4)


def test_reports_in_bursts_are_less_evidence_than_as_many_reports_apart():
    rng = np.random.default_rng(3)
    bursts = rng.poisson(4 * SEASON[:, None], (12, 2_000)) * 5.0
    assert (change(bursts).p <= 0.01).mean() < 0.02
    assert (change(steady(2_000, 20)).p <= 0.01).mean() < 0.02


@pytest.mark.parametrize("months", [np.zeros((12, 3)), np.ones((1, 3)), np.eye(12)[:, :1] * 5])
def test_without_two_spells_nothing_has_changed(months):
    assert (change(months).p == 1).all()


def test_what_a_spell_brought_is_told_from_the_other_months():
    months = np.ones((10, 200))
    months[7:, 0] = 9
    changes = change(months)
    kept, gained = kept_and_gained(months, changes)
    assert (changes.split[0], changes.early[0]) == (6, False)
    # One a month as before, and three months of eight more; all reports make months a bit longer.
    assert kept[0] == pytest.approx(7 / (1 - changes.share[0]))
    assert gained[0] == pytest.approx(34 - kept[0])
    assert gained[0] == pytest.approx(24, abs=0.4)
