"""What a month's enquiries are about, in shares that allow for the model's mistakes."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.results import (
    ALL_SERVICES,
    NOT_RECORDED,
    breakdowns,
    join_results,
    no_results,
    share_results,
)  # fmt: skip
from insight.topics.calibration import Scores
from insight.topics.classifier import TopicModel
from insight.topics.features import Encoder, readable_texts
from insight.topics.prevalence import share_intervals
from insight.topics.scoring import trained_shares
from insight.topics.volumes import with_services

CORRECTED = "topic_share_corrected"
SEVERAL = "enquiries_several_topics_share"
LEAST_TEXTS = 30


def corrected_topic_shares(
    model: TopicModel,
    enquiries: pd.DataFrame,
    *,
    period: str,
    services: Mapping[str, str],
    seed: int,
    encoder: Encoder | None = None,
) -> pd.DataFrame:
    """Estimate each topic's share of a period's enquiries, corrected for wrong answers.

    Parameters
    ----------
    model
        What answers.
    enquiries
        The period's conversations from `insight.topics.volumes.with_topics`: ``text``,
        ``subject``, ``topic``, ``service`` and, where the council has keyword rules, ``rule``:
        what a rule says is counted as it is.
    period
        The period's key.
    services
        Topic to service, for enquiries that name none.
    seed
        Of the bootstrap.
    encoder
        The sentence encoder that the model was trained with, if it was.

    Returns
    -------
    pandas.DataFrame
        Results of `CORRECTED` by topic, of all enquiries and of each service's, with the 95%
        bootstrap interval. The base are texts that look like one of the model's topics; with
        fewer than thirty there is no figure.

    Notes
    -----
    `insight.topics.prevalence` says how, and under which assumption.
    """
    read = readable_texts(
        enquiries["text"], enquiries["subject"], maximum_characters=model.method.maximum_characters
    )
    if read.empty:
        return no_results()
    judgement = model.judge(read, encoder)
    inside = judgement.readable & (judgement.strangeness <= model.calibration.most_strange)
    beliefs = model.calibration.beliefs(judgement.scores)
    ruled = np.zeros(len(read), dtype=bool)
    if "rule" in enquiries:
        told = pd.Index(model.topics).get_indexer(pd.Index(enquiries["topic"]))
        ruled = enquiries["rule"].notna().to_numpy(dtype=bool) & (told >= 0)
        beliefs[ruled] = np.eye(len(model.topics))[told[ruled]]
        inside |= ruled
    own = with_services(enquiries, services)["service"].astype("string").fillna(NOT_RECORDED)
    parts = {ALL_SERVICES: inside} | {
        str(code): inside & own.eq(code).to_numpy(dtype=bool) for code in sorted(own.unique())
    }
    return join_results(
        _estimated(model, beliefs[rows], ruled[rows], seed=seed).assign(period=period, service=code)
        for code, rows in parts.items()
        if rows.sum() >= LEAST_TEXTS
    )


def _estimated(
    model: TopicModel, beliefs: Scores, certain: NDArray[np.bool_], *, seed: int
) -> pd.DataFrame:
    found = share_intervals(
        beliefs, trained_shares(model), seed=seed, sharpness=model.sharpness, certain=certain
    )
    topics = pd.Series(model.topics, dtype="string")
    return pd.DataFrame(
        {
            "measure": CORRECTED,
            "breakdown": breakdowns(topics.to_frame("topic")),
            "value": found["share"],
            "numerator": np.nan,
            "denominator": float(len(beliefs)),
            "lower": found["lower"],
            "upper": found["upper"],
            "base": len(beliefs),
        }
    )


def several_topics_share(
    told: pd.DataFrame, further: pd.DataFrame, *, period: str, services: Mapping[str, str]
) -> pd.DataFrame:
    """Return the share of enquiries that are seen to ask about a further topic as well.

    The base are all of them: a letter that asks two things is often of no topic as a whole. Those
    that nothing is known of count as asking one thing, so the share is a least.

    Parameters
    ----------
    told
        The period's conversations from `insight.topics.volumes.with_topics`.
    further
        From `insight.topics.conversations.further_topics`, of their texts.
    period, services
        As for `corrected_topic_shares`.
    """
    rows = with_services(told, services).assign(
        several=told.index.isin(further["text"]), everything=1
    )
    return share_results(
        rows, measure=SEVERAL, period=period, numerator="several", denominator="everything",
        dims=[["topic"]],
    )  # fmt: skip
