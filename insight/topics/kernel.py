"""The kernel machine: how near a text's meaning lies to those of labelled texts.

A sentence encoder puts texts of like meaning near one another, also where they share no word.
Kernel ridge regression on a Gaussian kernel learns from that nearness, and landmarks in place of
all texts keep it small and quick (Nyström's method as a subset of regressors; Williams and Seeger
2001, Quiñonero-Candela and Rasmussen 2005). Each landmark is the mean of several texts of one
topic (microaggregation by bisection; Domingo-Ferrer and Mateo-Sanz 2002): means of groups serve
better than as many texts drawn at random, and a text can't be read back out of a mean as it
could out of its own numbers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from insight.topics.calibration import Codes
from insight.topics.features import Floats

FEWEST_TOGETHER = 3
"""Texts whose mean becomes a landmark, at least; a topic of fewer has one landmark."""

_MOST_LANDMARKS = 4_000
_NARROWNESS = np.float32(2.0)
_RIDGE = np.float32(0.1)
# What rounding can do to the landmarks' own nearness, and more.
_SLACK = np.float32(0.03)
_ABSENT = np.float32(-1.0)
_ROWS = 5_000


@dataclass(frozen=True, eq=False)
class KernelMachine:
    """Weights of nearness to landmarks for each topic.

    Parameters
    ----------
    landmarks
        One row a landmark, one column for each number of the encoder.
    weights
        One row a landmark, one column a topic.
    """

    landmarks: NDArray[np.float16]
    weights: Floats

    def scores(self, sentences: Floats) -> Floats:
        """Return one row a text and one column a topic: near 1 if it fits, -1 if it doesn't.

        A text far from all landmarks fits nothing.
        """
        return np.asarray(_nearness(sentences, self.landmarks) @ self.weights + _ABSENT)


def fit_kernel(
    sentences: Floats,
    codes: Codes,
    *,
    topics: int,
    certainty: NDArray[np.float64],
    fewest_together: int = FEWEST_TOGETHER,
) -> KernelMachine:
    """Fit ridge regression of each topic, 1 or -1, on nearness to landmarks.

    Parameters
    ----------
    sentences
        One row a text of unit length.
    codes
        Number of each text's topic, from 0.
    topics
        How many topics there are; one that no text shows scores -1 for every text.
    certainty
        How much each text counts.
    fewest_together
        Texts whose mean becomes a landmark, at least.
    """
    landmarks = _landmarks(sentences, codes, fewest_together)
    size = len(landmarks)
    moments = _RIDGE * _nearness(landmarks.astype(np.float32), landmarks)
    moments[np.diag_indices(size)] += _RIDGE * _SLACK
    pulls = np.zeros((size, topics), dtype=np.float32)
    for start in range(0, len(sentences), _ROWS):  # bounds memory
        rows = slice(start, start + _ROWS)
        root = np.sqrt(certainty[rows]).astype(np.float32)
        near = _nearness(sentences[rows], landmarks)
        near *= root[:, None]
        moments += near.T @ near  # of one array by itself NumPy works out half
        shown = np.zeros((len(near), topics), dtype=np.float32)
        shown[np.arange(len(near)), codes[rows]] = (1 - _ABSENT) * root
        pulls += near.T @ shown
    return KernelMachine(landmarks, _solution(moments, pulls))


def _solution(moments: Floats, pulls: Floats) -> Floats:
    try:
        return cho_solve(cho_factor(moments, check_finite=False), pulls, check_finite=False)
    except np.linalg.LinAlgError:  # single numbers were too coarse for texts so alike
        factor = cho_factor(moments.astype(np.float64), check_finite=False)
        return np.asarray(cho_solve(factor, pulls, check_finite=False), dtype=np.float32)


def _nearness(sentences: Floats, landmarks: NDArray[np.float16]) -> Floats:
    """Return the Gaussian kernel, one row a text and one column a landmark."""
    marks = landmarks.astype(np.float32)
    gaps = (-2 * sentences) @ marks.T
    gaps += np.square(sentences).sum(axis=1)[:, None]
    gaps += np.square(marks).sum(axis=1)
    np.maximum(gaps, 0, out=gaps)
    gaps *= -_NARROWNESS
    return np.asarray(np.exp(gaps, out=gaps))


def _landmarks(sentences: Floats, codes: Codes, fewest: int) -> NDArray[np.float16]:
    """Return the means of groups of near texts, each of one topic; copies of a text count once."""
    together = max(fewest, -(-len(sentences) // _MOST_LANDMARKS))
    means = []
    for topic in np.unique(codes):
        different = _different(sentences[codes == topic])
        means += [different[rows].mean(axis=0) for rows in _groups(different, together)]
    return np.stack(means).astype(np.float16)


def _different(rows: Floats) -> Floats:
    whole = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.itemsize * rows.shape[1])))
    _, first = np.unique(whole.ravel(), return_index=True)
    return rows[np.sort(first)]


def _groups(rows: Floats, fewest: int) -> list[NDArray[np.intp]]:
    """Halve the rows across their principal axis until no half would be less than `fewest`."""
    waiting, groups = [np.arange(len(rows))], []
    while waiting:
        these = waiting.pop()
        if len(these) < 2 * fewest:
            groups.append(these)
            continue
        order = these[np.argsort(_along_principal_axis(rows[these]), kind="stable")]
        waiting += [order[: len(order) // 2], order[len(order) // 2 :]]
    return groups


def _along_principal_axis(rows: Floats) -> Floats:
    around = rows - rows.mean(axis=0)
    if len(around) <= around.shape[1]:
        along = np.linalg.eigh(around @ around.T)[1][:, -1]
    else:
        along = around @ np.linalg.eigh(around.T @ around)[1][:, -1]
    # An axis has no direction of its own; the furthest text gives it one.
    return np.asarray(along * np.sign(along[np.abs(along).argmax()]))
