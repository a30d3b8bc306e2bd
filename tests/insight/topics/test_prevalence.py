import numpy as np
import pandas as pd
import pytest

from insight.topics import classify, train_topics
from insight.topics.prevalence import (
    corrected_shares,
    counted_shares,
    fit_sharpness,
    share_error,
    share_intervals,
)
from insight.topics.scoring import topic_beliefs, trained_shares

TRAINED = np.array([0.5, 0.3, 0.2])


def believed(n, shares, seed=0):
    """True topics drawn by `shares`, and beliefs that are right under `TRAINED` shares."""
    draw = np.random.default_rng(seed)
    actual = draw.choice(3, n, p=shares)
    signs = np.eye(3)[actual] * 1.6 + draw.normal(size=(n, 3))
    # The likelihood of such signs under topic k is proportional to exp(1.6 * signs[k]).
    beliefs = np.exp(1.6 * signs) * TRAINED
    return beliefs / beliefs.sum(axis=1, keepdims=True), actual


@pytest.mark.parametrize("shares", [[0.2, 0.2, 0.6], [0.8, 0.15, 0.05], [0.34, 0.33, 0.33]])
def test_where_the_shares_have_shifted_the_corrected_ones_are_nearer_the_truth(shares):
    beliefs, actual = believed(3_000, shares)
    true = counted_shares(actual, 3)
    raw = share_error(counted_shares(beliefs.argmax(axis=1), 3), true)
    corrected = share_error(corrected_shares(beliefs, TRAINED), true)
    assert corrected < raw / 2
    assert corrected < 0.03


def test_shares_add_up_and_intervals_hold_the_truth_nineteen_times_in_twenty():
    held, lowest = 0, []
    for seed in range(12):
        beliefs, _ = believed(150, [0.25, 0.25, 0.5], seed=seed)
        found = share_intervals(beliefs, TRAINED, seed=1)
        assert found["share"].sum() == pytest.approx(1)
        held += found["lower"][2] <= 0.5 <= found["upper"][2]
        lowest.append(found["upper"][2] - found["lower"][2])
    assert held >= 10
    assert 0.05 < np.mean(lowest) < 0.4


def test_the_same_seed_gives_the_same_interval():
    beliefs, _ = believed(200, TRAINED)
    first = share_intervals(beliefs, TRAINED, seed=3)
    pd.testing.assert_frame_equal(first, share_intervals(beliefs, TRAINED, seed=3))


def doubtful():
    """Beliefs that say next to nothing of the topic, and topics that follow them."""
    draw = np.random.default_rng(1)
    vague = draw.dirichlet(20 * TRAINED, 3_000)
    return vague, (vague.cumsum(axis=1) < draw.random((3_000, 1))).sum(axis=1)


def test_doubtful_texts_are_shared_out_as_believed_and_sure_ones_nearly_counted():
    vague, actual = doubtful()
    assert fit_sharpness(vague, actual, TRAINED, seed=1) == 1.0
    draw = np.random.default_rng(2)
    true = draw.choice(40, 3_000)
    # Always right, and never sure of it: what an answer's count gets right, its belief smears.
    timid = np.full((3_000, 40), 0.4 / 39)
    timid[np.arange(3_000), true] = 0.6
    assert fit_sharpness(timid, true, np.full(40, 1 / 40), seed=1) > 1.0


def test_without_evidence_of_a_shift_nothing_is_shifted():
    beliefs, actual = believed(1_000, TRAINED)
    shares = corrected_shares(beliefs, TRAINED)
    assert shares == pytest.approx(beliefs.mean(axis=0), abs=1e-12)
    counted = counted_shares(beliefs.argmax(axis=1), 3)
    true = counted_shares(actual, 3)
    assert share_error(shares, true) < share_error(counted, true)


def test_one_text_many_times_over_is_one_piece_of_evidence():
    beliefs, _ = believed(300, TRAINED)
    copies = np.repeat([[0.1, 0.1, 0.8]], 100, axis=0)
    # As many texts that differ a little are evidence of a shift.
    different = copies + np.random.default_rng(4).normal(scale=0.002, size=copies.shape)
    different /= different.sum(axis=1, keepdims=True)
    mixes = [np.vstack([beliefs, more]) for more in (copies, different)]
    one, many = (corrected_shares(mix, TRAINED)[2] - mix.mean(axis=0)[2] for mix in mixes)
    assert one < many / 2


def test_no_text_leaves_the_shares_of_training():
    assert corrected_shares(np.zeros((0, 3)), TRAINED).tolist() == pytest.approx(TRAINED.tolist())


def test_real_comments_whose_mix_has_shifted_are_counted_nearer_the_truth(real_data):
    path = real_data / "nhs-patient-comments-topics" / "comments_train.csv"
    rows = pd.read_csv(path, dtype="string").rename(columns={"feedback": "text", "label": "topic"})
    rows = rows[rows["text"].notna()].reset_index(drop=True)
    draw = np.random.default_rng(5)
    held = draw.random(len(rows)) < 0.4
    model = train_topics(rows[~held], seed=1)
    unseen = rows[held & rows["topic"].isin(model.topics)]
    beliefs = topic_beliefs(model, unseen["text"])
    codes = pd.Index(model.topics).get_indexer(pd.Index(unseen["topic"]))
    answers = pd.Index(model.topics).get_indexer(pd.Index(classify(model, unseen["text"])["label"]))
    raw, corrected = [], []
    for _ in range(10):
        tilt = np.exp(draw.normal(scale=0.8, size=len(model.topics)))[codes]
        sample = draw.choice(len(codes), 1_000, p=tilt / tilt.sum())
        true = counted_shares(codes[sample], len(model.topics))
        counted = counted_shares(answers[sample], len(model.topics))
        raw.append(share_error(counted, true))
        shares = corrected_shares(beliefs[sample], trained_shares(model), sharpness=model.sharpness)
        corrected.append(share_error(shares, true))
    assert np.mean(corrected) < np.mean(raw)
