from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from insight.topics import calibration
from insight.topics.calibration import Calibration, calibration_error
from insight.topics.method import TopicMethod


def calibrate(scores, actual, method):
    """Calibrate with the best score as the only sign of strangeness."""
    return calibration.calibrate(scores, actual, strangeness(scores), np.ones(len(scores)), method)


def strangeness(scores):
    return -scores.max(axis=1)


def sure_share(right, of):
    """Smallest share under which so many right answers have at least 2.5% probability."""
    shares = np.linspace(0, 1, 2001)
    return shares[binom.sf(right - 1, of, shares) >= 0.025].min(initial=1.0)


def drawn(n, *, scale, seed=0):
    """Scores whose softmax at temperature `scale` is exactly how often each topic is right."""
    draw = np.random.default_rng(seed)
    logits = draw.normal(scale=2.0, size=(n, 4))
    beliefs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    actual = (draw.random((n, 1)) > beliefs.cumsum(axis=1)).sum(axis=1)
    return logits * scale, actual


@pytest.mark.parametrize("scale", [0.2, 1.0, 5.0])
def test_the_temperature_that_made_the_scores_is_found(scale):
    scores, actual = drawn(20_000, scale=scale)
    found = calibrate(scores, actual, TopicMethod())
    assert found.temperature == pytest.approx(scale, rel=0.05)
    right = scores.argmax(axis=1) == actual
    assert calibration_error(found.confidences(scores), right) < 0.015


def test_confidence_that_is_wrong_by_turns_is_mended_and_still_rises_with_belief():
    draw = np.random.default_rng(7)

    def told(n):
        odds, topic = draw.uniform(0, 3, n), draw.integers(0, 2, n)
        right = draw.random(n) < np.interp(odds, [0, 1, 1.5, 3], [0.52, 0.55, 0.92, 0.95])
        return np.column_stack([odds * (topic == 0), odds * (topic == 1)]), np.where(
            right, topic, 1 - topic
        )

    scores, actual = told(20_000)
    found = calibrate(scores, actual, TopicMethod())
    unbent = replace(found, bends=())
    new, truth = told(20_000)
    right = found.answers(new) == truth
    error, before = (calibration_error(each.confidences(new), right) for each in (found, unbent))
    assert error < 0.6 * before
    rising = np.column_stack([np.linspace(0.1, 6, 200), np.zeros(200)])
    assert (np.diff(found.confidences(rising)) >= 0).all()


@pytest.mark.parametrize("wanted", [0.7, 0.8, 0.9])
def test_precision_on_new_texts_is_what_was_wanted(wanted):
    method = TopicMethod(wanted_precision=wanted)
    reached = []
    for seed in range(20):
        scores, actual = drawn(1_500, scale=1.0, seed=seed)
        new_scores, new_actual = drawn(20_000, scale=1.0, seed=100 + seed)
        accepted = calibrate(scores, actual, method).accepts(new_scores, strangeness(new_scores))
        if accepted.any():
            reached.append((new_scores.argmax(axis=1) == new_actual)[accepted].mean())
    assert len(reached) > 15
    # A threshold read off the share itself, not its interval, falls short half the time.
    assert np.mean(np.array(reached) >= wanted) >= 0.9


def test_the_threshold_covers_as_much_as_the_bound_allows():
    scores, actual = drawn(2_000, scale=1.0)
    found = calibrate(scores, actual, TopicMethod(wanted_precision=0.8, kept_in_scope=1.0))
    confidences, right = found.confidences(scores), found.answers(scores) == actual
    accepted = found.accepts(scores, strangeness(scores))
    assert sure_share(right[accepted].sum(), accepted.sum()) >= 0.8
    looser = np.unique(confidences[~accepted])[::40]
    bounds = [
        sure_share(right[confidences >= least].sum(), (confidences >= least).sum())
        for least in looser
    ]
    assert max(bounds) <= 0.8


def test_a_rare_topic_is_not_drowned_when_answers_are_lifted():
    draw = np.random.default_rng(4)
    actual = draw.choice(3, 4_000, p=[0.9, 0.06, 0.04])
    logits = np.eye(3)[actual] * 1.5 + draw.normal(size=(4_000, 3)) + np.log([0.9, 0.06, 0.04])
    found = calibrate(logits, actual, TopicMethod())
    unlifted = replace(found, lifts=(0.0, 0.0, 0.0))
    rare = actual > 0
    assert (found.answers(logits) == actual)[rare].mean() > (
        (unlifted.answers(logits) == actual)[rare].mean() + 0.02
    )
    lost = (unlifted.answers(logits) == actual).mean() - (found.answers(logits) == actual).mean()
    assert lost < 0.01


def test_texts_that_count_less_move_the_limit_of_strangeness_less():
    scores, actual = drawn(4_000, scale=1.0)
    strange = strangeness(scores)
    method = TopicMethod(kept_in_scope=0.9)
    familiar = strange < np.median(strange)
    counts = np.where(familiar, 1 / 3, 1.0)
    found = calibration.calibrate(scores, actual, strange, counts, method)
    within = strange <= found.most_strange
    assert counts[within].sum() / counts.sum() == pytest.approx(0.9, abs=0.001)
    assert within.mean() == pytest.approx(14 / 15, abs=0.001)


def test_a_text_of_no_topic_makes_every_answer_to_it_wrong():
    scores, actual = drawn(2_000, scale=1.0)
    method = TopicMethod(wanted_precision=0.8, kept_in_scope=1.0)
    alone = calibrate(scores, actual, method)
    with_strangers = calibrate(
        np.concatenate([scores, scores[:500]]), np.append(actual, np.full(500, -1)), method
    )
    assert (with_strangers.least_confidence or 1) > alone.least_confidence


def test_nothing_is_answered_when_no_threshold_is_precise_enough():
    scores, actual = drawn(200, scale=1.0)
    hopeless = calibrate(scores, (actual + 1) % 4, TopicMethod(wanted_precision=0.99))
    assert hopeless.least_confidence is None
    assert not hopeless.accepts(scores * 100, strangeness(scores)).any()


def test_texts_of_equal_confidence_are_answered_or_withheld_together():
    scores = np.tile([1.0, 0.0], (100, 1))
    actual = np.r_[np.zeros(80, dtype=int), np.ones(20, dtype=int)]
    assert calibrate(scores, actual, TopicMethod(wanted_precision=0.8)).least_confidence is None
    loose = calibrate(scores, actual, TopicMethod(wanted_precision=0.7))
    assert loose.accepts(scores, strangeness(scores)).all()


def test_a_text_unlike_every_topic_is_withheld_however_sure_the_model_seems():
    gate = Calibration(0.1, (0.0, 0.0), (0.0, 0.0), (1.0, 1.0, 0.0), 0.5, most_strange=0.3)
    scores = np.array([[0.9, -1.0], [-0.9, -2.0]])
    assert gate.confidences(scores).min() > 0.99
    assert gate.accepts(scores, strangeness(scores)).tolist() == [True, False]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_the_calibration_error_is_a_gap_of_shares(pairs):
    confidences, right = map(np.array, zip(*pairs, strict=True))
    error = calibration_error(confidences, right)
    assert abs(confidences.mean() - right.mean()) - 1e-9 <= error <= 1
