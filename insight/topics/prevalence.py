"""Shares of topics, corrected for the answers a model gets wrong.

A manager reads shares, not labels, and counting a model's answers favours the topics it likes
to name. The correction lets the model's beliefs shift until they agree with the shares they
give (Saerens, Latinne and Decaestecker 2002, "Adjusting the outputs of a classifier to new a
priori probabilities"), which is right as long as texts of a topic read as they did before.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.topics.calibration import Codes, Scores

_ROUNDS = 100
_SETTLED = 1e-4
_CAUTION = 5.0
_SHARPNESSES = (1.0, 1.5, 2.0, 3.0)
_SAMPLES = 16
_SAMPLE_TEXTS = (1_000, 200)
_SHIFTS = (0.0, 0.35, 0.0, 0.8)
_RESAMPLES = 200
_ALIKE = 6


def counted_shares(answers: Codes, topics: int) -> Scores:
    """Return the share of answers that name each topic."""
    return np.bincount(answers, minlength=topics) / max(len(answers), 1)


def corrected_shares(
    beliefs: Scores,
    trained: Scores,
    weights: Scores | None = None,
    *,
    sharpness: float = 1.0,
) -> Scores:
    """Return the shares of topics that agree best with the model's beliefs.

    Parameters
    ----------
    beliefs
        One row a text, one column a topic, calibrated, a row adding up to 1.
    trained
        Shares of the topics among the texts that the beliefs were calibrated on.
    weights
        How often each text counts; once where absent.
    sharpness
        The power that beliefs are raised to before they are averaged (`fit_sharpness`): with 1
        a text is shared out as believed, and the more, the nearer to counting its likeliest
        topic alone.

    Returns
    -------
    numpy.ndarray
        One share a topic, adding up to 1.

    Notes
    -----
    Beliefs are turned towards the shares in which they agree (`_agreed_shares`) only as far as
    the evidence of a shift goes beyond chance.
    """
    counts = np.ones(len(beliefs)) if weights is None else weights
    return _corrected(beliefs, trained, counts, sharpness, _copies(beliefs))


def _corrected(
    beliefs: Scores, trained: Scores, counts: Scores, sharpness: float, copies: float
) -> Scores:
    if not len(beliefs):
        return trained.copy()
    likelihood = beliefs / np.maximum(trained, 1e-12)
    agreed = _agreed_shares(likelihood, trained, counts, copies)
    return _average(likelihood * agreed, counts, sharpness)


def _copies(beliefs: Scores) -> float:
    """Return how many texts, the text itself among them, read like a text, on average.

    Copies are one piece of evidence, not several: by so much the texts are fewer than they seem
    (Kish's design effect). "No", written 173 times, says that one question was asked.
    """
    if not len(beliefs):
        return 1.0
    times = np.unique(beliefs.round(_ALIKE), axis=0, return_counts=True)[1]
    return float(np.square(times).sum() / times.sum())


def _agreed_shares(likelihood: Scores, trained: Scores, counts: Scores, copies: float) -> Scores:
    """Return the shares that make the texts likeliest, shrunk towards those in training.

    Notes
    -----
    Expectation maximisation with a weak prior. Twice the logarithm of how much likelier the
    texts become is, where nothing has shifted, about one for each free share (Wilks 1938). As in
    James and Stein's estimator the move is cut by the part that chance explains, here counted
    double, because beliefs about new texts are never quite as true as those they were
    calibrated on.
    """
    shares = trained
    prior = _CAUTION * len(trained)
    total = counts.sum() + prior
    for _ in range(_ROUNDS):
        shifted = likelihood * shares
        shifted /= np.maximum(shifted.sum(axis=1, keepdims=True), 1e-300)
        renewed = (counts @ shifted + prior * trained) / total
        moved = np.abs(renewed - shares).sum()
        shares = renewed
        if moved < _SETTLED:
            break
    gain = counts @ np.log(np.maximum(likelihood @ shares, 1e-300))
    by_chance = copies * (len(trained) - 1)
    kept = 1 - by_chance / gain if gain > by_chance else 0.0
    return np.asarray(trained + kept * (shares - trained))


def _average(beliefs: Scores, counts: Scores, sharpness: float) -> Scores:
    """Return the mean of `beliefs`, sharpened; a row needn't add up to 1."""
    beliefs = beliefs / np.maximum(beliefs.max(axis=1, keepdims=True), 1e-300)
    sharpened = beliefs**sharpness
    return np.asarray(counts / counts.sum() @ (sharpened / sharpened.sum(axis=1, keepdims=True)))


def share_intervals(
    beliefs: Scores,
    trained: Scores,
    *,
    seed: int,
    sharpness: float = 1.0,
    confidence: float = 0.95,
    certain: NDArray[np.bool_] | None = None,
) -> pd.DataFrame:
    """Return corrected shares with bootstrap intervals over the texts.

    Parameters
    ----------
    beliefs, trained, sharpness
        As for `corrected_shares`.
    seed
        The same seed gives the same interval.
    confidence
        Proportion from 0 to 1.
    certain
        Which texts' topics are known: rows of one 1, which are alike and yet no copies.

    Returns
    -------
    pandas.DataFrame
        One row a topic: ``share``, ``lower`` and ``upper``, proportions from 0 to 1.
    """
    copies = _copies(beliefs if certain is None else beliefs[~certain])
    texts = len(beliefs)
    share = _corrected(beliefs, trained, np.ones(texts), sharpness, copies)
    draw = np.random.default_rng(seed)
    times = draw.multinomial(texts, np.full(texts, 1 / max(texts, 1)), size=_RESAMPLES)
    again = np.array(
        [_corrected(beliefs, trained, row.astype(float), sharpness, copies) for row in times]
    )
    tail = (1 - confidence) / 2
    return pd.DataFrame(
        {
            "share": share,
            "lower": np.minimum(np.quantile(again, tail, axis=0), share),
            "upper": np.maximum(np.quantile(again, 1 - tail, axis=0), share),
        }
    )


def fit_sharpness(beliefs: Scores, actual: Codes, trained: Scores, *, seed: int) -> float:
    """Return the sharpness that served best on held-out texts drawn anew with other shares.

    Parameters
    ----------
    beliefs, actual
        Of held-out texts: what models that never saw them believe, and their true topics.
    trained
        Shares of the topics among them.
    seed
        The same seed gives the same sharpness.

    Notes
    -----
    Texts drawn twice are no copies: the draw is of our making. Half the samples keep the shares
    of training, a quarter vary mildly and a quarter have
    shares a topic that vary threefold or so: months differ, but not beyond recognition. Large
    and small samples are as many.
    """
    draw = np.random.default_rng(seed)
    topics = len(trained)
    errors = np.zeros(len(_SHARPNESSES))
    for sample in range(_SAMPLES):
        spread = _SHIFTS[sample % len(_SHIFTS)]
        texts = _SAMPLE_TEXTS[sample // len(_SHIFTS) % len(_SAMPLE_TEXTS)]
        tilt = np.exp(draw.normal(scale=spread, size=topics))[actual]
        rows = draw.choice(len(actual), size=min(len(actual), texts), p=tilt / tilt.sum())
        true = counted_shares(actual[rows], topics)
        ones = np.ones(len(rows))
        likelihood = beliefs[rows] / np.maximum(trained, 1e-12)
        shifted = likelihood * _agreed_shares(likelihood, trained, ones, copies=1.0)
        errors += [share_error(_average(shifted, ones, each), true) for each in _SHARPNESSES]
    return float(_SHARPNESSES[errors.argmin()])


def share_error(shares: Scores, true: Scores) -> float:
    """Return the share of texts that stand under a wrong topic (total variation distance)."""
    return float(np.abs(shares - true).sum() / 2)
