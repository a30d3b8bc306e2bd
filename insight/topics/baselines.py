"""Two rules that need no learning machine: what the model must beat to be worth having."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from insight.topics.calibration import Codes
from insight.topics.features import TermCounts

Keywords = tuple[tuple[str, ...], ...]

_LEAST_TEXTS = 5


def telling_terms(counts: TermCounts, codes: Codes, *, topics: int, how_many: int) -> Keywords:
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
    holding = (counts.words > 0).astype(np.float64)
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
    terms = np.asarray(counts.word_terms, dtype=object)
    told = np.take_along_axis(distance, best, axis=1) > 0
    return tuple(tuple(terms[row[use]]) for row, use in zip(best, told, strict=True))


def by_keyword(counts: TermCounts, keywords: Keywords, *, majority: int) -> Codes:
    """Return, for each text, the topic most of whose keywords occur, else `majority`."""
    column = {term: number for number, term in enumerate(counts.word_terms)}
    pairs = [
        (column[term], code)
        for code, terms in enumerate(keywords)
        for term in terms
        if term in column
    ]
    wanted = np.asarray(pairs, dtype=np.intp).reshape(-1, 2)
    listed = sparse.csr_matrix(
        (np.ones(len(wanted)), (wanted[:, 0], wanted[:, 1])),
        shape=(len(counts.word_terms), len(keywords)),
    )
    hits: NDArray[np.float64] = ((counts.words > 0).astype(np.float64) @ listed).toarray()
    return np.where(hits.max(axis=1) > 0, hits.argmax(axis=1), majority).astype(np.intp)
