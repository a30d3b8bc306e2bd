"""The answers of the workspace's own model, for a file or for a month's enquiries."""

from datetime import date
from pathlib import Path

import pandas as pd

from insight.errors import InsightError
from insight.topics import TopicModel, classify
from insight.topics.features import readable_texts
from insight.topics.rules import TopicRule, apply_rules, override
from pipelines.edge.labelled_files import read_labelled
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.topic_labels import KEY
from pipelines.steps.topic_training import fitting_encoder
from pipelines.steps.topic_versions import model_in_use
from pipelines.steps.topics import predictions

OWN_COLUMNS = ("topic", "accepted", "label", "confidence", "runner_up", "oos_score", "rule")


class NothingToClassifyError(InsightError):
    """A month has no enquiries."""


def ruled_answers(workspace: Workspace, model: TopicModel, texts: pd.DataFrame) -> pd.DataFrame:
    """Classify texts (``text`` and optionally ``subject``), the council's rules above the model."""
    encoder = fitting_encoder(workspace, model)
    subjects = texts.get("subject")
    answers = classify(model, texts["text"], subjects, encoder=encoder)
    rules = tuple(
        TopicRule(rule.topic, rule.words, rule.reason, rule.unless)
        for rule in workspace.settings.topic_rules
    )
    if not rules:
        return answers.assign(rule=pd.Series(pd.NA, index=answers.index, dtype="string"))
    read = readable_texts(
        texts["text"], subjects, maximum_characters=model.method.maximum_characters
    )
    return override(answers, apply_rules(read, rules))


def classify_file_here(workspace: Workspace, file: Path, *, text: str) -> pd.DataFrame:
    """Return a topic for each row of a file, by the model that the workspace uses.

    Raises
    ------
    InsightError
        If the file can't be read, or there is no model and too few labels to train one.
    """
    texts = read_labelled(file, text=text)
    model, _ = model_in_use(workspace)
    return predictions(ruled_answers(workspace, model, texts))


def classify_month(workspace: Workspace, month: date) -> pd.DataFrame:
    """Return the answers to a month's enquiries: ``source``, ``enquiry_id`` and `OWN_COLUMNS`.

    Raises
    ------
    NothingToClassifyError
        If the month has none.
    """
    enquiries = read_events(workspace, "enquiries", months=[month]).sort_values(
        KEY, ignore_index=True
    )
    if enquiries.empty:
        raise NothingToClassifyError(
            f"There are no enquiries of {month:%B %Y}. Put the mailbox's export into the inbox and "
            "run `insight run --only ingest`, or name another month with --month."
        )
    model, _ = model_in_use(workspace)
    answers = ruled_answers(workspace, model, enquiries)
    return enquiries[KEY].join(answers.reindex(columns=list(OWN_COLUMNS)))
