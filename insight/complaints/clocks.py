"""The Ombudsmen's clocks: when a complaint has to be acknowledged and answered, and whether it was.

Both Codes have the same clock. Stage 1: acknowledged within 5 working days of receipt, answered
within 10 of the acknowledgement, 10 more where extended. Stage 2: acknowledged within 5 of the
request, answered within 20 of the acknowledgement, 20 more where extended (part 6 of the LGSCO's
Code, February 2024; the Housing Ombudsman's is statutory from 1 April 2024).
"""

from dataclasses import dataclass
from typing import cast

import pandas as pd

from insight.errors import MissingColumnsError
from insight.periods import local_dates
from insight.working_days import Calendar, add_working_days, working_days_between

TIMES = ("received_at", "acknowledged_at", "extended_to", "responded_at")
LGSCO = "lgsco"
UNFINISHED = ("open",)
FAULTS = {
    "acknowledged before receipt": "The acknowledgement is dated before receipt; it is left out.",
    "answered before receipt": "The answer is dated before receipt; it is left out.",
    "answered before acknowledgement": "The answer is dated before the acknowledgement; the "
    "clock runs from receipt and the days for acknowledging.",
    "no acknowledgement date": "No acknowledgement is recorded; the clock runs from the last day "
    "for acknowledging.",
    "no answer date": "It has a decision and no date of the answer; it is in no figure of time.",
    "extended further than the code allows": "The later date is past the longest extension; the "
    "longest counts.",
    "extended before it was due": "The later date isn't later than the usual one; it is ignored.",
    "no regime": "No Ombudsman's Code is named; the LGSCO's is taken.",
}
"""What can be wrong with a complaint's dates, and what is done about it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Working days that one stage of one Code gives, and the calendar that they are counted in."""

    regime: str
    stage: str
    acknowledge: int
    respond: int
    extend: int
    calendar: Calendar = "england and wales"


CLOCKS = tuple(
    Clock(regime, stage, 5, days, days)
    for regime in (LGSCO, "housing ombudsman")
    for stage, days in (("stage 1", 10), ("stage 2", 20))
)


def run_clocks(complaints: pd.DataFrame, clocks: tuple[Clock, ...] = CLOCKS) -> pd.DataFrame:
    """Work out every complaint's due dates and whether they were met.

    Parameters
    ----------
    complaints
        Rows of the complaints contract; ``received_at`` and ``stage`` at least.
    clocks
        What each regime and stage allow. Other stages (requests, the Ombudsman's own) have none.

    Returns
    -------
    pandas.DataFrame
        `complaints`, its times as local days, with ``regime`` filled in, and

        - ``acknowledge_by``, ``respond_by`` and ``respond_by_extended`` (days; the last equals
          ``respond_by`` where nothing was extended);
        - ``acknowledged_on_time``, ``on_time`` (no extension counted) and ``on_time_extended``
          (booleans; missing until it was sent, and where there is no clock);
        - ``working_days`` from receipt to answer;
        - ``fault``: a key of `FAULTS`, several joined by ``"; "``, empty where the dates agree.

    Raises
    ------
    MissingColumnsError
        If a column is absent.

    Notes
    -----
    A date that can't be true (before receipt) counts as missing, so one typing error costs one
    figure and not the row.
    """
    if missing := {"received_at", "stage"} - set(complaints.columns):
        raise MissingColumnsError(missing)
    wanted = dict.fromkeys([*complaints.columns, *TIMES, "regime", "outcome"])
    rows = complaints.reindex(columns=list(wanted)).reset_index(drop=True)
    rows = rows.assign(**{name: local_dates(pd.to_datetime(rows[name])) for name in TIMES})
    kept, faults = _trusted(rows)
    known = pd.DataFrame(
        [(c.regime, c.stage, c.acknowledge, c.respond, c.extend, c.calendar) for c in clocks],
        columns=["regime", "stage", "_ack", "_days", "_more", "_calendar"],
    )
    known = known.astype({"regime": "string", "stage": "string"})
    timed = kept.merge(known, on=["regime", "stage"], how="left")
    parts = [
        _due(part, cast(Calendar, calendar))
        for calendar, part in timed.groupby("_calendar", sort=True, dropna=True)
    ]
    due = pd.concat(parts) if parts else _due(timed.iloc[:0], "england and wales")
    due = due.reindex(timed.index)
    clocked = timed["_days"].notna()
    sent = kept["responded_at"].notna() & clocked
    on_time = kept["responded_at"].le(due["respond_by"])
    extended = kept["responded_at"].le(due["respond_by_extended"])
    acknowledged = kept["acknowledged_at"].le(due["acknowledge_by"])
    longer = kept["extended_to"].gt(due["latest"]) & clocked
    shorter = kept["extended_to"].le(due["respond_by"]) & clocked
    faults["extended further than the code allows"] = longer
    faults["extended before it was due"] = shorter
    faults["no acknowledgement date"] = (
        clocked & kept["acknowledged_at"].isna() & kept["responded_at"].notna()
        & ~faults["acknowledged before receipt"] & ~faults["answered before acknowledgement"]
    )  # fmt: skip
    faults["no regime"] &= rows["stage"].isin([clock.stage for clock in clocks])
    return kept.assign(
        acknowledge_by=due["acknowledge_by"],
        respond_by=due["respond_by"],
        respond_by_extended=due["respond_by_extended"],
        acknowledged_on_time=acknowledged.astype("boolean").where(
            kept["acknowledged_at"].notna() & clocked
        ),
        on_time=on_time.astype("boolean").where(sent),
        on_time_extended=extended.astype("boolean").where(sent),
        working_days=due["working_days"],
        fault=_named(faults, rows.index),
    )


def _trusted(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """Take out dates that can't be true; say which, by fault."""
    received = rows["received_at"]
    early_ack = rows["acknowledged_at"].lt(received)
    early_answer = rows["responded_at"].lt(received)
    acknowledged = rows["acknowledged_at"].mask(early_ack)
    responded = rows["responded_at"].mask(early_answer)
    crossed = responded.lt(acknowledged)
    regime = rows["regime"].astype("string")
    decided = rows["outcome"].notna() & ~rows["outcome"].isin(list(UNFINISHED))
    faults = {
        "acknowledged before receipt": early_ack,
        "answered before receipt": early_answer,
        "answered before acknowledgement": crossed,
        "no answer date": decided & responded.isna() & ~early_answer,
        "no regime": regime.isna(),
    }
    kept = rows.assign(
        acknowledged_at=acknowledged.mask(crossed),
        responded_at=responded,
        regime=regime.fillna(LGSCO),
        stage=rows["stage"].astype("string"),
    )
    return kept, faults


def _due(rows: pd.DataFrame, calendar: Calendar) -> pd.DataFrame:
    acknowledge_by = add_working_days(rows["received_at"], rows["_ack"], calendar)
    start = rows["acknowledged_at"].fillna(acknowledge_by)
    respond_by = add_working_days(start, rows["_days"], calendar)
    latest = add_working_days(start, rows["_days"] + rows["_more"], calendar)
    agreed = pd.concat([rows["extended_to"], latest], axis="columns").min(axis="columns")
    agreed = agreed.where(rows["extended_to"].notna())
    extended = pd.concat([respond_by, agreed], axis="columns").max(axis="columns")
    return pd.DataFrame(
        {
            "acknowledge_by": acknowledge_by,
            "respond_by": respond_by,
            "latest": latest,
            "respond_by_extended": extended,
            "working_days": working_days_between(
                rows["received_at"], rows["responded_at"], calendar
            ),
        }
    )


def _named(faults: dict[str, pd.Series], index: pd.Index) -> pd.Series:
    text = pd.Series("", index=index, dtype="string")
    for name in FAULTS:
        here = faults[name].fillna(False).astype(bool)
        joined = text.where(text.eq(""), text + "; ") + name
        text = text.mask(here, joined)
    return text


def fault_counts(clocked: pd.DataFrame) -> list[str]:
    """Say each fault in the dates, with how many complaints have it, in a sentence."""
    each = clocked["fault"].str.split("; ").explode()
    counts = each[each.ne("")].value_counts()
    return [
        f"{name[:1].upper()}{name[1:]}: {counts[name]} "
        f"complaint{'s' if counts[name] > 1 else ''}. {FAULTS[name]}"
        for name in FAULTS
        if name in counts
    ]
