"""Teach topics from any labelled file, measure them on another, and name the topics of a third."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from insight.errors import InsightError
from insight.topics import TopicMethod, TopicModel, classify, train_topics
from insight.topics.features import Encoder
from insight.topics.labels import one_spelling
from insight.topics.scoring import NO_FIGURES, score_answers, topic_beliefs
from pipelines.edge.labelled_files import read_labelled
from pipelines.edge.sentence_encoder import load_encoder
from pipelines.edge.topic_folders import read_folder, write_folder
from pipelines.edge.topic_history import read_history
from pipelines.edge.topic_models import model_bytes
from pipelines.steps.topic_control_files import ControlSet, read_control, without_control
from pipelines.steps.topic_training import SEED

SHOWN = 5
PREDICTION_COLUMNS = ("row", "label", "confidence", "oos_score", "accepted")
Figure = float | int | None


class ModelFitError(InsightError):
    """A model and a file that don't go together."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Headings of a labelled file, and the label that says "none of the topics"."""

    text: str
    label: str
    out_of_scope: str | None = None


def evaluate_files(
    train: Path,
    test: Path,
    columns: Columns,
    *,
    pool: Path | None = None,
    encoder_folder: Path | None = None,
    method: TopicMethod | None = None,
) -> tuple[dict[str, Figure], pd.DataFrame, tuple[str, ...]]:
    """Train on one file and score another, which is not opened until the model is made.

    Returns
    -------
    dict, pandas.DataFrame, tuple of str
        The figures of ``docs/topics-evaluate.schema.json``; one row a row of `test`: ``row``
        (from 0), ``label``, ``confidence``, ``oos_score`` and ``accepted``; and what a person
        should know beside them.

    Raises
    ------
    InsightError
        If a file can't be read, lacks a column or teaches too little.
    """
    encoder, encoder_hash = given_encoder(encoder_folder)
    model, figures = _taught(train, columns, pool, encoder, encoder_hash, method)
    unseen = read_labelled(test, text=columns.text, label=columns.label, label_needed=False)
    started = time.process_time()
    answers = classify(model, unseen["text"], encoder=encoder)
    seconds = time.process_time() - started
    scored = NO_FIGURES
    if "topic" in unseen and len(unseen):
        _same_topics(model, unseen["topic"], columns, test)
        beliefs = topic_beliefs(model, unseen["text"], encoder=encoder)
        scored = score_answers(
            model, answers, beliefs, unseen["topic"], out_of_scope=columns.out_of_scope
        )
    result: dict[str, Figure] = {
        "n_train": model.trained_rows,
        "n_test": len(unseen),
        **{name: value for name, value in scored.items() if isinstance(value, float | None)},
        **figures,
        "texts_per_cpu_second": len(unseen) / seconds if seconds and len(unseen) else None,
        "artefact_bytes": len(model_bytes(model)),
        "peak_rss_bytes": peak_memory_bytes(),
    }
    told = {name: result[name] for name in FIGURES}
    return told, predictions(answers), _of_labels(model, unseen, columns, test)


def _of_labels(
    model: TopicModel, unseen: pd.DataFrame, columns: Columns, test: Path
) -> tuple[str, ...]:
    """Say which of the test file's labels no answer can be right for."""
    if "topic" not in unseen:
        return ()
    labels = _spelt(model, unseen["topic"], columns)
    strange = labels.eq(columns.out_of_scope or "")
    untaught = labels[~strange & ~labels.isin(["", *model.topics])]
    words = []
    if len(untaught):
        names = untaught.value_counts().index
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        words.append(
            f"{len(untaught):,} rows of {test.name} have a label that was not taught: "
            f"{', '.join(names[:SHOWN])}{more}. Every answer to them counts as wrong."
        )
    if columns.out_of_scope is not None and not strange.any():
        words.append(f"No row of {test.name} has the label {columns.out_of_scope}.")
    return tuple(words)


FIGURES = (
    "n_train", "n_test", "accuracy", "macro_f1", "ece", "coverage", "precision_on_covered",
    "in_scope_kept", "oos_auroc", "oos_recall", "fit_cpu_seconds", "texts_per_cpu_second",
    "artefact_bytes", "peak_rss_bytes", "prevalence_error_raw", "prevalence_error_corrected",
)  # fmt: skip
"""What `evaluate_files` tells, in this order."""


def predictions(answers: pd.DataFrame, *, rows: pd.Index | None = None) -> pd.DataFrame:
    """Return answers as a file shows them: one row a text, counted from 0 unless `rows` says."""
    numbered = answers.assign(row=range(len(answers)) if rows is None else rows)
    return numbered[list(PREDICTION_COLUMNS)].reset_index(drop=True)


def peak_memory_bytes() -> int | None:
    """Return the most memory this process has held; not known on Windows."""
    try:
        import resource
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def train_file(
    train: Path,
    columns: Columns,
    folder: Path,
    *,
    pool: Path | None = None,
    encoder_folder: Path | None = None,
    control: Path | None = None,
) -> TopicModel:
    """Train on a labelled file and write the model, its card and its pictures into `folder`.

    Texts of a `control` set are left out, so that it can judge the model
    (`pipelines.steps.topic_folder_versions`).

    Raises
    ------
    InsightError
        If a file can't be read, teaches too little, or the folder can't be written or keeps
        models that were in use.
    """
    if read_history(folder):
        raise ModelFitError(
            f"{folder} keeps the models that were in use there. Train into another folder, and put "
            f"that model to use with insight topics promote NEW --model {folder}."
        )
    encoder, encoder_hash = given_encoder(encoder_folder)
    judges = read_control(control, text=columns.text, label=columns.label) if control else None
    model, _ = _taught(train, columns, pool, encoder, encoder_hash, None, judges)
    write_folder(
        model,
        folder,
        data_period=f"in {train.name}",
        control_sha256=judges.sha256 if judges else "",
    )
    return model


def classify_file(
    file: Path, folder: Path, *, text: str, encoder_folder: Path | None = None
) -> pd.DataFrame:
    """Return a topic for each row of a file, by the model that `train_file` wrote.

    Raises
    ------
    InsightError
        If the file or the model can't be read, or the model needs an encoder that isn't given.
    """
    model, encoder = fitting_model(folder, encoder_folder)
    return predictions(classify(model, read_labelled(file, text=text)["text"], encoder=encoder))


def fitting_model(folder: Path, encoder_folder: Path | None) -> tuple[TopicModel, Encoder | None]:
    """Return the model in a folder, and the sentence encoder where it has one.

    Raises
    ------
    InsightError
        If it can't be read, or needs an encoder that isn't given.
    """
    encoder, encoder_hash = given_encoder(encoder_folder)
    model = read_folder(folder)
    if model.encoder_hash != encoder_hash:
        needed = model.encoder_hash[:12] or "none"
        raise ModelFitError(
            f"the model in {folder} was trained with sentence encoder {needed} and was given "
            f"{encoder_hash[:12] or 'none'}. Give the same encoder with --encoder, or train again."
        )
    return model, encoder


def _spelt(model: TopicModel, labels: pd.Series, columns: Columns) -> pd.Series:
    strange = [columns.out_of_scope] if columns.out_of_scope else []
    return one_spelling(labels, [*strange, *model.topics]).fillna("")


def _same_topics(model: TopicModel, labels: pd.Series, columns: Columns, test: Path) -> None:
    """Refuse a test file of which no label is one of the model's topics."""
    labels = _spelt(model, labels, columns)
    labels = labels[~labels.isin(["", columns.out_of_scope])]
    if len(labels) and not labels.isin(model.topics).any():
        raise ModelFitError(
            f"none of the labels in {test.name} is one of the {len(model.topics)} topics that were "
            "taught. Check that both files are of the same council and the same column."
        )


def given_encoder(folder: Path | None) -> tuple[Encoder | None, str]:
    """Return the sentence encoder of a folder and its hash; None and nothing without one."""
    return (None, "") if folder is None else load_encoder(folder)


def _taught(
    train: Path,
    columns: Columns,
    pool: Path | None,
    encoder: Encoder | None,
    encoder_hash: str,
    method: TopicMethod | None,
    control: ControlSet | None = None,
) -> tuple[TopicModel, dict[str, Figure]]:
    labelled = read_labelled(train, text=columns.text, label=columns.label)
    pooled = read_labelled(pool, text=columns.text) if pool is not None else None
    if control is not None:
        labelled = without_control(labelled, control)
        pooled = None if pooled is None else without_control(pooled, control)
    started = time.process_time()
    model = train_topics(
        labelled,
        method=method,
        seed=SEED,
        out_of_scope=columns.out_of_scope,
        pool=None if pooled is None else pooled["text"],
        encoder=encoder,
        encoder_hash=encoder_hash,
    )
    return model, {"fit_cpu_seconds": time.process_time() - started}
