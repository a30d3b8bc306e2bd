import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from insight.topics.features import count_terms, fit_features, readable_texts
from insight.topics.method import TopicMethod

METHOD = TopicMethod()


@pytest.fixture(scope="module")
def texts(labelled):
    return labelled["text"].head(80)


def scikit_learn_weights(taught, read):
    choices = {"sublinear_tf": True, "min_df": METHOD.minimum_texts}
    words = TfidfVectorizer(ngram_range=METHOD.word_lengths, **choices)
    characters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=METHOD.character_lengths, **choices
    )
    blocks = [block.fit(taught).transform(read) for block in (words, characters)]
    return sparse.hstack(blocks).toarray()


def test_weights_of_unseen_texts_are_those_of_scikit_learn_fitted_on_the_rest(texts):
    counts = count_terms(texts, METHOD)
    taught, unseen = np.arange(60), np.arange(60, 80)
    features = fit_features(counts, taught, METHOD)
    ours = features.weigh(counts.of(unseen)).toarray()[:, features.remembered]
    theirs = scikit_learn_weights(texts.iloc[:60], texts.iloc[60:])
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_forgotten_terms_are_neither_kept_nor_counted(texts):
    rare = pd.concat([texts, pd.Series(["Zebedee"])], ignore_index=True)
    counts = count_terms(rare, METHOD)
    assert "zebedee" in counts.word_terms
    features = fit_features(counts, np.arange(len(rare)), METHOD).without_forgotten()
    assert "zebedee" not in features.word_terms
    assert not any("zebe" in term for term in features.character_terms)
    again = count_terms(rare, METHOD, features)
    assert again.word_terms == features.word_terms
    assert np.isfinite(features.weigh(again).data).all()


def test_a_text_without_a_known_term_weighs_nothing(texts):
    counts = count_terms(texts, METHOD)
    features = fit_features(counts, np.arange(len(texts)), METHOD).without_forgotten()
    strange = count_terms(pd.Series(["", "мусор", "bin"]), METHOD, features)
    assert features.reads(strange).tolist() == [False, False, True]
    assert features.weigh(strange).getnnz(axis=1)[:2].tolist() == [0, 0]


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
