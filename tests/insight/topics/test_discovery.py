import numpy as np
import pandas as pd
import pytest

from insight.topics.discovery import discover

KNOWN = {
    "bins": ["bin", "collection", "recycling", "lorry", "missed", "sack"],
    "tax": ["council", "tax", "bill", "payment", "instalment", "account"],
}
NEW = ["voucher", "heating", "fuel", "winter", "prepayment", "meter"]


def texts_of(words, number, rng):
    filler = ["today", "street", "again", "house", "phone", "letter", "week", "road"]
    return [
        " ".join([*rng.choice(words, 3, replace=False), *rng.choice(filler, 3, replace=False)])
        for _ in range(number)
    ]


def known_texts(number, rng):
    texts = {topic: texts_of(words, number, rng) for topic, words in KNOWN.items()}
    return pd.DataFrame(
        [(text, topic) for topic, some in texts.items() for text in some], columns=["text", "topic"]
    )


@pytest.fixture(scope="module")
def month():
    rng = np.random.default_rng(4)
    known = known_texts(150, rng)
    old = [t for words in KNOWN.values() for t in texts_of(words, 80, rng)]
    new = texts_of(NEW, 30, rng)
    return known, pd.Series(old + new), np.r_[np.zeros(len(old)), np.ones(len(new))] == 1


def test_what_nobody_taught_comes_back_as_a_group(month):
    known, texts, is_new = month
    found = discover(texts, known=known, seed=1)
    best = found.groups["group"].iloc[0]
    inside = found.assigned.eq(best).fillna(value=False).to_numpy(dtype=bool)
    assert is_new[inside].mean() > 0.95
    assert inside[is_new].mean() > 0.5
    assert set(found.groups["name"].iloc[0].split(", ")) <= set(NEW)
    assert found.groups["share"].iloc[0] == inside.sum() / len(texts)


def test_the_same_texts_in_any_order_give_the_same_groups(month):
    known, texts, _ = month
    found = discover(texts, known=known, seed=1)
    turned = discover(texts.iloc[::-1], known=known.iloc[::-1], seed=1)
    pd.testing.assert_frame_equal(found.groups, turned.groups)
    pd.testing.assert_series_equal(found.assigned, turned.assigned.reindex(texts.index))


def test_every_text_is_in_a_group_or_said_to_be_in_none(month):
    known, texts, _ = month
    found = discover(texts, known=known, seed=1)
    assert found.assigned.index.equals(texts.index)
    counted = found.assigned.value_counts()
    assert counted.to_dict() == found.groups.set_index("group")["texts"].to_dict()


def test_a_group_keeps_its_key_from_month_to_month(month):
    known, texts, _ = month
    rng = np.random.default_rng(9)
    first = discover(texts, known=known, seed=1)
    old = [t for words in KNOWN.values() for t in texts_of(words, 60, rng)]
    later = pd.Series(old + texts_of([*NEW, "oil"], 40, rng))
    second = discover(later, known=known, before=first.profiles, seed=1)
    assert second.groups["group"].iloc[0] == first.groups["group"].iloc[0]


def test_nothing_new_gives_no_group():
    rng = np.random.default_rng(5)
    known = known_texts(200, rng)
    same = pd.Series([t for words in KNOWN.values() for t in texts_of(words, 100, rng)])
    assert discover(same, known=known, seed=1).groups.empty


@pytest.mark.parametrize("texts", [[], [""], ["one text"], ["a"] * 50, ["the and of"] * 50])
def test_too_little_to_group_is_no_error(texts):
    found = discover(pd.Series(texts, dtype="string"), seed=1)
    assert found.groups.empty or found.groups["texts"].sum() <= len(texts)
    assert len(found.assigned) == len(texts)
