import numpy as np
import pandas as pd
import pytest

from insight.topics.belonging import Contest
from insight.topics.nearness import places
from tests.insight.topics.test_discovery import KNOWN, NEW, known_texts, texts_of


@pytest.fixture(scope="module")
def contest():
    rng = np.random.default_rng(12)
    known = known_texts(60, rng)
    month = texts_of(NEW, 40, rng) + texts_of(KNOWN["bins"], 40, rng)
    topics = np.r_[pd.factorize(known["topic"])[0], np.full(80, -1)]
    placed = places(pd.Series([*known["text"], *month]), topics, encoder=None, seed=1)
    return Contest(placed, topics, seed=1)


def test_strays_leave_a_group_and_missed_texts_join_it(contest):
    groups = np.full(200, -1)
    groups[120:145] = 0  # most of the new ones, and five of a known topic
    groups[160:165] = 0
    won = contest.winners(groups)
    assert (won[120:160] == 0).mean() > 0.9
    assert (won[:120] == -1).mean() > 0.98
    assert (won[160:] == -1).mean() > 0.95


def test_a_text_of_no_known_topic_has_a_nearest_one(contest):
    assert set(contest.nearest_topic[160:]) == {0}
    assert (contest.nearest_topic[:120] == np.repeat([0, 1], 60)).all()
