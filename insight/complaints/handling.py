"""How complaints were handled: closed, in time, how long it took, refused, open, learnt from."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from scipy.stats import t as student

from insight.complaints.clocks import UNFINISHED
from insight.complaints.figures import DECIDED, REQUEST
from insight.periods import month_end, month_key, period_within
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
REASONS = (
    "Over twelve months old", "Legal proceedings have started", "Considered before",
    "Another process applies",
)  # fmt: skip
"""Why a complaint may be refused; a council may name its own.

The first three are the exclusions that the Housing Ombudsman's Code calls acceptable (2.2). The
Local Government and Social Care Ombudsman's has the twelve months (2.2) and leaves the rest to the
council's policy (2.3), in which another process, such as an appeal or a tribunal, is usual.
"""
OTHER = "other"
EXTENSIONS = "extensions"
NOT_COUNTED = "not counted"
_OPTIONAL = (
    "service", "outcome", "refused_reason", "category", "ward", "compensation",
    "learning_action", "learning_done_at",
)  # fmt: skip


def handling_results(
    clocked: pd.DataFrame, *months: date, reasons: Sequence[str] = REASONS
) -> pd.DataFrame:
    """Work out how each month's complaints were handled, by service.

    Parameters
    ----------
    clocked
        What `insight.complaints.clocks.run_clocks` returns, computed once for all months.
    months
        First of each month asked for.
    reasons
        The council's list of reasons to refuse; another one counts as ``other``.

    Returns
    -------
    pandas.DataFrame
        Results of `MEASURES`. A share in time counts extensions; its breakdown
        ``extensions=not counted`` doesn't. A complaint is closed in the month of its answer;
        one with a decision and no date of the answer counts in the month it came in.
    """
    rows = clocked.reindex(columns=list(dict.fromkeys([*clocked.columns, *_OPTIONAL])))
    rows = rows[rows["stage"].ne(REQUEST).fillna(True).astype(bool)]
    ended = rows["responded_at"].fillna(rows["received_at"])
    outcome = rows["outcome"].astype("string")
    dated = rows.assign(period=period_within(ended, months))
    within = dated["period"].notna()
    closed = dated[within & outcome.isin(list(DECIDED))]
    refused = dated[within & outcome.eq("refused").fillna(False)]
    refused = refused.assign(refused_reason=named_reasons(refused["refused_reason"], reasons))
    standing = _open_at_ends(rows, months)
    overdue = standing[standing["respond_by_extended"].lt(standing["end"])]
    paid = dated[within & rows["compensation"].fillna(0).gt(0)]
    learnt = dated[within & rows["learning_action"].notna()]
    done = rows.assign(period=period_within(pd.to_datetime(rows["learning_done_at"]), months))
    split = [["stage"], ["outcome"], ["outcome", "stage"], ["ward"], ["category"]]
    return join_results(
        [
            count_results(closed, measure="complaints_closed", dims=split),
            _on_time(closed),
            _acknowledged(rows, months),
            _mean_days(closed),
            count_results(
                refused,
                measure="complaints_refused",
                dims=[["refused_reason"], ["stage"]],
            ),
            count_results(standing, measure="complaints_open", dims=[["stage"]]),
            count_results(overdue, measure="complaints_overdue", dims=[["stage"]]),
            _compensation(paid),
            count_results(learnt, measure="complaint_learning_actions"),
            count_results(done, measure="complaint_learning_done"),
        ]
    )


def named_reasons(written: pd.Series, reasons: Sequence[str] = REASONS) -> pd.Series:
    """Name each reason as the council's list has it; one that isn't in it is ``other``.

    What somebody typed could name a resident, so it never becomes the name of a figure.

    Examples
    --------
    >>> named_reasons(pd.Series(["considered before ", "Mrs Smith rang", None])).tolist()
    ['Considered before', 'other', <NA>]
    """
    text = written.astype("string")
    known = {reason.casefold(): reason for reason in reasons}
    named = text.str.strip().str.casefold().map(known).astype("string")
    return named.mask(named.isna() & text.notna(), OTHER)


def _open_at_ends(rows: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Complaints received and not yet answered when each month ends, with its day ``end``.

    One with a final outcome and no date isn't open: nobody waits for it.
    """
    final = rows["outcome"].notna() & ~rows["outcome"].isin(list(UNFINISHED))
    waits = rows["respond_by"].notna() & ~(rows["responded_at"].isna() & final)
    ever = rows[waits].assign(period=pd.Series(dtype="string"), end=pd.Series(dtype="M8[us]"))
    parts = [ever.iloc[:0]]
    for month in months:
        end = pd.Timestamp(month_end(month))
        still = ever["received_at"].le(end) & ~ever["responded_at"].le(end)
        parts.append(ever[still].assign(period=month_key(month), end=end))
    return pd.concat(parts, ignore_index=True)


def _on_time(closed: pd.DataFrame) -> pd.DataFrame:
    timed = closed[closed["on_time"].notna()].assign(denominator=True)
    measure = "complaints_on_time_share"
    counted = share_results(
        timed.assign(numerator=timed["on_time_extended"]),
        measure=measure,
        dims=[["stage"], ["regime"], ["category"]],
    )
    strict = share_results(
        timed.assign(numerator=timed["on_time"], extensions=NOT_COUNTED),
        measure=measure,
        dims=[[EXTENSIONS], [EXTENSIONS, "stage"]],
    )
    plain = strict["breakdown"].str.startswith(EXTENSIONS)
    return join_results([counted, strict[plain]])


def _acknowledged(rows: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Of those to be acknowledged by a day of a month; one that never was is late."""
    due = rows.assign(period=period_within(rows["acknowledge_by"], months))
    # Answered without an acknowledgement's date: nobody can say, so it is in neither number.
    due = due[due["acknowledged_at"].notna() | due["responded_at"].isna()]
    return share_results(
        due.assign(
            numerator=due["acknowledged_on_time"].astype("boolean").fillna(False), denominator=True
        ),
        measure="complaints_acknowledged_on_time_share",
        dims=[["stage"]],
    )


def _mean_days(closed: pd.DataFrame) -> pd.DataFrame:
    """Mean working days, with Student's interval; one complaint has a mean and no interval."""
    timed = closed[closed["working_days"].notna()]
    days = timed["working_days"].astype("float64")
    sums = timed.assign(total=days, squares=days.pow(2), base=1)
    parts = sum_parts(sums, ["total", "squares", "base"], dims=[["stage"]], by_period=True)
    base = parts["base"]
    mean = parts["total"] / base
    spread = (parts["squares"] - base * mean.pow(2)).clip(lower=0) / (base - 1).where(base > 1)
    half = student.ppf(0.975, (base - 1).where(base > 1)) * np.sqrt(spread / base)
    return as_results(
        parts.assign(
            measure="complaint_working_days",
            value=mean,
            numerator=parts["total"],
            denominator=base,
            lower=(mean - half).clip(lower=0),
            upper=mean + half,
        )
    )


def _compensation(paid: pd.DataFrame) -> pd.DataFrame:
    """Pounds paid, and to how many: an amount that was paid has no interval."""
    parts = sum_parts(
        paid.assign(base=1), ["compensation", "base"], dims=[["category"]], by_period=True
    )
    return as_results(
        parts.assign(
            measure="complaint_compensation",
            value=parts["compensation"],
            numerator=parts["compensation"],
        )
    )
