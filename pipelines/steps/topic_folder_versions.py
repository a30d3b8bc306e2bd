"""Promote and roll back models of files: the new one comes into use if it wins on the control set.

As in a workspace (`pipelines.steps.topic_versions`), but the model in use is a folder that
`insight topics train` wrote, and the control set is a file.
"""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from insight.topics import TopicModel, classify
from insight.topics.agreement import Contest, contest
from insight.topics.features import Encoder
from pipelines.edge.topic_folders import read_folder, version_of
from pipelines.edge.topic_history import (
    VERSIONS,
    Promotion,
    control_left_out,
    model_files,
    put_to_use,
    read_history,
)
from pipelines.steps.topic_control_files import ControlSet, read_control
from pipelines.steps.topic_versions import BY_ITSELF, LEAST_CONTROL, TopicVersionError
from pipelines.steps.topics import Columns, ModelFitError, given_encoder


def promote_folder(
    new: Path,
    in_use: Path,
    control: Path,
    columns: Columns,
    *,
    by: str,
    reason: str,
    encoder_folder: Path | None = None,
    new_control: bool = False,
) -> Contest:
    """Put the model in `new` to use in the folder `in_use` if it wins on the control set.

    The model that it replaces is kept, and `roll_back_folder` brings it back.

    Parameters
    ----------
    new, in_use
        Folders that `insight topics train` wrote. `new` was trained with the control set left out.
    control
        Labelled texts that judge; the same from one promotion to the next.
    columns
        Headings of the control set.
    by, reason
        Who promotes it and why.
    new_control
        Let a control set judge that differs from the last promotion's.

    Raises
    ------
    TopicVersionError
        If the new model isn't better, is the one in use, or may have learnt from the control set;
        if this is too small or another than before; if nobody or no reason is named.
    InsightError
        If a file can't be read or a model needs an encoder that isn't given.
    """
    _named(by, reason)
    models = read_folder(in_use), read_folder(new)
    was, version = version_of(in_use), version_of(new)
    if was == version:
        raise TopicVersionError(f"The model in {new} is the one in use already.")
    judges = read_control(control, text=columns.text, label=columns.label)
    history = read_history(in_use)
    _frozen(judges, history, control, changed=new_control)
    if control_left_out(new) != judges.sha256:
        raise TopicVersionError(
            f"The model in {new} may have learnt from the texts of {control.name}, which would "
            f"then say too much good of it. Train it once more with --control {control}."
        )
    found = _contest(models, judges, control, encoder_folder)
    if not found.better:
        raise TopicVersionError(
            f"{found.words} The one in {in_use} stays in use. More control texts would tell: "
            "insight topics review FILE holds some."
        )
    first = _promotion(was, BY_ITSELF, "the first model", "")
    put_to_use(
        in_use,
        [*(history or [first]), _promotion(version, by, reason, judges.sha256)],
        {version: model_files(new)} | ({} if history else {was: model_files(in_use)}),
    )
    return found


def roll_back_folder(in_use: Path, *, by: str, reason: str) -> str:
    """Go back to the model that was in use in a folder before; return its version.

    A model in use that is damaged doesn't stand in the way.

    Raises
    ------
    TopicVersionError
        If there is none, or nobody or no reason is named.
    TopicModelFileError
        If the earlier model is damaged.
    """
    _named(by, reason)
    history = read_history(in_use)
    if not history:
        raise TopicVersionError(
            f"No model has been promoted in {in_use}, so there is none to go back to."
        )
    now = history[-1]["version"]
    earlier = [row["version"] for row in history if row["version"] != now]
    if not earlier:
        raise TopicVersionError(f"{now} is the only model ever in use in {in_use}.")
    version = earlier[-1]
    read_folder(in_use / VERSIONS / version)  # a damaged one isn't put to use
    last = history[-1]["control_sha256"]
    put_to_use(in_use, [*history, _promotion(version, by, reason, last)], {})
    return version


def folder_promotions(folder: Path) -> pd.DataFrame:
    """Return the promotions in a folder, the first one first.

    Returns
    -------
    pandas.DataFrame
        ``number`` (from 1), ``version``, ``promoted_at``, ``promoted_by`` and ``reason``; no row
        where nothing was ever promoted.
    """
    history = read_history(folder)
    found = pd.DataFrame(history, columns=list(Promotion.__annotations__))
    found["promoted_at"] = pd.to_datetime(found["promoted_at"], utc=True)
    found.insert(0, "number", range(1, len(found) + 1))
    return found.drop(columns="control_sha256")


def _named(by: str, reason: str) -> None:
    if not by.strip() or not reason.strip():
        raise TopicVersionError("Say who does it (--by) and why (--reason).")


def _promotion(version: str, by: str, reason: str, control: str) -> Promotion:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Promotion(
        version=version, promoted_at=now, promoted_by=by.strip(), reason=reason.strip(),
        control_sha256=control,
    )  # fmt: skip


def _frozen(judges: ControlSet, history: list[Promotion], control: Path, *, changed: bool) -> None:
    """Refuse a control set that is too small, or that isn't the one that judged before."""
    if len(judges.rows) < LEAST_CONTROL:
        raise TopicVersionError(
            f"{control.name} holds {len(judges.rows)} control texts, fewer than the "
            f"{LEAST_CONTROL} that tell which model is better. Label more of a random sample: "
            "insight topics review FILE."
        )
    before = {row["control_sha256"] for row in history[-1:]} - {""}
    if before and judges.sha256 not in before and not changed:
        raise TopicVersionError(
            f"{control.name} isn't the control set that judged the last promotion: rows were "
            "added, left out or changed. Use that one, or say --new-control if this is meant."
        )


def _contest(
    models: tuple[TopicModel, TopicModel],
    judges: ControlSet,
    control: Path,
    encoder_folder: Path | None,
) -> Contest:
    truth = judges.rows["topic"]
    if not truth.isin(models[1].topics).any():
        raise ModelFitError(
            f"none of the topics in {control.name} is one of the new model's. Check that both are "
            "of the same council and the same column."
        )
    given = given_encoder(encoder_folder)
    guesses = [
        classify(model, judges.rows["text"], encoder=_reader(model, *given))["label"]
        for model in models
    ]
    return contest(truth, *guesses)


def _reader(model: TopicModel, encoder: Encoder | None, known: str) -> Encoder | None:
    """Return the encoder where the model was trained with it; a model may do without."""
    if model.encoder_hash not in ("", known):
        raise ModelFitError(
            f"a model was trained with sentence encoder {model.encoder_hash[:12]} and was given "
            f"{known[:12] or 'none'}. Give that encoder with --encoder."
        )
    return encoder if model.encoder_hash else None
