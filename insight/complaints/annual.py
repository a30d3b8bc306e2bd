"""The year's complaint figures as the LGSCO's Code asks for them (section 8.1).

Laid out as East Lothian Council's annual report does: each stage a column; received, closed,
upheld, partly and not upheld with shares of those closed, closed on time with shares, mean days.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from insight.complaints.clocks import run_clocks
from insight.complaints.figures import DECIDED, REQUEST
from insight.complaints.handling import REASONS, named_reasons
from insight.errors import InsightError
from insight.intervals import wilson
from insight.periods import local_dates, months_of

STAGES = ("stage 1", "stage 2", "ombudsman")
NO_REASON = "No reason recorded"
_BREAKDOWNS = ("service", "ward", "category")


class NoComplaintsError(InsightError):
    """There is nothing to report on."""


def annual_tables(
    complaints: pd.DataFrame, year: str, *, today: date, reasons: Sequence[str] = REASONS
) -> dict[str, pd.DataFrame]:
    """Make the year's tables.

    Parameters
    ----------
    complaints
        Rows of the complaints contract, officers' decisions applied.
    year
        Financial year, such as ``"2026-27"``.
    today
        Nothing after it is known; a year that isn't over is reported up to it.
    reasons
        The council's list of reasons to refuse; another one is reported as ``other``.

    Returns
    -------
    dict of pandas.DataFrame
        ``stages`` (a row per line of the layout: ``line``, a column per stage and ``total``),
        ``refused`` (``reason``, ``number``), ``by`` (``dimension``, ``group``, ``received``,
        ``closed``, ``upheld_or_partly``, ``share``, ``lower``, ``upper``), ``learning``
        (``line``, ``number``) and ``regimes`` (closed and on time, per regime).

    Raises
    ------
    NoComplaintsError
        If none was received or answered in the year.
    """
    rows = run_clocks(complaints)
    wanted = ("service", "ward", "category", "refused_reason", "compensation",
              "learning_action", "learning_done_at")  # fmt: skip
    rows = rows.reindex(columns=list(dict.fromkeys([*rows.columns, *wanted])))
    months = months_of(year)
    start = pd.Timestamp(months[0])
    end = min(pd.Timestamp(months[-1]) + pd.offsets.MonthEnd(0), pd.Timestamp(today))
    requests = rows["stage"].eq(REQUEST).fillna(False).astype(bool)
    came = rows["received_at"].between(start, end)
    ended = rows["responded_at"].fillna(rows["received_at"]).between(start, end)
    received = rows[came & ~requests]
    finished = rows[ended & ~requests]
    if received.empty and finished.empty:
        message = (
            f"No complaint was received or answered in {year}. Bring the year's complaints in "
            "with `insight ingest`, or name another year."
        )
        raise NoComplaintsError(message)
    closed = finished[finished["outcome"].isin(list(DECIDED))]
    refused = finished[finished["outcome"].eq("refused").fillna(False)]
    done = local_dates(pd.to_datetime(rows["learning_done_at"])).between(start, end)
    learning = [
        ("Requests for service recorded with complaints", int((came & requests).sum())),
        ("Complaints with compensation", int(finished["compensation"].fillna(0).gt(0).sum())),
        ("Compensation paid, pounds", float(finished["compensation"].fillna(0).sum())),
        ("Actions learnt from complaints", int(finished["learning_action"].notna().sum())),
        ("Actions done in the year", int(done.sum())),
    ]
    refusals = named_reasons(refused["refused_reason"], reasons).fillna(NO_REASON).value_counts()
    return {
        "stages": _stages(received, closed),
        "refused": refusals.rename_axis("reason").rename("number").reset_index()
        .sort_values(["number", "reason"], ascending=[False, True], ignore_index=True),
        "by": _by(received, closed),
        "regimes": _regimes(closed),
        "learning": pd.DataFrame(learning, columns=["line", "number"]),
    }  # fmt: skip


def _stages(received: pd.DataFrame, closed: pd.DataFrame) -> pd.DataFrame:
    columns = {name: (received["stage"].eq(name), closed["stage"].eq(name)) for name in STAGES}
    columns["total"] = (received["stage"].notna(), closed["stage"].notna())
    found = {name: _stage(received[come], closed[end]) for name, (come, end) in columns.items()}
    return pd.DataFrame(found).rename_axis("line").reset_index()


def _stage(received: pd.DataFrame, closed: pd.DataFrame) -> dict[str, float]:
    number = len(closed)
    timed = closed[closed["on_time"].notna()]
    lines: dict[str, float] = {"Received": len(received), "Closed": number}
    for outcome in DECIDED:
        count = int(closed["outcome"].eq(outcome).sum())
        name = outcome.capitalize()
        lines |= {name: count, f"{name}, share of closed": _share(count, number)}
    for name, column in (("", "on_time"), (" with extensions", "on_time_extended")):
        count = int(timed[column].sum())
        lines |= {
            f"Closed on time{name}": count,
            f"Closed on time{name}, share of timed": _share(count, len(timed)),
        }
    days = closed["working_days"].dropna().astype("float64")
    lines["Timed (with dates and a clock)"] = len(timed)
    lines["Mean working days to close"] = float(days.mean()) if len(days) else np.nan
    return lines


def _share(count: int, number: int) -> float:
    return count / number if number else np.nan


def _by(received: pd.DataFrame, closed: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for dimension in _BREAKDOWNS:
        come = received[dimension].astype("string").fillna("Not recorded").value_counts()
        group = closed[dimension].astype("string").fillna("Not recorded")
        upheld = closed["outcome"].ne("not upheld").groupby(group).agg(["size", "sum"])
        both = come.rename("received").to_frame().join(upheld, how="outer").fillna(0)
        parts.append(both.rename_axis("group").reset_index().assign(dimension=dimension))
    table = pd.concat(parts, ignore_index=True).rename(
        columns={"size": "closed", "sum": "upheld_or_partly"}
    )
    counts = ["received", "closed", "upheld_or_partly"]
    table[counts] = table[counts].astype("int64")
    table["share"] = table["upheld_or_partly"] / table["closed"].where(table["closed"].gt(0))
    table["lower"], table["upper"] = wilson(table["share"], table["closed"])
    table = table.sort_values(
        ["dimension", "received", "group"], ascending=[True, False, True], ignore_index=True
    )
    return table[["dimension", "group", *counts, "share", "lower", "upper"]]


def _regimes(closed: pd.DataFrame) -> pd.DataFrame:
    timed = closed[closed["on_time"].notna()]
    table = timed.groupby(["regime", "stage"], as_index=False).agg(
        timed=("on_time", "size"),
        on_time=("on_time", "sum"),
        on_time_extended=("on_time_extended", "sum"),
    )
    return table.astype(dict.fromkeys(["on_time", "on_time_extended"], "int64"))
