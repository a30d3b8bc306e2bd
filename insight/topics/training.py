"""Train a topic model on texts that people labelled."""

import hashlib
import json

import numpy as np
import pandas as pd

from insight.errors import InsightError, MissingColumnsError
from insight.topics.baselines import count_words, telling_terms
from insight.topics.calibration import Codes, calibrate, confusion_matrix
from insight.topics.classifier import TopicModel
from insight.topics.features import Encoder, Readings, read_texts, readable_texts
from insight.topics.held_out import STRANGER, LearningTask, held_out_scores
from insight.topics.kept_together import counted_once, kept_together, spelt_alike
from insight.topics.labels import one_spelling
from insight.topics.method import TopicMethod
from insight.topics.metrics import topic_metrics
from insight.topics.mixing import fit_mixing
from insight.topics.prevalence import counted_shares, fit_sharpness
from insight.topics.scope import PLAIN, fit_scope
from insight.topics.self_training import Pool, read_pool

_FEWEST_IN_POOL = 50


class TopicTrainingError(InsightError):
    """The labelled texts cannot teach a model."""


def train_topics(
    labelled: pd.DataFrame,
    *,
    method: TopicMethod | None = None,
    seed: int,
    out_of_scope: str | None = None,
    pool: pd.Series | None = None,
    encoder: Encoder | None = None,
    encoder_hash: str = "",
) -> TopicModel:
    """Learn topics from labelled texts.

    Parameters
    ----------
    labelled
        ``text``, ``topic`` and, where there is one, ``subject`` and ``thread_id`` (the
        conversation). Rows without a topic or without text are passed over.
    method
        The choices made; the defaults of `TopicMethod` unless given.
    seed
        The same seed and rows, in any order, give the same model.
    out_of_scope
        The label of texts that belong to no topic, where people gave one. They teach the model
        what to stay silent on, and are no topic of its answers.
    pool
        Texts that nobody has labelled. They are learnt from where labels are few, see
        `TopicMethod.few_examples`.
    encoder, encoder_hash
        A sentence encoder to read the texts with too, and what it is known by.

    Returns
    -------
    TopicModel
        Fitted on every usable row; thresholds and metrics come from held-out scores, with
        equal texts and conversations always on the same side.

    Raises
    ------
    MissingColumnsError
        If ``text`` or ``topic`` is absent.
    TopicTrainingError
        If no row is labelled, or fewer than two topics have enough different texts.
    """
    method = method or TopicMethod()
    rows, left_out = _teaching_rows(labelled, method, out_of_scope)
    strange = rows["topic"].eq(out_of_scope or "").to_numpy(dtype=bool)
    found, inside = np.unique(rows["topic"].to_numpy(dtype=str)[~strange], return_inverse=True)
    names = tuple(map(str, found))
    codes = np.full(len(rows), STRANGER, dtype=np.intp)
    codes[~strange] = inside
    readings = read_texts(rows["text"], method, encoder)
    name_readings = read_texts(_as_texts(names), method, encoder)
    task = LearningTask(
        readings,
        name_readings,
        count_words(rows["text"]),
        codes,
        len(names),
        kept_together(rows["text"], rows.get("thread_id"), rows["topic"]),
        _pool(pool, inside, method, encoder, seed=seed, beside=(readings, name_readings)),
        method,
        seed,
    )
    held_out = held_out_scores(task)
    scope = PLAIN if not strange.any() else fit_scope(held_out.signals, strange)
    strangeness = scope.strangeness(held_out.signals)
    mixing, scores = fit_mixing(held_out.scores, held_out.evidence, codes, held_out.part)
    machine = task.fit(np.arange(len(rows)), held_out.blend)
    counts = counted_once(machine.features.weigh(readings.counts), codes)
    calibration = calibrate(scores, codes, strangeness, counts, method)
    commonest = int(np.bincount(inside).argmax())
    return TopicModel(
        method=method,
        seed=seed,
        topics=names,
        machine=machine,
        scope=scope,
        mixing=mixing,
        calibration=calibration,
        confusion=confusion_matrix(calibration.answers(scores[~strange]), inside, len(names)),
        sharpness=fit_sharpness(
            calibration.beliefs(scores[~strange]),
            inside,
            counted_shares(inside, len(names)),
            seed=seed,
        ),
        keywords=telling_terms(
            task.words.of(np.flatnonzero(~strange)),
            inside,
            topics=len(names),
            how_many=method.keywords,
        ),
        commonest=commonest,
        metrics=topic_metrics(
            scores,
            codes,
            topics=names,
            calibration=calibration,
            by_majority=np.full(len(codes), commonest),
            by_keyword=held_out.keyword_answers,
            strangeness=strangeness,
        ),
        trained_rows=len(rows),
        left_out=left_out,
        data_hash=_data_hash(rows),
        encoder_hash=encoder_hash,
    )


def labelled_rows(
    labelled: pd.DataFrame, method: TopicMethod, out_of_scope: str | None = None
) -> pd.DataFrame:
    """Return what can teach or test: ``text`` as the model reads it, ``topic``, ``thread_id``.

    The last only where `labelled` has it; topics in one spelling each. Sorted, so that the order in
    which a file lists its rows changes nothing.
    """
    if missing := {"text", "topic"} - set(labelled.columns):
        raise MissingColumnsError(missing, "the labelled file")
    subjects = labelled.get("subject")
    rows = pd.DataFrame(
        {
            "text": readable_texts(
                labelled["text"], subjects, maximum_characters=method.maximum_characters
            ),
            "topic": one_spelling(labelled["topic"], [out_of_scope] if out_of_scope else []).fillna(
                ""
            ),
        }
    )
    if "thread_id" in labelled.columns:
        rows["thread_id"] = labelled["thread_id"].astype("string")
    kept = rows[rows["text"].ne("") & rows["topic"].ne("")]
    return kept.sort_values(["topic", *kept.columns.drop("topic")], ignore_index=True)


def _teaching_rows(
    labelled: pd.DataFrame, method: TopicMethod, out_of_scope: str | None
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the rows of topics with enough examples, and the topics left out."""
    rows = labelled_rows(labelled, method, out_of_scope)
    if rows.empty:
        raise TopicTrainingError(
            "no row has both a text and a topic. Label some enquiries first: write the topic "
            "in the topic column."
        )
    words = pd.DataFrame({"topic": rows["topic"], "text": spelt_alike(rows["text"])})
    different = words.drop_duplicates()["topic"].value_counts().sort_index()
    few = different[different < method.minimum_examples]
    enough = len(different.drop(few.index).drop(out_of_scope or "", errors="ignore"))
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


def _as_texts(names: tuple[str, ...]) -> pd.Series:
    """Return the topics' names as somebody might write them: a name is an example too."""
    return pd.Series(names, dtype="string").str.replace(r"[_\-/|]+", " ", regex=True)


def _pool(
    texts: pd.Series | None,
    codes: Codes,
    method: TopicMethod,
    encoder: Encoder | None,
    *,
    seed: int,
    beside: tuple[Readings, Readings],
) -> Pool | None:
    """Read the pool, where there is one and labels are few enough to need it."""
    if texts is None or np.median(np.bincount(codes)) > method.few_examples:
        return None
    read = readable_texts(texts, maximum_characters=method.maximum_characters)
    different = read[read.ne("")].drop_duplicates().sort_values(ignore_index=True)
    if len(different) < _FEWEST_IN_POOL:
        return None
    return read_pool(*beside, read_texts(different, method, encoder), method, seed)


def _data_hash(rows: pd.DataFrame) -> str:
    written = json.dumps(rows[["topic", "text"]].to_numpy(dtype=object).tolist())
    return hashlib.sha256(written.encode()).hexdigest()
