import numpy as np
import pytest

from insight.topics.kernel import FEWEST_TOGETHER, fit_kernel
from insight.topics.machine import BLENDS, best_blend, blended


@pytest.fixture(scope="module")
def clouds():
    """Three topics, each two separate clouds, so that no plane parts one from the rest."""
    draw = np.random.default_rng(1)
    centres = np.eye(6)[[0, 1, 2, 3, 4, 5]] * np.array([1, 1, 1, 1, 1, 1])[:, None]
    cloud = draw.integers(6, size=600)
    rows = centres[cloud] + draw.normal(scale=0.15, size=(600, 6))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return rows, cloud // 2


def test_scores_near_one_say_that_a_topic_fits_and_far_from_all_texts_none_does(clouds):
    rows, codes = clouds
    machine = fit_kernel(rows[:400], codes[:400], topics=4, certainty=np.ones(400))
    scores = machine.scores(rows[400:])
    assert (scores.argmax(axis=1) == codes[400:]).mean() > 0.97
    np.testing.assert_allclose(scores.max(axis=1).mean(), 1, atol=0.1)
    assert (machine.scores(-np.ones((1, 6), dtype=np.float32)) < -0.9).all()
    np.testing.assert_array_equal(scores[:, 3], -1)  # no text showed that topic


def test_no_landmark_is_one_text_and_copies_make_no_more_of_them(clouds):
    rows, codes = clouds
    machine = fit_kernel(rows, codes, topics=3, certainty=np.ones(600))
    assert len(machine.landmarks) <= 600 // FEWEST_TOGETHER
    marks = machine.landmarks.astype(np.float32)
    gaps = np.square(marks[:, None] - rows[None]).sum(axis=2).min(axis=1)
    assert gaps.min() > 1e-6
    twice = fit_kernel(
        np.vstack([rows, rows]), np.append(codes, codes), topics=3, certainty=np.full(1_200, 0.5)
    )
    np.testing.assert_array_equal(twice.landmarks, machine.landmarks)
    np.testing.assert_allclose(twice.scores(rows), machine.scores(rows), atol=1e-2)


def test_texts_that_are_all_alike_can_be_learnt_from():
    rows = np.tile(np.eye(2, dtype=np.float32), (300, 1))
    machine = fit_kernel(rows, np.tile([0, 1], 300), topics=2, certainty=np.ones(600))
    assert machine.scores(rows[:2]).argmax(axis=1).tolist() == [0, 1]


def test_the_blend_leans_to_the_machine_that_knows_better():
    draw = np.random.default_rng(2)
    actual = draw.integers(3, size=900)
    knowing = np.eye(3)[actual] + draw.normal(scale=0.4, size=(900, 3))
    guessing = draw.normal(size=(900, 3))
    assert best_blend(guessing, knowing, actual) == max(BLENDS)
    assert best_blend(knowing, guessing, actual) == min(BLENDS)
    sure = 100.0 * np.eye(3)[actual]
    assert best_blend(sure, sure, actual) == BLENDS[0]
    np.testing.assert_array_equal(blended(knowing, guessing, 1.0), guessing)
