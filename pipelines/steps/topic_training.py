"""Train a topic model on the labels of today, or load the one that was trained on them before."""

import hashlib
import json
from datetime import UTC, datetime

import pandas as pd
from sqlmodel import col, select

from insight.periods import uk_date
from insight.topics import TopicMethod, TopicModel, labelled_rows, model_card, train_topics
from models import ModelRun
from pipelines.edge.store import upsert, write_transaction
from pipelines.edge.topic_models import load_model, save_model
from pipelines.edge.workspace import Workspace
from pipelines.steps.topic_labels import out_of_scope

MODEL = "enquiry_topics"
SEED = 20260401


def current_model(workspace: Workspace, labelled: pd.DataFrame) -> tuple[TopicModel, str]:
    """Return the model of these labels and its version, trained if there is none yet."""
    method = TopicMethod(wanted_precision=workspace.settings.topic_precision)
    version = _version(labelled, method)
    folder = workspace.outputs / "models" / MODEL / version
    query = select(ModelRun).where(col(ModelRun.name) == MODEL, col(ModelRun.version) == version)
    with workspace.engine.connect() as connection:
        known = connection.execute(query).mappings().first()
    if known is not None and folder.exists():
        return load_model(folder, known["artefact_hash"]), version
    model = train_topics(labelled, method=method, seed=SEED, out_of_scope=out_of_scope(labelled))
    artefact = save_model(model, folder)
    received = labelled["received_at"]
    card = model_card(
        model,
        title="Enquiry topics",
        version=version,
        data_period=f"{uk_date(received.min().date())} to {uk_date(received.max().date())}",
    )
    (folder / "card.md").write_text(card, encoding="utf-8")
    (folder / "metrics.json").write_text(json.dumps(model.metrics, indent=1), encoding="utf-8")
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


def _version(labelled: pd.DataFrame, method: TopicMethod) -> str:
    """Name the model after what it learns from and how, so that the same is not made twice."""
    rows = labelled_rows(labelled, method)
    content = pd.util.hash_pandas_object(rows.astype("string"), index=False).to_numpy().tobytes()
    return hashlib.sha256(content + repr((method, SEED)).encode()).hexdigest()[:12]
