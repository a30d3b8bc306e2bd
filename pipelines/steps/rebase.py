"""Rebase a control chart, or withdraw that: by name, for a reason, and nothing is deleted."""

from datetime import UTC, date, datetime

import pandas as pd

from insight.change_points import suggested_changes
from insight.errors import InsightError
from insight.periods import canonical_period, uk_date
from insight.spc import SpcOptions
from insight.weeks import is_week, period_end
from models import Rebaseline
from pipelines.edge.store import upsert, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.steps.kpi import measure_chart, show_measure
from pipelines.steps.ledger import read_entries
from pipelines.steps.summary import Plain, plain_rows

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
    _check_words(reason, by)
    shown = show_measure(workspace, code, month)
    own_service = str(shown.figure["service"])
    if service is not None and service != own_service:
        message = f"{code} is a measure of {own_service}, not of {service}; leave --service out."
        raise RebaseError(message)
    key = _key(period, str(shown.figure["frequency"]))
    if period_end(key) > workspace.today:
        message = (
            f"{key} isn't over before {uk_date(period_end(key))}; limits start afresh from figures "
            "that there are."
        )
        raise RebaseError(message)
    _check_figures(workspace, code, key, month)
    entries = read_entries(workspace)
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
        "service": own_service,
        "period": key,
        "entry": int(own["entry"].max()) + 1 if len(own) else 1,
        "reason": _redacted(workspace, reason),
        "agreed_by": by.strip(),
        "recorded_at": _now(workspace),
        **_old_status(code, shown.figure, shown.process),
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
    RebaseError
        If the reason or name is empty, or no such rebase holds.
    """
    _check_words(reason, by)
    key = period.strip() if is_week(period) else canonical_period(period)
    entries = read_entries(workspace)
    held = entries[
        entries["measure"].eq(code) & entries["period"].eq(key) & entries["withdrawn_at"].isna()
    ]
    if held.empty:
        message = f"{code} isn't rebased from {key}; insight kpi rebases lists what is recorded."
        raise RebaseError(message)
    (kept,) = held.to_dict("records")
    row: dict[str, object] = {str(name): value for name, value in kept.items()} | {
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


def _check_figures(workspace: Workspace, code: str, key: str, month: date) -> None:
    found = measure_chart(workspace, code, month)
    known = found.points["period"].tolist()
    if not known:
        why = found.series["why"].iloc[0] if len(found.series) else "it has no figures yet."
        message = f"{code} has no control chart to rebase: {why}"
        raise RebaseError(message)
    if key not in known:
        message = (
            f"{code} has no figure for {key}, where new limits could start; its chart goes from "
            f"{known[0]} to {known[-1]}."
        )
        raise RebaseError(message)
    after = len(known) - known.index(key)
    if after < FEWEST:
        message = (
            f"{code} has {after} figures from {key} on; new limits need at least {FEWEST}. Until "
            "then its chart shows the change against the old limits."
        )
        raise RebaseError(message)


def _old_status(
    code: str, figure: dict[str, Plain], process: dict[str, Plain]
) -> dict[str, object]:
    """Keep what the scorecard and chart say before the new entry."""
    if not process:
        message = f"{code} has no control chart to rebase: it has no figures yet."
        raise RebaseError(message)
    return {
        "old_status": process["verdict_words"],
        "old_rag": figure["rag"],
        "old_verdict": process["verdict"],
        "old_mean": process["mean"],
        "old_lower": process["lpl"],
        "old_upper": process["upl"],
    }


def _redacted(workspace: Workspace, words: str) -> str:
    return str(workspace.redact(pd.Series([words.strip()], dtype="string")).item())


def _now(workspace: Workspace) -> datetime:
    day = workspace.today
    return datetime.now(UTC).replace(year=day.year, month=day.month, day=day.day)


def ledger_rows(entries: pd.DataFrame) -> list[dict[str, Plain]]:
    """Return entries of the ledger as plain values, times as ISO text."""
    names = ("recorded_at", "withdrawn_at")
    times = {name: entries[name].dt.strftime("%Y-%m-%dT%H:%M:%S%z") for name in names}
    return plain_rows(entries.assign(**times))


def rebases_of(
    workspace: Workspace, code: str, month: date
) -> tuple[list[dict[str, Plain]], list[dict[str, Plain]]]:
    """Return a measure's entries in the ledger, and where a person may want to rebase it next."""
    entries = read_entries(workspace)
    changes = suggested_changes(measure_chart(workspace, code, month))
    own = ledger_rows(entries[entries["measure"].eq(code)])
    return own, plain_rows(changes.drop(columns=["measure", "service"]))
