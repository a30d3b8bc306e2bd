"""What no held-out cut may part: equal texts, and the messages of one conversation.

A model that saw a copy of a text, or the question that a reply quotes, knows more of it than it
will ever know of a new enquiry.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.preprocessing import normalize

from insight.topics.calibration import Codes

_LARGEST = 1 / 3
"""The most of all texts that may hang together; more can't be dealt out evenly."""

_NEAR = np.sqrt(0.5)
_ROWS = 1_000
_COMPARED = 5_000
"""Texts of a topic that are compared at most: each is compared with each."""


def spelt_alike(texts: pd.Series) -> pd.Series:
    r"""Return `texts` without what makes no difference: letter case, punctuation and spacing.

    Examples
    --------
    >>> spelt_alike(pd.Series(["No.", "no", "N/A", "?!"])).tolist()
    ['no', 'no', 'n a', '?!']
    """
    folded = texts.astype("string").fillna("").str.casefold()
    words = folded.str.replace(r"[\W_]+", " ", regex=True).str.strip()
    return words.where(words.ne(""), folded)


def kept_together(texts: pd.Series, threads: pd.Series | None, topics: pd.Series) -> Codes:
    """Return one number for each text; texts with the same number are never parted.

    Parameters
    ----------
    texts
        Those that `spelt_alike` makes equal belong together.
    threads
        Conversations; missing where a message stands alone, None where none are known.
    topics
        The topic of each text.

    Returns
    -------
    numpy.ndarray
        Equal texts and conversations together. Where a "Thank you" in many conversations would
        tie more than a third of all texts into one lump, or a topic would be one lump,
        conversations alone are kept whole; and where a conversation is such a lump, equal texts
        alone.
    """
    equal = pd.factorize(spelt_alike(texts))[0].astype(np.intp)
    several = _spread(equal, topics) > 1
    for lumps in _readings(equal, threads):
        largest = np.bincount(lumps).max(initial=0)
        if largest <= _LARGEST * len(lumps) and (_spread(lumps, topics) > 1)[several].all():
            return lumps
    return equal


def _spread(lumps: Codes, topics: pd.Series) -> pd.Series:
    """Return over how many lumps each topic is spread."""
    return pd.Series(lumps, index=topics.index).groupby(topics).nunique()


def _readings(equal: Codes, threads: pd.Series | None) -> Iterator[Codes]:
    """Give the ways to keep texts together, the strictest first."""
    if threads is None or threads.isna().all():
        return
    thread = pd.factorize(threads)[0]
    there = thread >= 0
    texts = int(equal.max(initial=-1)) + 1
    nodes = texts + int(thread.max(initial=-1)) + 1
    links = (np.ones(there.sum()), (equal[there], texts + thread[there]))
    _, joined = connected_components(sparse.coo_matrix(links, shape=(nodes, nodes)), directed=False)
    yield np.unique(joined[equal], return_inverse=True)[1].astype(np.intp)
    yield pd.factorize(np.where(there, texts + thread, equal))[0].astype(np.intp)


def deal_out(together: Codes, topics: Codes, parts: int, seed: int) -> Codes:
    """Return the part of the cut that each text is in, from 0; each gets its share of each topic.

    Parameters
    ----------
    together
        From `kept_together`.
    topics
        Number of each text's topic; the first text of those together stands for them.
    parts
        How many; fewer are made where fewer texts may be parted.
    seed
        The same seed and texts give the same cut.
    """
    _, first = np.unique(together, return_index=True)
    lot = np.random.default_rng(seed).permutation(len(first))
    dealt = np.empty(len(first), dtype=np.intp)
    dealt[np.lexsort((lot, topics[first]))] = np.arange(len(first)) % parts
    return dealt[np.unique(together, return_inverse=True)[1]]


def counted_once(terms: sparse.csr_matrix, topics: Codes) -> NDArray[np.float64]:
    """Return how much each text counts where near copies in its topic count as one text.

    One writer puts the same thing in several ways, and a template comes back with another date.
    Whichever fold they are in, such texts look more familiar than what somebody new will write.

    Parameters
    ----------
    terms
        One row a text, one column a term. Texts less than 45 degrees apart are near copies, and so
        are those that a chain of near copies joins.
    topics
        Number of each text's topic. Of one with more than 5,000 texts every second, third and so
        on stands for those around it, which count nothing.
    """
    counts = np.zeros(len(topics))
    for topic in np.unique(topics):
        every = np.flatnonzero(topics == topic)
        rows = every[:: -(-len(every) // _COMPARED)]
        mine = sparse.csr_matrix(normalize(terms[rows]))
        near = [
            mine[start : start + _ROWS] @ mine.T > _NEAR for start in range(0, len(rows), _ROWS)
        ]
        _, lump = connected_components(sparse.vstack(near), directed=False)
        counts[rows] = len(every) / len(rows) / np.bincount(lump)[lump]
    return counts
