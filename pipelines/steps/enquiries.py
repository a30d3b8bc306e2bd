"""What residents write about: train on what people labelled, classify the rest, count topics."""

import hashlib
import json
from datetime import UTC, date, datetime

import pandas as pd
from sqlmodel import col, select

from insight.periods import month_key, month_of, uk_date
from insight.results import join_results
from insight.topics import (
    TopicMethod,
    TopicModel,
    TopicTrainingError,
    classify,
    labelled_rows,
    model_card,
    topic_volumes,
    train_topics,
)
from models import ModelRun, TopicPrediction
from pipelines.edge.store import replace_period, upsert, write_transaction
from pipelines.edge.topic_models import load_model, save_model
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.figures import since_first, store_figures, window
from pipelines.steps.summary import StepSummary, table_of

MEASURES = ("enquiries", "enquiries_classified_share")
MODEL = "enquiry_topics"
SEED = 20260401
NO_PREDICTIONS = ("source", "enquiry_id", "topic", "confidence", "runner_up", "accepted")


def publish_enquiries(workspace: Workspace, month: date) -> StepSummary:
    """Classify the months' enquiries and store their topics by channel."""
    months = window(month)
    enquiries = read_events(workspace, "enquiries", months=months)
    labelled = enquiries if len(enquiries) == 0 else _labelled(workspace)
    problems: list[str] = []
    predictions = pd.DataFrame(columns=list(NO_PREDICTIONS))
    version = ""
    if len(enquiries):
        try:
            model, version = current_model(workspace, labelled)
        except TopicTrainingError as error:
            problems.append(f"Enquiries were counted but not classified: {error}")
        else:
            predictions = _predict(enquiries, model, version)
    with write_transaction(workspace.engine) as connection:
        where = {"period": [month_key(each) for each in months]}
        replace_period(connection, TopicPrediction, predictions, where=where)
    period = month_of(enquiries["received_at"])
    figures = join_results(
        topic_volumes(enquiries[period.eq(month_key(each))], predictions, period=month_key(each))
        for each in since_first(months, enquiries["received_at"])
    )
    store_figures(
        workspace,
        figures,
        measures=MEASURES,
        months=months,
        contracts=["enquiries"],
        refused=problems,
    )
    this = int(period.eq(month_key(month)).sum())
    with_model = f" with model {version}" if version else ""
    return StepSummary(
        "enquiries",
        f"{this} enquiries of {month:%B %Y} by topic{with_model}.",
        table=table_of(figures, month),
        problems=problems,
    )


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
    model = train_topics(labelled, method=method, seed=SEED)
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


def _labelled(workspace: Workspace) -> pd.DataFrame:
    everything = read_events(workspace, "enquiries")
    return everything[everything["topic"].notna()]


def _version(labelled: pd.DataFrame, method: TopicMethod) -> str:
    """Name the model after what it learns from and how, so that the same is not made twice."""
    rows = labelled_rows(labelled, method)
    content = pd.util.hash_pandas_object(rows.astype("string"), index=False).to_numpy().tobytes()
    return hashlib.sha256(content + repr((method, SEED)).encode()).hexdigest()[:12]


def _predict(enquiries: pd.DataFrame, model: TopicModel, version: str) -> pd.DataFrame:
    answers = classify(model, enquiries["text"], enquiries["subject"])
    return answers.assign(
        source=enquiries["source"],
        enquiry_id=enquiries["enquiry_id"],
        model_version=version,
        period=month_of(enquiries["received_at"]),
    )
