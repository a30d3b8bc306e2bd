"""What one topic's score says of another topic, learnt from held-out scores.

Each topic's scores come from a machine that knows that topic against the rest. Where two topics
are often taken for one another, the score of the one says something of the other: a text that
scores well for "card lost" is likelier to be about "card stolen" than its own score tells. And a
text of several things is mostly about what it says first, so its opening counts for more, and it
is about one of its clauses, not about all of them a little.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from insight.topics.calibration import Codes, Scores, fit_softening
from insight.topics.features import Floats

_SHRINKAGE = 2.0
_ROUNDS = 30
_OUTSIDE = -1
_TABLES = 2
_SHARPNESS = 3.0
# What a machine holds impossible it is only nearly sure of.
_BARELY = 1e-3


@dataclass(frozen=True, eq=False)
class Mixing:
    """Turns raw scores into scores that know of each other.

    Parameters
    ----------
    weights
        One row a topic that was scored, one column a topic whose score is wanted.
    biases
        One a topic, added.
    clauses
        Two rows, one column a topic: how much `clause_evidence` counts.
    """

    weights: Floats
    biases: Floats
    clauses: Floats

    def mix(self, scores: Scores, evidence: Scores | None = None) -> Scores:
        """Return mixed scores, one row a text and one column a topic."""
        mixed = scores @ self.weights + self.biases
        return np.asarray(mixed if evidence is None else mixed + _weighed(evidence, self.clauses))


def clause_evidence(scores: Scores, said: Scores, shares: sparse.csr_matrix) -> Scores:
    """Return what clauses say beyond their text, as two tables of one row a text.

    Parameters
    ----------
    scores
        Of whole texts, one column a topic.
    said
        Of their clauses, one row a clause.
    shares
        As in `insight.topics.features.Readings`.

    Returns
    -------
    numpy.ndarray
        By how much more the first clause scores than its text; and the score of a text that is
        about one of its clauses: the logarithm of the mean of what each clause by itself would
        have us believe. The text itself stands for a text of one clause.
    """
    rows = np.flatnonzero(np.diff(shares.indptr))
    leads = np.zeros_like(scores)
    leads[rows] = said[shares.indices[shares.indptr[rows]]] - scores[rows]
    beliefs = softmax(_SHARPNESS * scores, axis=1)
    beliefs[rows] = shares[rows] @ softmax(_SHARPNESS * said, axis=1)
    return np.stack([leads, np.log(beliefs + _BARELY) / _SHARPNESS])


def _weighed(evidence: Scores | Floats, weights: Floats) -> Scores:
    return np.asarray((evidence * weights[:, np.newaxis]).sum(axis=0))


def unmixed(topics: int) -> Mixing:
    """Return the mixing that leaves scores as they are."""
    nothing = np.zeros((_TABLES, topics), dtype=np.float32)
    return Mixing(np.eye(topics, dtype=np.float32), nothing[0], nothing)


def fit_mixing(
    scores: Scores, evidence: Scores, actual: Codes, part: NDArray[np.intp]
) -> tuple[Mixing, Scores]:
    """Learn a mixing from held-out scores, and mix them without letting any text help itself.

    Parameters
    ----------
    scores
        One row a text, one column a topic, given by models that never saw the text.
    evidence
        From `clause_evidence`.
    actual
        Column of each text's true topic; -1 for a text that belongs to none.
    part
        The part of the held-out cut that each text is in.

    Returns
    -------
    Mixing, numpy.ndarray
        The mixing learnt from all texts, and the scores of each part as mixed by what the other
        parts teach. Where these make the true topics of any part no likelier than each score
        by itself does, nothing is mixed.
    """
    inside = actual != _OUTSIDE
    mixed = np.empty_like(scores)
    for number in np.unique(part):
        here = part == number
        taught, asked = inside & ~here, inside & here
        alone = _softened(scores[taught], actual[taught])
        mixing = _fit(scores[taught], evidence[:, taught], actual[taught], alone)
        mixed[here] = mixing.mix(scores[here], evidence[:, here])
        told = scores[asked], evidence[:, asked], actual[asked]
        if _surprise(mixing, *told) >= _surprise(alone, *told):
            return unmixed(scores.shape[1]), scores
    alone = _softened(scores[inside], actual[inside])
    return _fit(scores[inside], evidence[:, inside], actual[inside], alone), mixed


def _surprise(mixing: Mixing, scores: Scores, evidence: Scores, actual: Codes) -> float:
    """Return how unlikely the mixed scores make the true topics."""
    beliefs = log_softmax(mixing.mix(scores, evidence), axis=1)
    return float(-beliefs[np.arange(len(actual)), actual].sum())


def _softened(scores: Scores, actual: Codes) -> Mixing:
    """Return the best that can be done with each score by itself."""
    temperature, biases = fit_softening(scores, actual)
    weights = np.eye(scores.shape[1]) / temperature
    nothing = np.zeros((_TABLES, scores.shape[1]), dtype=np.float32)
    return Mixing(weights.astype(np.float32), biases.astype(np.float32), nothing)


def _fit(scores: Scores, evidence: Scores, actual: Codes, alone: Mixing) -> Mixing:
    """Return the mixing of most likelihood, held near `alone`."""
    texts, topics = scores.shape
    rows = np.arange(texts)
    single, said = scores.astype(np.float32), evidence.astype(np.float32)
    softened = alone.mix(scores).astype(np.float32)

    def surprise(parameters: Scores) -> tuple[float, Scores]:
        moves = parameters.reshape(-1, topics)
        light = moves.astype(np.float32)
        mixed = single @ light[:topics] + light[topics] + _weighed(said, light[topics + 1 :])
        beliefs = log_softmax(softened + mixed, axis=1)
        loss = -float(beliefs[rows, actual].sum(dtype=float))
        gaps = np.exp(beliefs)
        gaps[rows, actual] -= 1
        pull = np.vstack([single.T @ gaps, gaps.sum(axis=0), (said * gaps).sum(axis=1)])
        slope: Scores = (pull.astype(np.float64) + _SHRINKAGE * moves).ravel() / texts
        return (loss + _SHRINKAGE * float(np.square(moves).sum()) / 2) / texts, slope

    start = np.zeros((topics + 1 + _TABLES) * topics)
    found = minimize(surprise, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS}).x
    moves = found.reshape(-1, topics).astype(np.float32)
    weights, biases = alone.weights + moves[:topics], alone.biases + moves[topics]
    return Mixing(weights, biases, moves[topics + 1 :])
