import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from insight.topics import TopicMethod, train_topics
from insight.topics.kept_together import counted_once, deal_out, kept_together


def lumps(texts, threads=None, topics=None):
    made = None if threads is None else pd.Series(threads, dtype="string")
    given = topics or ["a", "b"] * (len(texts) // 2)
    return kept_together(pd.Series(texts), made, pd.Series(given)).tolist()


def test_texts_that_differ_in_case_punctuation_and_spacing_are_equal():
    found = lumps(["No.", "Bin", "no", "Tax", "NO !", "Dog", "n_o", "?!", *"cdefgh"])
    assert found[0] == found[2] == found[4]
    assert len(set(found)) == len(found) - 2


def test_a_conversation_and_copies_of_its_texts_stay_together():
    found = lumps(["q", "re q", "re q", "other", *"cdefghij"], ["t", "t"] + [None] * 10)
    assert len(set(found[:3])) == 1
    assert found[3] not in found[:3]


def test_a_thank_you_in_every_conversation_does_not_tie_them_all_together():
    texts = [text for n in range(6) for text in (f"question {n}", "Thank you")]
    threads = [f"t{n // 2}" for n in range(12)]
    found = lumps(texts, threads)
    assert found[::2] == found[1::2]
    assert len(set(found)) == 6


@pytest.mark.parametrize("threads", [["t"] * 12, [f"of {n % 2}" for n in range(12)]])
def test_conversations_that_cannot_be_cut_do_not_count(threads):
    assert len(set(lumps([f"text {n}" for n in range(12)], threads))) == 12


def test_a_topic_with_one_text_does_not_undo_conversations():
    threads = ["t", "t", *[None] * 10]
    found = lumps([f"text {n}" for n in range(12)], threads, ["rare", *["a"] * 11])
    assert found[0] == found[1]


def test_each_part_gets_its_share_of_each_topic():
    part = deal_out(np.arange(60), np.repeat([0, 1, 2], 20), 5, seed=1)
    assert (pd.crosstab(part, np.repeat([0, 1, 2], 20)) == 4).all(axis=None)
    assert set(deal_out(np.array([0, 0, 1]), np.array([0, 0, 1]), 5, seed=1)) == {0, 1}


def test_held_out_scores_never_come_from_a_message_of_the_same_conversation():
    draw = np.random.default_rng(0)
    words = ["".join(draw.choice(list("abcdefghij"), 12)) for _ in range(60)]
    rows = pd.DataFrame(
        {
            "text": [f"{word} {n}" for n in range(5) for word in words],
            "topic": draw.choice(["one", "two"], 60).tolist() * 5,
            "thread_id": [f"t{n}" for n in range(60)] * 5,
        }
    )
    method = TopicMethod(folds=3)
    # Knowing the rest of a conversation would give 100%; the labels are coin tosses.
    assert train_topics(rows, method=method, seed=1).metrics["accuracy"] < 0.75
    apart = rows.drop(columns="thread_id")
    assert train_topics(apart, method=method, seed=1).metrics["accuracy"] > 0.9


def test_near_copies_in_a_topic_count_as_one_text():
    """At 30, 60 and 90 degrees: the first and the third hang together by the second."""
    angles = np.deg2rad([30, 60, 90, 0, 30])
    texts = np.column_stack([np.cos(angles), np.sin(angles), np.zeros(5)])
    texts[3] = 0, 0, 1
    lengths = np.array([[1], [3], [1], [1], [2]])
    counts = counted_once(sparse.csr_matrix(texts * lengths), np.array([0, 0, 0, 0, 1]))
    assert counts.tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1, 1])
    nothing = counted_once(sparse.csr_matrix((2, 3)), np.array([0, 0]))
    assert nothing.tolist() == [1, 1], "texts without a known term are no copies of one another"


def test_many_near_copies_are_compared_with_texts_of_every_block():
    draw = np.random.default_rng(0)
    alone = sparse.identity(1_500, format="csr")
    kind = draw.permutation(np.repeat(np.arange(1_500), 2))
    counts = counted_once(alone[kind], np.zeros(3_000, dtype=np.intp))
    assert set(counts) == {0.5}


def test_of_a_very_large_topic_some_texts_stand_for_all():
    counts = counted_once(sparse.identity(12_000, format="csr"), np.zeros(12_000, dtype=np.intp))
    assert set(counts) == {0.0, 3.0}
    assert counts.sum() == 12_000
