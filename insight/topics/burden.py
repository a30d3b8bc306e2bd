"""Which enquiries chase something, and which need not have been written."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from insight.demand import CLASSES, DemandMethod, link_contacts, look_back, single_records
from insight.demand.monthly import rows_of_months
from insight.periods import month_key
from insight.results import join_results, share_results
from insight.topics.volumes import with_services

CHASING = "topic_chasing_share"
AVOIDABLE = "topic_avoidable_share"
BURDEN_COLUMNS = ("chasing", "avoidable")


def burdens(
    enquiries: pd.DataFrame,
    *,
    months: Sequence[date],
    method: DemandMethod,
    contacts: pd.DataFrame | None = None,
    cases: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Say of each enquiry whether it chases, and whether it was avoidable.

    Parameters
    ----------
    enquiries
        ``received_at``, ``channel``, ``service``, ``sender`` and ``text``, replies included: a
        person who wrote before may be chasing now. Rows from before `months` only tell that.
    months
        Months asked about; those before them that a repeat may be a repeat of are read too.
    method
        The demand settings' choices, which hold here as for all contacts.
    contacts, cases
        Rows of the contracts of these names. Contacts of a day, channel and service that has
        enquiries are passed over: they are the same e-mails, logged by hand.

    Returns
    -------
    pandas.DataFrame
        ``chasing`` and ``avoidable`` (bool), with the index of `enquiries`; false outside the
        months. An enquiry is avoidable where the records show one of the former national
        indicator 14's classes: it chases, comes soon after its case was closed, or tells another
        service the same. What an enquiry doesn't show isn't counted.
    """
    span = look_back(sorted(months), method)
    written = rows_of_months(enquiries, "received_at", span)
    mail = single_records(span, enquiries=written)
    others = single_records(span, contacts=contacts) if contacts is not None else mail.iloc[:0]
    cell = ["day", "channel", "service"]
    own = pd.MultiIndex.from_frame(mail[cell].astype({"channel": str, "service": str}))
    theirs = pd.MultiIndex.from_frame(others[cell].astype({"channel": str, "service": str}))
    records = pd.concat(
        [
            part.astype({"channel": "string", "service": "string", "period": "string"})
            for part in (mail, others[~theirs.isin(own)])
        ],
        ignore_index=True,
    )
    links = link_contacts(records, pd.DataFrame() if cases is None else cases, method)
    found = pd.DataFrame(False, index=enquiries.index, columns=list(BURDEN_COLUMNS))
    now = links.head(len(written)).set_axis(written.index)
    now = now[now["period"].isin([month_key(month) for month in months])]
    found.loc[now.index, "chasing"] = now["chasing"]
    found.loc[now.index, "avoidable"] = now["avoidable"].isin(CLASSES)
    return found


def burden_shares(told: pd.DataFrame, *, period: str, services: Mapping[str, str]) -> pd.DataFrame:
    """Return the shares of a period's enquiries that chase or were avoidable, by topic.

    Parameters
    ----------
    told
        The period's conversations from `insight.topics.volumes.with_topics`, with `burdens`'
        ``chasing`` and ``avoidable``.
    period, services
        As for `insight.topics.shares.corrected_topic_shares`.

    Returns
    -------
    pandas.DataFrame
        Results of `CHASING` and `AVOIDABLE`, whole and by topic, each with Wilson's 95% interval
        and its base.
    """
    rows = with_services(told, services).assign(everything=1)
    return join_results(
        share_results(
            rows, measure=measure, period=period, numerator=column, denominator="everything",
            dims=[["topic"]],
        )
        for measure, column in ((CHASING, "chasing"), (AVOIDABLE, "avoidable"))
    )  # fmt: skip
