"""Texts as weighted counts of words and of the character runs inside them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from insight.topics.method import TopicMethod

Floats = NDArray[np.float32]


def readable_texts(
    texts: pd.Series, subjects: pd.Series | None = None, *, maximum_characters: int
) -> pd.Series:
    r"""Return what the model reads: the subject line, then the text, tidied.

    Parameters
    ----------
    texts
        One text a row; missing ones read as empty.
    subjects
        Subject lines, aligned with `texts`; a reply's subject often says what the text doesn't.
    maximum_characters
        The rest of a longer text is not read.

    Returns
    -------
    pandas.Series
        Strings with the index of `texts`, compatibility characters folded, outer space gone.

    Examples
    --------
    >>> readable_texts(pd.Series(["It is late. "]), pd.Series(["Bin"]), maximum_characters=12)[0]
    'Bin\nIt is la'
    """
    read = texts.astype("string").fillna("")
    if subjects is not None:
        read = subjects.astype("string").fillna("") + "\n" + read
    return read.str.slice(stop=maximum_characters).str.normalize("NFKC").str.strip()


def _counter(method: TopicMethod, *, of: str, terms: tuple[str, ...] | None) -> CountVectorizer:
    if of == "words":
        return CountVectorizer(ngram_range=method.word_lengths, vocabulary=terms, dtype=np.float32)
    return CountVectorizer(
        analyzer="char_wb",
        ngram_range=method.character_lengths,
        vocabulary=terms,
        dtype=np.float32,
    )


@dataclass(frozen=True, eq=False)
class TermCounts:
    """How often each term occurs in each text, for words and for character runs.

    Counting is the slow part and needs no fitting, so it is done once and every fold of the
    held-out scoring weighs the same counts with its own rows.
    """

    words: sparse.csr_matrix
    characters: sparse.csr_matrix
    word_terms: tuple[str, ...]
    character_terms: tuple[str, ...]

    def of(self, rows: NDArray[np.intp]) -> "TermCounts":
        """Return the counts of some of the texts."""
        return TermCounts(
            self.words[rows], self.characters[rows], self.word_terms, self.character_terms
        )


@dataclass(frozen=True, eq=False)
class Features:
    """Terms and their weights; a weight of 0 forgets the term."""

    word_terms: tuple[str, ...]
    character_terms: tuple[str, ...]
    word_weights: Floats
    character_weights: Floats

    def reads(self, counts: TermCounts) -> NDArray[np.bool_]:
        """Tell which texts hold a known term; `counts` must be of these features' terms."""
        return np.asarray(counts.words.getnnz(axis=1) + counts.characters.getnnz(axis=1) > 0)

    @property
    def size(self) -> int:
        """Number of columns that `weigh` gives."""
        return len(self.word_terms) + len(self.character_terms)

    def weigh(self, counts: TermCounts) -> sparse.csr_matrix:
        """Return one row a text: damped counts times weights, each block of length one."""
        words = _weighed(counts.words, self.word_weights)
        characters = _weighed(counts.characters, self.character_weights)
        return sparse.csr_matrix(sparse.hstack([words, characters], format="csr"))

    def without_forgotten(self) -> "Features":
        """Return the same features with the terms of weight 0 left out."""
        words, characters = self.word_weights > 0, self.character_weights > 0
        return Features(
            tuple(np.asarray(self.word_terms, dtype=object)[words]),
            tuple(np.asarray(self.character_terms, dtype=object)[characters]),
            self.word_weights[words],
            self.character_weights[characters],
        )

    @property
    def remembered(self) -> NDArray[np.bool_]:
        """Which of the columns `weigh` gives belong to a term with a weight."""
        return np.concatenate([self.word_weights, self.character_weights]) > 0


def count_terms(texts: pd.Series, method: TopicMethod, known: Features | None = None) -> TermCounts:
    """Count the terms in `texts`: all that occur, or only those `known`."""
    word_terms = known.word_terms if known else None
    character_terms = known.character_terms if known else None
    blocks, names = [], []
    for of, terms in (("words", word_terms), ("characters", character_terms)):
        counter = _counter(method, of=of, terms=terms)
        if terms is not None:
            blocks.append(counter.transform(texts))
            names.append(terms)
            continue
        blocks.append(counter.fit_transform(texts))
        names.append(tuple(counter.get_feature_names_out()))
    return TermCounts(blocks[0], blocks[1], names[0], names[1])


def fit_features(counts: TermCounts, rows: NDArray[np.intp], method: TopicMethod) -> Features:
    """Weigh each term by its rarity among `rows`, forgetting those in too few of them."""
    known = counts.of(rows)
    return Features(
        counts.word_terms,
        counts.character_terms,
        _rarity(known.words, method.minimum_texts),
        _rarity(known.characters, method.minimum_texts),
    )


def _rarity(counts: sparse.csr_matrix, minimum_texts: int) -> Floats:
    texts = counts.shape[0]
    holding = np.bincount(counts.indices, minlength=counts.shape[1])
    weights = np.log((1 + texts) / (1 + holding)) + 1
    return np.where(holding >= minimum_texts, weights, 0).astype(np.float32)


def _weighed(counts: sparse.csr_matrix, weights: Floats) -> sparse.csr_matrix:
    # A word said ten times says little more than the same word said twice.
    values = (np.log(counts.data) + 1) * weights[counts.indices]
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(row, weights=np.square(values), minlength=counts.shape[0]))
    values = values / np.where(lengths > 0, lengths, 1)[row].astype(np.float32)
    weighed = sparse.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape)
    weighed.eliminate_zeros()
    return weighed
