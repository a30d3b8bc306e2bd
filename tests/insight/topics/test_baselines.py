import numpy as np
import pandas as pd
import pytest

from insight.topics.baselines import by_keyword, count_words, telling_terms


@pytest.fixture(scope="module")
def taught(labelled):
    topics, codes = np.unique(labelled["topic"].to_numpy(dtype=str), return_inverse=True)
    counts = count_words(labelled["text"])
    keywords = telling_terms(counts, codes, topics=len(topics), how_many=5)
    return counts, codes, dict(zip(topics, keywords, strict=True)), keywords


def test_telling_terms_tell_of_their_topic(taught):
    _, _, by_topic, _ = taught
    assert "council tax" in by_topic["council tax bill"]
    assert "dog" in by_topic["dog fouling"]
    assert "planning" in by_topic["planning application"]
    assert all(len(terms) == 5 for terms in by_topic.values())
    assert "please" not in sum(by_topic.values(), ())


def test_a_word_in_few_texts_is_never_a_keyword(labelled):
    texts = labelled["text"].copy()
    mine = np.flatnonzero(labelled["topic"].eq("dog fouling"))
    texts.iloc[mine[:4]] += " Mrs Featherstonehaugh"
    codes = labelled["topic"].eq("dog fouling").to_numpy(dtype=np.intp)
    found = telling_terms(count_words(texts), codes, topics=2, how_many=500)
    assert "featherstonehaugh" not in found[1]


def test_the_keyword_rule_counts_hits_and_falls_back_on_the_commonest():
    keywords = (("dog",), ("tax", "bill"), ("never seen",))
    texts = pd.Series(["dog on the path", "tax bill and a dog", "hello"])
    counts = count_words(texts, keywords)
    assert by_keyword(counts, keywords, majority=2).tolist() == [0, 1, 2]


def test_the_keyword_rule_gets_most_of_the_invented_enquiries(taught):
    counts, codes, _, keywords = taught
    right = by_keyword(counts, keywords, majority=0) == codes
    assert right.mean() > 0.6
