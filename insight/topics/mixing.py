"""What one topic's score says of another topic, learnt from held-out scores.

Each topic's scores come from a machine that knows that topic against the rest. Where two topics
are often taken for one another, the score of the one says something of the other: a text that
scores well for "card lost" is likelier to be about "card stolen" than its own score tells. And a
text of several things is mostly about what it says first, so its opening counts for more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

from insight.topics.calibration import Codes, Scores, fit_softening
from insight.topics.features import Floats

_SHRINKAGE = 2.0
_ROUNDS = 30
_OUTSIDE = -1


@dataclass(frozen=True, eq=False)
class Mixing:
    """Turns raw scores into scores that know of each other.

    Parameters
    ----------
    weights
        One row a topic that was scored, one column a topic whose score is wanted.
    biases
        One a topic, added.
    openings
        One a topic: how much the lead of the text's opening counts
        (`insight.topics.linear.LinearMachine.opening_leads`).
    """

    weights: Floats
    biases: Floats
    openings: Floats

    def mix(self, scores: Scores, leads: Scores | None = None) -> Scores:
        """Return mixed scores, one row a text and one column a topic."""
        mixed = scores @ self.weights + self.biases
        return np.asarray(mixed if leads is None else mixed + leads * self.openings)


def unmixed(topics: int) -> Mixing:
    """Return the mixing that leaves scores as they are."""
    nothing = np.zeros(topics, dtype=np.float32)
    return Mixing(np.eye(topics, dtype=np.float32), nothing, nothing)


def fit_mixing(
    scores: Scores, leads: Scores, actual: Codes, part: NDArray[np.intp]
) -> tuple[Mixing, Scores]:
    """Learn a mixing from held-out scores, and mix them without letting any text help itself.

    Parameters
    ----------
    scores
        One row a text, one column a topic, given by models that never saw the text.
    leads
        Those of the texts' openings, in the same shape.
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
        mixing = _fit(scores[taught], leads[taught], actual[taught], alone)
        mixed[here] = mixing.mix(scores[here], leads[here])
        told = scores[asked], leads[asked], actual[asked]
        if _surprise(mixing, *told) >= _surprise(alone, *told):
            return unmixed(scores.shape[1]), scores
    alone = _softened(scores[inside], actual[inside])
    return _fit(scores[inside], leads[inside], actual[inside], alone), mixed


def _surprise(mixing: Mixing, scores: Scores, leads: Scores, actual: Codes) -> float:
    """Return how unlikely the mixed scores make the true topics."""
    beliefs = log_softmax(mixing.mix(scores, leads), axis=1)
    return float(-beliefs[np.arange(len(actual)), actual].sum())


def _softened(scores: Scores, actual: Codes) -> Mixing:
    """Return the best that can be done with each score by itself."""
    temperature, biases = fit_softening(scores, actual)
    weights = np.eye(scores.shape[1]) / temperature
    nothing = np.zeros(scores.shape[1], dtype=np.float32)
    return Mixing(weights.astype(np.float32), biases.astype(np.float32), nothing)


def _fit(scores: Scores, leads: Scores, actual: Codes, alone: Mixing) -> Mixing:
    """Return the mixing of most likelihood, held near `alone`."""
    texts, topics = scores.shape
    rows = np.arange(texts)
    single, opened = scores.astype(np.float32), leads.astype(np.float32)
    softened = alone.mix(scores).astype(np.float32)

    def surprise(parameters: Scores) -> tuple[float, Scores]:
        moves = parameters.reshape(topics + 2, topics)
        light = moves.astype(np.float32)
        beliefs = log_softmax(
            softened + single @ light[:-2] + light[-2] + opened * light[-1], axis=1
        )
        loss = -float(beliefs[rows, actual].sum(dtype=float))
        gaps = np.exp(beliefs)
        gaps[rows, actual] -= 1
        pull = np.vstack([single.T @ gaps, gaps.sum(axis=0), (opened * gaps).sum(axis=0)])
        slope: Scores = (pull.astype(np.float64) + _SHRINKAGE * moves).ravel() / texts
        return (loss + _SHRINKAGE * float(np.square(moves).sum()) / 2) / texts, slope

    start = np.zeros((topics + 2) * topics)
    found = minimize(surprise, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS}).x
    moves = found.reshape(topics + 2, topics).astype(np.float32)
    return Mixing(alone.weights + moves[:-2], alone.biases + moves[-2], moves[-1])
