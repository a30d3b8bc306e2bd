"""Where texts lie in a space in which those of one topic are near one another."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.covariance import ledoit_wolf
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from insight.topics.features import Encoder, Floats, fit_features, read_texts, readable_texts
from insight.topics.method import TopicMethod

Codes = NDArray[np.int64]

_DIMENSIONS = 200
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
    method = TopicMethod()
    read = readable_texts(texts, maximum_characters=method.maximum_characters)
    readings = read_texts(read, method, encoder)
    terms = fit_features(readings, method).weigh(readings.counts)
    dimensions = min(_DIMENSIONS, min(terms.shape) - 1)
    if dimensions < 1:
        return np.zeros((len(texts), 0), dtype=np.float32)
    latent = TruncatedSVD(dimensions, n_iter=2, random_state=seed).fit_transform(terms)
    numbers = np.column_stack([latent, readings.sentences]).astype(np.float64)
    told = topics >= 0
    if told.any():
        own = numbers[told] - centroids(numbers, topics)[topics[told]]
        spread, turned = np.linalg.eigh(ledoit_wolf(own, assume_centered=True)[0])
        numbers = numbers @ (turned / np.sqrt(np.maximum(spread, 1e-12)))
    return np.asarray(normalize(numbers), dtype=np.float32)


def centroids(
    numbers: NDArray[np.floating] | sparse.csr_matrix, groups: Codes, number: int | None = None
) -> Floats:
    """Return the mean of each group's rows; those of -1 are in none."""
    inside = np.flatnonzero(groups >= 0)
    size = int(groups.max(initial=-1)) + 1 if number is None else number
    counted = np.maximum(np.bincount(groups[inside], minlength=size), 1)
    weights = (1 / counted)[groups[inside]].astype(numbers.dtype)
    member = sparse.csr_matrix((weights, (groups[inside], inside)), shape=(size, numbers.shape[0]))
    means = member @ numbers
    return means.toarray() if sparse.issparse(means) else np.asarray(means)


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
