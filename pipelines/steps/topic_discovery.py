"""What no topic covers yet, month after month."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.periods import add_months, month_key
from insight.topics.discovery import Discovery, discover
from pipelines.edge.labelled_files import read_labelled
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.figures import window
from pipelines.steps.topic_labels import KEY, training_labels
from pipelines.steps.topic_training import SEED

MONTHS = 3
EXAMPLES = 3
EXAMPLE_COLUMNS = ["group", "source", "enquiry_id", "text"]
FOLDER = "topic_groups"


class DiscoveryError(InsightError):
    """There is nothing to look for new topics in."""


def discover_topics(workspace: Workspace, month: date) -> tuple[Discovery, pd.DataFrame]:
    """Group what the three months to `month` say beyond the known topics.

    Returns
    -------
    Discovery, pandas.DataFrame
        The groups; and examples, ``group``, ``source``, ``enquiry_id`` and ``text`` (redacted),
        three of each.

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
    texts = _whole(enquiries)
    before = _read(workspace, add_months(month, -1))
    found = discover(texts, covered=_whole(labelled), before=before, seed=SEED)
    _write(workspace, month, found)
    shown = enquiries.assign(group=found.assigned, text=texts)
    shown = shown[shown["group"].notna()].sort_values(["group", "source", "enquiry_id"])
    examples = shown.groupby("group").head(EXAMPLES)
    return found, examples[EXAMPLE_COLUMNS].reset_index(drop=True)


def discover_in_file(
    file: Path, *, text: str, label: str | None
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
    found = discover(texts, covered=rows.loc[told, "text"] if told.any() else None, seed=SEED)
    shown = pd.DataFrame({"group": found.assigned, "row": texts.index, "text": texts})
    shown = shown[shown["group"].notna()].sort_values(["group", "row"])
    examples = shown.groupby("group").head(EXAMPLES).reset_index(drop=True)
    return found, examples, found.assigned.reindex(rows.index)


def _whole(enquiries: pd.DataFrame) -> pd.Series:
    subject = enquiries["subject"].astype("string").fillna("")
    return subject + "\n" + enquiries["text"].astype("string").fillna("")


def _read(workspace: Workspace, month: date) -> pd.DataFrame | None:
    """Return the groups of a month before, or nothing where there are none to follow on."""
    path = workspace.outputs / "models" / FOLDER / f"{month_key(month)}.json"
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return pd.DataFrame(kept["weights"], index=kept["groups"], columns=kept["words"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(workspace: Workspace, month: date, found: Discovery) -> None:
    """Keep what the groups are made of, so that next month's get the same keys."""
    used = found.profiles.loc[:, (found.profiles > 0).any()]
    kept = {
        "groups": used.index.tolist(),
        "words": used.columns.tolist(),
        "weights": np.round(used.to_numpy(), 6).tolist(),
    }
    path = workspace.outputs / "models" / FOLDER / f"{month_key(month)}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.unfinished")
        unfinished.write_text(json.dumps(kept), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise DiscoveryError(
            f"The groups of new topics can't be kept in {path.parent} ({error.strerror}). Check "
            "that the folder may be written."
        ) from error
