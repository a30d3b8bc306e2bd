"""What residents write about: train on what people labelled, classify the rest, count topics."""

from datetime import date

import pandas as pd

from insight.periods import month_key, month_of
from insight.results import join_results
from insight.topics import TopicModel, TopicTrainingError, topic_volumes
from insight.topics.conversations import first_of_thread
from models import TopicPrediction
from pipelines.edge.sentence_encoder import EncoderFolderError
from pipelines.edge.store import replace_period, write_transaction
from pipelines.edge.topic_models import TopicModelFileError
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.figures import since_first, store_figures, window
from pipelines.steps.summary import StepSummary, table_of
from pipelines.steps.topic_answers import ruled_answers
from pipelines.steps.topic_month import MONTH_MEASURES, month_figures, topic_news
from pipelines.steps.topic_training import ModelEncoderError
from pipelines.steps.topic_versions import model_in_use, train_candidate

MEASURES = ("enquiries", "enquiries_classified_share")
NO_PREDICTIONS = ("source", "enquiry_id", "topic", "confidence", "runner_up", "accepted")
CANT_CLASSIFY = (
    TopicTrainingError, EncoderFolderError, TopicModelFileError, ModelEncoderError,
)  # fmt: skip


def publish_enquiries(workspace: Workspace, month: date) -> StepSummary:
    """Classify the months' enquiries and store their topics by channel."""
    months = window(month)
    enquiries = read_events(workspace, "enquiries", months=months)
    problems: list[str] = []
    predictions = pd.DataFrame(columns=list(NO_PREDICTIONS))
    version, model = "", None
    if len(enquiries):
        try:
            trained = train_candidate(workspace)
            model, version = model_in_use(workspace)
        except CANT_CLASSIFY as error:
            problems.append(f"Enquiries were counted but not classified: {error}")
        else:
            predictions = _predict(workspace, enquiries, model, version)
            problems += _to_teach(workspace, model)
            if trained.contest is not None and not trained.contest.better:
                problems.append(f"A newly trained topic model was not put to use. {trained.words}")
    with write_transaction(workspace.engine) as connection:
        where = {"period": [month_key(each) for each in months]}
        replace_period(connection, TopicPrediction, predictions, where=where)
    period = month_of(enquiries["received_at"])
    # A reply in a conversation is no new enquiry.
    begun = first_of_thread(enquiries)
    asked = enquiries[begun]
    services = {topic.name: topic.service for topic in workspace.settings.topics}
    figures = join_results(
        topic_volumes(
            asked[period[begun].eq(month_key(each))],
            predictions,
            period=month_key(each),
            services=services,
        )
        for each in since_first(months, enquiries["received_at"])
    )
    store_figures(workspace, figures, measures=MEASURES, months=months, contracts=["enquiries"])
    now = asked[period[begun].eq(month_key(month))]
    if model is not None and len(now):
        more = month_figures(workspace, model, now, predictions, month)
        figures = join_results([figures, more])
        store_figures(
            workspace, more, measures=MONTH_MEASURES, months=[month], contracts=["enquiries"]
        )
        problems += topic_news(workspace, month)
    this, replies = len(now), int((period.eq(month_key(month)) & ~begun).sum())
    with_model = f" with model {version}" if version else ""
    return StepSummary(
        "enquiries",
        f"{this} enquiries of {month:%B %Y} by topic{with_model}; {replies} replies in their "
        "conversations are not counted again.",
        table=table_of(figures, month),
        problems=problems,
    )


def _to_teach(workspace: Workspace, model: TopicModel) -> list[str]:
    """Say which topics have too few labels, and which the settings don't know."""
    problems = []
    if model.left_out:
        few = ", ".join(f"{topic} ({count})" for topic, count in model.left_out.items())
        problems.append(
            f"Topics with fewer different labelled texts than the model can learn from, where "
            f"{model.method.minimum_examples} are needed: {few}. Label more of them: insight "
            "topics review --to FILE.xlsx."
        )
    named = {topic.name for topic in workspace.settings.topics}
    if named and (unnamed := sorted(set(model.topics) - named)):
        problems.append(
            f"The topic model knows topics that settings/topics.yaml doesn't name: "
            f"{', '.join(unnamed)}. Name them there with their service; if they are another "
            "council's, correct the labels and train again: insight topics train."
        )
    return problems


def _predict(
    workspace: Workspace, enquiries: pd.DataFrame, model: TopicModel, version: str
) -> pd.DataFrame:
    answers = ruled_answers(workspace, model, enquiries)
    kept = answers.drop(columns=["label", "oos_score"])
    return kept.assign(
        source=enquiries["source"],
        enquiry_id=enquiries["enquiry_id"],
        model_version=version,
        period=month_of(enquiries["received_at"]),
    )
