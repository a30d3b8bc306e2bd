"""What no topic covers yet, month after month."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from insight.errors import InsightError
from insight.periods import period_title
from insight.topics.discovery import Discovery, DiscoveryMethod, discover, nothing_found
from pipelines.edge.labelled_files import read_labelled
from pipelines.edge.topic_groups import read_groups, write_groups
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.figures import window
from pipelines.steps.topic_labels import KEY, training_labels
from pipelines.steps.topic_training import SEED, council_encoder

MONTHS = 3
WEAKER = DiscoveryMethod(false_alarms=0.9)
"""For a look at weaker signs: more topics come back, with a group or two by chance."""
EXAMPLES = 3
EXAMPLE_COLUMNS = ["group", "source", "enquiry_id", "text"]
FOLDER = "topic_groups"


class DiscoveryError(InsightError):
    """There is nothing to look for new topics in."""


@dataclass(frozen=True, eq=False)
class NewTopics:
    """What no topic covers in some months.

    Parameters
    ----------
    found
        The groups.
    enquiries
        The enquiries of the groups, with ``group`` beside their own columns.
    since
        The first month of each group that an earlier month had too, such as ``"2026-08"``.
    """

    found: Discovery
    enquiries: pd.DataFrame
    since: dict[str, str]

    @property
    def examples(self) -> pd.DataFrame:
        """Three enquiries of each group: ``group``, ``source``, ``enquiry_id``, ``text``."""
        shown = self.enquiries.assign(text=_whole(self.enquiries))
        return shown.groupby("group").head(EXAMPLES)[EXAMPLE_COLUMNS].reset_index(drop=True)


NO_NEW_TOPICS = NewTopics(
    nothing_found(pd.Series(dtype="string")), pd.DataFrame(columns=["group"]), {}
)


def discover_topics(
    workspace: Workspace, month: date, *, method: DiscoveryMethod | None = None
) -> NewTopics:
    """Group what the three months to `month` say beyond the known topics.

    Raises
    ------
    DiscoveryError
        If there are no enquiries.
    """
    enquiries = read_events(workspace, "enquiries", months=window(month, MONTHS))
    if enquiries.empty:
        raise DiscoveryError(
            f"There are no enquiries in the three months to {month:%B %Y}; ingest some first."
        )
    labelled = training_labels(workspace)
    known = pd.MultiIndex.from_frame(labelled[KEY])
    enquiries = enquiries[~pd.MultiIndex.from_frame(enquiries[KEY]).isin(known)]
    folder = workspace.outputs / "models" / FOLDER
    before, since = read_groups(folder, month)
    found = discover(
        _whole(enquiries),
        known=labelled.assign(text=_whole(labelled)),
        before=before,
        method=method,
        encoder=council_encoder(workspace)[0],
        seed=SEED,
    )
    if method is None:  # the weaker signs of one look are nothing to go by next month
        write_groups(folder, month, found)
    inside = enquiries.assign(group=found.assigned)
    inside = inside[inside["group"].notna()].sort_values(["group", *KEY], ignore_index=True)
    kept = set(found.groups["group"])
    return NewTopics(found, inside, {key: first for key, first in since.items() if key in kept})


def new_topic_words(new: NewTopics, month: date) -> list[str]:
    """Say of each new topic what it is, and the command that adopts it."""
    return [
        f"{row['texts']:,} enquiries in the {MONTHS} months to {month:%B %Y} are about something "
        f"that no topic covers: {row['name']}{_seen(new.since.get(str(row['group'])))}. To make it "
        f'a topic: insight topics adopt {row["group"]} --name "What to call it" --to new.xlsx'
        for row in new.found.groups.to_dict("records")
    ]


def _seen(first: str | None) -> str:
    return f" (first seen in {period_title(first)})" if first else " (new this month)"


def discover_in_file(
    file: Path, *, text: str, label: str | None, method: DiscoveryMethod | None = None
) -> tuple[Discovery, pd.DataFrame, pd.Series]:
    """Group the texts of a file beyond those that have a label, where it has labels.

    Returns
    -------
    Discovery, pandas.DataFrame, pandas.Series
        The groups; examples, ``group``, ``row`` (of the file, from 0) and ``text``; and the group
        of every row, missing for those in none and for labelled ones.

    Raises
    ------
    InsightError
        If the file can't be read, lacks a column or has no text without a label.
    """
    rows = read_labelled(file, text=text, label=label)
    topic = rows.get("topic", pd.Series(pd.NA, index=rows.index, dtype="string"))
    told = topic.fillna("").str.strip().ne("")
    texts = rows.loc[~told, "text"]
    if texts.fillna("").str.strip().eq("").all():
        raise DiscoveryError(
            f"{file.name} has no text without a label in {label or text}; there is nothing to look "
            "for new topics in."
        )
    found = discover(
        texts,
        known=pd.DataFrame({"text": rows["text"], "topic": topic})[told],
        method=method,
        seed=SEED,
    )
    shown = pd.DataFrame({"group": found.assigned, "row": texts.index, "text": texts})
    shown = shown[shown["group"].notna()].sort_values(["group", "row"])
    examples = shown.groupby("group").head(EXAMPLES).reset_index(drop=True)
    return found, examples, found.assigned.reindex(rows.index)


def _whole(enquiries: pd.DataFrame) -> pd.Series:
    subject = enquiries["subject"].astype("string").fillna("")
    return subject + "\n" + enquiries["text"].astype("string").fillna("")
