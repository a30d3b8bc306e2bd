"""How many enquiries came in, by topic and channel, and how many could be given a topic."""

from collections.abc import Mapping

import pandas as pd

from insight.errors import MissingColumnsError
from insight.results import count_results, join_results, share_results
from insight.topics.labels import one_spelling

NOT_CLASSIFIED = "not classified"

_KEY = ["source", "enquiry_id"]


def with_topics(enquiries: pd.DataFrame, predictions: pd.DataFrame) -> pd.DataFrame:
    """Give each enquiry its topic: a person's, else the model's, else "not classified".

    Parameters
    ----------
    enquiries
        ``source``, ``enquiry_id`` and ``topic`` (a person's label, mostly missing).
    predictions
        ``source``, ``enquiry_id``, ``topic`` and ``accepted``, at most one row an enquiry.

    Returns
    -------
    pandas.DataFrame
        `enquiries` with ``topic`` filled in and ``classified`` (bool) beside it.

    Raises
    ------
    MissingColumnsError
        If either frame lacks a column.
    """
    if missing := {*_KEY, "topic"} - set(enquiries.columns):
        raise MissingColumnsError(missing, "the enquiries")
    if missing := {*_KEY, "topic", "accepted"} - set(predictions.columns):
        raise MissingColumnsError(missing, "the predictions")
    accepted = predictions.loc[predictions["accepted"].astype(bool), [*_KEY, "topic"]]
    told = enquiries[_KEY].merge(accepted, on=_KEY, how="left", validate="many_to_one")
    predicted = told["topic"].astype("string").set_axis(enquiries.index)
    label = one_spelling(enquiries["topic"], predicted.dropna().unique())
    topic = label.mask(label.eq("")).fillna(predicted.mask(predicted.eq("")))
    return enquiries.assign(topic=topic.fillna(NOT_CLASSIFIED), classified=topic.notna())


def with_services(told: pd.DataFrame, services: Mapping[str, str]) -> pd.DataFrame:
    """Give each enquiry that names no service that of its topic.

    Parameters
    ----------
    told
        From `with_topics`, with ``service``.
    services
        Topic to service.
    """
    return told.assign(
        service=told["service"].fillna(told["topic"].map(dict(services)).astype("string"))
    )


def topic_volumes(
    enquiries: pd.DataFrame,
    predictions: pd.DataFrame,
    *,
    period: str,
    services: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Count a period's enquiries by topic and channel, with the share that has a topic.

    Parameters
    ----------
    enquiries
        The period's enquiries: ``source``, ``enquiry_id``, ``service``, ``channel`` and
        ``topic`` (a person's label).
    predictions
        As for `with_topics`.
    period
        The period's key, such as ``"2026-10"``.
    services
        Topic to service, for enquiries that name none.

    Returns
    -------
    pandas.DataFrame
        Results of measure ``enquiries``, for the whole, by channel, by topic and by both, and
        of ``enquiries_classified_share``, for the whole and by channel. Enquiries without a
        topic are counted under ``NOT_CLASSIFIED``, so that the topics add up to the whole.
    """
    told = with_topics(enquiries, predictions)
    if missing := {"service", "channel"} - set(told.columns):
        raise MissingColumnsError(missing, "the enquiries")
    told = with_services(told, services or {})
    counts = count_results(
        told,
        measure="enquiries",
        period=period,
        dims=[["channel"], ["topic"], ["channel", "topic"]],
    )
    share = share_results(
        told.assign(everything=1),
        measure="enquiries_classified_share",
        period=period,
        numerator="classified",
        denominator="everything",
        dims=[["channel"]],
    )
    return join_results([counts, share])
