"""A model folder's history: which models were in use there, and every one of them kept."""

import json
from pathlib import Path
from typing import TypedDict

from pipelines.edge.output_folder import replace_folder
from pipelines.edge.topic_folders import CONTROL_NAME, FILE_NAMES, HASH_NAME
from pipelines.edge.topic_models import FILE_NAME, TopicModelFileError

HISTORY_NAME = "history.json"
VERSIONS = "versions"


class Promotion(TypedDict):
    """A model that came into use: which, when (ISO 8601, UTC), by whom, why and on what control.

    `control_sha256` is empty where no control set decided.
    """

    version: str
    promoted_at: str
    promoted_by: str
    reason: str
    control_sha256: str


def read_history(folder: Path) -> list[Promotion]:
    """Return the promotions in `folder`, the first one first; none where there was never one.

    Raises
    ------
    TopicModelFileError
        If the history is damaged.
    """
    path = folder / HISTORY_NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [Promotion(**{key: str(row[key]) for key in Promotion.__annotations__})  # type: ignore[typeddict-item]
                for row in found]  # fmt: skip
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TopicModelFileError(
            f"{path} can't be read. Restore it from a backup; without it nothing can be promoted "
            "or rolled back there, though the model in use still answers."
        ) from error


def model_files(folder: Path) -> dict[str, bytes]:
    """Return the files of the model in `folder`, by name.

    Raises
    ------
    TopicModelFileError
        If there is no model, or a file can't be read.
    """
    try:
        found = {name: (folder / name).read_bytes() for name in FILE_NAMES
                 if (folder / name).is_file()}  # fmt: skip
    except OSError as error:
        raise TopicModelFileError(f"{folder} can't be read ({error.strerror}).") from error
    if not {FILE_NAME, HASH_NAME} <= set(found):
        raise TopicModelFileError(
            f"{folder} holds no topic model. Give a folder that insight topics train wrote."
        )
    return found


def put_to_use(folder: Path, history: list[Promotion], models: dict[str, dict[str, bytes]]) -> None:
    """Make the last promotion of `history` the model in use, all at once or not at all.

    Parameters
    ----------
    folder
        The folder of the model in use; other files in it stay.
    history
        All promotions, the new one last.
    models
        Files of versions that `folder` doesn't keep yet.

    Raises
    ------
    TopicModelFileError
        If the version isn't kept.
    OutputFolderError
        If the folder can't be written; it is then as it was.
    """
    version = history[-1]["version"]
    files = models.get(version) or model_files(folder / VERSIONS / version)
    kept: dict[str, str | bytes] = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).as_posix() not in FILE_NAMES
    }
    for name, content in models.items():
        kept |= {f"{VERSIONS}/{name}/{file}": data for file, data in content.items()}
    kept[HISTORY_NAME] = json.dumps(history, indent=1, ensure_ascii=False) + "\n"
    replace_folder(folder, kept | files)


def control_left_out(folder: Path) -> str:
    """Return the SHA-256 of the control set that the model didn't learn from; empty if none."""
    try:
        found = json.loads((folder / CONTROL_NAME).read_text(encoding="utf-8"))
        return str(found["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
