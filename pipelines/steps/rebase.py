"""A person rebases a measure's control chart, or withdraws it: a reason, a name, nothing deleted."""

from datetime import UTC, date, datetime

import pandas as pd

from insight.errors import InsightError
from insight.periods import canonical_period, months_of, uk_date
from insight.scorecard import as_measures
from insight.spc import SpcOptions
from insight.spc_choice import Chart
from insight.weeks import is_week, period_end
from models import Rebaseline
from pipelines.edge.store import upsert, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.steps.kpi import history_of, one_measure, process_of
from pipelines.steps.rebaselines import ledger
from pipelines.steps.scorecard import month_scorecard

FEWEST = SpcOptions().fewest_points


class RebaseError(InsightError):
    """A rebase can't be recorded or withdrawn."""


def rebase(
    workspace: Workspace,
    code: str,
    period: str,
    *,
    reason: str,
    by: str,
    month: date,
    service: str | None = None,
) -> dict[str, object]:
    """Enter a rebase into the ledger, with what the chart said before it.

    Parameters
    ----------
    workspace
        Where the store is.
    code
        Code of the measure.
    period
        The first period under the new limits, such as ``2026-04``.
    reason, by
        What changed, and whose word it is.
    month
        The latest month looked at.
    service
        The measure's own when absent.

    Returns
    -------
    dict
        The entry, as `models.Rebaseline` has it.

    Raises
    ------
    UnknownMeasureError
        If the settings have no such measure.
    RebaseError
        If the reason or name is empty, the period is to come, has no figure or too few from it on,
        the measure has no control chart, or that very rebase is recorded already.
    """
    measure = one_measure(workspace, code)
    one = measure.iloc[0]
    _check_words(reason, by)
    if service is not None and service != one["service"]:
        message = f"{code} is a measure of {one['service']}, not of {service}; leave --service out."
        raise RebaseError(message)
    key = _key(period, str(as_measures(measure)["frequency"].item()))
    if period_end(key) > workspace.today:
        ends = uk_date(period_end(key))
        message = f"{key} isn't over before {ends}: limits start afresh from figures there are."
        raise RebaseError(message)
    _check_figures(workspace, code, measure, key, month)
    entries = ledger(workspace)
    own = entries[entries["measure"].eq(code) & entries["period"].eq(key)]
    if own["withdrawn_at"].isna().any():
        (held,) = own[own["withdrawn_at"].isna()].to_dict("records")
        message = (
            f"{code} is rebased from {key} already, by {held['agreed_by']}. To say otherwise, "
            f"withdraw that first: insight kpi rebase-withdraw {code} --from {key}"
        )
        raise RebaseError(message)
    row: dict[str, object] = {
        "measure": code,
        "service": one["service"],
        "period": key,
        "entry": int(own["entry"].max()) + 1 if len(own) else 1,
        "reason": _redacted(workspace, reason),
        "agreed_by": by.strip(),
        "recorded_at": _now(workspace),
        **_old_status(workspace, code, month),
    }
    with write_transaction(workspace.engine) as connection:
        upsert(connection, Rebaseline, pd.DataFrame([row]))
    return row


def withdraw(
    workspace: Workspace, code: str, period: str, *, reason: str, by: str
) -> dict[str, object]:
    """Withdraw a rebase: it stays in the ledger, with who withdrew it and why.

    Raises
    ------
    UnknownMeasureError
        If the settings have no such measure.
    RebaseError
        If the reason or name is empty, or no such rebase holds.
    """
    measure = one_measure(workspace, code)
    _check_words(reason, by)
    key = _key(period, str(as_measures(measure)["frequency"].item()))
    entries = ledger(workspace)
    held = entries[
        entries["measure"].eq(code) & entries["period"].eq(key) & entries["withdrawn_at"].isna()
    ]
    if held.empty:
        message = f"{code} isn't rebased from {key}; insight kpi rebases lists what is recorded."
        raise RebaseError(message)
    row: dict[str, object] = held.iloc[0].to_dict() | {
        "withdrawn_by": by.strip(),
        "withdrawn_reason": _redacted(workspace, reason),
        "withdrawn_at": _now(workspace),
    }
    with write_transaction(workspace.engine) as connection:
        upsert(connection, Rebaseline, pd.DataFrame([row]))
    return row


def _check_words(reason: str, by: str) -> None:
    if not reason.strip():
        message = "Say what changed: --reason. Limits start afresh only on a person's reason."
        raise RebaseError(message)
    if not by.strip():
        message = "Say whose word it is: --by with a name or a post."
        raise RebaseError(message)


def _key(period: str, frequency: str) -> str:
    if is_week(period):
        message = f"{period} is a week; the chart is of months. Name the month, such as 2026-04."
        raise RebaseError(message)
    return canonical_period(period, frequency)


def _check_figures(
    workspace: Workspace, code: str, measure: pd.DataFrame, key: str, month: date
) -> None:
    known = history_of(workspace, measure, month).dropna(subset="value")["period"]
    if key not in known.tolist():
        listed = f"{known.iloc[0]} to {known.iloc[-1]}" if len(known) else "none yet"
        message = f"{code} has no figure for {key}, where new limits could start; it has {listed}."
        raise RebaseError(message)
    after = int(known.map(_start).ge(_start(key)).sum())
    if after < FEWEST:
        message = (
            f"{code} has {after} figures from {key} on; limits need at least {FEWEST}. Rebase it "
            f"once there are: until then the chart shows the change against the old limits."
        )
        raise RebaseError(message)


def _start(key: str) -> date:
    return months_of(key)[0]


def _old_status(workspace: Workspace, code: str, month: date) -> dict[str, object]:
    """Say what the scorecard and chart say before the new entry."""
    card = month_scorecard(workspace, month)
    row = card[card["measure"].eq(code)]
    told = process_of(workspace, one_measure(workspace, code), row, month)
    if told["chart"] == Chart.NONE:
        message = f"{code} has no control chart to rebase: {told['verdict_words']}"
        raise RebaseError(message)
    return {
        "old_status": told["verdict_words"],
        "old_rag": str(row["rag"].item()),
        "old_verdict": told["verdict"],
        "old_mean": told["mean"],
        "old_lower": told["lpl"],
        "old_upper": told["upl"],
    }


def _redacted(workspace: Workspace, words: str) -> str:
    return str(workspace.redact(pd.Series([words.strip()], dtype="string")).item())


def _now(workspace: Workspace) -> datetime:
    day = workspace.today
    return datetime.now(UTC).replace(year=day.year, month=day.month, day=day.day)
