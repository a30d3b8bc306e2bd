"""How complaints were handled: closed, in time, how long it took, refused, open, learnt from."""

from datetime import date

import numpy as np
import pandas as pd
from scipy.stats import t as student

from insight.complaints.clocks import UNFINISHED
from insight.complaints.figures import DECIDED, REQUEST
from insight.periods import in_month, month_end, month_key
from insight.results import as_results, count_results, join_results, share_results, sum_parts

MEASURES = (
    "complaints_closed",
    "complaints_on_time_share",
    "complaints_acknowledged_on_time_share",
    "complaint_working_days",
    "complaints_refused",
    "complaints_open",
    "complaints_overdue",
    "complaint_compensation",
    "complaint_learning_actions",
    "complaint_learning_done",
)
EXTENSIONS = "extensions"
NOT_COUNTED = "not counted"
_OPTIONAL = (
    "service", "outcome", "refused_reason", "category", "ward", "compensation",
    "learning_action", "learning_done_at",
)  # fmt: skip


def handling_results(clocked: pd.DataFrame, month: date) -> pd.DataFrame:
    """Work out how the month's complaints were handled, by service.

    Parameters
    ----------
    clocked
        What `insight.complaints.clocks.run_clocks` returns, computed once for all months.
    month
        First of the month.

    Returns
    -------
    pandas.DataFrame
        Results of `MEASURES`. A share in time counts extensions; its breakdown
        ``extensions=not counted`` doesn't. A complaint is closed in the month of its answer;
        one with a decision and no date of the answer counts in the month it came in.
    """
    rows = clocked.reindex(columns=list(dict.fromkeys([*clocked.columns, *_OPTIONAL])))
    rows = rows[rows["stage"].ne(REQUEST).fillna(True).astype(bool)]
    period = month_key(month)
    ended = rows["responded_at"].fillna(rows["received_at"])
    outcome = rows["outcome"].astype("string")
    in_period = in_month(ended, month)
    closed = rows[in_period & outcome.isin(list(DECIDED))]
    refused = rows[in_period & outcome.eq("refused").fillna(False)]
    standing = _open_at(rows, month_end(month))
    overdue = standing[standing["respond_by_extended"].lt(pd.Timestamp(month_end(month)))]
    paid = rows[in_period & rows["compensation"].fillna(0).gt(0)]
    learnt = rows[in_period & rows["learning_action"].notna()]
    done = rows[in_month(pd.to_datetime(rows["learning_done_at"]), month)]
    split = [["stage"], ["outcome"], ["outcome", "stage"], ["ward"], ["category"]]
    return join_results(
        [
            count_results(closed, measure="complaints_closed", period=period, dims=split),
            _on_time(closed, period),
            _acknowledged(rows, month, period),
            _mean_days(closed, period),
            count_results(
                refused,
                measure="complaints_refused",
                period=period,
                dims=[["refused_reason"], ["stage"]],
            ),
            count_results(standing, measure="complaints_open", period=period, dims=[["stage"]]),
            count_results(overdue, measure="complaints_overdue", period=period, dims=[["stage"]]),
            _compensation(paid, period),
            count_results(learnt, measure="complaint_learning_actions", period=period),
            count_results(done, measure="complaint_learning_done", period=period),
        ]
    )


def _open_at(rows: pd.DataFrame, day: date) -> pd.DataFrame:
    """Complaints received and not yet answered when `day` ends.

    One with a final outcome and no date isn't open: nobody waits for it.
    """
    end = pd.Timestamp(day)
    final = rows["outcome"].notna() & ~rows["outcome"].isin(list(UNFINISHED))
    answered = rows["responded_at"].le(end) | (rows["responded_at"].isna() & final)
    clocked = rows["respond_by"].notna()
    return rows[rows["received_at"].le(end) & ~answered & clocked]


def _on_time(closed: pd.DataFrame, period: str) -> pd.DataFrame:
    timed = closed[closed["on_time"].notna()].assign(denominator=True)
    measure = "complaints_on_time_share"
    counted = share_results(
        timed.assign(numerator=timed["on_time_extended"]),
        measure=measure,
        period=period,
        dims=[["stage"], ["regime"], ["category"]],
    )
    strict = share_results(
        timed.assign(numerator=timed["on_time"], extensions=NOT_COUNTED),
        measure=measure,
        period=period,
        dims=[[EXTENSIONS], [EXTENSIONS, "stage"]],
    )
    plain = strict["breakdown"].str.startswith(EXTENSIONS)
    return join_results([counted, strict[plain]])


def _acknowledged(rows: pd.DataFrame, month: date, period: str) -> pd.DataFrame:
    """Of those to be acknowledged by a day of the month; one that never was is late."""
    due = rows[in_month(rows["acknowledge_by"], month)]
    # Answered without an acknowledgement's date: nobody can say, so it is in neither number.
    due = due[due["acknowledged_at"].notna() | due["responded_at"].isna()]
    return share_results(
        due.assign(
            numerator=due["acknowledged_on_time"].astype("boolean").fillna(False), denominator=True
        ),
        measure="complaints_acknowledged_on_time_share",
        period=period,
        dims=[["stage"]],
    )


def _mean_days(closed: pd.DataFrame, period: str) -> pd.DataFrame:
    """Mean working days, with Student's interval; one complaint has a mean and no interval."""
    timed = closed[closed["working_days"].notna()]
    days = timed["working_days"].astype("float64")
    sums = timed.assign(total=days, squares=days.pow(2), base=1)
    parts = sum_parts(sums, ["total", "squares", "base"], dims=[["stage"]])
    base = parts["base"]
    mean = parts["total"] / base
    spread = (parts["squares"] - base * mean.pow(2)).clip(lower=0) / (base - 1).where(base > 1)
    half = student.ppf(0.975, (base - 1).where(base > 1)) * np.sqrt(spread / base)
    return as_results(
        parts.assign(
            measure="complaint_working_days",
            period=period,
            value=mean,
            numerator=parts["total"],
            denominator=base,
            lower=(mean - half).clip(lower=0),
            upper=mean + half,
        )
    )


def _compensation(paid: pd.DataFrame, period: str) -> pd.DataFrame:
    """Pounds paid, and to how many: an amount that was paid has no interval."""
    parts = sum_parts(paid.assign(base=1), ["compensation", "base"], dims=[["category"]])
    return as_results(
        parts.assign(
            measure="complaint_compensation",
            period=period,
            value=parts["compensation"],
            numerator=parts["compensation"],
        )
    )
