import numpy as np
import pandas as pd

from insight.topics.belonging import contested
from insight.topics.discovery import discover
from tests.insight.topics.test_discovery import KNOWN, METHOD, NEW, texts_of


def material():
    rng = np.random.default_rng(12)
    known = {name: texts_of(words, 60, rng) for name, words in KNOWN.items()}
    topics = pd.Series([name for name, texts in known.items() for _ in texts])
    covered = pd.Series([text for texts in known.values() for text in texts])
    new = texts_of(NEW, 40, rng)
    old = texts_of(KNOWN["bins"], 40, rng)
    return covered, topics, pd.Series(new + old)


def test_strays_leave_a_group_and_missed_texts_join_it():
    covered, topics, texts = material()
    groups = np.full(80, -1)
    groups[:25] = 0  # most of the new ones, and five of a known topic
    groups[40:45] = 0
    found = contested(texts, groups, covered, topics, seed=1)
    assert (found[40:] == -1).all()
    assert (found[:40] == 0).mean() > 0.9


def test_without_groups_or_known_texts_nothing_changes():
    covered, topics, texts = material()
    none = np.full(80, -1)
    assert (contested(texts, none, covered, topics, seed=1) == none).all()
    some = np.where(np.arange(80) < 20, 0, -1)
    nothing = covered.iloc[:0], topics.iloc[:0]
    assert (contested(texts, some, *nothing, seed=1) == some).all()


def test_topics_sharpen_what_is_discovered_in_any_order():
    covered, topics, texts = material()
    is_new = np.arange(80) < 40
    blunt = discover(texts, covered=covered, method=METHOD, seed=1).assigned
    sharp = discover(texts, covered=covered, topics=topics, method=METHOD, seed=1).assigned
    assert sharp.notna()[is_new].sum() >= blunt.notna()[is_new].sum()
    assert not sharp.notna()[~is_new].any()
    turned = discover(
        texts[::-1], covered=covered[::-1], topics=topics[::-1], method=METHOD, seed=1
    ).assigned
    pd.testing.assert_series_equal(sharp, turned.reindex(texts.index))
