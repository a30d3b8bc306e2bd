from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from insight.topics import TopicMethod, classify, train_topics
from insight.topics.features import read_texts
from insight.topics.openings import openings

FILLER = ["today", "street", "again", "house", "phone", "letter", "week", "road"]


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("Staff were kind, but I waited", "Staff were kind"),
        ("Clean ward AND good food", "Clean ward"),
        ("A 3.5 hour wait - not good", "A 3.5 hour wait"),
        ("Bin missed\nPlease collect it. Thanks", "Bin missed"),
        ("The bin was not emptied.", ""),
        ("sand, b", ""),
        ("", ""),
        (". , !", ""),
    ],
)
def test_a_text_opens_with_its_first_clause_if_it_has_more(text, opening):
    assert openings([text]) == [opening]


def test_a_text_of_one_clause_has_no_opening_of_its_own():
    readings = read_texts(pd.Series(["The bin.", "Dog mess, and a bin", ""]), TopicMethod())
    assert np.diff(readings.openings.indptr)[[0, 2]].sum() == 0
    mess = read_texts(pd.Series(["Dog mess"]), TopicMethod()).counts
    assert (readings.openings[1] != mess).nnz == 0
    assert (readings.of(np.array([1])).openings != mess).nnz == 0


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
    assert model.mixing.openings.min() > 0
    whole = replace(model, mixing=replace(model.mixing, openings=np.zeros(3, dtype=np.float32)))
    right, less = (
        (classify(each, rows["text"][300:])["label"] == rows["topic"][300:]).mean()
        for each in (model, whole)
    )
    assert right > less + 0.1
