"""A trained topic model, and its answers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.errors import InsightError
from insight.parsing import is_missing
from insight.topics.baselines import Keywords
from insight.topics.calibration import Calibration, Scores
from insight.topics.features import Encoder, read_texts, readable_texts
from insight.topics.kept_together import spelt_alike
from insight.topics.machine import Machine, blended
from insight.topics.method import TopicMethod
from insight.topics.metrics import Metrics
from insight.topics.mixing import Mixing, clause_evidence
from insight.topics.scope import Scope, scope_signals

# Bounds memory: scores of a batch are dense, one column a topic.
BATCH = 5_000
_UNREADABLE = 1_000.0
_FEW_TERMS, _HALF, _NEARLY_ALL = 10, 0.5, 0.9
_PLACEHOLDERS = frozenset({"no comment", "no comments", "nothing", "nothing to add", "nil"})


class EncoderMismatchError(InsightError):
    """A model was asked to answer without the sentence encoder it was trained with."""


@dataclass(frozen=True, eq=False)
class Judgement:
    """What a model makes of some texts, before it decides what to say.

    Parameters
    ----------
    scores
        Mixed scores, one row a text and one column a topic.
    strangeness
        How unlike all topics each text looks.
    readable
        Which texts there is something to go by in (`something_to_go_by`).
    """

    scores: Scores
    strangeness: Scores
    readable: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TopicModel:
    """A trained topic model: plain arrays and names, nothing that runs when loaded.

    Parameters
    ----------
    method, seed
        How it was trained.
    topics
        Names of the topics, in the order of the columns of scores.
    machine
        Scores a text for each topic and, where it was taught that, as a stranger last.
    scope
        Tells from the scores how strange a text looks.
    mixing
        What the topics' scores say of each other.
    calibration
        Temperature and thresholds, set on held-out scores.
    confusion
        Held-out answers, one row a true topic, one column an answer.
    sharpness
        How near corrected shares come to counting answers
        (`insight.topics.prevalence.fit_sharpness`).
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
    encoder_hash
        Which sentence encoder it was trained with; empty without one.
    """

    method: TopicMethod
    seed: int
    topics: tuple[str, ...]
    machine: Machine
    scope: Scope
    mixing: Mixing
    calibration: Calibration
    confusion: NDArray[np.int64]
    sharpness: float
    keywords: Keywords
    commonest: int
    metrics: Metrics
    trained_rows: int
    left_out: dict[str, int]
    data_hash: str
    encoder_hash: str = ""

    def judge(self, texts: pd.Series, encoder: Encoder | None = None) -> Judgement:
        """Return scores and strangeness of texts, as `insight.topics.features.readable_texts` does.

        A text with nothing to go by is stranger than any threshold.

        Raises
        ------
        EncoderMismatchError
            If the texts were read without the encoder that the model needs, or with another.
        """
        readings = read_texts(texts, self.method, encoder)
        needed, given = self.machine.sentence_numbers, readings.sentences.shape[1]
        if needed != given:
            raise EncoderMismatchError(
                f"this model was trained with sentence numbers of length {needed} and was given "
                f"{given}. Use the encoder it was trained with, or train the topics again."
            )
        machine, mixing = self.machine, self.mixing
        topics = len(mixing.biases)
        of_terms, of_meaning = machine.both(readings)
        scores = of_terms  # columns after the topics are strangers'
        if of_meaning is not None:
            scores = blended(of_terms, of_meaning, machine.blend)
        known = machine.features.known_share(readings)
        readable = something_to_go_by(texts, machine.features.known_terms(readings), known)
        signals = scope_signals(scores[:, :topics], known, strangers_of(scores, topics))
        strangeness = self.scope.strangeness(signals) + np.where(readable, 0.0, _UNREADABLE)
        evidence = None
        if mixing.clauses.any():
            said = machine.linear.scores(readings.clauses)[:, :topics]
            evidence = clause_evidence(of_terms[:, :topics], said, readings.shares)
        return Judgement(mixing.mix(scores[:, :topics], evidence), strangeness, readable)


def something_to_go_by(
    texts: pd.Series, terms: NDArray[np.intp], share: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return which texts say something that a model can go by.

    Parameters
    ----------
    texts
        As `insight.topics.features.readable_texts` gives them.
    terms, share
        How many of each text's different terms the model knows, and the share of them.

    Notes
    -----
    A text's terms are weighed to a length of one, so that a single known one of "N/A" would
    count like a whole letter. Where fewer than ten are known, which is two short words, and most
    are not, there is nothing to go by; and nothing in what people put into a box that they must
    fill in ("N/A", "no comment"), unless the model was taught those very words.
    """
    hollow = (is_missing(texts) | spelt_alike(texts).isin(_PLACEHOLDERS)).to_numpy(dtype=bool)
    guessed = (terms < _FEW_TERMS) & (share < _HALF)
    return np.asarray((terms > 0) & ~guessed & ~(hollow & (share < _NEARLY_ALL)))


def strangers_of(scores: Scores, topics: int) -> Scores | None:
    """Return the column of scores as a stranger, where there is one."""
    return scores[:, topics] if scores.shape[1] > topics else None


def classify(
    model: TopicModel,
    texts: pd.Series,
    subjects: pd.Series | None = None,
    *,
    encoder: Encoder | None = None,
) -> pd.DataFrame:
    """Answer with a topic, or withhold the answer.

    Parameters
    ----------
    model
        From `insight.topics.training.train_topics`.
    texts, subjects
        One text a row and, where there is one, its subject line.
    encoder
        The sentence encoder that the model was trained with, if it was.

    Returns
    -------
    pandas.DataFrame
        With the index of `texts`: ``topic``, empty where the answer is withheld;
        ``confidence`` (0 to 1) in the likeliest topic; ``runner_up``, the likeliest topic
        that was not given (the guess itself, where it was withheld); ``accepted``;
        ``label``, the guess whether given or withheld; and ``oos_score``, the higher the
        less like any topic. A text with nothing to go by (`something_to_go_by`) gets no
        runner-up and a confidence of 0; its label is merely a guess.

    Raises
    ------
    EncoderMismatchError
        If the model needs an encoder and gets none, or another.
    """
    read = readable_texts(texts, subjects, maximum_characters=model.method.maximum_characters)
    parts = [
        _answers(model, read.iloc[start : start + BATCH], encoder)
        for start in range(0, max(len(read), 1), BATCH)
    ]
    return pd.concat(parts)


def _answers(model: TopicModel, read: pd.Series, encoder: Encoder | None) -> pd.DataFrame:
    judgement = model.judge(read, encoder)
    scores, readable = judgement.scores, judgement.readable
    accepted = model.calibration.accepts(scores, judgement.strangeness) & readable
    order = np.argsort(-model.calibration.ranks(scores), axis=1, kind="stable")
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
            "label": pd.array(names[first], dtype="string"),
            "oos_score": judgement.strangeness,
        },
        index=read.index,
    )
