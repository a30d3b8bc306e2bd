"""Which complaints have to be acknowledged or answered today, this week, or are late already."""

from datetime import date

import numpy as np
import pandas as pd

from insight.complaints.clocks import UNFINISHED
from insight.complaints.figures import REQUEST
from insight.working_days import add_working_days, working_days_between

LATE, TODAY, SOON, WEEK, LATER = (
    "overdue", "due today", "about to breach", "due this week", "due later",
)  # fmt: skip
BUCKETS = (LATE, TODAY, SOON, WEEK, LATER)
SOON_DAYS = 2
COLUMNS = (
    "bucket", "complaint_id", "service", "stage", "regime", "step", "received", "due",
    "working_days_left", "extended", "note",
)  # fmt: skip


def due_complaints(clocked: pd.DataFrame, on: date, *, soon_days: int = SOON_DAYS) -> pd.DataFrame:
    """List what has to be sent, by reference, most pressing first.

    Parameters
    ----------
    clocked
        What `insight.complaints.clocks.run_clocks` returns.
    on
        The day that asks. What was sent later than it isn't sent yet.
    soon_days
        Due within so many working days after `on` is about to breach.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`: ``bucket`` (one of `BUCKETS`), reference, service, stage, regime, ``step``
        (``acknowledge`` or ``answer``), ``received`` and ``due`` (days), ``working_days_left``
        (negative when late), ``extended`` (whether the due date is a later one agreed) and
        ``note``. A complaint that has been neither acknowledged nor answered has a row for each
        step. No resident's word is in it.
    """
    now = pd.Timestamp(on)
    rows = clocked[clocked["received_at"].le(now) & clocked["respond_by"].notna()]
    rows = rows[rows["stage"].ne(REQUEST).fillna(True).astype(bool)]
    final = rows["outcome"].notna() & ~rows["outcome"].isin(list(UNFINISHED))
    answered = rows["responded_at"].le(now) | (rows["responded_at"].isna() & final)
    waiting = rows[~answered]
    unacknowledged = ~waiting["acknowledged_at"].le(now)
    steps = [
        _step(waiting[unacknowledged], "acknowledge", "acknowledge_by"),
        _step(waiting, "answer", "respond_by_extended"),
    ]
    found = pd.concat(steps, ignore_index=True)
    found["working_days_left"] = _left(found["due"], on)
    friday = now + pd.Timedelta(days=6 - now.weekday())
    soon = add_working_days(pd.Series([now]), soon_days, "england and wales").iloc[0]
    due = found["due"]
    found["bucket"] = pd.Series(
        np.select(
            [due.lt(now), due.eq(now), due.le(soon), due.le(friday)],
            [LATE, TODAY, SOON, WEEK],
            LATER,
        ),
        index=found.index,
        dtype="string",
    )
    order = found["bucket"].map({name: at for at, name in enumerate(BUCKETS)})
    keys = ["due", "complaint_id", "stage", "step"]
    return (
        found.assign(_order=order)
        .sort_values(["_order", *keys], ignore_index=True)[list(COLUMNS)]
    )  # fmt: skip


def _step(rows: pd.DataFrame, step: str, due: str) -> pd.DataFrame:
    note = rows["fault"].where(rows["fault"].ne(""), "")
    guessed = rows["acknowledged_at"].isna() & (step == "answer")
    note = note.mask(
        guessed & note.eq(""), "not acknowledged yet; counted from the last day for it"
    )
    return pd.DataFrame(
        {
            "complaint_id": rows["complaint_id"].astype("string"),
            "service": rows["service"].astype("string"),
            "stage": rows["stage"],
            "regime": rows["regime"],
            "step": step,
            "received": rows["received_at"],
            "due": rows[due],
            "extended": rows["respond_by_extended"].gt(rows["respond_by"]) & (step == "answer"),
            "note": note,
        }
    )


def _left(due: pd.Series, on: date) -> pd.Series:
    """Working days from `on` to the due date; negative once it is past."""
    today = pd.Series(pd.Timestamp(on), index=due.index)
    ahead = working_days_between(today, due, "england and wales")
    behind = working_days_between(due, today, "england and wales")
    return ahead.where(due.ge(today), -behind)
