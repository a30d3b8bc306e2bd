import numpy as np
from scipy import sparse

from insight.topics.mixing import clause_evidence, fit_mixing, unmixed

PARTS = np.arange(600) % 3
NONE = np.zeros((2, 600, 3))


def taken_for_each_other(mixed_up):
    """Three topics, of which the third's score rises with the second's where `mixed_up`."""
    draw = np.random.default_rng(0)
    actual = draw.integers(3, size=600)
    scores = np.eye(3)[actual] + draw.normal(scale=0.4, size=(600, 3))
    if mixed_up:
        scores[:, 2] += 2 * scores[:, 1]
    return scores, actual


def share_right(scores, actual):
    return (scores.argmax(axis=1) == actual).mean()


def test_scores_that_say_something_of_each_other_are_mixed_for_better_answers():
    scores, actual = taken_for_each_other(mixed_up=True)
    mixing, held_out = fit_mixing(scores, NONE, actual, PARTS)
    assert share_right(scores, actual) < 0.8
    assert share_right(held_out, actual) > 0.85
    assert share_right(mixing.mix(scores), actual) > 0.85


def test_no_text_helps_to_mix_its_own_scores():
    scores, actual = taken_for_each_other(mixed_up=True)
    other = actual.copy()
    other[PARTS == 1] = (actual[PARTS == 1] + (np.arange(200) % 10 == 0)) % 3
    _, as_labelled = fit_mixing(scores, NONE, actual, PARTS)
    _, relabelled = fit_mixing(scores, NONE, other, PARTS)
    assert np.array_equal(as_labelled[PARTS == 1], relabelled[PARTS == 1])
    assert not np.array_equal(as_labelled[PARTS == 0], relabelled[PARTS == 0])


def test_scores_that_only_noise_would_mix_are_left_alone():
    draw = np.random.default_rng(1)
    scores, actual = draw.normal(size=(60, 10)), np.arange(60) % 10
    mixing, held_out = fit_mixing(scores, np.zeros((2, 60, 10)), actual, np.arange(60) // 10 % 3)
    assert held_out is scores
    assert np.array_equal(mixing.mix(scores), unmixed(10).mix(scores))


def test_texts_of_no_topic_are_mixed_but_teach_nothing():
    scores, actual = taken_for_each_other(mixed_up=True)
    actual[::10] = -1
    strange = scores.copy()
    strange[::10] += 5
    one, _ = fit_mixing(scores, NONE, actual, PARTS)
    other, held_out = fit_mixing(strange, NONE, actual, PARTS)
    assert np.array_equal(one.weights, other.weights)
    assert np.isfinite(held_out).all()


def test_what_a_text_says_first_counts_for_as_much_as_held_out_scores_say():
    draw = np.random.default_rng(2)
    actual, aside = draw.integers(3, size=600), draw.integers(3, size=600)
    noise = draw.normal(scale=0.3, size=(600, 3))
    # Each text is about two things, equally; its opening is about the one that was labelled.
    scores = np.eye(3)[actual] + np.eye(3)[aside] + noise
    leads = np.stack([np.eye(3)[actual] - np.eye(3)[aside], np.zeros((600, 3))])
    mixing, held_out = fit_mixing(scores, leads, actual, PARTS)
    assert (mixing.clauses[0] > 0.1).all()
    assert share_right(held_out, actual) > share_right(scores, actual) + 0.1
    assert share_right(mixing.mix(scores, leads), actual) > 0.9
    of_noise, _ = fit_mixing(np.eye(3)[actual] + noise, draw.permuted(leads, axis=1), actual, PARTS)
    assert np.abs(of_noise.clauses).max() < mixing.clauses[0].min() / 3


def test_a_text_is_believed_to_be_about_one_of_its_clauses():
    scores = np.array([[0.2, -0.4], [0.1, 0.3]])
    said = np.array([[1.0, -1.0], [-1.0, 1.0]])
    shares = sparse.csr_matrix([[0.0, 0.0], [2 / 3, 1 / 3]])
    leads, one = clause_evidence(scores, said, shares)
    assert np.allclose(leads, [[0, 0], [0.9, -1.3]])
    assert np.allclose(one[0, 0] - one[0, 1], 0.6, atol=0.01)
    assert np.allclose(np.exp(3 * one[1]), [2 / 3, 1 / 3], atol=0.01)
