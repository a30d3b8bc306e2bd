import numpy as np
import pandas as pd
import pytest

from insight.change_points import suggested_changes
from insight.spc import SpcOptions, control

MONTHS = [str(each) for each in pd.period_range(end="2026-12", periods=36, freq="M")]
RNG = np.random.default_rng(7)
AS_IT_IS = SpcOptions(seasonal=False)


def figures(values):
    values = np.atleast_2d(values)
    return pd.DataFrame(
        {
            "measure": np.repeat([f"M{at:03d}" for at in range(len(values))], values.shape[1]),
            "service": "one",
            "period": MONTHS[-values.shape[1] :] * len(values),
            "value": values.ravel(),
        }
    )


def offered(values, **more):
    return suggested_changes(control(figures(values), options=AS_IT_IS, **more))


def test_a_step_is_offered_where_the_new_level_begins():
    noise = RNG.normal(size=36)
    found = offered(noise + 5 * (np.arange(36) >= 20)).iloc[0]
    assert found["period"] == MONTHS[20]
    assert found["mean_before"] == pytest.approx(noise[:20].mean())
    assert found["mean_after"] == pytest.approx(5 + noise[20:].mean())
    assert (found["points_before"], found["points_after"]) == (20, 16)


def test_the_chance_is_pettitts():
    # Ranks 1 to 8 before, 9 to 16 after: |U| is 64; 2 exp(-6 * 64**2 / (16**3 + 16**2)).
    # Neighbours are unlike, so nothing is divided.
    values = np.array([1, 8, 2, 7, 3, 6, 4, 5, 9, 16, 10, 15, 11, 14, 12, 13.0])
    found = offered(values)
    assert found["p_value"].tolist() == pytest.approx([2 * np.exp(-24576 / 4352)])


def test_a_step_hidden_by_an_earlier_one_is_offered_once_that_is_rebased():
    values = np.repeat([0.0, 12, 6], 12) + np.tile([0.3, -0.2, 0.1, -0.4], 9)
    rebases = pd.DataFrame({"measure": ["M000"], "service": "one", "period": [MONTHS[12]]})
    assert offered(values, rebases=rebases)["period"].tolist() == [MONTHS[24]]


def test_a_change_that_has_lasted_six_points_is_not_offered_yet():
    values = RNG.normal(size=36) + 50 * (np.arange(36) >= 30)
    assert not offered(values)["period"].isin(MONTHS[30:]).any()


def test_a_person_may_ask_for_more_points_on_either_side():
    values = np.tile([0.3, -0.2, 0.1, -0.4], 9) + 5 * (np.arange(36) >= 28)
    found = control(figures(values), options=AS_IT_IS)
    assert suggested_changes(found)["period"].tolist() == [MONTHS[28]]
    assert not suggested_changes(found, least=9)["period"].isin(MONTHS[28:]).any()


def test_a_steady_trend_is_not_offered_as_a_step():
    assert len(offered(RNG.normal(size=36) + np.arange(36))) == 0


def test_a_constant_series_has_none():
    assert len(offered(np.ones(36))) == 0


def test_only_the_latest_segment_is_looked_at():
    values = RNG.normal(size=36) + 9 * (np.arange(36) >= 10) + 9 * (np.arange(36) >= 20)
    rebases = pd.DataFrame({"measure": ["M000"], "service": "one", "period": [MONTHS[20]]})
    assert len(offered(values, rebases=rebases)) == 0


def test_nothing_is_rebased_by_a_suggestion():
    found = control(figures(RNG.normal(size=36) + 9 * (np.arange(36) >= 20)))
    before = found.points.copy()
    suggested_changes(found)
    pd.testing.assert_frame_equal(found.points, before)
    assert found.points["segment"].eq(1).all()


def test_undisturbed_series_are_seldom_told_of():
    values = RNG.normal(size=(600, 36))
    assert offered(values)["measure"].nunique() <= 12  # 2%; the level is 1% a segment


def alike(count):
    """Return series where each month takes after the last."""
    values = RNG.normal(size=(count, 36))
    for at in range(1, 36):
        values[:, at] += 0.5 * values[:, at - 1]
    return values


@pytest.mark.parametrize(
    ("values", "share"),
    [(RNG.normal(size=(600, 36)) + 0.1 * np.arange(36), 0.17), (alike(600), 0.05)],
    ids=["a slight trend", "months that take after the last"],
)
def test_what_is_no_step_is_seldom_taken_for_one(values, share):
    # Without their safeguards 20% and 11%.
    assert offered(values)["measure"].nunique() < share * 600


def test_without_charts_there_are_none():
    assert len(offered(np.ones((1, 3)))) == 0
