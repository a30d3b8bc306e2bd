"""The review loop on any file: a workbook of its rows out, people's answers back as labels."""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from insight.topics import TopicModel, classify
from insight.topics.agreement import Kappa
from insight.topics.labels import one_spelling
from insight.topics.queue import CONTROL, ReviewSize, review_queue
from pipelines.edge.labelled_files import read_labelled
from pipelines.edge.review_workbook import NONE_OF_THESE, read_review
from pipelines.edge.workbook import csv_text
from pipelines.steps.topic_labels import KEY, conflicts, row_ids, settled
from pipelines.steps.topic_review import ReviewError, agreement, save_workbook
from pipelines.steps.topic_training import SEED
from pipelines.steps.topics import fitting_model

SOURCE = "file"
LABEL_COLUMNS = ("row", "text", "topic", "reviewers")


@dataclass(frozen=True, slots=True)
class FileReviews:
    """What people said of a file's rows.

    Parameters
    ----------
    labels
        `LABEL_COLUMNS` and ``kind``: rows on which nobody differs; ``row`` counts from 0.
    conflicts
        ``enquiry_id`` (the row) and ``said``.
    unknown
        Ids of answered rows that the file doesn't have, or whose text has changed.
    kappa
        How far the two with most rows in common agree; None with one reviewer.
    """

    labels: pd.DataFrame
    conflicts: pd.DataFrame
    unknown: tuple[str, ...]
    kappa: Kappa | None


def write_file_review(
    file: Path,
    folder: Path,
    to: Path,
    *,
    text: str,
    label: str | None = None,
    encoder_folder: Path | None = None,
) -> int:
    """Write a workbook of a file's rows that people should look at; return how many it has.

    Raises
    ------
    InsightError
        If the file or the model can't be read, or the workbook can't be written.
    """
    model, encoder = fitting_model(folder, encoder_folder)
    rows = _rows(file, text, label)
    answers = classify(model, rows["text"], encoder=encoder)
    queue = review_queue(rows, answers, size=ReviewSize(), seed=SEED)
    if queue.empty:
        raise ReviewError(f"{file.name} has no row to review.")
    return save_workbook(
        queue, rows[rows["topic"].notna()], model, to, version=_version(model), council=file.name
    )


def read_file_reviews(file: Path, filled: list[Path], *, text: str) -> FileReviews:
    """Read the workbooks that people filled in on a file's rows; each names a reviewer.

    Raises
    ------
    InsightError
        If the file or a workbook can't be read, or no topic is filled in.
    """
    rows = _rows(file, text, None)
    ids = rows[[*KEY, "text"]].assign(row=row_ids(rows))
    said = pd.concat([read_review(path).rows.assign(reviewer=path.stem) for path in filled])
    if said.empty:
        raise ReviewError("No topic is filled in; there is nothing to take in.")
    said = said.assign(topic=one_spelling(said["topic"], [NONE_OF_THESE]))
    joined = said.merge(ids, on="row", how="left")
    known = joined[joined["enquiry_id"].notna()]
    agreed = settled(known)
    who = known.groupby("enquiry_id")["reviewer"].agg(", ".join)
    labels = pd.DataFrame(
        {
            "row": agreed["enquiry_id"].astype("int64"),
            "text": agreed["text"],
            "topic": agreed["topic"],
            "reviewers": agreed["enquiry_id"].map(who),
            "kind": agreed["kind"],
        }
    ).sort_values("row", ignore_index=True)
    return FileReviews(
        labels,
        conflicts(known),
        tuple(joined.loc[joined["enquiry_id"].isna(), "row"]),
        agreement(known),
    )


def write_labels(found: FileReviews, to: Path) -> None:
    """Write the settled labels as CSV, which `insight topics train` reads.

    Raises
    ------
    ReviewError
        If the file can't be written.
    """
    try:
        to.write_text(csv_text(found.labels, LABEL_COLUMNS), encoding="utf-8", newline="")
    except OSError as error:
        raise ReviewError(f"{to} can't be written ({error.strerror}). Close it first.") from error


def write_control(found: FileReviews, to: Path) -> tuple[FileReviews, int]:
    """Write the control rows apart, so that they teach nothing; return the rest and how many.

    Raises
    ------
    ReviewError
        If `to` is there already, because a control set is kept as it is, or can't be written.
    """
    if to.exists():
        raise ReviewError(
            f"{to.name} is there already, and a control set is kept as it is. Give another name."
        )
    drawn = found.labels["kind"].eq(CONTROL)
    write_labels(replace(found, labels=found.labels[drawn]), to)
    return replace(found, labels=found.labels[~drawn]), int(drawn.sum())


def _rows(file: Path, text: str, label: str | None) -> pd.DataFrame:
    """Return a file's rows as the review loop knows enquiries, those without a text left out."""
    read = read_labelled(file, text=text, label=label)
    topic = read.get("topic", pd.Series(pd.NA, index=read.index, dtype="string")).str.strip()
    rows = pd.DataFrame(
        {
            "source": SOURCE,
            "enquiry_id": read.index.astype("string"),
            "text": read["text"],
            "topic": topic.mask(topic.eq("")),
        }
    )
    return rows[rows["text"].fillna("").str.strip().ne("")]


def _version(model: TopicModel) -> str:
    return model.data_hash[:12]
