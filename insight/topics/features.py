"""What a model reads in a text: weighted terms, and a sentence encoder's numbers if it has one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from insight.errors import InsightError
from insight.topics.clauses import clauses
from insight.topics.grams import BUCKETS, count_grams
from insight.topics.method import TopicMethod

Floats = NDArray[np.float32]
Encoder = Callable[[list[str]], Floats]
"""Takes texts, gives one row of numbers a text; where it comes from is the caller's affair."""


class EncoderError(InsightError):
    """A sentence encoder gave something other than one row of numbers a text."""


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


@dataclass(frozen=True, eq=False)
class Readings:
    """Texts as read, before anything is known of their topics.

    Reading is the slow part and needs no fitting, so it is done once and every fold of the
    held-out scoring weighs the same readings with its own rows.

    Parameters
    ----------
    counts
        One row a text, one column a bucket (`insight.topics.grams.count_grams`).
    clauses
        The same, one row for each clause of the texts that have several, in order
        (`insight.topics.clauses.clauses`).
    shares
        One row a text, one column a clause: how much of the text a clause stands for, which is
        half as much as the one before. A row adds up to 1, and is empty for a text of one clause.
    sentences
        One row a text of unit length, from an encoder; no columns without one.
    """

    counts: sparse.csr_matrix
    clauses: sparse.csr_matrix
    shares: sparse.csr_matrix
    sentences: Floats

    def of(self, rows: NDArray[np.intp]) -> "Readings":
        """Return the readings of some of the texts."""
        shares = self.shares[rows]
        theirs = shares.indices
        renumbered = (shares.data, np.arange(len(theirs)), shares.indptr)
        shares = sparse.csr_matrix(renumbered, shape=(len(rows), len(theirs)))
        return Readings(self.counts[rows], self.clauses[theirs], shares, self.sentences[rows])


def read_texts(texts: pd.Series, method: TopicMethod, encoder: Encoder | None = None) -> Readings:
    """Read `texts`, which `readable_texts` gave, for their terms and, with one, by the encoder.

    Raises
    ------
    EncoderError
        If the encoder gives anything but one row of finite numbers a text.
    """
    listed = texts.tolist()
    parted = [clauses(text) for text in listed]
    said = [clause for text in parted for clause in text]
    sizes = np.array([len(text) for text in parted], dtype=np.intp)
    ends = np.append(0, sizes.cumsum())
    place = np.arange(len(said)) - np.repeat(ends[:-1], sizes)
    shares = 0.5 ** (place + 1) / np.repeat(1 - 0.5**sizes, sizes)
    return Readings(
        count_grams(listed, method),
        count_grams(said, method),
        sparse.csr_matrix((shares, np.arange(len(said)), ends), shape=(len(listed), len(said))),
        _encoded(listed, encoder),
    )


def _encoded(texts: list[str], encoder: Encoder | None) -> Floats:
    if encoder is None:
        return np.zeros((len(texts), 0), dtype=np.float32)
    numbers = np.asarray(encoder(texts), dtype=np.float32)
    if numbers.ndim != 2 or len(numbers) != len(texts) or not np.isfinite(numbers).all():
        raise EncoderError(
            f"the sentence encoder gave an array of shape {numbers.shape} for {len(texts)} "
            "texts; one row of finite numbers a text was expected. Check the encoder's folder."
        )
    lengths = np.linalg.norm(numbers, axis=1, keepdims=True)
    return np.asarray(numbers / np.where(lengths > 0, lengths, 1), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Features:
    """The terms a model knows, as bucket numbers in rising order, and their weights."""

    buckets: NDArray[np.int32]
    weights: Floats

    @property
    def size(self) -> int:
        """Number of columns that `weigh` gives."""
        return len(self.buckets)

    @cached_property
    def _column(self) -> NDArray[np.int32]:
        column = np.full(BUCKETS, -1, dtype=np.int32)
        column[self.buckets] = np.arange(self.size, dtype=np.int32)
        return column

    def weigh(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return one row a text: damped counts times weights, words and runs of length one."""
        columns = self._column[counts.indices]
        known = columns >= 0
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))[known]
        columns = columns[known]
        # A word said ten times says little more than the same word said twice.
        values = (np.log(counts.data[known]) + 1) * self.weights[columns]
        blocks = 2 * rows + (self.buckets >= BUCKETS // 2)[columns]
        lengths = np.sqrt(np.bincount(blocks, np.square(values), minlength=2 * counts.shape[0]))
        values = (values / lengths[blocks]).astype(np.float32)
        starts = np.append(0, np.bincount(rows, minlength=counts.shape[0]).cumsum())
        return sparse.csr_matrix((values, columns, starts), shape=(counts.shape[0], self.size))

    def known_terms(self, readings: Readings) -> NDArray[np.intp]:
        """Return how many of each text's different terms the model knows."""
        counts = readings.counts
        known = np.append(0, (self._column[counts.indices] >= 0).cumsum())
        return np.asarray(np.diff(known[counts.indptr]))

    def known_share(self, readings: Readings) -> NDArray[np.float64]:
        """Return the share of each text's different terms that the model knows."""
        return self.known_terms(readings) / np.maximum(np.diff(readings.counts.indptr), 1)


def fit_features(readings: Readings, method: TopicMethod) -> Features:
    """Weigh each term by its rarity, forgetting those in too few texts."""
    counts = readings.counts
    holding = np.bincount(counts.indices, minlength=BUCKETS)
    buckets = np.flatnonzero(holding >= method.minimum_texts).astype(np.int32)
    weights = np.log((1 + counts.shape[0]) / (1 + holding[buckets])) + 1
    return Features(buckets, weights.astype(np.float32))


def beside(terms: sparse.csr_matrix, *numbers: Floats) -> sparse.csr_matrix:
    """Return `terms` with more columns of plain numbers beside them."""
    blocks = [terms, *(sparse.csr_matrix(block) for block in numbers)]
    return sparse.csr_matrix(sparse.hstack(blocks, format="csr"))
