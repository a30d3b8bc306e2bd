"""How well topics are told where there is no test file: by held-out folds of the labelled texts."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from insight.intervals import wilson
from insight.topics import TopicMethod, classify, train_topics
from insight.topics.features import Encoder
from insight.topics.folds import FoldScores, score_in_folds
from pipelines.edge.labelled_files import read_labelled
from pipelines.edge.review_workbook import NONE_OF_THESE
from pipelines.edge.topic_models import model_bytes
from pipelines.edge.workspace import Workspace
from pipelines.steps.topic_labels import KEY, control_set, out_of_scope, training_labels
from pipelines.steps.topic_training import SEED, answers_of, council_encoder
from pipelines.steps.topic_versions import model_in_use
from pipelines.steps.topics import (
    FIGURES,
    Columns,
    Figure,
    given_encoder,
    peak_memory_bytes,
    predictions,
)

FOLDS = 5


@dataclass(frozen=True, slots=True)
class FoldReport:
    """What held-out folds came to.

    Parameters
    ----------
    figures
        As `insight topics evaluate --json` prints them. Fit, speed and size are those of one
        model of all the labelled texts.
    answers
        One row a labelled text: ``row``, ``label``, ``confidence``, ``oos_score``, ``accepted``;
        for a workspace's with ``source`` and ``enquiry_id`` before them.
    words
        What a person should know beside the figures.
    """

    figures: dict[str, Figure]
    answers: pd.DataFrame
    words: tuple[str, ...]


def evaluate_file_in_folds(
    train: Path,
    columns: Columns,
    *,
    folds: int = FOLDS,
    pool: Path | None = None,
    encoder_folder: Path | None = None,
) -> FoldReport:
    """Score each labelled text of a file by a model that never saw it.

    Raises
    ------
    InsightError
        If a file can't be read, lacks a column or teaches too little.
    """
    labelled = read_labelled(train, text=columns.text, label=columns.label)
    unlabelled = read_labelled(pool, text=columns.text)["text"] if pool is not None else None
    encoder, encoder_hash = given_encoder(encoder_folder)
    return _report(labelled, folds, None, columns.out_of_scope, unlabelled, (encoder, encoder_hash))


def evaluate_workspace(workspace: Workspace, *, folds: int = FOLDS) -> FoldReport:
    """Score the workspace's labelled and reviewed enquiries, each by a model that never saw it.

    Raises
    ------
    InsightError
        If there are too few labels to learn from.
    """
    labelled = training_labels(workspace).sort_values(KEY, ignore_index=True)
    method = TopicMethod(wanted_precision=workspace.settings.topic_precision)
    found = _report(
        labelled, folds, method, out_of_scope(labelled), None, council_encoder(workspace)
    )
    keyed = labelled.loc[found.answers["row"], KEY].reset_index(drop=True)
    return FoldReport(
        found.figures, keyed.join(found.answers), (*found.words, _control_words(workspace))
    )


def _report(
    labelled: pd.DataFrame,
    folds: int,
    method: TopicMethod | None,
    strange: str | None,
    pool: pd.Series | None,
    reader: tuple[Encoder | None, str],
) -> FoldReport:
    encoder, encoder_hash = reader
    started = time.process_time()
    model = train_topics(
        labelled, method=method, seed=SEED, out_of_scope=strange, pool=pool,
        encoder=encoder, encoder_hash=encoder_hash,
    )  # fmt: skip
    fitted = time.process_time()
    classify(model, labelled["text"], labelled.get("subject"), encoder=encoder)
    seconds = time.process_time() - fitted
    found = score_in_folds(
        labelled, folds=folds, seed=SEED, method=method, out_of_scope=strange, pool=pool,
        encoder=encoder, encoder_hash=encoder_hash,
    )  # fmt: skip
    scored = {name: value for name, value in found.figures.items()}
    result: dict[str, Figure] = {
        "n_train": model.trained_rows,
        "n_test": len(found.answers),
        **{name: value for name, value in scored.items() if isinstance(value, float | None)},
        "fit_cpu_seconds": fitted - started,
        "texts_per_cpu_second": len(labelled) / seconds if seconds else None,
        "artefact_bytes": len(model_bytes(model)),
        "peak_rss_bytes": peak_memory_bytes(),
    }
    told = predictions(found.answers, rows=found.answers.index)
    return FoldReport({name: result[name] for name in FIGURES}, told, _words(found, folds))


def _words(found: FoldScores, folds: int) -> tuple[str, ...]:
    accuracy = found.figures["accuracy"]
    if accuracy is None or found.smallest is None or found.largest is None:
        return ()
    lower, upper = wilson(accuracy, found.inside)
    return (
        f"By {folds} held-out folds of {found.inside:,} labelled texts: each was told by a model "
        f"that had not seen it. Right: {accuracy:.1%} (95% interval {float(lower):.1%} to "
        f"{float(upper):.1%}); the folds lie between {found.smallest:.1%} and "
        f"{found.largest:.1%}.",
    )


def _control_words(workspace: Workspace) -> str:
    """Say how the model in use fares on the control set: of its kind the only random sample."""
    control = control_set(workspace)
    if control.empty:
        return (
            "Labelled texts are not a random sample. Next: insight topics review --to FILE.xlsx "
            "holds one; label its control rows to know how the model fares on all enquiries."
        )
    model, version = model_in_use(workspace)
    answers = answers_of(workspace, model, control)
    true = control["topic"].to_numpy(dtype=str)
    label, given = answers["label"].to_numpy(dtype=str), answers["accepted"].to_numpy(dtype=bool)
    # Of a text that belongs to no topic, silence is the right answer.
    right = float(np.where(true == NONE_OF_THESE, ~given, label == true).mean())
    lower, upper = wilson(right, len(control))
    return (
        f"Of the {len(control)} control texts, drawn at random, the model in use ({version}) tells "
        f"{right:.1%} rightly (95% interval {float(lower):.1%} to {float(upper):.1%})."
    )
