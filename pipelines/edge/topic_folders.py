"""A topic model's folder: the model, its card, its pictures and the hash that it is known by."""

import json
import re
from pathlib import Path

from insight.charts import svg_text
from insight.topics import TopicModel, model_card
from insight.topics.pictures import calibration_picture, confusion_picture
from pipelines.edge.card_page import card_page
from pipelines.edge.topic_models import FILE_NAME, TopicModelFileError, load_model, save_model

HASH_NAME = "topic_model.sha256"
CONTROL_NAME = "control.json"
FILE_NAMES = (
    FILE_NAME, HASH_NAME, CONTROL_NAME, "card.md", "card.html", "metrics.json", "calibration.svg",
    "confusion.svg",
)  # fmt: skip
"""What a model's folder may hold."""

_DIGITS = 12
_HASH = re.compile(r"[0-9a-f]{64}")


def write_folder(
    model: TopicModel,
    folder: Path,
    *,
    version: str | None = None,
    data_period: str,
    control_sha256: str = "",
) -> str:
    """Write `model` and everything that tells of it into `folder`; return the file's hash.

    Parameters
    ----------
    version
        What the card calls the model; the first digits of its file's hash where absent.
    control_sha256
        Of the control set that was left out of what the model learnt from, if one was.

    Raises
    ------
    TopicModelFileError
        If the folder cannot be written.
    """
    artefact = save_model(model, folder)
    version = version or artefact[:_DIGITS]
    card = model_card(model, title="Enquiry topics", version=version, data_period=data_period)
    pictures = {
        "calibration": (
            calibration_picture(model.metrics["reliability"]),
            "Share of right answers against confidence, in tenths of the held-out texts.",
        ),
        "confusion": (
            confusion_picture(model.confusion, model.topics),
            "Held-out answers to each true topic's texts, as shares.",
        ),
    }
    drawn = {
        f"{name}.svg": svg_text(figure, name=f"topics-{name}", alt=alt)
        for name, (figure, alt) in pictures.items()
    }
    files = {
        "card.md": card,
        "card.html": card_page(card, drawn, title=f"Enquiry topics, version {version}"),
        "metrics.json": json.dumps(model.metrics, indent=1),
        HASH_NAME: f"{artefact}  {FILE_NAME}\n",
    } | drawn
    if control_sha256:
        files[CONTROL_NAME] = json.dumps({"sha256": control_sha256}) + "\n"
    try:
        (folder / CONTROL_NAME).unlink(missing_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content.encode())
    except OSError as error:
        raise TopicModelFileError(
            f"the topic model's card can't be written to {folder} ({error.strerror}). "
            "Check that the folder may be written."
        ) from error
    return artefact


def read_folder(folder: Path) -> TopicModel:
    """Return the model in a folder that `write_folder` wrote.

    Raises
    ------
    TopicModelFileError
        If there is none, or its file is not the one that its hash was written for.
    """
    return load_model(folder, _written_hash(folder))


def version_of(folder: Path) -> str:
    """Return what the model in a folder is called where no workspace gives it a name.

    Raises
    ------
    TopicModelFileError
        If there is none.
    """
    return _written_hash(folder)[:_DIGITS]


def _written_hash(folder: Path) -> str:
    try:
        written = (folder / HASH_NAME).read_text(encoding="ascii")
    except (OSError, UnicodeError) as error:
        raise TopicModelFileError(
            f"{folder} holds no topic model with its hash ({HASH_NAME}). Give a folder that "
            "insight topics train wrote, or train the topics again."
        ) from error
    found = _HASH.match(written)
    if found is None:
        raise TopicModelFileError(
            f"{folder / HASH_NAME} is damaged. Restore the folder from a backup, or train the "
            "topics again."
        )
    return found.group()
