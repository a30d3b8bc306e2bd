"""Score a model on labelled texts that it was not trained on."""

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.topics.baselines import by_keyword, count_words
from insight.topics.classifier import TopicModel
from insight.topics.features import Encoder
from insight.topics.metrics import Metrics, topic_metrics
from insight.topics.training import labelled_rows


class NothingToEvaluateError(InsightError):
    """No labelled text has a topic that the model knows."""


def evaluate(
    model: TopicModel, labelled: pd.DataFrame, *, encoder: Encoder | None = None
) -> Metrics:
    """Compare the model's answers with people's.

    Parameters
    ----------
    model
        From `insight.topics.training.train_topics`.
    labelled
        ``text``, ``topic`` and optionally ``subject``. Texts of topics that the model doesn't
        know count as out of scope: a good model withholds its answer.
    encoder
        The sentence encoder that the model was trained with, if it was.

    Returns
    -------
    Metrics
        Accuracy, macro-F1, calibration error, coverage and precision, per topic too, beside
        the majority and keyword rules as they stood when the model was trained.

    Raises
    ------
    MissingColumnsError
        If ``text`` or ``topic`` is absent.
    NothingToEvaluateError
        If no row has a text and a topic that the model knows.
    """
    rows = labelled_rows(labelled, model.method)
    codes = pd.Index(model.topics).get_indexer(pd.Index(rows["topic"]))
    if not (codes >= 0).any():
        raise NothingToEvaluateError(
            "no row has a text and one of the model's topics, so there is nothing to compare. "
            "Check that the topic column uses the model's names."
        )
    judgement = model.judge(rows["text"], encoder)
    words = count_words(rows["text"], model.keywords)
    return topic_metrics(
        judgement.scores,
        codes,
        topics=model.topics,
        calibration=model.calibration,
        by_majority=np.full(len(codes), model.commonest),
        by_keyword=by_keyword(words, model.keywords, majority=model.commonest),
        strangeness=judgement.strangeness,
    )
