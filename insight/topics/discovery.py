"""What no topic covers: groups of texts that belong together, named by their telling words."""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, stats
from scipy.sparse.csgraph import connected_components
from scipy.special import ndtri_exp
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

from insight.topics.belonging import contested
from insight.topics.group_names import COURTESY, group_keys, group_name, telling_words

Floats = NDArray[np.float64]

_WORD = r"(?u)\b[^\W\d_]{2,}\b"
COLUMNS = {"group": "string", "name": "string", "texts": "int64", "share": "float64",
           "words": "string", "steadiness": "float64"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DiscoveryMethod:
    """How groups are found.

    Parameters
    ----------
    least_texts
        A group with fewer texts isn't shown: chance puts a few alike.
    least_holding
        Texts that must hold a word for it to count; rarer ones may be somebody's name.
    least_excess
        Standard deviations by which a word must be in more texts than the covered ones would
        lead one to expect, before it says anything new; chosen by
        ``tests/benchmarks/topic_discovery.py``.
    most_groups
        Groups that are looked for at most.
    texts_a_group
        One group is looked for among about so many texts that say something new.
    least_likeness
        Cosine, 0 to 1, between a text and its group's words below which it is in no group.
    least_lead
        How many times its nearest group must beat the next for a text to be in it.
    words
        Telling words that name a group.
    same_group
        Cosine between two groups, or a group and one of the month before, that makes them one.
    """

    least_texts: int = 8
    least_holding: int = 3
    least_excess: float = 2.75
    most_groups: int = 30
    texts_a_group: int = 30
    least_likeness: float = 0.3
    least_lead: float = 1.0
    words: int = 6
    same_group: float = 0.5


@dataclass(frozen=True, eq=False)
class Discovery:
    """Groups of texts that no topic covers.

    Parameters
    ----------
    groups
        One row a group, largest first: ``group`` (its key, kept from month to month), ``name``
        (three words that told it when it was first seen), ``texts``, ``share`` (of all texts looked
        at), ``words``, and ``steadiness``: the share of its texts that stay together when half are
        left out.
    assigned
        The group of each text, missing for those in none; with the index of the texts.
    profiles
        One row a group, one column a word: what it is made of, of unit length.
    """

    groups: pd.DataFrame
    assigned: pd.Series
    profiles: pd.DataFrame


def discover(
    texts: pd.Series,
    *,
    covered: pd.Series | None = None,
    topics: pd.Series | None = None,
    before: pd.DataFrame | None = None,
    method: DiscoveryMethod | None = None,
    seed: int,
) -> Discovery:
    """Group the texts that no topic covers.

    Parameters
    ----------
    texts
        Redacted texts of a month or more, one a row, answered by the model or not: a topic
        that nobody taught is often taken for one that somebody did.
    covered
        Labelled texts of the topics that are known. Words no commoner here than among them
        tell nothing new.
    topics
        The topic of each of the `covered`. With them a text that is nearer to a known topic than
        to its group leaves it, and one that is nearer to a group joins it
        (`insight.topics.belonging`).
    before
        `Discovery.profiles` of the month before, so that a group keeps its key.
    method, seed
        The choices; the same texts in any order and the same seed give the same groups.

    Returns
    -------
    Discovery
        Empty where there are too few texts. Every text is in a group or said to be in none.

    Notes
    -----
    Words and pairs weigh by how far they exceed what the covered texts lead one to expect;
    texts without such a word are in no group at first. The rest is non-negative matrix
    factorisation, started from singular vectors, so that nothing is drawn by lot.
    """
    chosen = method or DiscoveryMethod()
    ordered = _plain(texts).sort_values(kind="stable")
    words, matrix = _weighed(ordered, covered, chosen)
    holding = int((np.diff(matrix.indptr) > 0).sum())
    if holding < chosen.least_texts or matrix.shape[1] < 2:
        return nothing_found(texts)
    number = min(chosen.most_groups, holding // chosen.texts_a_group + 1, matrix.shape[1] - 1)
    profiles = _factors(matrix, number, seed)
    nearest = _nearest(matrix, profiles, chosen)
    profiles, core = _merged(matrix, nearest, chosen.same_group)
    nearest = core
    if covered is not None and topics is not None:
        nearest = contested(ordered, core, _plain(covered), topics, seed=seed)
        profiles = _centres(matrix, nearest, len(profiles))
    sizes = np.bincount(nearest[nearest >= 0], minlength=len(profiles))
    kept = np.flatnonzero(sizes >= chosen.least_texts)
    kept = kept[np.lexsort((kept, -sizes[kept]))]
    if not len(kept):
        return nothing_found(texts)
    steady = _steadiness(matrix, core, kept, number, chosen, seed)
    place = np.full(len(profiles) + 1, -1)
    place[kept] = np.arange(len(kept))
    assigned = place[nearest]
    own = pd.DataFrame(profiles[kept], columns=words)
    telling = telling_words(own, chosen.words)
    keys = group_keys(own, telling, before, chosen.same_group)
    groups = pd.DataFrame(
        {
            "group": keys,
            "name": [group_name(key) for key in keys],
            "texts": np.bincount(assigned[assigned >= 0], minlength=len(kept)),
            "words": [", ".join(each) for each in telling],
            "steadiness": steady,
        }
    )
    groups["share"] = groups["texts"] / len(texts)
    names = pd.Series(pd.array([*keys, None], dtype="string"))
    found = pd.Series(names.to_numpy()[assigned], index=ordered.index, dtype="string")
    return Discovery(
        groups[list(COLUMNS)].astype(COLUMNS),
        found.reindex(texts.index),
        own.set_axis(pd.Index(keys, name="group")),
    )


def _weighed(
    texts: pd.Series, covered: pd.Series | None, method: DiscoveryMethod
) -> tuple[list[str], sparse.csr_matrix]:
    """Return words and pairs, and each text's weights of them, of unit length or nought."""
    counter = CountVectorizer(
        ngram_range=(1, 2), min_df=method.least_holding, max_df=0.5, binary=True,
        stop_words=sorted(ENGLISH_STOP_WORDS.union(COURTESY)),
        token_pattern=_WORD,
    )  # fmt: skip
    try:
        holds = sparse.csr_matrix(counter.fit_transform(texts), dtype=np.float64)
    except ValueError:  # no word is in enough texts
        return [], sparse.csr_matrix((len(texts), 0))
    here = np.asarray(holds.sum(axis=0), dtype=np.float64).ravel()
    weight = np.log(len(texts) / here)
    if covered is not None and len(covered):
        found = counter.transform(_plain(covered))
        there = np.asarray(found.sum(axis=0), dtype=np.float64).ravel()
        ratio = len(texts) / len(covered)
        weight = weight * np.sqrt(np.maximum(_excess(here, there, ratio) - method.least_excess, 0))
    telling = np.flatnonzero(weight > 0)
    words = counter.get_feature_names_out()[telling]
    matrix = holds[:, telling] @ sparse.diags_array(weight[telling])
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scaled = sparse.diags_array(1 / np.where(lengths > 0, lengths, 1)) @ matrix
    return [str(word) for word in words], sparse.csr_matrix(scaled)


def _excess(here: Floats, there: Floats, ratio: float) -> Floats:
    """Return how surely words are commoner here than there, in standard deviations.

    Of all texts that hold a word, a share ratio / (1 + ratio) would be here by chance: the exact
    test of two Poisson rates (Przyborowski and Wilenski 1940), which knows that what a few
    covered texts lead one to expect is itself uncertain. Its p is told as a normal deviate.
    """
    log_p = stats.binom.logsf(here - 1, here + there, ratio / (1 + ratio))
    return np.asarray(-ndtri_exp(np.minimum(log_p, -1e-9)))


def _plain(texts: pd.Series) -> pd.Series:
    written = texts.astype("string").fillna("").str.casefold()
    return written.str.replace("['\N{RIGHT SINGLE QUOTATION MARK}]", "", regex=True)


def _factors(matrix: sparse.csr_matrix, number: int, seed: int) -> Floats:
    """Return the groups' words, one row of unit length each."""
    model = NMF(number, init="nndsvd", max_iter=500, tol=1e-3, random_state=seed)
    with warnings.catch_warnings():
        # The last digits of a group's words decide nothing.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix[np.diff(matrix.indptr) > 0])
    lengths = np.linalg.norm(model.components_, axis=1, keepdims=True)
    return np.asarray(model.components_ / np.where(lengths > 0, lengths, 1))


def _nearest(
    matrix: sparse.csr_matrix, profiles: Floats, method: DiscoveryMethod
) -> NDArray[np.int64]:
    """Return each text's group, or -1 where none is near enough, or two are as near."""
    likeness = np.asarray(matrix @ profiles.T)
    best = likeness.argmax(axis=1)
    first = likeness[np.arange(len(best)), best]
    if likeness.shape[1] > 1:
        second = np.partition(likeness, -2, axis=1)[:, -2]
    else:
        second = np.zeros(len(best))
    near = (first >= method.least_likeness) & (first >= method.least_lead * second)
    return np.where(near, best, -1).astype(np.int64)


def _merged(
    matrix: sparse.csr_matrix, nearest: NDArray[np.int64], same: float
) -> tuple[Floats, NDArray[np.int64]]:
    """Put groups together whose texts say the same; return profiles and each text's group.

    A factorisation may give one subject several parts, by which of its words stands first.
    """
    number = int(nearest.max(initial=-1)) + 1
    if not number:
        return np.zeros((0, matrix.shape[1])), nearest
    centres = _centres(matrix, nearest, number)
    _, whole = connected_components(centres @ centres.T >= same, directed=False)
    together = np.where(nearest >= 0, whole[nearest], -1).astype(np.int64)
    return _centres(matrix, together, int(whole.max()) + 1), together


def _centres(matrix: sparse.csr_matrix, nearest: NDArray[np.int64], number: int) -> Floats:
    """Return the mean of each group's texts, of unit length."""
    inside = np.flatnonzero(nearest >= 0)
    member = sparse.csr_matrix(
        (np.ones(len(inside)), (nearest[inside], inside)), shape=(number, matrix.shape[0])
    )
    sums = np.asarray((member @ matrix).todense())
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.where(lengths > 0, lengths, 1))


def _steadiness(
    matrix: sparse.csr_matrix,
    nearest: NDArray[np.int64],
    kept: NDArray[np.int64],
    number: int,
    method: DiscoveryMethod,
    seed: int,
) -> Floats:
    """Return how much of each group comes together again when it is looked for in half."""
    rng = np.random.default_rng(seed)
    half = np.sort(rng.permutation(matrix.shape[0])[: matrix.shape[0] // 2])
    if len(half) <= number:
        return np.full(len(kept), np.nan)
    again = _nearest(matrix, _factors(matrix[half], number, seed), method)
    _, again = _merged(matrix, again, method.same_group)
    steady = []
    for group in kept:
        members = again[nearest == group]
        counts = np.bincount(members[members >= 0], minlength=1)
        steady.append(counts.max() / max(len(members), 1))
    return np.array(steady, dtype=np.float64)


def nothing_found(texts: pd.Series) -> Discovery:
    """Return what is found where nothing is: every text in no group."""
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()})
    none = pd.Series(pd.NA, index=texts.index, dtype="string")
    return Discovery(empty, none, pd.DataFrame(index=pd.Index([], name="group")))
