"""What scores a text for each topic: a linear machine and, with an encoder, a kernel machine."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from insight.topics.calibration import Codes, Scores
from insight.topics.features import Features, Floats, Readings
from insight.topics.kernel import KernelMachine, fit_kernel
from insight.topics.linear import LinearMachine, fit_linear, topic_balance
from insight.topics.method import TopicMethod

BLENDS = (2 / 3, 4 / 5, 8 / 9, 1.0)
"""Weights of the kernel machine among which held-out scores choose; the rest is the linear's.

The first serves where they are of one mind. None is less: likelihood would often take a half,
which told fewer texts rightly on three of four public sets and no more on the fourth.
"""

_OF_ONE_MIND = 4


@dataclass(frozen=True, eq=False)
class Machine:
    """Scores a text for each topic.

    Parameters
    ----------
    linear
        Goes by terms.
    kernel
        Goes by sentence numbers; ``None`` without an encoder.
    blend
        From 0 to 1, the kernel machine's part in the scores.
    """

    linear: LinearMachine
    kernel: KernelMachine | None = None
    blend: float = 0.0

    @property
    def features(self) -> Features:
        """The terms it knows."""
        return self.linear.features

    @property
    def sentence_numbers(self) -> int:
        """How many numbers of an encoder it needs for each text."""
        return 0 if self.kernel is None else self.kernel.landmarks.shape[1]

    def both(self, readings: Readings) -> tuple[Scores, Floats | None]:
        """Return the linear machine's scores, and the kernel machine's where there is one.

        They are raw, one row a text and one column a topic, and meant to be `blended`.
        """
        of_meaning = None if self.kernel is None else self.kernel.scores(readings.sentences)
        return self.linear.scores(readings.counts), of_meaning


def fit_machine(
    readings: Readings,
    codes: Codes,
    *,
    topics: int,
    method: TopicMethod,
    seed: int,
    certainty: NDArray[np.float64],
    blend: float = 0.0,
) -> Machine:
    """Fit both machines.

    Parameters
    ----------
    readings
        Of the texts to learn from.
    codes
        Number of each text's topic, from 0.
    topics
        How many topics there are; one that no text shows scores like one that surely
        doesn't fit.
    method, seed
        As for `insight.topics.training.train_topics`.
    certainty
        From 0 to 1, how much each text counts.
    blend
        From `best_blend`.
    """
    balance = topic_balance(codes, topics, method.balance)
    linear = fit_linear(
        readings, codes, topics=topics, method=method, seed=seed, certainty=certainty
    )
    if not readings.sentences.shape[1]:
        return Machine(linear)
    weights = certainty * balance[codes]
    kernel = fit_kernel(readings.sentences, codes, topics=topics, certainty=weights)
    return Machine(linear, kernel, blend)


def blended(of_terms: Scores, of_meaning: Scores | Floats, blend: float) -> Scores:
    """Return the weighted mean of two machines' scores."""
    return np.asarray((1 - blend) * of_terms + blend * of_meaning)


def best_blend(of_terms: Scores, of_meaning: Scores | Floats, actual: Codes) -> float:
    """Return the one of ``BLENDS`` that makes the true topics likeliest.

    Parameters
    ----------
    of_terms, of_meaning
        Held-out scores, one row a text and one column a topic.
    actual
        Column of each text's true topic.
    """
    surprises = [_least_surprise(blended(of_terms, of_meaning, each), actual) for each in BLENDS]
    return BLENDS[int(np.argmin(np.round(surprises, _OF_ONE_MIND)))]


def _least_surprise(scores: Scores, actual: Codes) -> float:
    """Return how unlikely the true topics are at the temperature that makes them likeliest."""
    rows, light = np.arange(len(actual)), scores.astype(np.float32)

    def surprise(sharpness: float) -> float:
        beliefs = log_softmax(light * np.float32(np.exp(sharpness)), axis=1)
        return -float(beliefs[rows, actual].mean(dtype=float))

    found = minimize_scalar(surprise, bounds=(-1, 5), method="bounded", options={"xatol": 0.05})
    return float(found.fun)
