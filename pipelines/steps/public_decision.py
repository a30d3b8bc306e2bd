"""The release of a quarter: what of it the public sees is decided here, and nowhere else."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pandas as pd

from insight.errors import InsightError
from insight.periods import (
    month_key,
    months_of_quarter,
    previous_period,
    quarter_key,
)
from insight.public import CELL, KEY, NUMBERS, public_decisions, public_measures
from insight.release import committee_month, released
from insight.scorecard import as_measures, figures_of, scorecard
from insight.targets import targets_for
from models import PublicFigure, Release
from pipelines.edge.store import upsert, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.steps.figures import window
from pipelines.steps.public import decisions
from pipelines.steps.release import committee_months
from pipelines.steps.scorecard import checked_targets, measure_figures, measure_frame

MONTHS_BACK = 60
"""How far back figures are looked at again: a year's quarters, and the releases before them."""


class HeldBackError(InsightError):
    """A measure can't be kept back from a release."""


def release_quarter(
    workspace: Workspace, quarter: str, by: str, held_back: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Decide what the public sees of a quarter, and record who released it.

    Releasing it again adds an issue where anything differs from the last, and leaves that as it is.

    Parameters
    ----------
    workspace
        Where the store is.
    quarter
        Such as ``2026-27Q2``.
    by
        The name or post of whoever releases it.
    held_back
        Reason by measure, where one is kept back.

    Returns
    -------
    pandas.DataFrame
        The decisions, as `models.PublicFigure` has them.

    Raises
    ------
    ReleaseError
        If nobody is named, the quarter isn't over, or its committee month isn't known.
    HeldBackError
        If a measure to hold back isn't a published one, or no reason is given.
    """
    now = datetime.now(UTC)
    day = workspace.today
    record = released(
        quarter,
        by,
        committee_months=committee_months(workspace),
        now=now.replace(year=day.year, month=day.month, day=day.day),
    ).assign(released_at=now)
    key = str(record["quarter"].item())
    past = decisions(workspace)
    decided = _decide(workspace, key, past, dict(held_back or {})).assign(
        quarter=key,
        released_by=by.strip(),
        committee_on=pd.Timestamp(committee_month(key, committee_months(workspace))),
        decided_at=now,
    )
    own = past[past["quarter"].eq(key)]
    latest = own[own["issue"].eq(own["issue"].max())]
    if not latest.empty and _same(decided, latest):
        return latest[list(PublicFigure.model_fields)].reset_index(drop=True)
    issue = 1 if latest.empty else int(latest["issue"].iloc[0]) + 1
    rows = decided.assign(issue=issue)[list(PublicFigure.model_fields)]
    with write_transaction(workspace.engine) as connection:
        upsert(connection, Release, record)
        upsert(connection, PublicFigure, rows)
    return rows


def unpublished_standards(workspace: Workspace) -> list[str]:
    """Name the service standards that the settings keep from the public."""
    return [
        each.code
        for each in workspace.settings.measures
        if each.family.value == "service standard" and not each.published
    ]


def _same(decided: pd.DataFrame, latest: pd.DataFrame) -> bool:
    """Tell whether two issues say the same."""
    names = [n for n in PublicFigure.model_fields if n not in ("issue", "decided_at")]
    texts = [
        frame[names].sort_values(list(KEY), ignore_index=True).astype("object").fillna("")
        for frame in (decided, latest)
    ]
    return len(texts[0]) == len(texts[1]) and bool(texts[0].eq(texts[1]).all(axis=None))


def _decide(
    workspace: Workspace, quarter: str, past: pd.DataFrame, kept: dict[str, str]
) -> pd.DataFrame:
    month = months_of_quarter(quarter)[-1]
    measures = public_measures(as_measures(measure_frame(workspace)))
    _check_held_back(kept, measures["code"].tolist())
    figures = _figures(workspace, month)
    return public_decisions(
        _public_card(workspace, figures, measures, month),
        _with_present_numbers(past, figures),
        threshold=workspace.settings.disclosure.threshold,
        held_back=kept,
    )


def _check_held_back(kept: Mapping[str, str], known: list[str]) -> None:
    for code, reason in kept.items():
        if code not in known:
            names = ", ".join(known) or "none"
            message = f"There is no published measure {code!r} to hold back; published are {names}."
            raise HeldBackError(message)
        if not reason.strip():
            message = (
                f"Say why {code} is held back: --hold-back {code}=REASON. The public reads it."
            )
            raise HeldBackError(message)


def _figures(workspace: Workspace, month: date) -> pd.DataFrame:
    """Return the figures up to a quarter's end, with the months that weeks make."""
    months = window(month, MONTHS_BACK)
    figures = measure_figures(workspace, months)
    weekly = measure_frame(workspace).query("frequency == 'weekly'")
    if weekly.empty:
        return figures
    keys = {f"p{place}": month_key(each) for place, each in enumerate(months)}
    made = figures_of(figures, as_measures(weekly).assign(**keys), list(keys))
    made = made.rename(columns={"figure": "measure", "figure_service": "service"})
    return pd.concat([figures, made], ignore_index=True).drop_duplicates(
        ["measure", "service", "breakdown", "period"], keep="last", ignore_index=True
    )


def _public_card(
    workspace: Workspace, figures: pd.DataFrame, measures: pd.DataFrame, month: date
) -> pd.DataFrame:
    targets = _quarter_targets(checked_targets(workspace)[0], measures, month)
    # Two measures may sum and pick the same figure's months: each way by itself.
    cards = [
        scorecard(figures, alike, targets, month)
        for _, alike in measures.groupby("aggregation", sort=True)
    ]
    if not cards:
        cards = [scorecard(figures, measures, targets, month)]
    card = pd.concat(cards, ignore_index=True)
    rules = measures.set_index("code")[["aggregation", "accumulation"]]
    card = card.join(rules, on="measure").sort_values(list(KEY), ignore_index=True)
    pairs = zip(card["period"], card["frequency"], strict=True)
    previous = [previous_period(str(period), str(every)) for period, every in pairs]
    return card.assign(
        breakdown=card["breakdown"].fillna(""),
        previous_period=pd.array(previous, dtype="string"),
    )


def _quarter_targets(targets: pd.DataFrame, measures: pd.DataFrame, month: date) -> pd.DataFrame:
    """Add the last month's target as the quarter's, where the figure is the last month's."""
    last = measures[measures["aggregation"].eq("last") & measures["frequency"].ne("annual")]
    monthly = last.assign(frequency="monthly", period=month_key(month))
    found = targets_for(monthly, targets)
    kinds = found["target_absolute"].map({0.0: "relative", 1.0: "absolute"}).astype("object")
    own = pd.DataFrame(
        {
            "measure": last["code"],
            "period": quarter_key(month),
            "value": found["target"],
            "low": found["target_low"],
            "high": found["target_high"],
            "tolerance": found["target_tolerance"],
            "tolerance_kind": kinds.where(kinds.notna(), None),
        }
    )
    own = own[own[["value", "low", "high"]].notna().any(axis="columns")]
    # What was agreed for the quarter itself wins: of two, the later row holds.
    return pd.concat([own, targets], ignore_index=True)


def _with_present_numbers(past: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Put today's numbers beside what earlier releases published."""
    if past.empty:
        return past.assign(published_value=past["value"])
    cells = past[[*CELL, "polarity", "frequency"]].drop_duplicates(list(CELL))
    parts = [
        figures_of(figures, alike, ["period"]).assign(aggregation=aggregation)
        for aggregation, alike in cells.groupby("aggregation", sort=True)
    ]
    now = pd.concat(parts, ignore_index=True)[[*CELL[:4], "period", *NUMBERS]]
    merged = past.drop(columns=list(NUMBERS)).merge(
        now.drop_duplicates([*CELL[:4], "period"]), on=[*CELL[:4], "period"], how="left"
    )
    known = merged["value"].notna().to_numpy()
    for name in NUMBERS:
        merged[name] = merged[name].astype("Float64").where(known, past[name].astype("Float64"))
    return merged.assign(published_value=past["value"].to_numpy())
