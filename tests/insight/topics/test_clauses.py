from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from insight.topics import TopicMethod, classify, train_topics
from insight.topics.clauses import clauses
from insight.topics.features import read_texts

FILLER = ["today", "street", "again", "house", "phone", "letter", "week", "road"]


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("Staff were kind, but I waited", ["Staff were kind", "but I waited"]),
        ("Clean ward AND good food", ["Clean ward", "good food"]),
        ("A 3.5 hour wait - not good", ["A 3.5 hour wait", "not good"]),
        ("Bin missed\nTake it. Thanks!", ["Bin missed", "Take it", " Thanks!"]),
        ("The bin was not emptied.", []),
        ("sand, b", []),
        ("", []),
        (". , !", []),
    ],
)
def test_a_text_of_more_than_one_clause_is_parted(text, several):
    assert clauses(text) == several


def test_a_clause_stands_for_half_as_much_as_the_one_before():
    readings = read_texts(pd.Series(["The bin.", "Dog mess, two bins, a cat", ""]), TopicMethod())
    assert np.allclose(readings.shares.toarray(), [[0, 0, 0], [4 / 7, 2 / 7, 1 / 7], [0, 0, 0]])


def test_clauses_go_with_their_texts():
    texts = pd.Series(["Dog mess, two bins", "A tree", "Late, late, late", "No, thanks"])
    rows = np.array([3, 1, 0])
    taken, read = (read_texts(each, TopicMethod()) for each in (texts, texts.iloc[rows]))
    taken = taken.of(rows)
    assert (taken.clauses != read.clauses).nnz == 0
    assert (taken.shares != read.shares).nnz == 0


def test_where_labels_follow_the_first_thing_said_so_do_answers():
    draw = np.random.default_rng(3)
    names = np.array(["bins", "dogs", "tax"])

    def clause(topic):
        words = [f"{topic[0]}{letter}ing" for letter in draw.choice(list("abcdefghijkl"), 4)]
        return " ".join([draw.choice(FILLER), *words, draw.choice(FILLER)])

    first, second = names[draw.integers(3, size=(2, 400))]
    texts = [f"{clause(a)}, {clause(b)}" for a, b in zip(first, second, strict=True)]
    rows = pd.DataFrame({"text": texts, "topic": first})
    model = train_topics(rows[:300], method=TopicMethod(folds=3), seed=1)
    assert model.mixing.clauses[0].min() > 0
    whole = replace(model, mixing=replace(model.mixing, clauses=np.zeros((2, 3), np.float32)))
    right, less = (
        (classify(each, rows["text"][300:])["label"] == rows["topic"][300:]).mean()
        for each in (model, whole)
    )
    assert right > less + 0.1
