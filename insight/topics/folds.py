"""Score a way of telling topics on labelled texts alone, each by a model that never saw it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import InsightError
from insight.topics.calibration import Codes, calibration_error, confusion_matrix, f1_by_topic
from insight.topics.classifier import classify
from insight.topics.features import Encoder, readable_texts
from insight.topics.kept_together import deal_out, kept_together
from insight.topics.method import TopicMethod
from insight.topics.scoring import NO_FIGURES, ScoredFigures, score_answers, topic_beliefs
from insight.topics.training import train_topics

_FEWEST_FOLDS, _MOST_FOLDS = 2, 20


class FoldsError(InsightError):
    """Texts that can't be cut into so many folds."""


@dataclass(frozen=True, eq=False)
class FoldScores:
    """What held-out folds say.

    Parameters
    ----------
    figures
        Of all folds together. Those that compare a text with its own model's threshold
        (`oos_auroc`, the errors of shares) are means of the folds, weighed by their texts.
    answers
        From `insight.topics.classifier.classify`, with the index of the labelled texts.
    inside
        How many of the texts belong to a topic: the base of the accuracy.
    smallest, largest
        The lowest and highest accuracy of a fold.
    """

    figures: ScoredFigures
    answers: pd.DataFrame
    inside: int
    smallest: float | None
    largest: float | None


def score_in_folds(
    labelled: pd.DataFrame,
    *,
    folds: int,
    seed: int,
    method: TopicMethod | None = None,
    out_of_scope: str | None = None,
    pool: pd.Series | None = None,
    encoder: Encoder | None = None,
    encoder_hash: str = "",
) -> FoldScores:
    """Train on all folds but one and score that one, in turn.

    Parameters
    ----------
    labelled
        ``text``, ``topic`` and optionally ``subject`` and ``thread_id``. Rows without a text or a
        topic are passed over.
    folds
        Into how many parts the texts are cut; equal texts and conversations are never parted, see
        `insight.topics.kept_together.kept_together`.
    seed
        Of the cut and of each model.
    method, out_of_scope, pool, encoder, encoder_hash
        As for `insight.topics.training.train_topics`.

    Raises
    ------
    FoldsError
        If `folds` is not between 2 and 20, or more than there are different texts.
    TopicTrainingError
        If the texts of all folds but one teach too little.
    """
    usable = _usable(labelled, method or TopicMethod())
    part = cut_in_folds(usable, folds, seed)
    answers, scored, kept, inside = [], [], [], []
    for number in range(folds):
        rest, unseen = usable[part != number], usable[part == number]
        model = train_topics(
            rest, method=method, seed=seed, out_of_scope=out_of_scope, pool=pool,
            encoder=encoder, encoder_hash=encoder_hash,
        )  # fmt: skip
        said = classify(model, unseen["text"], unseen.get("subject"), encoder=encoder)
        beliefs = topic_beliefs(model, _whole(unseen, model.method), encoder=encoder)
        figures = score_answers(model, said, beliefs, unseen["topic"], out_of_scope=out_of_scope)
        answers.append(said)
        scored.append(figures)
        kept.append(said["oos_score"] <= model.calibration.most_strange)
        inside.append(int(unseen["topic"].ne(out_of_scope or "").sum()))
    together = pd.concat(answers).reindex(usable.index)
    accuracies = [each["accuracy"] for each in scored if each["accuracy"] is not None]
    return FoldScores(
        _together(usable, together, pd.concat(kept), out_of_scope, scored, inside),
        together,
        sum(inside),
        min(accuracies, default=None),
        max(accuracies, default=None),
    )


def _whole(rows: pd.DataFrame, method: TopicMethod) -> pd.Series:
    return readable_texts(
        rows["text"], rows.get("subject"), maximum_characters=method.maximum_characters
    )


def _usable(labelled: pd.DataFrame, method: TopicMethod) -> pd.DataFrame:
    topic = labelled["topic"].astype("string").str.strip().fillna("")
    told = labelled.assign(topic=topic)
    return told[topic.ne("") & _whole(labelled, method).ne("")]


def cut_in_folds(rows: pd.DataFrame, folds: int, seed: int) -> Codes:
    """Return each row's fold; the cut depends on the texts, not on their order."""
    if not _FEWEST_FOLDS <= folds <= _MOST_FOLDS:
        raise FoldsError(f"folds is {folds}; choose from {_FEWEST_FOLDS} to {_MOST_FOLDS}.")
    keys = rows.reindex(columns=["thread_id", "text", "topic"]).astype("string").fillna("")
    order = np.lexsort(keys.to_numpy(dtype=str).T)
    ordered = rows.iloc[order]
    topics = ordered["topic"]
    together = kept_together(ordered["text"], ordered.get("thread_id"), topics)
    different = int(together.max(initial=-1)) + 1
    if different < folds:
        raise FoldsError(
            f"{different} different labelled texts can't be cut into {folds} folds. Label more "
            "texts first, or ask for fewer folds (--folds)."
        )
    part = np.empty(len(rows), dtype=np.intp)
    part[order] = deal_out(together, pd.factorize(topics)[0].astype(np.intp), folds, seed)
    return part


def _together(
    rows: pd.DataFrame,
    answers: pd.DataFrame,
    kept: pd.Series,
    out_of_scope: str | None,
    scored: list[ScoredFigures],
    inside: list[int],
) -> ScoredFigures:
    true = rows["topic"].to_numpy(dtype=str)
    known = true != (out_of_scope or "")
    if not known.any():
        return NO_FIGURES
    label = answers["label"].to_numpy(dtype=str)
    accepted = answers["accepted"].to_numpy(dtype=bool)[known]
    near = kept.reindex(rows.index).to_numpy(dtype=bool)
    right = (label == true)[known]
    names = np.unique(np.concatenate([label[known], true[known]]))
    confusion = confusion_matrix(
        np.searchsorted(names, label[known]), np.searchsorted(names, true[known]), len(names)
    )
    strange = ~known
    return ScoredFigures(
        accuracy=float(right.mean()),
        macro_f1=float(np.nanmean(f1_by_topic(confusion))),
        ece=calibration_error(answers["confidence"].to_numpy(dtype=float)[known], right),
        coverage=float(accepted.mean()),
        precision_on_covered=float(right[accepted].mean()) if accepted.any() else None,
        in_scope_kept=float(near[known].mean()) if out_of_scope else None,
        oos_auroc=_mean([each["oos_auroc"] for each in scored], inside),
        oos_recall=float((~near[strange]).mean()) if strange.any() else None,
        prevalence_error_raw=_mean([each["prevalence_error_raw"] for each in scored], inside),
        prevalence_error_corrected=_mean(
            [each["prevalence_error_corrected"] for each in scored], inside
        ),
    )


def _mean(values: list[float | None], weights: list[int]) -> float | None:
    given = [(value, n) for value, n in zip(values, weights, strict=True) if value is not None]
    if not sum(n for _, n in given):
        return None
    return float(np.average([value for value, _ in given], weights=[n for _, n in given]))
