import re

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from insight.topics.features import EncoderError, fit_features, read_texts, readable_texts
from insight.topics.grams import BUCKETS
from insight.topics.method import TopicMethod

METHOD = TopicMethod()


@pytest.fixture(scope="module")
def texts(labelled):
    return labelled["text"].head(80)


def scikit_learn_weights(taught, read):
    """Weigh as scikit-learn does, from terms that are spelt out one text at a time."""

    def words_and_pairs(text):
        words = re.findall(r"[a-z']+|0+", re.sub(r"\d", "0", text.lower()))
        pairs = [
            " ".join(sorted((one, other)))
            for place, one in enumerate(words)
            for other in words[place + 1 : place + 1 + METHOD.pair_distance]
        ]
        return words + pairs

    def runs(text):
        whole = "\x02" + " ".join(re.sub(r"\d", "0", text.lower()).split()) + "\x03"
        shortest, longest = METHOD.character_lengths
        return [
            whole[start : start + length]
            for length in range(shortest, longest + 1)
            for start in range(len(whole) - length + 1)
        ]

    blocks = [
        TfidfVectorizer(analyzer=terms, sublinear_tf=True, min_df=METHOD.minimum_texts)
        .fit(taught)
        .transform(read)
        for terms in (words_and_pairs, runs)
    ]
    return sparse.csr_matrix(sparse.hstack(blocks))


def test_unseen_texts_are_as_alike_as_scikit_learn_finds_them(texts):
    readings = read_texts(texts, METHOD)
    features = fit_features(readings.of(np.arange(60)), METHOD)
    ours = features.weigh(readings.of(np.arange(60, 80)).counts)
    theirs = scikit_learn_weights(texts.iloc[:60], texts.iloc[60:])
    assert ours.shape == theirs.shape
    alike, expected = (ours @ ours.T).toarray(), (theirs @ theirs.T).toarray()
    # Of millions of buckets two terms may share one, so a few texts differ by a hair.
    assert np.isclose(alike, expected, atol=1e-5).mean() > 0.75
    np.testing.assert_allclose(alike, expected, atol=0.02)


def test_pairs_are_read_whichever_word_comes_first():
    readings = read_texts(pd.Series(["bin full", "full bin", "bin is never ever full"]), METHOD)
    words = readings.counts[:, : BUCKETS // 2]
    assert (words[0] != words[1]).nnz == 0
    assert words[2].multiply(words[0]).nnz == 3


def test_where_texts_are_cut_into_batches_changes_nothing(texts, monkeypatch):
    together = read_texts(texts, METHOD).counts
    monkeypatch.setattr("insight.topics.grams._BATCH_CHARACTERS", 200)
    assert (read_texts(texts, METHOD).counts != together).nnz == 0


def test_forgotten_terms_are_neither_kept_nor_counted(texts):
    rare = pd.concat([texts, pd.Series(["Zebedee"])], ignore_index=True)
    readings = read_texts(rare, METHOD)
    features = fit_features(readings, METHOD)
    alone = read_texts(pd.Series(["zebedee"]), METHOD)
    assert alone.counts.nnz > 0
    assert features.known_share(alone) < 0.2
    assert np.isfinite(features.weigh(readings.counts).data).all()


@pytest.mark.parametrize("odd", ["", " ", "\x00", "\n\n", "\ud800", "мусор не вывезли", "🗑️🗑️", "a"])
def test_odd_texts_are_read_without_complaint(texts, odd):
    features = fit_features(read_texts(texts, METHOD), METHOD)
    strange = read_texts(pd.Series([odd, "the bin"], dtype=object), METHOD)
    assert strange.counts.shape == (2, BUCKETS)
    assert features.weigh(strange.counts).shape == (2, features.size)
    assert features.known_share(strange)[1] > 0.5


def test_an_encoder_gives_one_row_of_unit_length_a_text():
    sentences = read_texts(
        pd.Series(["a", "bb"]), METHOD, lambda texts: [[len(t), 0] for t in texts]
    )
    assert sentences.sentences.tolist() == [[1, 0], [1, 0]]
    for wrong in ([[1.0]], [1.0, 2.0], [[np.nan], [1.0]]):
        with pytest.raises(EncoderError, match="one row of finite numbers a text"):
            read_texts(pd.Series(["a", "bb"]), METHOD, lambda texts, wrong=wrong: wrong)


def test_the_subject_is_read_before_the_text():
    read = readable_texts(
        pd.Series(["Not emptied", None, "Late"], index=[7, 8, 9]),
        pd.Series(["Green bin", "Only a subject", pd.NA], index=[7, 8, 9]),
        maximum_characters=100,
    )
    assert read.tolist() == ["Green bin\nNot emptied", "Only a subject", "Late"]
    assert read.index.tolist() == [7, 8, 9]


def test_a_very_long_text_is_cut():
    assert readable_texts(pd.Series(["ab" * 500_000]), maximum_characters=50).str.len()[0] == 50


def test_typographic_forms_read_as_plain_ones():
    assert readable_texts(pd.Series(["of\ufb01ce"]), maximum_characters=50)[0] == "office"
