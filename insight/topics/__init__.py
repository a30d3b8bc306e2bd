"""Enquiry topics: what people write about, and saying so when the model doesn't know."""

from insight.topics.card import model_card
from insight.topics.classifier import TopicModel, classify
from insight.topics.evaluation import NothingToEvaluateError, evaluate
from insight.topics.method import TopicMethod, TopicMethodError
from insight.topics.metrics import Metrics, TopicScore
from insight.topics.training import TopicTrainingError, labelled_rows, train_topics
from insight.topics.volumes import NOT_CLASSIFIED, topic_volumes, with_topics

__all__ = [
    "NOT_CLASSIFIED",
    "Metrics",
    "NothingToEvaluateError",
    "TopicMethod",
    "TopicMethodError",
    "TopicModel",
    "TopicScore",
    "TopicTrainingError",
    "classify",
    "evaluate",
    "labelled_rows",
    "model_card",
    "topic_volumes",
    "train_topics",
    "with_topics",
]
