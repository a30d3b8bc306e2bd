"""A trained topic model, and its answers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.topics.baselines import Keywords
from insight.topics.calibration import Calibration, Scores
from insight.topics.features import Features, Floats, TermCounts, count_terms, readable_texts
from insight.topics.method import TopicMethod
from insight.topics.metrics import Metrics

# Bounds memory: scores of a batch are dense, one column a topic.
_BATCH = 20_000
_UNREADABLE = 1_000.0


@dataclass(frozen=True, eq=False)
class TopicModel:
    """A trained topic model: plain arrays and names, nothing that runs when loaded.

    Parameters
    ----------
    method, seed
        How it was trained.
    topics
        Names of the topics, in the order of the columns of scores.
    features
        The terms it knows and their weights.
    coefficients
        One row a term, one column a topic.
    intercepts
        One a topic.
    calibration
        Temperature and thresholds, set on held-out scores.
    keywords
        Each topic's telling terms.
    commonest
        Column of the topic with most examples.
    metrics
        Held-out metrics: every text scored by a model that had not seen it.
    trained_rows
        Labelled texts it was trained on.
    left_out
        Topics with too few examples, and how many they have.
    data_hash
        SHA-256 of the labelled texts, whatever their order.
    """

    method: TopicMethod
    seed: int
    topics: tuple[str, ...]
    features: Features
    coefficients: Floats
    intercepts: Floats
    calibration: Calibration
    keywords: Keywords
    commonest: int
    metrics: Metrics
    trained_rows: int
    left_out: dict[str, int]
    data_hash: str

    def scores(self, counts: TermCounts) -> Scores:
        """Return raw scores, one row a text and one column a topic.

        A text without a known term scores the same order of topics, but below any threshold.
        """
        raw: Scores = np.asarray(
            self.features.weigh(counts) @ self.coefficients + self.intercepts, dtype=np.float64
        )
        return raw - np.where(self.features.reads(counts), 0.0, _UNREADABLE)[:, None]


def classify(
    model: TopicModel, texts: pd.Series, subjects: pd.Series | None = None
) -> pd.DataFrame:
    """Answer with a topic, or withhold the answer.

    Parameters
    ----------
    model
        From `insight.topics.training.train_topics`.
    texts, subjects
        One text a row and, where there is one, its subject line.

    Returns
    -------
    pandas.DataFrame
        With the index of `texts`: ``topic``, empty where the answer is withheld;
        ``confidence`` (0 to 1) in the likeliest topic; ``runner_up``, the likeliest topic
        that was not given (the guess itself, where it was withheld); and ``accepted``.
        A text without a single known term gets no guess and a confidence of 0.
    """
    read = readable_texts(texts, subjects, maximum_characters=model.method.maximum_characters)
    parts = [
        _answers(model, read.iloc[start : start + _BATCH])
        for start in range(0, max(len(read), 1), _BATCH)
    ]
    return pd.concat(parts)


def _answers(model: TopicModel, read: pd.Series) -> pd.DataFrame:
    counts = count_terms(read, model.method, model.features)
    scores = model.scores(counts)
    readable = model.features.reads(counts)
    accepted = model.calibration.accepts(scores) & readable
    order = np.argsort(-scores, axis=1, kind="stable")
    names = np.append(np.asarray(model.topics, dtype=object), "")
    nothing = len(model.topics)
    first, second = order[:, 0], order[:, 1]
    return pd.DataFrame(
        {
            "topic": pd.array(names[np.where(accepted, first, nothing)], dtype="string"),
            "confidence": np.where(readable, model.calibration.confidences(scores), 0.0),
            "runner_up": pd.array(
                names[np.where(readable, np.where(accepted, second, first), nothing)],
                dtype="string",
            ),
            "accepted": accepted,
        },
        index=read.index,
    )
