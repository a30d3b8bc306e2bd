import numpy as np
import pandas as pd
import pytest

from insight.topics.baselines import count_words
from insight.topics.features import read_texts
from insight.topics.held_out import LearningTask, held_out_scores
from insight.topics.method import TopicMethod
from insight.topics.self_training import read_pool

TOPICS = 4
METHOD = TopicMethod()


def words(number, rng):
    return ["".join(rng.choice(list("abcdefghijklmnopqrstuvwxyz"), 7)) for _ in range(number)]


VOCABULARIES = [words(14, np.random.default_rng(of)) for of in range(TOPICS)]


def written(number, of, rng):
    """Texts of three words that their topic has for its own, and two that anybody uses."""
    texts = []
    for _ in range(number):
        own = rng.choice(VOCABULARIES[of], 3, replace=False)
        texts.append(" ".join([*own, *rng.choice(["please", "today", "street", "help"], 2)]))
    return pd.Series(texts)


@pytest.fixture(scope="module")
def tasks():
    rng = np.random.default_rng(7)
    several = range(TOPICS)
    labelled = pd.concat([written(5, of, rng) for of in several], ignore_index=True)
    pool = pd.concat([written(60, of, rng) for of in several], ignore_index=True)
    codes = np.repeat(np.arange(TOPICS), 5)
    read, names, unlabelled = (
        read_texts(texts, METHOD)
        for texts in (labelled, pd.Series([f"topic {of}" for of in several]), pool)
    )
    return [
        LearningTask(
            read, names, count_words(labelled), codes, TOPICS, np.arange(20), each, METHOD, 1
        )
        for each in (None, read_pool(read, names, unlabelled, METHOD, 1))
    ]


def test_a_pool_teaches_what_few_labels_dont(tasks):
    rng = np.random.default_rng(8)
    asked = pd.concat([written(50, of, rng) for of in range(TOPICS)], ignore_index=True)
    true = np.repeat(np.arange(TOPICS), 50)
    alone, helped = (
        (task.fit(np.arange(20)).both(read_texts(asked, METHOD))[0].argmax(axis=1) == true).mean()
        for task in tasks
    )
    assert helped > alone + 0.05


def test_few_labels_and_a_pool_are_held_out_in_all_the_parts_asked_for(tasks):
    # In three parts, models of two thirds of ten labels a topic are too weak to tell confidence.
    assert held_out_scores(tasks[1]).part.max() + 1 == METHOD.folds
