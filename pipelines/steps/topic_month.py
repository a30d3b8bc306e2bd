"""A month's topics beyond their counts: corrected shares, several in one letter, what moved."""

from datetime import date

import pandas as pd

from insight.periods import add_months, month_end, month_key, month_of
from insight.results import join_results
from insight.topics import TopicModel, with_topics
from insight.topics.burden import AVOIDABLE, CHASING, burden_shares
from insight.topics.conversations import first_of_thread, further_topics
from insight.topics.drift import topic_drift, topic_drift_words
from insight.topics.shares import (
    CORRECTED,
    SEVERAL,
    corrected_topic_shares,
    several_topics_share,
)
from insight.topics.volumes import with_services
from models import TopicPrediction
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.topic_answers import ruled_answers
from pipelines.steps.topic_burden import with_burdens
from pipelines.steps.topic_labels import KEY
from pipelines.steps.topic_training import SEED, fitting_encoder

MONTH_MEASURES = (CORRECTED, SEVERAL, CHASING, AVOIDABLE)
MONTHS_WATCHED = 13


def month_figures(
    workspace: Workspace,
    model: TopicModel,
    asked: pd.DataFrame,
    predictions: pd.DataFrame,
    month: date,
) -> pd.DataFrame:
    """Return the month's corrected shares, and how many ask several things, chase, or needn't be.

    Parameters
    ----------
    asked
        The month's enquiries without replies.
    predictions
        As for `insight.topics.with_topics`.
    """
    encoder = fitting_encoder(workspace, model)
    services = {topic.name: topic.service for topic in workspace.settings.topics}
    key = month_key(month)
    told = with_topics(with_rules(asked, predictions), predictions)
    shares = corrected_topic_shares(
        model, told, period=key, services=services, seed=SEED, encoder=encoder
    )
    further = further_topics(
        asked["text"],
        told["topic"].where(told["classified"]),
        lambda parts: ruled_answers(workspace, model, parts.to_frame("text")),
    )
    several = several_topics_share(told, further, period=key, services=services)
    burdened = with_burdens(workspace, with_services(told, services), [month])
    burden = burden_shares(burdened, period=key, services=services)
    return join_results([shares, several, burden])


def told_months(workspace: Workspace, months: list[date]) -> pd.DataFrame:
    """Return the months' enquiries without replies, with what is known of each.

    Beside their own columns ``topic``, ``confidence``, ``rule`` (`with_rules`), ``period`` and
    ``again``: whether the conversation went on.
    """
    enquiries = read_events(workspace, "enquiries", months=months)
    # A message that names no conversation stands alone.
    again = enquiries["thread_id"].notna() & enquiries["thread_id"].duplicated(keep=False)
    enquiries = enquiries.assign(again=again)
    predictions = read_predictions(workspace, months)
    asked = with_rules(enquiries[first_of_thread(enquiries)], predictions)
    asked = with_topics(asked, predictions)
    sure = predictions[["source", "enquiry_id", "confidence"]]
    asked = asked.merge(sure, on=["source", "enquiry_id"], how="left")
    return asked.assign(period=month_of(asked["received_at"]))


def with_rules(asked: pd.DataFrame, predictions: pd.DataFrame) -> pd.DataFrame:
    """Give each enquiry ``rule``: why a rule of the council's gave its topic, where one did.

    What a person said of it stands above every rule.
    """
    told = asked[KEY].merge(predictions[[*KEY, "rule"]], on=KEY, how="left", validate="1:1")
    rule = told["rule"].astype("string").set_axis(asked.index)
    return asked.assign(rule=rule.mask(asked["topic"].notna()))


def read_predictions(workspace: Workspace, months: list[date]) -> pd.DataFrame:
    """Return the model's answers of these months."""
    with workspace.engine.connect() as connection:
        return read_table(
            connection,
            TopicPrediction,
            where={"period": [month_key(month) for month in months]},
            timezone=workspace.settings.timezone,
        )


def topic_news(workspace: Workspace, month: date) -> list[str]:
    """Say where the mix of topics or the model's confidence moved; nothing in a month not over."""
    if workspace.today <= month_end(month):
        return []
    months = [add_months(month, -back) for back in range(MONTHS_WATCHED - 1, -1, -1)]
    changes = topic_drift(told_months(workspace, months), months)
    return [topic_drift_words(change, month) for change in changes]
