"""Figures of a model on a test file, as one flat object that a machine may read."""

from typing import TypedDict

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from insight.topics.calibration import (
    Scores,
    calibration_error,
    confusion_matrix,
    f1_by_topic,
)
from insight.topics.classifier import BATCH, TopicModel
from insight.topics.features import Encoder, readable_texts
from insight.topics.labels import one_spelling
from insight.topics.prevalence import corrected_shares, counted_shares, share_error


class ScoredFigures(TypedDict):
    """What a test file says of a model; ``None`` where it was not asked or can't be told.

    `accuracy`, `macro_f1` and `ece` count in-scope rows, before any answer is withheld.
    `coverage` is the share of in-scope rows answered, `precision_on_covered` the share of these
    answers that are right. `in_scope_kept` is the share of in-scope rows not taken for
    strangers, `oos_recall` the share of strangers that are. Prevalence errors are total
    variation distances between estimated and true shares of topics among in-scope rows.
    """

    accuracy: float | None
    macro_f1: float | None
    ece: float | None
    coverage: float | None
    precision_on_covered: float | None
    in_scope_kept: float | None
    oos_auroc: float | None
    oos_recall: float | None
    prevalence_error_raw: float | None
    prevalence_error_corrected: float | None


NO_FIGURES = ScoredFigures(
    accuracy=None,
    macro_f1=None,
    ece=None,
    coverage=None,
    precision_on_covered=None,
    in_scope_kept=None,
    oos_auroc=None,
    oos_recall=None,
    prevalence_error_raw=None,
    prevalence_error_corrected=None,
)


def score_answers(
    model: TopicModel,
    answers: pd.DataFrame,
    beliefs: Scores,
    labels: pd.Series,
    *,
    out_of_scope: str | None,
) -> ScoredFigures:
    """Compare answers with people's labels.

    Parameters
    ----------
    model
        Gave the answers.
    answers
        From `insight.topics.classifier.classify`.
    beliefs
        From `topic_beliefs`, of the same texts.
    labels
        The true topic of each row. Rows without one are passed over. A topic that the model
        was not taught is in scope, and every answer to it wrong.
    out_of_scope
        The label of rows that belong to no topic, if there is one.
    """
    known = [out_of_scope, *model.topics] if out_of_scope else model.topics
    true = one_spelling(labels, known).fillna("").to_numpy(dtype=str)
    told = true != ""
    strange = (true == out_of_scope) if out_of_scope else np.zeros(len(true), dtype=bool)
    inside = told & ~strange
    strangeness = answers["oos_score"].to_numpy(dtype=float)
    kept = strangeness <= model.calibration.most_strange
    recall = float((~kept[strange]).mean()) if strange.any() else None
    if not inside.any():
        return {**NO_FIGURES, "oos_recall": recall}
    label = answers["label"].to_numpy(dtype=str)
    accepted = answers["accepted"].to_numpy(dtype=bool)
    right = (label == true)[inside]
    covered = accepted[inside]
    names = np.unique(np.concatenate([np.asarray(model.topics), true[inside]]))
    answered, actual = np.searchsorted(names, label[inside]), np.searchsorted(names, true[inside])
    column = np.searchsorted(names, np.asarray(model.topics))
    shares, corrected = (
        np.bincount(actual, minlength=len(names)) / inside.sum(),
        np.zeros(len(names)),
    )
    corrected[column] = corrected_shares(
        beliefs[inside], trained_shares(model), sharpness=model.sharpness
    )
    return ScoredFigures(
        accuracy=float(right.mean()),
        macro_f1=float(np.nanmean(f1_by_topic(confusion_matrix(answered, actual, len(names))))),
        ece=calibration_error(answers["confidence"].to_numpy(dtype=float)[inside], right),
        coverage=float(covered.mean()),
        precision_on_covered=float(right[covered].mean()) if covered.any() else None,
        in_scope_kept=float(kept[inside].mean()) if out_of_scope else None,
        oos_auroc=_auroc(strangeness[inside], strangeness[strange]) if strange.any() else None,
        oos_recall=recall,
        prevalence_error_raw=share_error(counted_shares(answered, len(names)), shares),
        prevalence_error_corrected=share_error(corrected, shares),
    )


def trained_shares(model: TopicModel) -> Scores:
    """Return the share of each topic among the texts that the model was calibrated on."""
    sizes = model.confusion.sum(axis=1)
    return np.asarray(sizes / sizes.sum())


def topic_beliefs(model: TopicModel, texts: pd.Series, *, encoder: Encoder | None = None) -> Scores:
    """Return how far the model believes in each topic, one row a text."""
    read = readable_texts(texts, maximum_characters=model.method.maximum_characters)
    parts = [
        model.calibration.beliefs(model.judge(read.iloc[start : start + BATCH], encoder).scores)
        for start in range(0, max(len(read), 1), BATCH)
    ]
    return np.concatenate(parts)


def _auroc(inside: Scores, strange: Scores) -> float:
    """Return how often a stranger looks stranger than an in-scope text, ties counting half."""
    ranks = rankdata(np.concatenate([strange, inside]))[: len(strange)]
    over = ranks.sum() - len(strange) * (len(strange) + 1) / 2
    return float(over / (len(strange) * len(inside)))
