"""Which way a comment goes, read by a model, and only as far as labels show it can be trusted."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import Pipeline, make_pipeline

from insight.intervals import wilson


@dataclass(frozen=True, slots=True)
class SentimentMethod:
    """What a reading must show before it is used.

    Parameters
    ----------
    fewest, fewest_each
        Labelled comments that measuring needs, and of each direction.
    good_enough
        Lower end of the 95% interval of the balanced share read rightly that a reading must
        reach. Settled before any data were looked at.
    folds
        Parts of the cross-validation; equal texts are in one part.
    """

    fewest: int = 200
    fewest_each: int = 50
    good_enough: float = 0.75
    folds: int = 5


@dataclass(frozen=True)
class Reading:
    """How well comments of known direction are read by a model that hasn't seen them.

    `right` is the mean of the shares of positive and of negative comments read rightly (so that
    calling everything positive is half right), with its 95% interval; `plain` the share of all,
    `always` that of the commoner direction. `usable` says whether it may be shown, `words` why.
    """

    base: int
    positive: int
    right: float
    lower: float
    upper: float
    plain: float
    always: float
    usable: bool
    words: str
    model: Pipeline | None = None


def measure_reading(
    texts: pd.Series, direction: pd.Series, method: SentimentMethod | None = None
) -> Reading:
    """Measure by cross-validation how well a model tells praise from criticism.

    Parameters
    ----------
    texts
        Redacted comments.
    direction
        Aligned: 1 positive, 0 negative, missing where nobody said.
    method
        What is asked of a reading.

    Returns
    -------
    Reading
        With a model fitted to all of them where it is usable.
    """
    asked = method or SentimentMethod()
    read = texts.astype("string").str.strip()
    known = (direction.notna() & read.fillna("").ne("")).to_numpy()
    words, label = read[known].reset_index(drop=True), direction[known].to_numpy(np.int64)
    base, positive = len(label), int(label.sum())
    each = min(positive, base - positive)
    nan = float("nan")
    if base < asked.fewest or each < asked.fewest_each:
        told = (
            f"{base} comments have a known direction, {each} of the rarer one; measuring needs "
            f"{asked.fewest} and {asked.fewest_each}. No sentiment is shown."
        )
        return Reading(base, positive, nan, nan, nan, nan, nan, usable=False, words=told)
    groups = pd.factorize(words.str.casefold().str.replace(r"\W+", " ", regex=True))[0]
    found = np.zeros(base, dtype=np.int64)
    folds = StratifiedGroupKFold(asked.folds, shuffle=True, random_state=0)
    for train, test in folds.split(words, label, groups):
        model = _model().fit(words.iloc[train], label[train])
        found[test] = model.predict(words.iloc[test])
    right, lower, upper = _balanced(found, label)
    usable = lower >= asked.good_enough
    told = (
        f"Read rightly: {right:.0%} (95% interval {lower:.0%} to {upper:.0%}) of {base} comments "
        "whose direction is known, praise and criticism counting half each. "
    )
    told += "" if usable else f"Less than {asked.good_enough:.0%} for sure: not shown."
    fitted = _model().fit(words, label) if usable else None
    return Reading(
        base, positive, right, lower, upper,
        plain=float((found == label).mean()),
        always=max(positive, base - positive) / base,
        usable=bool(usable), words=told.strip(), model=fitted,
    )  # fmt: skip


def read_sentiment(texts: pd.Series, reading: Reading) -> pd.Series:
    """Read comments: 1 positive, 0 negative; all missing where the reading isn't usable."""
    if reading.model is None or texts.empty:
        return pd.Series(pd.NA, index=texts.index, dtype="Int64")
    read = texts.astype("string").fillna("").str.strip()
    found = pd.Series(reading.model.predict(read), index=texts.index, dtype="Int64")
    return found.mask(read.eq(""))


def _model() -> Pipeline:
    return make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, strip_accents="unicode"),
        LogisticRegression(C=4.0, class_weight="balanced", max_iter=500),
    )


def _balanced(found: np.ndarray, label: np.ndarray) -> tuple[float, float, float]:
    """Mean of the two directions' shares, and its interval from theirs (MOVER)."""
    shares, downs, ups = [], [], []
    for direction in (0, 1):
        own = label == direction
        share = float((found[own] == direction).mean())
        lower, upper = wilson(share, own.sum())
        shares.append(share)
        downs.append(share - float(lower))
        ups.append(float(upper) - share)
    middle = sum(shares) / 2
    return middle, middle - math.hypot(*downs) / 2, middle + math.hypot(*ups) / 2
