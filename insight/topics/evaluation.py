"""Score a model on labelled texts that it was not trained on."""

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.topics.baselines import by_keyword
from insight.topics.classifier import TopicModel
from insight.topics.features import count_terms
from insight.topics.metrics import Metrics, topic_metrics
from insight.topics.training import labelled_rows


class NothingToEvaluateError(InsightError):
    """No labelled text has a topic that the model knows."""


def evaluate(model: TopicModel, labelled: pd.DataFrame) -> Metrics:
    """Compare the model's answers with people's.

    Parameters
    ----------
    model
        From `insight.topics.training.train_topics`.
    labelled
        ``text``, ``topic`` and optionally ``subject``. Texts of topics that the model doesn't
        know count as out of scope: a good model withholds its answer.

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
    known = codes >= 0
    if not known.any():
        raise NothingToEvaluateError(
            "no row has a text and one of the model's topics, so there is nothing to compare. "
            "Check that the topic column uses the model's names."
        )
    counts = count_terms(rows["text"], model.method, model.features)
    scores = model.scores(counts)
    keyword_answers = by_keyword(counts, model.keywords, majority=model.commonest)
    return topic_metrics(
        scores[known],
        codes[known],
        topics=model.topics,
        calibration=model.calibration,
        by_majority=np.full(int(known.sum()), model.commonest),
        by_keyword=keyword_answers[known],
        out_of_scope=scores[~known],
    )
