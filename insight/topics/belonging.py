"""Which texts belong to a new group rather than to a known topic."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

Groups = NDArray[np.int64]

_ROUNDS = 2
_PARTS = 3


def contested(
    texts: pd.Series, groups: Groups, known: pd.Series, topics: pd.Series, *, seed: int
) -> Groups:
    """Give each text to the group it is nearest to, unless a known topic is nearer.

    A group found by its telling words holds some texts of known topics that use these words, and
    misses texts that put the same thing in other words. All words decide here.

    Parameters
    ----------
    texts
        In an order of their own, whatever order they came in.
    groups
        Number of each text's group; -1 for none.
    known, topics
        Texts of known topics, and their topics.
    seed
        Of the parts that texts are cut into.

    Returns
    -------
    numpy.ndarray
        Number of each text's group; -1 for none.

    Notes
    -----
    Nearest centroids of TF-IDF of words and pairs (Rocchio), twice. A text is compared with the
    centroid of those members of a group that are in other parts than its own: otherwise each
    would be nearest to the group that it helped to make. No threshold is needed, so none is
    tuned: the known topics are what a group has to beat.
    """
    number = int(groups.max(initial=-1)) + 1
    if not number or known.empty:
        return groups
    reader = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    try:
        both = sparse.csr_matrix(reader.fit_transform(pd.concat([texts, known])))
    except ValueError:  # no word is in two texts
        return groups
    asked, taught = both[: len(texts)], both[len(texts) :]
    codes, _ = pd.factorize(topics, sort=True)
    best_known = (asked @ _centroids(taught, codes).T).max(axis=1).toarray().ravel()
    part = np.random.default_rng(seed).integers(0, _PARTS, len(texts))
    for _ in range(_ROUNDS):
        likeness = np.zeros((len(texts), number))
        for each in range(_PARTS):
            others = np.where(part != each, groups, -1)
            mine = part == each
            likeness[mine] = (asked[mine] @ _centroids(asked, others, number).T).toarray()
        nearest = likeness.argmax(axis=1)
        wins = likeness[np.arange(len(texts)), nearest] > best_known
        groups = np.where(wins, nearest, -1).astype(np.int64)
    return groups


def _centroids(
    texts: sparse.csr_matrix, codes: Groups, number: int | None = None
) -> sparse.csr_matrix:
    """Return the mean of each code's texts, of unit length; those of -1 are in none."""
    inside = np.flatnonzero(codes >= 0)
    size = int(codes.max(initial=-1)) + 1 if number is None else number
    member = sparse.csr_matrix(
        (np.ones(len(inside)), (codes[inside], inside)), shape=(size, texts.shape[0])
    )
    return sparse.csr_matrix(normalize(member @ texts))
