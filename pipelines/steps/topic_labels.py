"""What people said enquiries are about: labels in the files, and reviews above them."""

import hashlib

import pandas as pd

from insight.topics.labels import one_spelling
from insight.topics.queue import CONTROL
from models import TopicReview
from pipelines.edge.review_workbook import NONE_OF_THESE
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events

KEY = ["source", "enquiry_id"]
AGREED = "agreed"
"""Who answers for reviewers that differed and then agreed; their answer stands."""


def reviews(workspace: Workspace) -> pd.DataFrame:
    """Return every review, oldest first."""
    with workspace.engine.connect() as connection:
        found = read_table(connection, TopicReview, timezone=workspace.settings.timezone)
    return found.sort_values(["reviewed_at", *KEY, "reviewer"], ignore_index=True)


def _standing(found: pd.DataFrame) -> pd.DataFrame:
    """Leave out what reviewers said of an enquiry on which they have agreed since."""
    agreed = pd.MultiIndex.from_frame(found.loc[found["reviewer"].eq(AGREED), KEY])
    over = pd.MultiIndex.from_frame(found[KEY]).isin(agreed) & found["reviewer"].ne(AGREED)
    return found[~over]


def conflicts(found: pd.DataFrame) -> pd.DataFrame:
    """Return enquiries on which reviewers differ: ``source``, ``enquiry_id`` and who said what."""
    found = _standing(found)
    sizes = found.groupby(KEY)["topic"].transform("nunique")
    said = found[sizes > 1].sort_values([*KEY, "reviewer"])
    words = said["reviewer"] + " says " + said["topic"]
    return words.groupby([said["source"], said["enquiry_id"]]).agg("; ".join).rename(
        "said"
    ).reset_index()  # fmt: skip


def settled(found: pd.DataFrame) -> pd.DataFrame:
    """Return one topic for each reviewed enquiry on which nobody differs, or all have agreed."""
    found = _standing(found)
    sizes = found.groupby(KEY)["topic"].transform("nunique")
    return found[sizes == 1].drop_duplicates(KEY)


def training_labels(workspace: Workspace) -> pd.DataFrame:
    """Return all enquiries with a topic to learn from, their own columns unchanged.

    A review stands above the file's label; where reviewers differ, and for control rows, there
    is nothing to learn. Enquiries that are none of the topics keep that as their topic.
    """
    enquiries = read_events(workspace, "enquiries")
    named = [topic.name for topic in workspace.settings.topics]
    enquiries = enquiries.assign(topic=one_spelling(enquiries["topic"], named))
    found = reviews(workspace)
    if found.empty:
        return enquiries[enquiries["topic"].notna()]
    agreed = settled(found)
    control = found[found["kind"].eq(CONTROL)]
    key = pd.MultiIndex.from_frame(enquiries[KEY])
    told = agreed.set_index(KEY)["topic"].reindex(key).to_numpy()
    labelled = enquiries.assign(
        topic=pd.Series(told, index=enquiries.index, dtype="string").fillna(enquiries["topic"])
    )
    unsettled = pd.MultiIndex.from_frame(conflicts(found)[KEY])
    held = key.isin(pd.MultiIndex.from_frame(control[KEY])) | key.isin(unsettled)
    return labelled[labelled["topic"].notna() & ~held]


def control_set(workspace: Workspace) -> pd.DataFrame:
    """Return the control texts that people labelled, as enquiries with their true ``topic``.

    The first review of a text freezes it: a row once in the control set stays there.
    """
    found = reviews(workspace)
    control = settled(found[found["kind"].eq(CONTROL)])
    enquiries = read_events(workspace, "enquiries").drop(columns="topic")
    return enquiries.merge(control[[*KEY, "topic"]], on=KEY)


def row_ids(enquiries: pd.DataFrame) -> pd.Series:
    """Name each enquiry's row for a workbook: its key, and eight digits of its text.

    If the text is corrected later, a person's answer was about other words, and the id says so.
    """
    texts = enquiries["text"].astype("string").fillna("")
    digits = [hashlib.sha256(text.encode()).hexdigest()[:8] for text in texts]
    marks = pd.Series(digits, index=enquiries.index, dtype="string")
    return enquiries["source"] + "|" + enquiries["enquiry_id"] + "|" + marks


def out_of_scope(labelled: pd.DataFrame) -> str | None:
    """Return the label that says "no topic of ours", where people used it."""
    return NONE_OF_THESE if labelled["topic"].eq(NONE_OF_THESE).any() else None
