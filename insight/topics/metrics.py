"""What a set of answers is worth, told from the true topics."""

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from insight.intervals import wilson
from insight.topics.calibration import (
    Calibration,
    Codes,
    Scores,
    calibration_error,
    confusion_matrix,
    f1_by_topic,
)

_TENTHS = 10


class TopicScore(TypedDict):
    """How one topic fares, before anything is withheld; shares from 0 to 1.

    `n` texts are truly of the topic; `precision` is the share of answers naming it that are
    right, `recall` the share of its texts that are found. Missing where there is no base.
    """

    topic: str
    n: int
    precision: float | None
    precision_lower: float | None
    precision_upper: float | None
    recall: float | None
    recall_lower: float | None
    recall_upper: float | None
    f1: float
    mistaken_for: str


class ReliabilityBin(TypedDict):
    """Answers given with about the same confidence, and the share of them that is right."""

    confidence: float
    right: float
    lower: float
    upper: float
    n: int


class Metrics(TypedDict):
    """How the model fares, beside two rules that need no learning.

    `accuracy`, `macro_f1` and `ece` (calibration error) count every text of a known topic,
    before anything is withheld; `covered` texts were answered, `coverage` is their share, and
    `precision_on_covered` the share of these answers that are right. The majority rule always
    names the commonest topic; the keyword rule names the topic most of whose ten telling terms
    occur. `out_of_scope` texts belong to no topic of the model and `out_of_scope_withheld` of
    them rightly got no answer. Intervals are 95% Wilson intervals.
    """

    n: int
    accuracy: float
    accuracy_lower: float
    accuracy_upper: float
    macro_f1: float
    ece: float
    covered: int
    coverage: float
    coverage_lower: float
    coverage_upper: float
    precision_on_covered: float | None
    precision_lower: float | None
    precision_upper: float | None
    majority_accuracy: float
    majority_macro_f1: float
    keyword_accuracy: float
    keyword_macro_f1: float
    out_of_scope: int
    out_of_scope_withheld: int
    topics: list[TopicScore]
    reliability: list[ReliabilityBin]


def topic_metrics(
    scores: Scores,
    actual: Codes,
    *,
    topics: Sequence[str],
    calibration: Calibration,
    by_majority: Codes,
    by_keyword: Codes,
    strangeness: Scores,
) -> Metrics:
    """Compare scores with the true topics.

    Parameters
    ----------
    scores
        One row a text, one column a topic.
    actual, by_majority, by_keyword
        Column of each text's true topic, and of the two simple rules' answers. A true topic
        of -1 says that the text belongs to none of `topics`.
    topics
        The columns' names.
    calibration
        Decides which answers are withheld.
    strangeness
        How unlike all topics each text looks.
    """
    accepted = calibration.accepts(scores, strangeness)
    inside = actual >= 0
    strangers = accepted[~inside]
    scores, actual, covered = scores[inside], actual[inside], accepted[inside]
    by_majority, by_keyword = by_majority[inside], by_keyword[inside]
    answers = calibration.answers(scores)
    right = answers == actual
    accuracy, accuracy_lower, accuracy_upper = _sure_share(right.sum(), len(right))
    coverage, coverage_lower, coverage_upper = _sure_share(covered.sum(), len(right))
    precision, lower, upper = _share(right[covered].sum(), covered.sum())
    return Metrics(
        n=len(actual),
        accuracy=accuracy,
        accuracy_lower=accuracy_lower,
        accuracy_upper=accuracy_upper,
        macro_f1=_macro_f1(confusion_matrix(answers, actual, len(topics))),
        ece=calibration_error(calibration.confidences(scores), right),
        covered=int(covered.sum()),
        coverage=coverage,
        coverage_lower=coverage_lower,
        coverage_upper=coverage_upper,
        precision_on_covered=precision,
        precision_lower=lower,
        precision_upper=upper,
        majority_accuracy=float((by_majority == actual).mean()),
        majority_macro_f1=_macro_f1(confusion_matrix(by_majority, actual, len(topics))),
        keyword_accuracy=float((by_keyword == actual).mean()),
        keyword_macro_f1=_macro_f1(confusion_matrix(by_keyword, actual, len(topics))),
        out_of_scope=len(strangers),
        out_of_scope_withheld=int((~strangers).sum()),
        topics=_topic_scores(confusion_matrix(answers, actual, len(topics)), topics),
        reliability=_reliability(calibration.confidences(scores), right),
    )


def _macro_f1(confusion: NDArray[np.int64]) -> float:
    """Mean F1 of the topics that occur or are answered."""
    return float(np.nanmean(f1_by_topic(confusion)))


def _topic_scores(confusion: NDArray[np.int64], topics: Sequence[str]) -> list[TopicScore]:
    hits, answered, true = confusion.diagonal(), confusion.sum(axis=0), confusion.sum(axis=1)
    f1 = np.nan_to_num(f1_by_topic(confusion))
    missed = confusion - np.diag(hits)
    scores = []
    for code, topic in enumerate(topics):
        precision, precision_lower, precision_upper = _share(hits[code], answered[code])
        recall, recall_lower, recall_upper = _share(hits[code], true[code])
        scores.append(
            TopicScore(
                topic=topic,
                n=int(true[code]),
                precision=precision,
                precision_lower=precision_lower,
                precision_upper=precision_upper,
                recall=recall,
                recall_lower=recall_lower,
                recall_upper=recall_upper,
                f1=float(f1[code]),
                mistaken_for=topics[missed[code].argmax()] if missed[code].any() else "",
            )
        )
    return scores


def _reliability(confidences: Scores, right: NDArray[np.bool_]) -> list[ReliabilityBin]:
    """Cut the answers into ten of equal size, from least to most confident."""
    order = np.argsort(confidences, kind="stable")
    found = []
    for part in np.array_split(order, _TENTHS):
        if not len(part):
            continue
        share, lower, upper = _sure_share(right[part].sum(), len(part))
        said = float(confidences[part].mean())
        found.append(
            ReliabilityBin(confidence=said, right=share, lower=lower, upper=upper, n=len(part))
        )
    return found


def _share(part: int, whole: int) -> tuple[float | None, float | None, float | None]:
    return _sure_share(part, whole) if whole else (None, None, None)


def _sure_share(part: int, whole: int) -> tuple[float, float, float]:
    share = float(part / whole)
    lower, upper = wilson(share, int(whole))
    return share, float(lower), float(upper)
