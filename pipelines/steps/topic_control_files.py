"""A control set in a file: labelled texts that judge models and never teach one."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from insight.errors import InsightError, MissingColumnsError
from insight.topics.kept_together import spelt_alike
from pipelines.edge.labelled_files import read_labelled

REVIEWED = ("text", "topic")
"""Headings of the labels that `insight topics review` writes."""


class ControlSetError(InsightError):
    """A control set that can't judge."""


@dataclass(frozen=True, eq=False)
class ControlSet:
    """Control texts (``text`` and ``topic``), and the SHA-256 of them in whatever order."""

    rows: pd.DataFrame
    sha256: str


def read_control(path: Path, *, text: str, label: str) -> ControlSet:
    """Read a control set, under the given headings or those of `insight topics review`.

    Raises
    ------
    ControlSetError
        If no row has both a text and a topic.
    InsightError
        If the file can't be read, or has neither pair of headings.
    """
    try:
        found = read_labelled(path, text=text, label=label)
    except MissingColumnsError as error:
        try:
            found = read_labelled(path, text=REVIEWED[0], label=REVIEWED[1])
        except MissingColumnsError:
            raise error from None
    found = found.assign(topic=found["topic"].str.strip())
    told = found["text"].str.strip().fillna("").ne("") & found["topic"].fillna("").ne("")
    rows = found[told].reset_index(drop=True)
    if rows.empty:
        raise ControlSetError(
            f"no row of {path.name} has both a text and a topic, so it can't tell which model is "
            "better. Label a random sample first: insight topics review FILE --model DIR --to "
            "REVIEW.xlsx holds one."
        )
    lines = sorted(zip(spelt_alike(rows["text"]), rows["topic"], strict=True))
    return ControlSet(rows, hashlib.sha256(json.dumps(lines).encode()).hexdigest())


def without_control(labelled: pd.DataFrame, control: ControlSet) -> pd.DataFrame:
    """Return the rows whose text, however spelt, is none of the control set's."""
    held = spelt_alike(labelled["text"]).isin(spelt_alike(control.rows["text"]))
    return labelled[~held]
