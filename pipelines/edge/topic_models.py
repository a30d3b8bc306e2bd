"""Keep topic models on disk, as plain arrays and JSON in one file; nothing in it can run.

The fitted scikit-learn pipeline in skops's format was measured too: 30 MB and a second, and its
bytes change with the clock.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from insight.errors import InsightError
from insight.topics.calibration import Calibration
from insight.topics.classifier import TopicModel
from insight.topics.features import Features
from insight.topics.kernel import KernelMachine
from insight.topics.linear import LinearMachine
from insight.topics.machine import Machine
from insight.topics.method import TopicMethod
from insight.topics.mixing import Mixing, unmixed
from insight.topics.scope import Scope

FILE_NAME = "topic_model.npz"

_FORMAT = 5
# Models of these formats load and answer as before, unless they weighed sentence numbers, which
# none of the first two formats does as they did any more. Those of the oldest mixed no scores.
# Those without a sharpness share texts out as believed, those without bends are as sure as they
# were, and those without clauses go by a text's opening at most.
_OLDER_FORMATS = (2, 3, 4)
_UNMIXED_FORMAT = 2
# What numpy, JSON and our own constructors raise at bytes that aren't a model of ours.
_UNREADABLE = (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, InsightError)
_ARRAYS = (
    "bucket_steps",
    "weights",
    "steps",
    "term_weights",
    "intercepts",
    "confusion",
)


class TopicModelFileError(InsightError):
    """A stored topic model cannot be written, or is not the one that was asked for."""


def save_model(model: TopicModel, folder: Path) -> str:
    """Write `model` into `folder`, whole or not at all, and return the file's SHA-256.

    The same model gives the same bytes. A file of an earlier save is replaced.

    Raises
    ------
    TopicModelFileError
        If the folder cannot be written.
    """
    content = model_bytes(model)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Always the same name, so that what a killed run left behind is written over.
        unfinished = folder / f".{FILE_NAME}.unfinished"
        unfinished.write_bytes(content)
        unfinished.replace(folder / FILE_NAME)
    except OSError as error:
        raise TopicModelFileError(
            f"the topic model can't be written to {folder} ({error.strerror}). "
            "Check that the folder is there and may be written."
        ) from error
    return hashlib.sha256(content).hexdigest()


def load_model(folder: Path, expected_hash: str) -> TopicModel:
    """Read the model in `folder`, if its file is byte for byte the one expected.

    Parameters
    ----------
    folder
        Where `save_model` wrote it.
    expected_hash
        What `save_model` returned; the store keeps it.

    Raises
    ------
    TopicModelFileError
        If the file is missing, differs from the one expected, or was written by another
        version of this system.
    """
    path = folder / FILE_NAME
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TopicModelFileError(
            f"{path} can't be read ({error.strerror}). Train the topics again: "
            "insight topics train."
        ) from error
    if hashlib.sha256(content).hexdigest() != expected_hash:
        raise TopicModelFileError(
            f"{path} is not the model that the store knows: its content was changed or "
            "damaged. Restore it from a backup, or train the topics again: insight topics train."
        )
    try:
        return _read(content)
    except _UNREADABLE as error:
        raise TopicModelFileError(
            f"{path} was not written by this version of the system. Train the topics again: "
            "insight topics train."
        ) from error


def model_bytes(model: TopicModel) -> bytes:
    """Return the file of `model`; the same model gives the same bytes."""
    document = {
        "format": _FORMAT,
        "method": asdict(model.method),
        "seed": model.seed,
        "topics": model.topics,
        "scope": asdict(model.scope),
        "calibration": asdict(model.calibration),
        "sharpness": model.sharpness,
        "keywords": model.keywords,
        "commonest": model.commonest,
        "metrics": model.metrics,
        "trained_rows": model.trained_rows,
        "left_out": model.left_out,
        "data_hash": model.data_hash,
        "encoder_hash": model.encoder_hash,
        "blend": model.machine.blend,
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    buffer = io.BytesIO()
    # numpy dates the archive's members 1980, so equal arrays give equal bytes.
    machine, kernel = model.machine.linear, model.machine.kernel
    of_meaning: dict[str, Any] = {}
    if kernel is not None:
        of_meaning = {"landmarks": kernel.landmarks, "landmark_weights": kernel.weights}
    np.savez_compressed(
        buffer,
        document=np.frombuffer(text.encode(), dtype=np.uint8),
        # Steps between rising numbers are small, and pack better than the numbers.
        bucket_steps=np.diff(machine.features.buckets, prepend=0),
        weights=machine.features.weights,
        steps=machine.steps,
        term_weights=machine.term_weights,
        intercepts=machine.intercepts,
        mixing_weights=model.mixing.weights,
        mixing_biases=model.mixing.biases,
        mixing_clauses=model.mixing.clauses,
        confusion=model.confusion,
        **of_meaning,
    )
    return buffer.getvalue()


def _read(content: bytes) -> TopicModel:
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        document: dict[str, Any] = json.loads(archive["document"].tobytes())
        arrays = {name: archive[name] for name in _ARRAYS}
        if document["format"] not in (_FORMAT, *_OLDER_FORMATS):
            raise ValueError("another format")
        if document["format"] == _UNMIXED_FORMAT:
            mixing = unmixed(len(document["topics"]))
        else:
            biases = archive["mixing_biases"]
            older = np.stack([archive.get("mixing_openings", 0 * biases), 0 * biases])
            clauses = archive.get("mixing_clauses", older)
            mixing = Mixing(archive["mixing_weights"], biases, clauses)
        kernel = None
        if document["encoder_hash"]:
            kernel = KernelMachine(archive["landmarks"], archive["landmark_weights"])
    method, calibration = document["method"], document["calibration"]
    method["character_lengths"] = tuple(method["character_lengths"])
    calibration |= {
        name: tuple(calibration.get(name, ())) for name in ("biases", "lifts", "sureness", "bends")
    }
    scope = document["scope"]
    return TopicModel(
        method=TopicMethod(**method),
        seed=document["seed"],
        topics=tuple(document["topics"]),
        machine=Machine(
            LinearMachine(
                Features(arrays["bucket_steps"].cumsum(dtype=np.int32), arrays["weights"]),
                arrays["steps"],
                arrays["term_weights"],
                arrays["intercepts"],
            ),
            kernel,
            document.get("blend", 0.0),
        ),
        scope=Scope(**scope | {"weights": tuple(scope["weights"])}),
        mixing=mixing,
        calibration=Calibration(**calibration),
        confusion=arrays["confusion"],
        sharpness=document.get("sharpness", 1.0),
        keywords=tuple(map(tuple, document["keywords"])),
        commonest=document["commonest"],
        metrics=document["metrics"],
        trained_rows=document["trained_rows"],
        left_out=document["left_out"],
        data_hash=document["data_hash"],
        encoder_hash=document["encoder_hash"],
    )
