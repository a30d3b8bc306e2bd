"""How sure is sure: confidences from raw scores, and the thresholds below which we abstain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from insight.intervals import wilson
from insight.topics.method import TopicMethod

Scores = NDArray[np.float64]
Codes = NDArray[np.intp]

_LOG_TEMPERATURES = (-5.0, 3.0)
_BINS = 15


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns raw scores into confidences and answers.

    Parameters
    ----------
    temperature
        Raw scores are divided by it before they become shares of belief.
    least_confidence
        Answers with less confidence are withheld; ``None`` withholds all, because no threshold
        reached the wanted precision.
    least_score
        A text whose best raw score is lower fits no topic.
    """

    temperature: float
    least_confidence: float | None
    least_score: float

    def confidences(self, scores: Scores) -> Scores:
        """Return the model's belief in its likeliest topic, from 0 to 1, for each row."""
        return np.asarray(softmax(scores / self.temperature, axis=1).max(axis=1))

    def accepts(self, scores: Scores) -> NDArray[np.bool_]:
        """Return which rows are answered rather than withheld."""
        if self.least_confidence is None:
            return np.zeros(len(scores), dtype=bool)
        sure = self.confidences(scores) >= self.least_confidence
        return np.asarray(sure & (scores.max(axis=1) >= self.least_score))


def calibrate(scores: Scores, actual: Codes, method: TopicMethod) -> Calibration:
    """Set temperature and thresholds on held-out scores.

    Parameters
    ----------
    scores
        One row a text, one column a topic, given by models that never saw the text.
    actual
        Column of each text's true topic.
    method
        Says which precision is wanted and how much must stay in scope.

    Returns
    -------
    Calibration
        The temperature that makes the true topics likeliest; the raw score that
        `method.kept_in_scope` of texts reach; and the lowest confidence at which the 95%
        Wilson interval of precision stays above `method.wanted_precision`. The interval's
        lower end is used because the share itself, read off a sample, promises too much.
    """
    temperature = _temperature(scores, actual)
    least_score = float(np.quantile(scores.max(axis=1), 1 - method.kept_in_scope))
    open_gate = Calibration(temperature, 0.0, least_score)
    in_scope = open_gate.accepts(scores)
    return Calibration(
        temperature,
        _least_confidence(
            open_gate.confidences(scores)[in_scope],
            (scores.argmax(axis=1) == actual)[in_scope],
            method.wanted_precision,
        ),
        least_score,
    )


def calibration_error(confidences: Scores, right: NDArray[np.bool_]) -> float:
    """Return how far confidence and share right differ, on average over 15 bins."""
    bins = np.minimum((confidences * _BINS).astype(int), _BINS - 1)
    gaps = np.bincount(bins, weights=confidences - right, minlength=_BINS)
    return float(np.abs(gaps).sum() / len(confidences))


def _temperature(scores: Scores, actual: Codes) -> float:
    rows = np.arange(len(actual))

    def surprise(log_temperature: float) -> float:
        beliefs = log_softmax(scores / np.exp(log_temperature), axis=1)
        return float(-beliefs[rows, actual].mean())

    return float(np.exp(minimize_scalar(surprise, bounds=_LOG_TEMPERATURES, method="bounded").x))


def _least_confidence(confidences: Scores, right: NDArray[np.bool_], wanted: float) -> float | None:
    order = np.argsort(-confidences, kind="stable")
    ranked = confidences[order]
    taken = np.arange(1, len(order) + 1)
    lower, _ = wilson(right[order].cumsum() / taken, taken)
    # A threshold takes all texts of equal confidence or none.
    whole = np.append(ranked[1:] < ranked[:-1], True)
    enough = np.flatnonzero((lower >= wanted) & whole)
    return float(ranked[enough[-1]]) if len(enough) else None
