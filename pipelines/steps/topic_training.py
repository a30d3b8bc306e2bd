"""Train a topic model on the labels of today, or load the one that was trained on them before."""

import hashlib
import json
from datetime import UTC, datetime

import pandas as pd
from sqlmodel import col, select

from insight.errors import InsightError
from insight.periods import uk_date
from insight.topics import TopicMethod, TopicModel, classify, labelled_rows, train_topics
from insight.topics.features import Encoder
from models import ModelRun
from pipelines.edge.sentence_encoder import load_encoder
from pipelines.edge.store import upsert, write_transaction
from pipelines.edge.topic_folders import write_folder
from pipelines.edge.topic_models import load_model
from pipelines.edge.workspace import Workspace
from pipelines.steps.topic_labels import out_of_scope

MODEL = "enquiry_topics"
SEED = 20260401


class ModelEncoderError(InsightError):
    """A model that needs a sentence encoder which the settings don't name."""


def current_model(
    workspace: Workspace, labelled: pd.DataFrame, *, anew: bool = False
) -> tuple[TopicModel, str]:
    """Return the model of these labels and its version, trained if there is none yet or `anew`."""
    method = TopicMethod(wanted_precision=workspace.settings.topic_precision)
    encoder, encoder_hash = council_encoder(workspace)
    version = _version(labelled, method, encoder_hash)
    folder = workspace.outputs / "models" / MODEL / version
    query = select(ModelRun).where(col(ModelRun.name) == MODEL, col(ModelRun.version) == version)
    with workspace.engine.connect() as connection:
        known = connection.execute(query).mappings().first()
    if known is not None and folder.exists() and not anew:
        return load_model(folder, known["artefact_hash"]), version
    model = train_topics(
        labelled,
        method=method,
        seed=SEED,
        out_of_scope=out_of_scope(labelled),
        encoder=encoder,
        encoder_hash=encoder_hash,
    )
    received = labelled["received_at"]
    period = f"{uk_date(received.min().date())} to {uk_date(received.max().date())}"
    artefact = write_folder(model, folder, version=version, data_period=period)
    run = {
        "name": MODEL,
        "version": version,
        "data_hash": model.data_hash,
        "artefact_hash": artefact,
        "metrics": json.dumps(model.metrics),
        "trained_rows": model.trained_rows,
        "created_at": datetime.now(UTC),
    }
    with write_transaction(workspace.engine) as connection:
        upsert(connection, ModelRun, pd.DataFrame([run]))
    return model, version


def council_encoder(workspace: Workspace) -> tuple[Encoder | None, str]:
    """Return the sentence encoder that the settings name, and its hash; else None and nothing.

    Raises
    ------
    EncoderFolderError
        If it can't be used, or is not the one that the settings pin.
    """
    settings = workspace.settings
    if settings.topic_encoder is None:
        return None, ""
    return load_encoder(workspace.root / settings.topic_encoder, settings.topic_encoder_sha256)


def answers_of(workspace: Workspace, model: TopicModel, enquiries: pd.DataFrame) -> pd.DataFrame:
    """Classify enquiries with the sentence encoder that `model` was trained with, if it was.

    Raises
    ------
    ModelEncoderError
        If the settings don't name that encoder any more.
    """
    encoder = fitting_encoder(workspace, model)
    return classify(model, enquiries["text"], enquiries["subject"], encoder=encoder)


def fitting_encoder(workspace: Workspace, model: TopicModel) -> Encoder | None:
    """Return the sentence encoder that `model` was trained with, or None if there was none."""
    if not model.encoder_hash:
        return None
    encoder, encoder_hash = council_encoder(workspace)
    if encoder_hash != model.encoder_hash:
        raise ModelEncoderError(
            "the topic model in use was trained with another sentence encoder than the settings "
            "name (topic_encoder). Put that one back, or promote a model that was trained without."
        )
    return encoder


def _version(labelled: pd.DataFrame, method: TopicMethod, encoder_hash: str) -> str:
    """Name the model after what it learns from and how, so that the same is not made twice."""
    rows = labelled_rows(labelled, method)
    content = pd.util.hash_pandas_object(rows.astype("string"), index=False).to_numpy().tobytes()
    return hashlib.sha256(content + repr((method, SEED, encoder_hash)).encode()).hexdigest()[:12]
