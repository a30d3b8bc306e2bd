"""The linear machine: one weight a term and topic, kept in one byte each."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC

from insight.topics.calibration import Codes, Scores
from insight.topics.features import Features, Floats, Readings, fit_features
from insight.topics.method import TopicMethod

_LARGEST = 127
_ENOUGH = 1e-2


@dataclass(frozen=True, eq=False)
class LinearMachine:
    """Weights of terms for each topic.

    Parameters
    ----------
    features
        The terms it knows.
    steps
        One a topic: what a weight of 1 is worth.
    term_weights
        One row a term, one column a topic, whole numbers from -127 to 127.
    intercepts
        One a topic.
    """

    features: Features
    steps: Floats
    term_weights: NDArray[np.int8]
    intercepts: Floats

    @cached_property
    def _weights(self) -> Floats:
        return self.term_weights * self.steps

    def scores(self, counts: sparse.csr_matrix) -> Scores:
        """Return raw scores of texts or of clauses, one row each and one column a topic."""
        of_terms = self.features.weigh(counts) @ self._weights
        return np.asarray(of_terms + self.intercepts, dtype=np.float64)


def fit_linear(
    readings: Readings,
    codes: Codes,
    *,
    topics: int,
    method: TopicMethod,
    seed: int,
    certainty: NDArray[np.float64],
) -> LinearMachine:
    """Fit one support vector machine a topic against the rest.

    Parameters
    ----------
    readings
        Of the texts to learn from.
    codes
        Number of each text's topic, from 0.
    topics
        How many topics there are; one that no text shows scores like one that surely
        doesn't fit.
    certainty
        From 0 to 1, how much each text counts.
    """
    features = fit_features(readings, method)
    terms = features.weigh(readings.counts)
    present = np.unique(codes)
    balance = topic_balance(codes, topics, method.balance)
    machine = LinearSVC(
        C=method.penalty,
        class_weight={int(topic): float(balance[topic]) for topic in present},
        tol=_ENOUGH,
        random_state=seed,
    ).fit(terms, codes, sample_weight=certainty)
    coefficients, intercepts = machine.coef_, machine.intercept_
    if len(present) == 2:  # scikit-learn then keeps one row: the second topic against the first
        coefficients = np.vstack([-coefficients, coefficients])
        intercepts = np.concatenate([-intercepts, intercepts])
    of_terms = np.zeros((features.size, topics), dtype=np.float32)
    of_terms[:, present] = coefficients.T
    offsets = np.full(topics, -1.0, dtype=np.float32)
    offsets[present] = intercepts
    largest = np.abs(of_terms).max(axis=0, initial=0)
    steps = np.where(largest > 0, largest / _LARGEST, 1).astype(np.float32)
    return LinearMachine(features, steps, np.rint(of_terms / steps).astype(np.int8), offsets)


def topic_balance(codes: Codes, topics: int, power: float) -> NDArray[np.float64]:
    """Return how much a text of each topic counts, so that rare topics aren't drowned.

    At a `power` of 1 every topic counts alike, at 0 every text.
    """
    sizes = np.bincount(codes, minlength=topics)
    even = len(codes) / np.count_nonzero(sizes)
    return np.asarray((even / np.maximum(sizes, 1)) ** power)
