"""Shares of topics, corrected for the answers a model gets wrong.

A manager reads shares, not labels, and counting a model's answers favours the topics it likes
to name. The correction lets the model's beliefs shift until they agree with the shares they
give (Saerens, Latinne and Decaestecker 2002, "Adjusting the outputs of a classifier to new a
priori probabilities"), which is right as long as texts of a topic read as they did before.
"""

import numpy as np
import pandas as pd

from insight.topics.calibration import Codes, Scores

_ROUNDS = 100
_SETTLED = 1e-4
_CAUTIONS = (1.0, 5.0, 20.0, 80.0)
_SAMPLES = 8
_SAMPLE_TEXTS = 1_000
_SHIFT = 0.7
_RESAMPLES = 200


def counted_shares(answers: Codes, topics: int) -> Scores:
    """Return the share of answers that name each topic."""
    return np.bincount(answers, minlength=topics) / max(len(answers), 1)


def corrected_shares(
    beliefs: Scores,
    trained: Scores,
    weights: Scores | None = None,
    *,
    caution: float = 1.0,
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
    caution
        How many texts a topic, spread as in training, are thought to have been seen before:
        the more, the nearer the shares stay to those in training (`fit_caution`).

    Returns
    -------
    numpy.ndarray
        One share a topic, adding up to 1.
    """
    counts = np.ones(len(beliefs)) if weights is None else weights
    shares = trained.copy()
    likelihood = beliefs / np.maximum(trained, 1e-12)
    prior = caution * len(trained)
    total = counts.sum() + prior
    for _ in range(_ROUNDS):
        shifted = likelihood * shares
        shifted /= np.maximum(shifted.sum(axis=1, keepdims=True), 1e-300)
        renewed = (counts @ shifted + prior * trained) / total
        moved = np.abs(renewed - shares).sum()
        shares = renewed
        if moved < _SETTLED:
            break
    return shares


def share_intervals(
    beliefs: Scores,
    trained: Scores,
    *,
    seed: int,
    caution: float = 1.0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return corrected shares with bootstrap intervals over the texts.

    Parameters
    ----------
    beliefs, trained, caution
        As for `corrected_shares`.
    seed
        The same seed gives the same interval.
    confidence
        Proportion from 0 to 1.

    Returns
    -------
    pandas.DataFrame
        One row a topic: ``share``, ``lower`` and ``upper``, proportions from 0 to 1.
    """
    share = corrected_shares(beliefs, trained, caution=caution)
    draw = np.random.default_rng(seed)
    texts = len(beliefs)
    times = draw.multinomial(texts, np.full(texts, 1 / max(texts, 1)), size=_RESAMPLES)
    again = np.array(
        [corrected_shares(beliefs, trained, row.astype(float), caution=caution) for row in times]
    )
    tail = (1 - confidence) / 2
    return pd.DataFrame(
        {
            "share": share,
            "lower": np.minimum(np.quantile(again, tail, axis=0), share),
            "upper": np.maximum(np.quantile(again, 1 - tail, axis=0), share),
        }
    )


def fit_caution(beliefs: Scores, actual: Codes, trained: Scores, *, seed: int) -> float:
    """Return the caution that served best on held-out texts drawn anew with other shares.

    Parameters
    ----------
    beliefs, actual
        Of held-out texts: what models that never saw them believe, and their true topics.
    trained
        Shares of the topics among them.
    seed
        The same seed gives the same caution.

    Notes
    -----
    Half the samples keep the shares of training, the other half have shares a topic that vary
    threefold or so: months differ, but not beyond recognition.
    """
    draw = np.random.default_rng(seed)
    topics = len(trained)
    errors = np.zeros(len(_CAUTIONS))
    for sample in range(_SAMPLES):
        spread = _SHIFT * (sample % 2)
        tilt = np.exp(draw.normal(scale=spread, size=topics))[actual]
        rows = draw.choice(len(actual), size=min(len(actual), _SAMPLE_TEXTS), p=tilt / tilt.sum())
        true = counted_shares(actual[rows], topics)
        errors += [
            share_error(corrected_shares(beliefs[rows], trained, caution=caution), true)
            for caution in _CAUTIONS
        ]
    return float(_CAUTIONS[errors.argmin()])


def share_error(shares: Scores, true: Scores) -> float:
    """Return the share of texts that stand under a wrong topic (total variation distance)."""
    return float(np.abs(shares - true).sum() / 2)
