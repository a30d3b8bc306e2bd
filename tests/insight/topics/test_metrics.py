import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

from insight.intervals import wilson
from insight.topics.calibration import Calibration
from insight.topics.metrics import topic_metrics

TOPICS = ("bins", "dogs", "tax")
LEVEL = (0.0, 0.0, 0.0)
OPEN = Calibration(1.0, LEVEL, LEVEL, (1.0, 1.0, 0.0), least_confidence=0.5, most_strange=5.0)


@pytest.fixture
def sample():
    draw = np.random.default_rng(3)
    actual = draw.integers(0, 3, 200)
    return np.eye(3)[actual] * 1.5 + draw.normal(size=(200, 3)), actual


def measured(scores, actual, calibration=OPEN, **changes):
    rules = {"by_majority": np.zeros_like(actual), "by_keyword": actual[::-1]} | changes
    return topic_metrics(
        scores,
        actual,
        topics=TOPICS,
        calibration=calibration,
        strangeness=-scores.max(axis=1),
        **rules,
    )


def test_figures_agree_with_scikit_learn(sample):
    scores, actual = sample
    answers = scores.argmax(axis=1)
    metrics = measured(scores, actual)
    assert metrics["accuracy"] == pytest.approx(accuracy_score(actual, answers))
    assert metrics["macro_f1"] == pytest.approx(f1_score(actual, answers, average="macro"))
    majority = f1_score(actual, np.zeros(200), average="macro", zero_division=0)
    assert metrics["majority_macro_f1"] == pytest.approx(majority)
    assert metrics["keyword_accuracy"] == pytest.approx((actual[::-1] == actual).mean())
    precision = precision_score(actual, answers, average=None)
    recall = recall_score(actual, answers, average=None)
    assert [topic["precision"] for topic in metrics["topics"]] == pytest.approx(precision)
    assert [topic["recall"] for topic in metrics["topics"]] == pytest.approx(recall)


def test_intervals_are_wilsons_on_the_base_of_each_share(sample):
    scores, actual = sample
    metrics = measured(scores, actual)
    base, share = metrics["covered"], metrics["precision_on_covered"]
    assert 0 < base < 200
    lower, upper = wilson(share, base)
    assert (metrics["precision_lower"], metrics["precision_upper"]) == (lower, upper)
    assert metrics["coverage"] == base / 200


def test_withholding_everything_leaves_no_precision_to_report(sample):
    closed = replace(OPEN, least_confidence=None)
    metrics = measured(*sample, closed)
    assert (metrics["covered"], metrics["coverage"]) == (0, 0.0)
    assert metrics["precision_on_covered"] is None
    assert metrics["accuracy"] > 0.5


def test_a_topic_nobody_wrote_about_has_no_recall_and_no_say_in_the_mean():
    scores = np.array([[2.0, 0, 0], [0, 2.0, 0]])
    metrics = measured(scores, np.array([0, 1]))
    tax = metrics["topics"][2]
    assert (tax["n"], tax["recall"], tax["precision"]) == (0, None, None)
    assert metrics["macro_f1"] == 1.0


def test_each_topic_names_the_one_it_is_mistaken_for():
    scores = np.array([[0, 2.0, 0], [0, 2.0, 0], [0, 0, 2.0], [0, 2.0, 0]])
    topics = measured(scores, np.array([0, 0, 0, 1]))["topics"]
    assert [topic["mistaken_for"] for topic in topics] == ["dogs", "", ""]


def test_texts_out_of_scope_are_counted_by_whether_they_were_withheld(sample):
    strangers = np.array([[-9.0, -9.5, -9.9], [3.0, 0, 0], [0.0, 0.0, 0.0]])
    scores, actual = sample
    every = np.append(actual, [-1, -1, -1])
    metrics = measured(np.vstack([scores, strangers]), every, by_keyword=np.zeros_like(every))
    assert (metrics["out_of_scope"], metrics["out_of_scope_withheld"]) == (3, 2)
    assert metrics["n"] == 200


def test_metrics_are_plain_json(sample):
    metrics = measured(*sample)
    assert json.loads(json.dumps(metrics, allow_nan=False)) == metrics
