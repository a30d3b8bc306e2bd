"""Open cases that are past their standard, and those whose applicants have heard nothing."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from insight.caller_words import with_standard
from insight.case_waits import FEWEST_DECISIONS, wait_now
from insight.cases import dated_cases, open_at
from insight.periods import local_dates, month_end, month_key
from insight.results import NOT_RECORDED, as_results, breakdowns, count_results, join_results

NO_UPDATE_DAYS = 14
LIST_COLUMNS = (
    "service", "case_id", "case_type", "ward", "received", "age_days", "standard_days",
    "days_over", "due", "last_update", "days_since_update",
)  # fmt: skip
MEASURES = (
    "case_wait_now_days_typical",
    "case_wait_now_days_slowest_tenth",
    "cases_past_standard",
    "cases_without_update",
)


def past_standard(
    cases: pd.DataFrame,
    day: date,
    standards: pd.DataFrame,
    *,
    no_update_days: int | None = NO_UPDATE_DAYS,
) -> pd.DataFrame:
    """List open cases past their published standard, without an update lately, oldest first.

    Parameters
    ----------
    cases
        Rows of the cases contract.
    day
        The last day that counts: what came or was sent after it isn't known yet.
    standards
        Published standards: ``service``, ``case_type`` (empty for every type) and
        ``standard_days``. A case without one is past standard once its own target, or the later
        date agreed, has gone.
    no_update_days
        Leave out cases whose applicant was told something within so many days; None lists all
        that are past standard. A case with no update on record counts from its receipt.

    Returns
    -------
    pandas.DataFrame
        `LIST_COLUMNS`, a row per case: by reference alone, nobody's name.
    """
    rows = dated_cases(cases)
    rows = rows.reindex(
        columns=list(dict.fromkeys([*rows.columns, "case_id", "last_update_sent_at", "ward"]))
    )
    rows["service"] = rows["service"].astype("string").fillna(NOT_RECORDED)
    rows["case_type"] = rows["case_type"].fillna("")
    still = with_standard(open_at(rows, day), standards).reset_index(drop=True)
    now = pd.Timestamp(day)
    sent = local_dates(pd.to_datetime(still["last_update_sent_at"]))
    sent = sent.where(sent.le(now) & sent.ge(still["received_at"]))
    due = still[["target_at", "extended_to"]].max(axis="columns")
    standard = still["standard_days"]
    by_target = (now - due).dt.days.astype("Float64").where(standard.isna())
    over = (still["age_days"].astype("Float64") - standard).fillna(by_target)
    silent = (now - sent.fillna(still["received_at"])).dt.days
    listed = pd.DataFrame(
        {
            "service": still["service"],
            "case_id": still["case_id"].astype("string"),
            "case_type": still["case_type"],
            "ward": still["ward"].astype("string"),
            "received": still["received_at"],
            "age_days": still["age_days"].astype("Int64"),
            "standard_days": standard,
            "days_over": over,
            "due": due,
            "last_update": sent,
            "days_since_update": silent.astype("Int64"),
        }
    )
    chosen = over.gt(0).fillna(False).astype(bool)
    if no_update_days is not None:
        chosen &= silent.gt(no_update_days)
    keys = ["service", "days_over", "case_id"]
    return listed[chosen].sort_values(
        keys, ascending=[True, False, True], ignore_index=True
    )[list(LIST_COLUMNS)]  # fmt: skip


def wait_now_results(
    cases: pd.DataFrame,
    months: Sequence[date],
    standards: pd.DataFrame,
    *,
    no_update_days: int = NO_UPDATE_DAYS,
) -> pd.DataFrame:
    """Work out the month-end waits, and open cases past standard and without an update.

    Parameters
    ----------
    cases, standards, no_update_days
        As for `past_standard`.
    months
        First of each month asked for.

    Returns
    -------
    pandas.DataFrame
        Results of `MEASURES`, whole and by ``case_type``. Waits have no row of all services
        together: nobody waits for a mixture of them.
    """
    rows = dated_cases(cases)
    rows = rows.assign(
        service=rows["service"].astype("string").fillna(NOT_RECORDED),
        case_type=rows["case_type"].astype("string"),
    )
    over = pd.concat(
        [
            past_standard(rows, month_end(month), standards, no_update_days=None).assign(
                period=month_key(month)
            )
            for month in months
        ],
        ignore_index=True,
    )
    silent = over[over["days_since_update"].gt(no_update_days)]
    # A service is covered from its first case on: its nought is a nought.
    first = rows.groupby("service")["received_at"].min()
    covered = {
        month_key(month): first.index[first.le(pd.Timestamp(month_end(month)))] for month in months
    }
    counts = [
        count_results(part, measure=measure, dims=[["case_type"]], services=covered)
        for measure, part in (("cases_past_standard", over), ("cases_without_update", silent))
    ]
    return join_results([_waits(rows, months), *counts])


def _waits(rows: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    parts = []
    for by in (["service"], ["service", "case_type"]):
        found = pd.concat(
            [wait_now(rows, month_end(month), by=by).assign(period=month_key(month))
             for month in months],
            ignore_index=True,
        )  # fmt: skip
        found = found[found["decided"].ge(FEWEST_DECISIONS)]
        found = found.assign(breakdown=breakdowns(found[by[1:]]), base=found["at_risk"])
        for name in ("typical", "slowest_tenth"):
            parts.append(
                found.assign(
                    measure=f"case_wait_now_days_{name}",
                    value=found[name],
                    lower=found[f"{name}_lower"],
                    upper=found[f"{name}_upper"],
                )
            )
    return as_results(pd.concat(parts, ignore_index=True))
