"""How strange a text looks: whether it belongs to any topic at all.

Raw scores tell more than shares of belief do, because a softmax of small scores can still be
sure of itself.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

from insight.topics.calibration import Scores

SIGNALS = ("best", "margin", "energy", "known", "strange")
"""Best score, its lead, all scores together, share of known terms, score of the strangers."""

_SHARPNESS = 4.0
_FEWEST = 20


@dataclass(frozen=True, slots=True)
class Scope:
    """Weights that turn the signals into one number; the higher, the stranger the text.

    Parameters
    ----------
    weights
        One for each of ``SIGNALS``.
    intercept
        Added to the weighted signals.
    learned_from
        Texts of no topic that taught the weights; 0 where the best score alone is used.
    """

    weights: tuple[float, ...]
    intercept: float
    learned_from: int

    def strangeness(self, signals: Scores) -> Scores:
        """Return one number a row of `signals`."""
        return np.asarray(signals @ np.asarray(self.weights) + self.intercept)


PLAIN = Scope((-1.0, 0.0, 0.0, 0.0, 0.0), 0.0, 0)
"""What is used where nobody has labelled a text as belonging to no topic."""


def scope_signals(scores: Scores, known: Scores, strangers: Scores | None = None) -> Scores:
    """Return one row of ``SIGNALS`` a text.

    Parameters
    ----------
    scores
        Raw scores, one column a topic, at least two of them.
    known
        Share of the text's terms that the model knows.
    strangers
        Raw score of "belongs to no topic", where the model was taught it.
    """
    top = np.partition(scores, -2, axis=1)[:, -2:]
    return np.column_stack(
        [
            top[:, 1],
            top[:, 1] - top[:, 0],
            logsumexp(scores * _SHARPNESS, axis=1) / _SHARPNESS,
            known,
            np.zeros(len(scores)) if strangers is None else strangers,
        ]
    )


def fit_scope(signals: Scores, stranger: NDArray[np.bool_]) -> Scope:
    """Learn from held-out signals which of them tell the texts that belong to no topic.

    Fewer than 20 such texts teach too little; the best score alone is then used.
    """
    if stranger.sum() < _FEWEST or (~stranger).sum() < _FEWEST:
        return PLAIN
    centre, spread = signals.mean(axis=0), signals.std(axis=0)
    spread = np.where(spread > 0, spread, 1)
    judge = LogisticRegression(class_weight="balanced", C=1.0, max_iter=1_000)
    judge.fit((signals - centre) / spread, stranger)
    weights = judge.coef_[0] / spread
    intercept = float(judge.intercept_[0] - weights @ centre)
    return Scope(tuple(map(float, weights)), intercept, int(stranger.sum()))
