"""Make a group that no topic covers a topic: its enquiries to a person, and back as labels."""

from datetime import date
from pathlib import Path

from insight.errors import InsightError
from pipelines.edge.workspace import Workspace
from pipelines.steps.topic_discovery import discover_topics
from pipelines.steps.topic_review import write_queue
from pipelines.steps.topic_training import answers_of
from pipelines.steps.topic_versions import model_in_use

NEW = "new topic"


class AdoptionError(InsightError):
    """A group can't be made a topic."""


def adopt_group(workspace: Workspace, month: date, group: str, *, name: str, path: Path) -> int:
    """Write a group's enquiries as a review workbook with `name` as their topic.

    Nothing is learnt before a person has looked: `insight topics review --from` takes it in.

    Raises
    ------
    AdoptionError
        If no name is given or there is no such group.
    """
    if not name.strip():
        raise AdoptionError("Say what the topic is to be called, such as --name 'Fuel vouchers'.")
    new = discover_topics(workspace, month)
    queue = new.enquiries[new.enquiries["group"].eq(group)].reset_index(drop=True)
    if queue.empty:
        known = ", ".join(new.found.groups["group"]) or "none"
        raise AdoptionError(
            f"There is no group {group} in the months to {month:%B %Y}; the groups are: {known}. "
            "`insight topics discover` shows them."
        )
    model, version = model_in_use(workspace)
    answers = answers_of(workspace, model, queue)
    told = queue.join(answers[["label", "confidence"]]).assign(kind=NEW, filled=name.strip())
    return write_queue(workspace, told, model, version, path)
