import numpy as np
import pandas as pd
import pytest

from insight.topics import TopicTrainingError, classify, train_topics
from insight.topics.folds import FoldsError, cut_in_folds, score_in_folds
from tests.insight.topics.conftest import enquiries


@pytest.fixture(scope="module")
def labelled():
    rows = enquiries(90, seed=3)
    return rows.set_axis(rows.index + 1000)


@pytest.fixture(scope="module")
def scored(labelled):
    return score_in_folds(labelled, folds=3, seed=1)


def test_each_text_is_answered_by_a_model_that_never_saw_it(labelled, scored):
    part = cut_in_folds(labelled, 3, 1)
    model = train_topics(labelled[part != 0], seed=1)
    unseen = labelled[part == 0]
    pd.testing.assert_frame_equal(
        scored.answers.loc[unseen.index], classify(model, unseen["text"]), check_dtype=False
    )


def test_the_figures_are_those_of_the_answers_added_up(labelled, scored):
    right = scored.answers["label"].eq(labelled["topic"])
    assert scored.figures["accuracy"] == pytest.approx(right.mean())
    assert scored.figures["coverage"] == pytest.approx(scored.answers["accepted"].mean())
    assert scored.inside == len(labelled)
    assert scored.smallest <= scored.figures["accuracy"] <= scored.largest
    assert scored.figures["oos_auroc"] is scored.figures["oos_recall"] is None


def test_the_order_of_the_rows_changes_nothing(labelled, scored):
    turned = score_in_folds(labelled.iloc[::-1], folds=3, seed=1)
    assert turned.figures == pytest.approx(scored.figures)


def test_equal_texts_and_one_conversation_are_never_parted():
    rows = pd.DataFrame(
        {
            "text": [f"text {n // 2}" for n in range(40)],
            "topic": ["a", "b"] * 20,
            "thread_id": [None] * 30 + ["t"] * 10,
        }
    )
    part = cut_in_folds(rows, 5, 2)
    assert (part[0::2] == part[1::2]).all()
    assert len(set(part[30:])) == 1
    assert set(part) == set(range(5))


def test_texts_of_no_topic_are_scored_as_strangers(labelled):
    draw = np.random.default_rng(5)
    strange = pd.DataFrame(
        {"text": [f"{draw.choice(['moon', 'soup', 'waltz', 'train'])} {n}" for n in range(30)]}
    ).assign(topic="none")
    rows = pd.concat([labelled, strange], ignore_index=True)
    found = score_in_folds(rows, folds=3, seed=1, out_of_scope="none")
    assert found.inside == len(labelled)
    assert found.figures["oos_auroc"] > 0.9
    assert 0 < found.figures["oos_recall"] <= 1
    assert found.figures["in_scope_kept"] > 0.8


@pytest.mark.parametrize("folds", [1, 21])
def test_a_wrong_number_of_folds_is_said(labelled, folds):
    with pytest.raises(FoldsError, match="from 2 to 20"):
        score_in_folds(labelled, folds=folds, seed=1)


def test_too_few_texts_are_said(labelled):
    with pytest.raises(FoldsError, match="2 different labelled texts"):
        score_in_folds(labelled.head(2), folds=5, seed=1)
    with pytest.raises(TopicTrainingError, match="at least two topics"):
        score_in_folds(labelled.head(12), folds=3, seed=1)
