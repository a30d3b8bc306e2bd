"""Train a topic model on texts that people labelled."""

import hashlib
import json

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from insight.errors import InsightError, MissingColumnsError
from insight.topics.baselines import by_keyword, telling_terms
from insight.topics.calibration import Codes, Scores, calibrate
from insight.topics.classifier import TopicModel
from insight.topics.features import (
    Features,
    Floats,
    TermCounts,
    count_terms,
    fit_features,
    readable_texts,
)
from insight.topics.method import TopicMethod
from insight.topics.metrics import topic_metrics


class TopicTrainingError(InsightError):
    """The labelled texts cannot teach a model."""


def train_topics(
    labelled: pd.DataFrame, *, method: TopicMethod | None = None, seed: int
) -> TopicModel:
    """Learn topics from labelled texts.

    Parameters
    ----------
    labelled
        ``text``, ``topic`` and, where there is one, ``subject``. Rows without a topic or
        without text are passed over.
    method
        The choices made; the defaults of `TopicMethod` unless given.
    seed
        The same seed and rows, in any order, give the same model.

    Returns
    -------
    TopicModel
        Fitted on every usable row; thresholds and metrics come from held-out scores, with
        identical texts always on the same side.

    Raises
    ------
    MissingColumnsError
        If ``text`` or ``topic`` is absent.
    TopicTrainingError
        If no row is labelled, or fewer than two topics have enough different texts.
    """
    method = method or TopicMethod()
    rows, left_out = _teaching_rows(labelled, method)
    found, codes = np.unique(rows["topic"].to_numpy(dtype=str), return_inverse=True)
    names = tuple(map(str, found))
    counts = count_terms(rows["text"], method)
    commonest = int(np.bincount(codes).argmax())
    scores, keyword_answers = _held_out(rows["text"], counts, codes, method, seed)
    calibration = calibrate(scores, codes, method)
    everything = np.arange(len(codes))
    features, coefficients, intercepts = _fit(counts, codes, everything, method, seed)
    remembered = features.remembered
    return TopicModel(
        method=method,
        seed=seed,
        topics=names,
        features=features.without_forgotten(),
        coefficients=coefficients[remembered],
        intercepts=intercepts,
        calibration=calibration,
        keywords=telling_terms(counts, codes, topics=len(names), how_many=method.keywords),
        commonest=commonest,
        metrics=topic_metrics(
            scores,
            codes,
            topics=names,
            calibration=calibration,
            by_majority=np.full(len(codes), commonest),
            by_keyword=keyword_answers,
        ),
        trained_rows=len(rows),
        left_out=left_out,
        data_hash=_data_hash(rows),
    )


def labelled_rows(labelled: pd.DataFrame, method: TopicMethod) -> pd.DataFrame:
    """Return what can teach or test: ``text`` as the model reads it, and ``topic``.

    Sorted, so that the order in which a file lists its rows changes nothing.
    """
    if missing := {"text", "topic"} - set(labelled.columns):
        raise MissingColumnsError(missing, "the labelled file")
    subjects = labelled.get("subject")
    rows = pd.DataFrame(
        {
            "text": readable_texts(
                labelled["text"], subjects, maximum_characters=method.maximum_characters
            ),
            "topic": labelled["topic"].astype("string").str.strip().fillna(""),
        }
    )
    kept = rows[rows["text"].ne("") & rows["topic"].ne("")]
    return kept.sort_values(["topic", "text"], ignore_index=True)


def _teaching_rows(
    labelled: pd.DataFrame, method: TopicMethod
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the rows of topics with enough examples, and the topics left out."""
    rows = labelled_rows(labelled, method)
    if rows.empty:
        raise TopicTrainingError(
            "no row has both a text and a topic. Label some enquiries first: write the topic "
            "in the topic column."
        )
    spelt_alike = rows.assign(text=rows["text"].str.casefold()).drop_duplicates()
    different = spelt_alike["topic"].value_counts().sort_index()
    few = different[different < method.minimum_examples]
    enough = len(different) - len(few)
    if enough < 2:
        wanting = ", ".join(f"{topic} ({n})" for topic, n in few.items()) or "another topic"
        raise TopicTrainingError(
            f"a model needs at least two topics with {method.minimum_examples} different texts "
            f"each, and {enough or 'none'} has them. Label more of: {wanting}."
        )
    kept = rows[~rows["topic"].isin(few.index)].reset_index(drop=True)
    if not kept["text"].str.contains(r"\w\w").any():
        raise TopicTrainingError(
            "no labelled text holds a word of two letters. Check that the text column is right."
        )
    return kept, {str(topic): int(n) for topic, n in few.items()}


def _fit(
    counts: TermCounts, codes: Codes, rows: NDArray[np.intp], method: TopicMethod, seed: int
) -> tuple[Features, Floats, Floats]:
    """Fit the linear model on `rows`; the coefficients' rows are all of `counts`'s terms."""
    features = fit_features(counts, rows, method)
    sizes = np.bincount(codes[rows], minlength=int(codes.max()) + 1)
    present = np.flatnonzero(sizes)
    weights = (len(rows) / (len(present) * sizes[present])) ** method.balance
    machine = LinearSVC(
        C=method.penalty,
        class_weight=dict(zip(present.tolist(), weights.tolist(), strict=True)),
        random_state=seed,
    ).fit(features.weigh(counts.of(rows)), codes[rows])
    coefficients, intercepts = machine.coef_, machine.intercept_
    if len(present) == 2:  # scikit-learn then keeps one row: the second topic against the first
        coefficients = np.vstack([-coefficients, coefficients])
        intercepts = np.concatenate([-intercepts, intercepts])
    everything = np.zeros((features.size, len(sizes)), dtype=np.float32)
    everything[:, present] = coefficients.T
    # A topic that no fold row shows scores like one that surely doesn't fit.
    offsets = np.full(len(sizes), -1.0, dtype=np.float32)
    offsets[present] = intercepts
    return features, everything, offsets


def _held_out(
    texts: pd.Series, counts: TermCounts, codes: Codes, method: TopicMethod, seed: int
) -> tuple[Scores, Codes]:
    """Return each text's scores, and the keyword rule's answer, from the folds it is not in."""
    topics = int(codes.max()) + 1
    scores = np.zeros((len(codes), topics))
    keyword_answers = np.zeros(len(codes), dtype=np.intp)
    same, _ = pd.factorize(texts.str.casefold())
    folds = StratifiedGroupKFold(method.folds, shuffle=True, random_state=seed)
    for train, test in folds.split(codes, codes, same):
        features, coefficients, intercepts = _fit(counts, codes, train, method, seed)
        unseen = counts.of(test)
        scores[test] = features.weigh(unseen) @ coefficients + intercepts
        keywords = telling_terms(
            counts.of(train), codes[train], topics=topics, how_many=method.keywords
        )
        majority = int(np.bincount(codes[train]).argmax())
        keyword_answers[test] = by_keyword(unseen, keywords, majority=majority)
    return scores, keyword_answers


def _data_hash(rows: pd.DataFrame) -> str:
    written = json.dumps(rows[["topic", "text"]].to_numpy(dtype=object).tolist())
    return hashlib.sha256(written.encode()).hexdigest()
