"""The review loop: a workbook out, people's answers back, and how far they agree."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path

import pandas as pd

from insight.errors import InsightError
from insight.topics import TopicMethod, TopicModel, TopicTrainingError
from insight.topics.agreement import Kappa, cohens_kappa
from insight.topics.conversations import first_of_thread
from insight.topics.folds import FoldsError, score_in_folds
from insight.topics.labels import one_spelling
from insight.topics.queue import (
    CONTROL,
    SLIP,
    ReviewSize,
    likely_slips,
    nearest_examples,
    review_queue,
)
from models import TopicReview
from pipelines.edge.review_workbook import NONE_OF_THESE, read_review, review_workbook
from pipelines.edge.store import upsert, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.figures import window
from pipelines.steps.topic_labels import (
    AGREED,
    KEY,
    conflicts,
    out_of_scope,
    reviews,
    row_ids,
    training_labels,
)
from pipelines.steps.topic_training import SEED, answers_of
from pipelines.steps.topic_versions import known_versions, model_in_use

MONTHS_TO_REVIEW = 3
FOLDS = 5


class ReviewError(InsightError):
    """Reviews can't be taken in as they are."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a workbook's rows: taken, unknown, and those on which people differ."""

    taken: int
    unknown: tuple[str, ...]
    conflicts: pd.DataFrame
    kappa: Kappa | None


def write_review(workspace: Workspace, month: date, path: Path) -> int:
    """Write a workbook of what people should look at; return how many rows it has.

    Raises
    ------
    ReviewError
        If there is nothing to review, or the file can't be written.
    """
    model, version = model_in_use(workspace)
    enquiries = read_events(workspace, "enquiries", months=window(month, MONTHS_TO_REVIEW))
    if enquiries.empty:
        raise ReviewError(f"There are no enquiries in the three months to {month:%B %Y} to review.")
    # A reply is no new enquiry, and seldom says by itself what it is about.
    enquiries = enquiries[first_of_thread(enquiries)]
    seen = reviews(workspace)
    known = pd.MultiIndex.from_frame(seen[KEY])
    open_ = enquiries[~pd.MultiIndex.from_frame(enquiries[KEY]).isin(known)]
    answers = answers_of(workspace, model, open_)
    size = ReviewSize()
    slips = doubtful_labels(workspace, seen).head(size.slips)
    queue = review_queue(open_[open_["topic"].isna()], answers, size=size, seed=SEED)
    queue = pd.concat([queue, slips], ignore_index=True)
    return write_queue(workspace, queue, model, version, path)


def doubtful_labels(workspace: Workspace, seen: pd.DataFrame) -> pd.DataFrame:
    """Return labels of the files that look wrong, the surest first, as `likely_slips` does.

    Each is judged by a model that did not learn from it: one that did would side with it. There
    are none to tell where the labels are too few to be cut into folds.
    """
    labelled = training_labels(workspace)
    try:
        found = score_in_folds(
            labelled,
            folds=FOLDS,
            seed=SEED,
            out_of_scope=out_of_scope(labelled),
            method=TopicMethod(wanted_precision=workspace.settings.topic_precision),
        )
    except (FoldsError, TopicTrainingError):
        return labelled.iloc[:0].assign(label="", confidence=0.0, kind=SLIP)
    told = labelled.join(
        found.answers[["label", "confidence", "accepted", "oos_score"]], how="inner"
    )
    known = pd.MultiIndex.from_frame(seen[KEY])
    told = told[~pd.MultiIndex.from_frame(told[KEY]).isin(known)]
    return likely_slips(told.sort_values(KEY, kind="stable")).assign(kind=SLIP)


def write_conflicts(workspace: Workspace, path: Path) -> int:
    """Write a workbook of what reviewers differ on, with who said what; return how many rows.

    Raises
    ------
    ReviewError
        If nobody differs, or the file can't be written.
    """
    found = reviews(workspace)
    differing = conflicts(found)
    if differing.empty:
        raise ReviewError("Reviewers differ on nothing; there is nothing to settle.")
    enquiries = read_events(workspace, "enquiries").merge(differing, on=KEY)
    kinds = found.drop_duplicates(KEY).set_index(KEY)["kind"]
    model, version = model_in_use(workspace)
    queue = enquiries.assign(
        kind=kinds.reindex(pd.MultiIndex.from_frame(enquiries[KEY])).to_numpy(),
        topic=enquiries["said"],
        label="",
        confidence=float("nan"),
    )
    return write_queue(workspace, queue, model, version, path)


def write_queue(
    workspace: Workspace, queue: pd.DataFrame, model: TopicModel, version: str, path: Path
) -> int:
    """Write chosen enquiries with the model's guesses as a workbook; return how many.

    Raises
    ------
    ReviewError
        If the file can't be written.
    """
    settings = workspace.settings
    return save_workbook(
        queue, training_labels(workspace), model, path, version=version, council=settings.name,
        named={topic.name for topic in settings.topics},
    )  # fmt: skip


def save_workbook(
    queue: pd.DataFrame,
    labelled: pd.DataFrame,
    model: TopicModel,
    path: Path,
    *,
    version: str,
    council: str,
    named: Collection[str] = (),
) -> int:
    """Write a queue as a workbook, with examples from `labelled`; return how many rows.

    Raises
    ------
    ReviewError
        If the file can't be written.
    """
    shown = queue.assign(
        row=row_ids(queue),
        words=_telling(model, queue),
        near=nearest_examples(queue["text"], labelled),
    )
    # Who sees the guess tends to agree with it; control rows must judge the model fairly.
    blind = shown["kind"].eq(CONTROL)
    shown = shown.assign(
        label=shown["label"].mask(blind, ""),
        confidence=shown["confidence"].mask(blind),
        words=shown["words"].mask(blind, ""),  # they are the guess's own
    )
    own = set(queue.get("filled", pd.Series(dtype="string")))
    topics = tuple(sorted({*model.topics, *named, *own}))
    content = review_workbook(shown, topics, version=version, council=council)
    try:
        path.write_bytes(content)
    except OSError as error:
        message = f"{path} can't be written ({error.strerror}). Close it, or choose another folder."
        raise ReviewError(message) from error
    return len(shown)


def read_reviews(workspace: Workspace, path: Path, *, reviewer: str) -> TakenIn:
    """Take in a workbook that `reviewer` filled in.

    Rows whose enquiry is gone, or whose text has changed since, are told and left out; nothing
    that another person said is overwritten.

    Raises
    ------
    ReviewError
        If no reviewer is named, the workbook has no answer, or another council wrote it.
    ReviewFileError
        If it isn't a review workbook.
    """
    if not reviewer.strip():
        raise ReviewError("Say who filled it in, such as --by 'customer services manager'.")
    came = read_review(path)
    if came.rows.empty:
        raise ReviewError(f"{path.name} has no topic filled in; there is nothing to take in.")
    if came.base_version not in known_versions(workspace):
        raise ReviewError(
            f"{path.name} was written with topic model {came.base_version}, which this council "
            "never had. Take in workbooks where they were written: insight topics review --to."
        )
    enquiries = read_events(workspace, "enquiries")
    keyed = enquiries[KEY].assign(row=row_ids(enquiries))
    named = [*(topic.name for topic in workspace.settings.topics), NONE_OF_THESE]
    labels = training_labels(workspace)["topic"].value_counts().index
    rows = came.rows.assign(topic=one_spelling(came.rows["topic"], [*named, *labels]))
    joined = rows.merge(keyed, on="row", how="left")
    known = joined["enquiry_id"].notna()
    now = datetime.now(UTC)
    stored = joined.loc[known, [*KEY, "topic", "note", "kind"]].assign(
        reviewer=reviewer.strip(), reviewed_at=now, base_version=came.base_version
    )
    with write_transaction(workspace.engine) as connection:
        upsert(connection, TopicReview, stored)
    both = reviews(workspace)
    mine = pd.MultiIndex.from_frame(stored[KEY])
    differing = conflicts(both)
    differing = differing[pd.MultiIndex.from_frame(differing[KEY]).isin(mine)]
    return TakenIn(
        taken=int(known.sum()),
        unknown=tuple(joined.loc[~known, "row"].tolist()),
        conflicts=differing.reset_index(drop=True),
        kappa=agreement(both),
    )


def agreement(found: pd.DataFrame) -> Kappa | None:
    """Return how far the two reviewers with most texts in common agree; nothing without two.

    What they settled together afterwards says nothing of how far they agreed.
    """
    found = found[found["reviewer"].ne(AGREED)]
    table = found.drop_duplicates([*KEY, "reviewer"], keep="last").set_index([*KEY, "reviewer"])
    wide = table["topic"].unstack("reviewer")  # noqa: PD010 - one label a cell, nothing to add up
    if wide.shape[1] < 2:
        return None
    first, second = max(
        combinations(wide.columns, 2),
        key=lambda pair: int(wide[list(pair)].notna().all(axis="columns").sum()),
    )
    return cohens_kappa(wide[first], wide[second], seed=SEED)


def _telling(model: TopicModel, queue: pd.DataFrame) -> pd.Series:
    """Return the telling terms of the guessed topic that stand in each text."""
    terms = dict(zip(model.topics, model.keywords, strict=True))
    texts = queue["text"].astype("string").fillna("").str.casefold()
    found = [
        ", ".join(term for term in terms.get(topic, ()) if term in text)
        for text, topic in zip(texts.tolist(), queue["label"].tolist(), strict=True)
    ]
    return pd.Series(found, index=queue.index, dtype="string")
