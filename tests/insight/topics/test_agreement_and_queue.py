import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import cohen_kappa_score

from insight.topics.agreement import cohens_kappa, contest
from insight.topics.queue import (
    CONTROL,
    SLIP,
    STRANGE,
    UNSURE,
    ReviewSize,
    likely_slips,
    nearest_examples,
    review_queue,
)


def test_kappa_is_as_in_cohens_formula_and_in_scikit_learn():
    rng = np.random.default_rng(1)
    first = pd.Series(rng.choice(list("abc"), 200))
    second = first.where(rng.random(200) < 0.7, pd.Series(rng.choice(list("abc"), 200)))
    found = cohens_kappa(first, second, seed=1)
    assert found.value == pytest.approx(cohen_kappa_score(first, second))
    assert found.lower < found.value < found.upper
    assert (found.texts, found.agreed) == (200, (first == second).mean())


def test_kappa_by_hand():
    # 20 of 30 agreed; 15 and 15 against 15 and 15 by chance: (2/3 - 1/2) / (1/2) = 1/3.
    first = pd.Series(["a"] * 15 + ["b"] * 15)
    second = pd.Series(["a"] * 10 + ["b"] * 5 + ["a"] * 5 + ["b"] * 10)
    assert cohens_kappa(first, second, seed=1).value == pytest.approx(1 / 3)


def test_what_one_of_them_left_open_is_passed_over_and_nothing_is_nothing():
    assert cohens_kappa(pd.Series(["a", None]), pd.Series(["a", "b"]), seed=1).texts == 1
    assert cohens_kappa(pd.Series([None]), pd.Series(["a"]), seed=1).texts == 0
    same = cohens_kappa(pd.Series(["a", "a"]), pd.Series(["a", "a"]), seed=1)
    assert np.isnan(same.value)


def answers_right(truth, right):
    return truth.where(pd.Series(right), "wrong")


def test_a_model_is_better_only_beyond_chance():
    truth = pd.Series(["a"] * 40)
    old = answers_right(truth, [True] * 25 + [False] * 15)
    slightly = answers_right(truth, [True] * 27 + [False] * 13)
    clearly = answers_right(truth, [True] * 38 + [False] * 2)
    assert not contest(truth, old, slightly).better
    found = contest(truth, old, clearly)
    assert found.better
    assert found.p == pytest.approx(stats.binomtest(13, 13, 0.5, "greater").pvalue)
    assert not contest(truth, old, old).better


def test_a_model_no_better_is_promoted_no_more_often_than_stated():
    rng = np.random.default_rng(2)
    truth = pd.Series(["a"] * 60)
    promoted = sum(
        contest(truth, answers_right(truth, rng.random(60) < 0.8),
                answers_right(truth, rng.random(60) < 0.8)).better
        for _ in range(400)
    )  # fmt: skip
    assert promoted <= 400 * 0.05 + 3 * np.sqrt(400 * 0.05)


def enquiries(number, labelled=0):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "source": "mail",
            "enquiry_id": [f"e{at:03}" for at in range(number)],
            "text": [f"text {at}" for at in range(number)],
            "topic": pd.array(["bins"] * labelled + [None] * (number - labelled), dtype="string"),
        }
    )
    answers = pd.DataFrame(
        {
            "label": rng.choice(["bins", "bills"], number),
            "confidence": rng.random(number),
            "accepted": rng.random(number) < 0.5,
            "oos_score": rng.random(number),
        }
    )
    return frame, answers


def test_each_kind_is_there_and_none_twice():
    frame, answers = enquiries(300, labelled=60)
    size = ReviewSize(control=20, slips=5, strange=10, unsure=10)
    queue = review_queue(frame, answers, size=size, seed=1)
    assert queue["kind"].value_counts().to_dict() == {
        CONTROL: 20, STRANGE: queue["kind"].eq(STRANGE).sum(), UNSURE: 10, SLIP: 5,
    }  # fmt: skip
    assert not queue["enquiry_id"].duplicated().any()
    assert not queue.loc[queue["kind"].isin([STRANGE, UNSURE]), "accepted"].any()


def test_the_control_sample_is_plain_chance_and_the_same_again():
    frame, answers = enquiries(400)
    size = ReviewSize(control=100, slips=0, strange=0, unsure=0)
    queue = review_queue(frame, answers, size=size, seed=1)
    again = review_queue(frame.iloc[::-1], answers.iloc[::-1], size=size, seed=1)
    assert queue["enquiry_id"].tolist() == again["enquiry_id"].tolist()
    share = answers["accepted"].mean()
    assert abs(queue["accepted"].mean() - share) < 3 * np.sqrt(share * (1 - share) / 100)


def test_what_gives_nothing_to_go_by_is_left_to_the_control_sample():
    frame, answers = enquiries(100)
    answers.loc[:39, ["confidence", "oos_score"]] = 0.0, 1_000.0
    answers.loc[:39, "accepted"] = False
    queue = review_queue(frame, answers, size=ReviewSize(control=30), seed=1)
    hollow = queue["confidence"].eq(0)
    assert hollow.any()
    assert set(queue.loc[hollow, "kind"]) == {CONTROL}


def test_a_slip_is_a_label_that_the_model_surely_denies():
    told = pd.DataFrame(
        {
            "topic": ["bins", "bins", "bills", "bins"],
            "label": ["bins", "bills", "bills", "bills"],
            "confidence": [0.9, 0.95, 0.9, 0.2],
        }
    )
    assert likely_slips(told).index.tolist() == [1]


def test_the_nearest_labelled_texts_stand_beside():
    labelled = pd.DataFrame(
        {"text": ["my bin was missed", "council tax bill"], "topic": ["bins", "tax"]}
    )
    near = nearest_examples(pd.Series(["the bin again"], index=[5]), labelled)
    assert near[5].splitlines()[0] == "bins: my bin was missed"
    assert nearest_examples(pd.Series(["x"]), labelled.iloc[:0]).tolist() == [""]
