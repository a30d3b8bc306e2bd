"""Shares of topics, corrected for the answers a model gets wrong.

A manager reads shares, not labels, and counting a model's answers favours the topics it likes
to name. The correction lets the model's beliefs shift until they agree with the shares they
give (Saerens, Latinne and Decaestecker 2002, "Adjusting the outputs of a classifier to new a
priori probabilities"), which is right as long as texts of a topic read as they did before.
"""

import numpy as np
import pandas as pd

from insight.topics.calibration import Codes, Scores

_ROUNDS = 200
_SETTLED = 1e-6
_RESAMPLES = 200


def counted_shares(answers: Codes, topics: int) -> Scores:
    """Return the share of answers that name each topic."""
    return np.bincount(answers, minlength=topics) / max(len(answers), 1)


def corrected_shares(beliefs: Scores, trained: Scores, weights: Scores | None = None) -> Scores:
    """Return the shares of topics that agree best with the model's beliefs.

    Parameters
    ----------
    beliefs
        One row a text, one column a topic, calibrated, a row adding up to 1.
    trained
        Shares of the topics among the texts that the beliefs were calibrated on.
    weights
        How often each text counts; once where absent.

    Returns
    -------
    numpy.ndarray
        One share a topic, adding up to 1. A weak prior worth one text a topic, spread as in
        training, keeps topics that nobody wrote about from swinging.
    """
    counts = np.ones(len(beliefs)) if weights is None else weights
    shares = trained.copy()
    likelihood = beliefs / np.maximum(trained, 1e-12)
    total = counts.sum() + len(trained)
    for _ in range(_ROUNDS):
        shifted = likelihood * shares
        shifted /= np.maximum(shifted.sum(axis=1, keepdims=True), 1e-300)
        renewed = (counts @ shifted + len(trained) * trained) / total
        moved = np.abs(renewed - shares).sum()
        shares = renewed
        if moved < _SETTLED:
            break
    return shares


def share_intervals(
    beliefs: Scores, trained: Scores, *, seed: int, confidence: float = 0.95
) -> pd.DataFrame:
    """Return corrected shares with bootstrap intervals over the texts.

    Parameters
    ----------
    beliefs, trained
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
    share = corrected_shares(beliefs, trained)
    draw = np.random.default_rng(seed)
    texts = len(beliefs)
    times = draw.multinomial(texts, np.full(texts, 1 / max(texts, 1)), size=_RESAMPLES)
    again = np.array([corrected_shares(beliefs, trained, row.astype(float)) for row in times])
    tail = (1 - confidence) / 2
    return pd.DataFrame(
        {
            "share": share,
            "lower": np.minimum(np.quantile(again, tail, axis=0), share),
            "upper": np.maximum(np.quantile(again, 1 - tail, axis=0), share),
        }
    )


def share_error(shares: Scores, true: Scores) -> float:
    """Return the share of texts that stand under a wrong topic (total variation distance)."""
    return float(np.abs(shares - true).sum() / 2)
