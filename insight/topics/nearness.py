"""Where texts lie in a space in which those of one topic are near one another."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.covariance import ledoit_wolf
from sklearn.utils.extmath import randomized_svd

from insight.topics.features import Encoder, Floats, fit_features, read_texts, readable_texts
from insight.topics.method import TopicMethod

Codes = NDArray[np.int64]

_DIMENSIONS = 200
_LEAST_HOLDING = 4
_ROWS = 1_000


def places(texts: pd.Series, topics: Codes, *, encoder: Encoder | None, seed: int) -> Floats:
    """Return one row of unit length a text, those of like topic near one another.

    Parameters
    ----------
    texts
        Of known topics and of none.
    topics
        Number of each text's topic; -1 where it isn't known.
    encoder
        Its numbers stand beside those made of terms.
    seed
        Of the decomposition.

    Notes
    -----
    Latent semantic analysis of the classifier's own terms. Directions in which texts of one topic
    differ from one another are drawn in, by the inverse root of the covariance within topics
    (within-class covariance normalisation; Hatch and others 2006), shrunk as Ledoit and Wolf
    (2004) have it. What tells the known topics apart tells a new one from them too.
    """
    method = TopicMethod(minimum_texts=_LEAST_HOLDING)
    read = readable_texts(texts, maximum_characters=method.maximum_characters)
    readings = read_texts(read, method, encoder)
    terms = fit_features(readings, method).weigh(readings.counts)
    dimensions = min(_DIMENSIONS, min(terms.shape) - 1)
    if dimensions < 1:
        return np.zeros((len(texts), 0), dtype=np.float32)
    left, sizes, _ = randomized_svd(terms, dimensions, n_iter=2, random_state=seed)
    numbers = np.column_stack([left * sizes, readings.sentences]).astype(np.float64)
    told = topics >= 0
    if told.any():
        sums = group_sums(numbers, topics, int(topics.max()) + 1)
        own = numbers[told] - (sums / np.bincount(topics[told])[:, None])[topics[told]]
        spread, turned = np.linalg.eigh(ledoit_wolf(own, assume_centered=True)[0])
        numbers = numbers @ (turned / np.sqrt(np.maximum(spread, 1e-12)))
    return of_unit_length(numbers).astype(np.float32)


def group_sums(
    rows: NDArray[np.floating] | sparse.csr_matrix, groups: Codes, number: int
) -> NDArray[np.floating]:
    """Return the sum of each group's rows; those of -1 are in none."""
    inside = np.flatnonzero(groups >= 0)
    member = sparse.csr_matrix(
        (np.ones(len(inside), rows.dtype), (groups[inside], inside)), shape=(number, rows.shape[0])
    )
    sums = member @ rows
    return sums.toarray() if sparse.issparse(sums) else np.asarray(sums)


def of_unit_length(rows: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return rows divided by their length; rows of noughts stay."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1))


def nearest_texts(placed: Floats, centres: NDArray[np.intp], number: int) -> NDArray[np.intp]:
    """Return the `number` texts nearest to each centre, itself first, one row a centre."""
    near = np.empty((len(centres), number), dtype=np.intp)
    for start in range(0, len(centres), _ROWS):
        some = centres[start : start + _ROWS]
        likeness = placed[some] @ placed.T
        likeness[np.arange(len(some)), some] = np.inf
        found = np.argpartition(-likeness, number - 1, axis=1)[:, :number]
        order = np.argsort(-np.take_along_axis(likeness, found, axis=1), axis=1, kind="stable")
        near[start : start + _ROWS] = np.take_along_axis(found, order, axis=1)
    return near
