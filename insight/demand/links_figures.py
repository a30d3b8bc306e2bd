"""The figures of linked contacts: repeat, chasing, first-contact resolution, avoidable."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from insight.demand.method import CLASSES
from insight.demand.monthly import clustered_shares, monthly_sums
from insight.periods import month_key
from insight.results import counts_of, join_results, shares_of

BY_CHANNEL = (["channel"],)
CODED_ENOUGH = 0.8
"""Share of a service's contacts whose class must be known for its avoidable share to be given."""


def link_results(links: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Sum up what `insight.demand.chasing.link_contacts` found, month by month.

    Returns
    -------
    pandas.DataFrame
        Results, whole and by channel: ``repeat_contact_share``, ``chasing_contacts`` (also by
        ``evidence`` and, where the case is known, ``ward``), ``chasing_contact_share``,
        ``first_contact_resolution_share``, ``avoidable_contacts`` (also by ``class``) and, where
        the class of four contacts in five is known, ``avoidable_contact_share``. A service and
        month whose contacts have neither words nor a customer nor a reason have none: nothing
        that could be seen was seen, which is not nought.
    """
    rows = links[links["period"].isin([month_key(month) for month in months])]
    told = rows["visible"] | rows["avoidable"].notna()
    keys = [rows["period"], rows["service"]]
    rows = rows[told.groupby(keys, observed=True).transform("any").astype(bool)]
    if rows.empty:
        return join_results([])
    return join_results(
        [
            _share(rows[rows["known"]], "repeat", "repeat_contact_share"),
            _share(rows, "chasing", "chasing_contact_share"),
            _chasing_counts(rows),
            _first_contact(rows),
            *_avoidable(rows),
        ]
    )


def _share(rows: pd.DataFrame, what: str, measure: str) -> pd.DataFrame:
    if rows.empty:
        return join_results([])
    parts = clustered_shares(rows, rows[what], rows["person"], dims=BY_CHANNEL)
    return shares_of(parts, measure=measure, period=parts["period"])


def _chasing_counts(rows: pd.DataFrame) -> pd.DataFrame:
    """Count chasing contacts; a service with contacts and none of them chasing has nought."""
    parts = monthly_sums(rows.assign(count=rows["chasing"]), ["count"], dims=BY_CHANNEL)
    chased = rows[rows["chasing"]].assign(count=1.0)
    split = [
        monthly_sums(some, ["count"], dims=[[name]]).pipe(lambda f: f[f["breakdown"].ne("")])
        for name in ("evidence", "ward")
        if len(some := chased[chased[name].notna()])
    ]
    joined = pd.concat([parts, *split], ignore_index=True)
    return counts_of(joined, measure="chasing_contacts", period=joined["period"])


def _first_contact(rows: pd.DataFrame) -> pd.DataFrame:
    """Share of first contacts that were dealt with and not followed by another."""
    first = rows[rows["followed_known"] & ~rows["repeat"]]
    first = first.assign(settled=~first["followed"] & first["resolved"].fillna(True).astype(bool))
    return _share(first, "settled", "first_contact_resolution_share")


def _avoidable(rows: pd.DataFrame) -> list[pd.DataFrame]:
    could = rows["avoidable"].isin(CLASSES)
    parts = monthly_sums(rows.assign(count=could), ["count"], dims=BY_CHANNEL)
    classed = rows[could].assign(count=1.0).rename(columns={"avoidable": "class"})
    split = monthly_sums(classed, ["count"], dims=[["class"]])
    joined = pd.concat([parts, split[split["breakdown"].ne("")]], ignore_index=True)
    counted = counts_of(joined, measure="avoidable_contacts", period=joined["period"])
    said = rows[rows["avoidable"].notna()].assign(could=could)
    share = _share(said, "could", "avoidable_contact_share")
    coded = monthly_sums(rows.assign(n=1.0, said=rows["avoidable"].notna()), ["n", "said"])
    enough = coded[coded["said"].ge(CODED_ENOUGH * coded["n"])][["period", "service"]]
    return [counted, share.merge(enough.astype("string"), on=["period", "service"])]
