"""How sure is sure: confidences from raw scores, and the thresholds below which we abstain."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaincinv, expit, log_softmax, softmax

from insight.topics.method import TopicMethod

Scores = NDArray[np.float64]
Codes = NDArray[np.intp]

_BINS = 15
_TAIL = 0.025
_PULLS = np.arange(0, 1.05, 0.1)
_BIAS_SPREAD = 0.5
_NEARLY = 1e-6
_SETTLED = 1e-6
_AS_BELIEVED = (1.0, 1.0, 0.0)
_KNOTS = np.arange(-2.0, 3.5)
_STIFFNESS = 3.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """What turns raw scores into answers, confidences and silence.

    Parameters
    ----------
    temperature
        Raw scores are divided by it before they become shares of belief.
    biases
        One a topic, added before they become shares of belief.
    lifts
        One a topic: what is added, after that, to decide the answer, so that rare topics
        aren't drowned by common ones.
    sureness
        How belief in the answer becomes confidence: weights of the logarithm of the belief and
        of its complement's, and a constant.
    bends
        What is then done to the logarithm of the odds: its slope below -2, between each two whole
        numbers from there to 3, and above, and its value at -2. Empty for nothing.
    least_confidence
        Answers with less confidence are withheld; ``None`` withholds all, because no threshold
        reached the wanted precision.
    most_strange
        A text that looks stranger fits no topic.
    """

    temperature: float
    biases: tuple[float, ...]
    lifts: tuple[float, ...]
    sureness: tuple[float, float, float]
    least_confidence: float | None
    most_strange: float
    bends: tuple[float, ...] = ()

    def beliefs(self, scores: Scores) -> Scores:
        """Return how far the model believes in each topic; a row adds up to 1."""
        return np.asarray(softmax(scores / self.temperature + np.asarray(self.biases), axis=1))

    def ranks(self, scores: Scores) -> Scores:
        """Return what the answer is the highest of, one row a text and one column a topic."""
        return np.asarray(
            scores / self.temperature + np.asarray(self.biases) + np.asarray(self.lifts)
        )

    def answers(self, scores: Scores) -> Codes:
        """Return the column of each row's answer."""
        return np.asarray(self.ranks(scores).argmax(axis=1))

    def confidences(self, scores: Scores) -> Scores:
        """Return how likely each row's answer is right, from 0 to 1."""
        belief = self.beliefs(scores)[np.arange(len(scores)), self.answers(scores)]
        odds = _believed_odds(belief) @ np.asarray(self.sureness)
        if self.bends:
            odds = _segments(odds) @ np.asarray(self.bends)
        return np.asarray(expit(odds))

    def accepts(self, scores: Scores, strangeness: Scores) -> NDArray[np.bool_]:
        """Return which rows are answered rather than withheld."""
        if self.least_confidence is None:
            return np.zeros(len(scores), dtype=bool)
        sure = self.confidences(scores) >= self.least_confidence
        return np.asarray(sure & (strangeness <= self.most_strange))


def calibrate(
    scores: Scores, actual: Codes, strangeness: Scores, counts: Scores, method: TopicMethod
) -> Calibration:
    """Set temperature, lifts and thresholds on held-out scores.

    Parameters
    ----------
    scores
        One row a text, one column a topic, given by models that never saw the text.
    actual
        Column of each text's true topic; -1 for a text that belongs to none.
    strangeness
        How unlike all topics each text looks (`insight.topics.scope`).
    counts
        How much each text counts for what stays in scope
        (`insight.topics.kept_together.counted_once`).
    method
        Says which precision is wanted and how much must stay in scope.

    Returns
    -------
    Calibration
        The temperature and biases that make the true topics likeliest; the lifts that serve
        all topics best; the strangeness that `method.kept_in_scope` of texts stay under; and
        the lowest confidence at which the 95% interval of the share of right answers (Clopper
        and Pearson's, which is exact) stays above `method.wanted_precision`. The share itself,
        read off a sample, promises too much. An answer to a text of no topic is wrong.
    """
    inside = actual >= 0
    temperature, biases = fit_softening(scores[inside], actual[inside])
    most_strange = float(
        np.quantile(
            strangeness[inside],
            method.kept_in_scope,
            weights=counts[inside],
            method="inverted_cdf",
        )
    )
    level = tuple(np.zeros(scores.shape[1]).tolist())
    plain = Calibration(temperature, tuple(biases.tolist()), level, _AS_BELIEVED, 0.0, most_strange)
    lifts = _lifts(plain.ranks(scores[inside]), actual[inside])
    lifted = replace(plain, lifts=tuple(lifts.tolist()))
    right = lifted.answers(scores) == actual
    sure = replace(lifted, sureness=_sureness(lifted.confidences(scores[inside]), right[inside]))
    sure = replace(sure, bends=_bends(sure.confidences(scores[inside]), right[inside]))
    asked = sure.accepts(scores, strangeness)
    least = _least_confidence(
        sure.confidences(scores)[asked], right[asked], method.wanted_precision
    )
    return replace(sure, least_confidence=least)


def fit_softening(scores: Scores, actual: Codes) -> tuple[float, Scores]:
    """Return temperature and biases of most likelihood; biases are held near nought."""
    texts, topics = scores.shape
    rows = np.arange(texts)

    def surprise(parameters: Scores) -> tuple[float, Scores]:
        sharpness, biases = np.exp(parameters[0]), parameters[1:]
        beliefs = log_softmax(scores * sharpness + biases, axis=1)
        gaps = np.exp(beliefs)
        gaps[rows, actual] -= 1
        loss = -beliefs[rows, actual].sum() + np.square(biases).sum() / (2 * _BIAS_SPREAD**2)
        slope = np.append(
            (gaps * scores).sum() * sharpness, gaps.sum(axis=0) + biases / _BIAS_SPREAD**2
        )
        return loss / texts, slope / texts

    start = np.append(np.log(3.0), np.zeros(topics))
    bounds = [(-6.0, 8.0)] + [(-8.0, 8.0)] * topics
    found = minimize(
        surprise, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": _SETTLED}
    ).x
    return float(np.exp(-found[0])), found[1:]


def calibration_error(confidences: Scores, right: NDArray[np.bool_]) -> float:
    """Return how far confidence and share right differ, on average over 15 bins."""
    bins = np.minimum((confidences * _BINS).astype(int), _BINS - 1)
    gaps = np.bincount(bins, weights=confidences - right, minlength=_BINS)
    return float(np.abs(gaps).sum() / len(confidences))


def confusion_matrix(answers: Codes, actual: Codes, topics: int) -> NDArray[np.int64]:
    """Count texts, one row a true topic and one column an answer."""
    return np.bincount(actual * topics + answers, minlength=topics**2).reshape(topics, topics)


def f1_by_topic(confusion: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each topic's F1; not a number for a topic neither written about nor answered."""
    named = confusion.sum(axis=0) + confusion.sum(axis=1)
    f1 = np.full(len(named), np.nan)
    np.divide(2.0 * confusion.diagonal(), named, out=f1, where=named > 0)
    return f1


def _sureness(believed: Scores, right: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Return the weights that make confidence likeliest (beta calibration, Kull et al. 2017).

    A temperature fits all topics at once; what is asked for is how often the answer is right.
    The weights are held near 1 and the constant near 0, and never fall below 0, so that more
    belief never means less confidence.
    """
    bounds = [(0.0, None), (0.0, None), (None, None)]
    of_belief, of_doubt, constant = _likeliest(
        _believed_odds(believed), right, np.array(_AS_BELIEVED), 1.0, bounds
    )
    return float(of_belief), float(of_doubt), float(constant)


def _believed_odds(believed: Scores) -> Scores:
    """Return what `Calibration.sureness` weighs: with 1, 1 and 0, the logarithm of the odds."""
    known = np.clip(believed, _NEARLY, 1 - _NEARLY)
    return np.column_stack([np.log(known), -np.log1p(-known), np.ones(len(known))])


def _bends(confidences: Scores, right: NDArray[np.bool_]) -> tuple[float, ...]:
    """Return the slopes that make confidence likeliest, piece by piece.

    Beta calibration bends once; where topics shade into each other (the NHS comments) middling
    answers were too sure and good ones not sure enough. Slopes are held near 1 and never fall
    below 0.
    """
    odds = _believed_odds(confidences) @ np.array(_AS_BELIEVED)
    straight = np.append(np.ones(len(_KNOTS) + 1), _KNOTS[0])
    bounds = [*[(0.0, None)] * (len(_KNOTS) + 1), (None, None)]
    return tuple(_likeliest(_segments(odds), right, straight, _STIFFNESS, bounds).tolist())


def _segments(odds: Scores) -> Scores:
    """Return how far `odds` reach into each piece between knots; slopes of 1 give them back."""
    below = np.minimum(odds, _KNOTS[0]) - _KNOTS[0]
    within = np.clip(odds[:, np.newaxis] - _KNOTS, 0, np.append(np.diff(_KNOTS), np.inf))
    return np.column_stack([below, within, np.ones(len(odds))])


def _likeliest(
    inputs: Scores,
    right: NDArray[np.bool_],
    start: Scores,
    stiffness: float,
    bounds: Sequence[tuple[float | None, float | None]],
) -> Scores:
    """Return the weights of a logistic regression that are likeliest, held near `start`."""

    def surprise(weights: Scores) -> tuple[float, Scores]:
        logits = inputs @ weights
        away = weights - start
        loss = np.logaddexp(0, logits).sum() - logits[right].sum() + stiffness * (away @ away) / 2
        return loss, inputs.T @ (expit(logits) - right) + stiffness * away

    return np.asarray(minimize(surprise, start, jac=True, method="L-BFGS-B", bounds=bounds).x)


def _lifts(ranks: Scores, actual: Codes) -> Scores:
    """Return the lifts with the best mean F1 among those that cost no accuracy to speak of.

    Which is one standard error of the difference: of the texts that one pull tells rightly and
    another wrongly, not of all.
    """
    topics = ranks.shape[1]
    shares = np.bincount(actual, minlength=topics) + 1.0
    rarity = -np.log(shares / shares.sum())
    answers = [(ranks + pull * rarity).argmax(axis=1) for pull in _PULLS]
    right = np.stack([each == actual for each in answers])
    mean_f1 = np.array(
        [np.nanmean(f1_by_topic(confusion_matrix(each, actual, topics))) for each in answers]
    )
    hits = right.sum(axis=1)
    best = hits.argmax()
    affordable = hits[best] - hits <= np.sqrt((right != right[best]).sum(axis=1))
    pull = _PULLS[np.where(affordable, mean_f1, -1).argmax()]
    return np.asarray(pull * (rarity - rarity.mean()))


def _least_confidence(confidences: Scores, right: NDArray[np.bool_], wanted: float) -> float | None:
    order = np.argsort(-confidences, kind="stable")
    ranked = confidences[order]
    taken = np.arange(1, len(order) + 1)
    hits = right[order].cumsum()
    lower = np.where(hits > 0, betaincinv(hits, taken - hits + 1, _TAIL), 0.0)
    # A threshold takes all texts of equal confidence or none.
    whole = np.append(ranked[1:] < ranked[:-1], True)
    enough = np.flatnonzero((lower >= wanted) & whole)
    return float(ranked[enough[-1]]) if len(enough) else None
