"""Which topic model is in use: the first by itself, later ones by winning on the control set."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd

from insight.errors import InsightError
from insight.topics import TopicModel
from insight.topics.agreement import Contest, contest
from models import ModelRun, TopicPromotion
from pipelines.edge.store import read_table, upsert, write_transaction
from pipelines.edge.topic_models import load_model
from pipelines.edge.workspace import Workspace
from pipelines.steps.topic_labels import control_set, training_labels
from pipelines.steps.topic_training import MODEL, answers_of, current_model

LEAST_CONTROL = 30
BY_ITSELF = "contest"


class TopicVersionError(InsightError):
    """A model can't be promoted or rolled back as asked."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What training came to: the candidate, the one in use after it, and the contest between."""

    version: str
    model: TopicModel
    in_use: str
    contest: Contest | None
    words: str


def promotions(workspace: Workspace) -> pd.DataFrame:
    """Return every promotion, the first one first."""
    with workspace.engine.connect() as connection:
        found = read_table(connection, TopicPromotion, timezone=workspace.settings.timezone)
    return found.sort_values("number", ignore_index=True)


def version_in_use(workspace: Workspace) -> str | None:
    """Return the version that was promoted last, if any was."""
    found = promotions(workspace)
    return None if found.empty else str(found["version"].iloc[-1])


def model_in_use(workspace: Workspace) -> tuple[TopicModel, str]:
    """Return the model that answers, trained where none has been promoted yet."""
    version = version_in_use(workspace)
    if version is None:
        return current_model(workspace, training_labels(workspace))
    return _stored(workspace, version), version


def train_candidate(workspace: Workspace, *, anew: bool = False) -> Trained:
    """Train on the labels of today, and put the model to use if it wins on the control set.

    The first model comes into use by itself. Until thirty control texts are labelled nothing
    can tell which of two is better, and the newer one, which has seen more corrections, is used.
    A version that a person set aside, by rolling back or promoting another, stays aside.
    With `anew` a model that is there is trained again, which mends a damaged file.
    """
    before = version_in_use(workspace)
    model, version = current_model(workspace, training_labels(workspace), anew=anew)
    if before is None:
        return _use(workspace, version, model, None, "the first model")
    if version == before:
        return Trained(version, model, before, None, "The labels are those of the model in use.")
    if version in set(promotions(workspace)["version"]):
        said = (
            f"Version {version} was in use and was set aside by a person; {before} stays in use. "
            f"Once labels are added a new one is tried, or insight topics promote {version}."
        )
        return Trained(version, model, before, None, said)
    control = control_set(workspace)
    if len(control) < LEAST_CONTROL:
        why = (
            f"only {len(control)} control texts are labelled, fewer than the {LEAST_CONTROL} that "
            "tell which is better, so the newer one"
        )
        return _use(workspace, version, model, None, why)
    found = compare(workspace, control, _stored(workspace, before), model)
    if found.better:
        return _use(workspace, version, model, found, found.words)
    said = (
        f"{found.words} The one in use stays. More control texts would tell: insight topics review "
        f"--to FILE.xlsx. A person may decide: insight topics promote {version}."
    )
    return Trained(version, model, before, found, said)


def compare(
    workspace: Workspace, control: pd.DataFrame, current: TopicModel, new: TopicModel
) -> Contest:
    """Put two models to the control set's texts."""
    guesses = [answers_of(workspace, model, control)["label"] for model in (current, new)]
    return contest(control["topic"].astype("string"), *guesses)


def promote(workspace: Workspace, version: str, *, by: str, reason: str) -> str:
    """Put a version to use because a named person says so.

    Raises
    ------
    TopicVersionError
        If there is no such version, or nobody or no reason is named.
    """
    if not by.strip() or not reason.strip():
        raise TopicVersionError("Say who promotes it (--by) and why (--reason).")
    known = known_versions(workspace)
    if version not in known:
        names = ", ".join(known) or "none yet"
        raise TopicVersionError(f"There is no topic model {version}; there are {names}.")
    _stored(workspace, version)  # a damaged one isn't put to use
    _record(workspace, version, by.strip(), reason.strip())
    return version


def roll_back(workspace: Workspace, *, by: str, reason: str) -> str:
    """Go back to the version that was in use before the present one.

    Raises
    ------
    TopicVersionError
        If there is none, or nobody or no reason is named.
    """
    found = promotions(workspace)
    if found.empty:
        raise TopicVersionError("No topic model has been promoted yet. Next: insight topics train.")
    now = found["version"].iloc[-1]
    earlier = found.loc[found["version"].ne(now), "version"]
    if earlier.empty:
        raise TopicVersionError(f"{now} is the first model in use; there is none to go back to.")
    return promote(workspace, str(earlier.iloc[-1]), by=by, reason=reason)


def _use(
    workspace: Workspace, version: str, model: TopicModel, found: Contest | None, why: str
) -> Trained:
    _record(workspace, version, BY_ITSELF, why)
    return Trained(version, model, version, found, f"Version {version} is in use now: {why}.")


def _record(workspace: Workspace, version: str, by: str, reason: str) -> None:
    number = len(promotions(workspace)) + 1
    row = {
        "number": number, "version": version, "promoted_by": by, "reason": reason,
        "promoted_at": datetime.now(UTC),
    }  # fmt: skip
    with write_transaction(workspace.engine) as connection:
        upsert(connection, TopicPromotion, pd.DataFrame([row]))


def known_versions(workspace: Workspace) -> dict[str, str]:
    """Return every version that was ever trained, and the hash of its file."""
    with workspace.engine.connect() as connection:
        runs = read_table(
            connection, ModelRun, where={"name": MODEL}, timezone=workspace.settings.timezone
        )
    return dict(zip(runs["version"], runs["artefact_hash"], strict=True))


def _stored(workspace: Workspace, version: str) -> TopicModel:
    return load_model(
        workspace.outputs / "models" / MODEL / version, known_versions(workspace)[version]
    )
