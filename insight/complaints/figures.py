"""Complaints received and upheld, with service requests kept apart."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from insight.errors import MissingColumnsError
from insight.periods import local_dates, period_within
from insight.results import count_results, join_results, share_results

REQUEST = "request"
UPHELD = ("upheld", "partly upheld")
DECIDED = (*UPHELD, "not upheld")
_OPTIONAL = ("outcome", "responded_at", "ward", "category")


def complaints_results(complaints: pd.DataFrame, *months: date) -> pd.DataFrame:
    """Complaints received, the share upheld, and service requests.

    Parameters
    ----------
    complaints
        Rows of the complaints contract (one per complaint and stage): ``received_at``,
        ``service``, ``stage``, and where recorded ``outcome`` and ``responded_at``.
    months
        First of each month asked for.

    Returns
    -------
    pandas.DataFrame
        Results, per service and for ``"all"``: ``complaints_received`` of each month, whole and
        by ``stage``, ``outcome`` (as known now), ``ward`` and ``category``;
        ``complaints_upheld_share`` of those decided in the month, whole and by ``stage``,
        ``ward`` and ``category``; ``service_requests`` received.

    Raises
    ------
    MissingColumnsError
        If a column is absent.

    Notes
    -----
    A decision without an answer date is put in the month the complaint was received: the
    only date there is, and one that doesn't move when the month is computed again.
    """
    if missing := {"received_at", "service", "stage"} - set(complaints.columns):
        raise MissingColumnsError(missing)
    rows = complaints.reindex(columns=list(dict.fromkeys([*complaints.columns, *_OPTIONAL])))
    asked = rows["stage"].eq(REQUEST).fillna(False).astype(bool)
    received = rows.assign(period=period_within(rows["received_at"], months))
    return join_results(
        [
            count_results(
                received[~asked],
                measure="complaints_received",
                dims=[["stage"], ["outcome"], ["ward"], ["category"]],
            ),
            share_results(
                _decided(rows[~asked], months),
                measure="complaints_upheld_share",
                dims=[["stage"], ["ward"], ["category"]],
            ),
            count_results(received[asked], measure="service_requests"),
        ]
    )


def _decided(rows: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Complaints with a decision in the months, ``numerator`` telling which were upheld."""
    received = local_dates(rows["received_at"])
    answered = local_dates(pd.to_datetime(rows["responded_at"])).fillna(received)
    dated = rows.assign(period=period_within(answered, months))
    decided = dated[dated["outcome"].isin(list(DECIDED))]
    return decided.assign(numerator=decided["outcome"].isin(list(UPHELD)), denominator=True)
