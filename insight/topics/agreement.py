"""How far two people agree, and whether a new model beats the one in use."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

CONFIDENCE = 0.95
DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa with its 95% interval, and the texts that two people both labelled.

    1 is full agreement and 0 what chance would bring; missing where both always gave one and
    the same topic, or nothing was labelled twice.
    """

    value: float
    lower: float
    upper: float
    texts: int
    agreed: float


def cohens_kappa(first: pd.Series, second: pd.Series, *, seed: int) -> Kappa:
    """Return how far two people agree beyond chance.

    Parameters
    ----------
    first, second
        Topics that each gave, aligned; rows that one of them left open are passed over.
    seed
        For the bootstrap of the interval (percentiles of 2,000 draws of texts).

    Notes
    -----
    kappa = (p_o - p_e) / (1 - p_e): p_o the share agreed, p_e that of two people who gave
    topics as often as these did, but by lot (Cohen 1960).
    """
    both = pd.DataFrame({"a": first, "b": second}).dropna()
    if both.empty:
        return Kappa(np.nan, np.nan, np.nan, 0, np.nan)
    codes, _ = pd.factorize(pd.concat([both["a"], both["b"]]))
    one, other = codes[: len(both)], codes[len(both) :]
    topics = int(codes.max()) + 1
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(both), (DRAWS, len(both)))
    values = np.array([_kappa(one[rows], other[rows], topics) for rows in drawn])
    known = values[np.isfinite(values)]
    tail = (1 - CONFIDENCE) / 2 * 100
    lower, upper = np.percentile(known, [tail, 100 - tail]) if len(known) else (np.nan, np.nan)
    return Kappa(
        _kappa(one, other, topics), float(lower), float(upper), len(both),
        float((one == other).mean()),
    )  # fmt: skip


def _kappa(one: NDArray[np.int64], other: NDArray[np.int64], topics: int) -> float:
    observed = float((one == other).mean())
    shares = np.bincount(one, minlength=topics) / len(one)
    others = np.bincount(other, minlength=topics) / len(other)
    chance = float(shares @ others)
    return (observed - chance) / (1 - chance) if chance < 1 else float("nan")


@dataclass(frozen=True, slots=True)
class Contest:
    """A new model against the one in use, on the same control texts.

    `better` is true only where the new one is right more often than chance would have it
    (`p`, one-sided exact McNemar test), or equally often on texts where they never differ.
    """

    texts: int
    current_right: int
    new_right: int
    only_new: int
    only_current: int
    p: float
    better: bool

    @property
    def words(self) -> str:
        """Say it in a sentence."""
        shares = (
            f"On {self.texts} control texts the new model is right {self.new_right} times, the "
            f"one in use {self.current_right} times"
        )
        where = f"{self.only_new} only the new one, {self.only_current} only the one in use"
        verdict = "the new one is better" if self.better else "not clearly better"
        return f"{shares} ({where}; p = {self.p:.3f}): {verdict}."


def contest(
    truth: pd.Series, current: pd.Series, new: pd.Series, *, alpha: float = 0.05
) -> Contest:
    """Compare two models' answers on the control set.

    Parameters
    ----------
    truth
        What people said.
    current, new
        The models' guesses, aligned.
    alpha
        Chance of promoting a model that is no better.
    """
    told = truth.notna().to_numpy()
    was = current.eq(truth).fillna(value=False).to_numpy(dtype=bool)[told]
    now = new.eq(truth).fillna(value=False).to_numpy(dtype=bool)[told]
    only_new, only_current = int((now & ~was).sum()), int((was & ~now).sum())
    differ = only_new + only_current
    p = float(stats.binom.sf(only_new - 1, differ, 0.5)) if differ else 1.0
    return Contest(
        int(told.sum()), int(was.sum()), int(now.sum()), only_new, only_current, p, p <= alpha
    )
