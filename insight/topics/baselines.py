"""Two rules that need no learning machine: what the model must beat to be worth having."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from insight.topics.calibration import Codes

Keywords = tuple[tuple[str, ...], ...]

_LEAST_TEXTS = 5


@dataclass(frozen=True, eq=False)
class WordCounts:
    """How often each word, and each two words in a row, occur in each text."""

    counts: sparse.csr_matrix
    terms: tuple[str, ...]

    def of(self, rows: NDArray[np.intp]) -> "WordCounts":
        """Return the counts of some of the texts."""
        return WordCounts(self.counts[rows], self.terms)


def count_words(texts: pd.Series, known: Keywords | None = None) -> WordCounts:
    """Count the words in `texts`: those in enough of them, or only the `known` ones."""
    if known is not None:
        terms = tuple(sorted({term for terms in known for term in terms}))
        if not terms:
            return WordCounts(sparse.csr_matrix((len(texts), 0)), ())
        counter = CountVectorizer(ngram_range=(1, 2), vocabulary=terms)
        return WordCounts(sparse.csr_matrix(counter.transform(texts)), terms)
    counter = CountVectorizer(ngram_range=(1, 2))
    counts = sparse.csr_matrix(counter.fit_transform(texts))
    often = np.flatnonzero(counts.getnnz(axis=0) >= _LEAST_TEXTS)
    terms = tuple(counter.get_feature_names_out()[often])
    return WordCounts(counts[:, often], terms)


def telling_terms(counts: WordCounts, codes: Codes, *, topics: int, how_many: int) -> Keywords:
    """Return each topic's most telling words and phrases, best first.

    A term tells of a topic when the share of the topic's texts that hold it stands out from
    the share elsewhere by the most standard errors. Terms in fewer than five texts of the
    topic are passed over: too little to go by, and they may be somebody's name.

    Parameters
    ----------
    counts
        Of the texts that `codes` describes.
    codes
        Number of each text's topic, from 0.
    topics
        How many topics there are.
    how_many
        Terms a topic, at most.
    """
    holding = (counts.counts > 0).astype(np.float64)
    members = sparse.csr_matrix(
        (np.ones(len(codes)), (codes, np.arange(len(codes)))), shape=(topics, len(codes))
    )
    inside = (members @ holding).toarray()
    size = np.bincount(codes, minlength=topics)[:, None]
    total, everywhere = len(codes), inside.sum(axis=0)[None, :]
    outside, rest = everywhere - inside, total - size
    shared = np.clip(everywhere / total, 1e-12, 1 - 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(shared * (1 - shared) * (1 / size + 1 / rest))
        distance = (inside / size - outside / rest) / error
    distance = np.where((inside >= _LEAST_TEXTS) & np.isfinite(distance), distance, -np.inf)
    best = np.argsort(-distance, axis=1, kind="stable")[:, :how_many]
    terms = np.asarray(counts.terms, dtype=object)
    told = np.take_along_axis(distance, best, axis=1) > 0
    return tuple(tuple(terms[row[use]]) for row, use in zip(best, told, strict=True))


def by_keyword(counts: WordCounts, keywords: Keywords, *, majority: int) -> Codes:
    """Return, for each text, the topic most of whose keywords occur, else `majority`."""
    column = {term: number for number, term in enumerate(counts.terms)}
    pairs = [
        (column[term], code)
        for code, terms in enumerate(keywords)
        for term in terms
        if term in column
    ]
    wanted = np.asarray(pairs, dtype=np.intp).reshape(-1, 2)
    listed = sparse.csr_matrix(
        (np.ones(len(wanted)), (wanted[:, 0], wanted[:, 1])),
        shape=(len(counts.terms), len(keywords)),
    )
    hits: NDArray[np.float64] = ((counts.counts > 0).astype(np.float64) @ listed).toarray()
    return np.where(hits.max(axis=1) > 0, hits.argmax(axis=1), majority).astype(np.intp)
