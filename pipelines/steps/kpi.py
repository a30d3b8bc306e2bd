"""One measure looked at closely: its figure, where that came from, and what its target could be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from data_contracts import load_contract
from insight.errors import InsightError
from insight.processes import LONGEST_HISTORY, figure_history
from insight.scorecard import as_measures
from insight.spc import Control, control
from insight.spc_choice import Chart
from insight.target_setting import TargetAid, target_aid
from insight.targets import targets_for
from insight.weeks import period_end
from models import EVENT_TABLES, Result, SourceFile
from pipelines.edge.store import read_table
from pipelines.edge.workspace import Workspace
from pipelines.steps.figures import window
from pipelines.steps.ledger import read_ledger
from pipelines.steps.processes import judged_scorecard
from pipelines.steps.scorecard import (
    checked_targets,
    measure_figures,
    measure_frame,
    month_scorecard,
)
from pipelines.steps.summary import Plain, plain_rows

_TOLD = (
    "verdict", "verdict_words", "colour_change", "chart", "points", "mean", "lpl", "upl",
    "variation", "assurance", "provisional", "rebased_from", "old_variation", "old_assurance",
)  # fmt: skip


class UnknownMeasureError(InsightError):
    """There is no such measure."""

    def __init__(self, code: str, known: Sequence[str]) -> None:
        names = ", ".join(known) or "none yet"
        super().__init__(f"There is no measure {code!r} in measures.yaml; it has {names}.")


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure's row of the scorecard, its year, its control chart and where it came from."""

    figure: dict[str, Plain]
    year: dict[str, Plain]
    process: dict[str, Plain]
    pedigree: dict[str, Plain] | None
    files: list[dict[str, Plain]]


def list_measures(workspace: Workspace, month: date, *, only: str | None = None) -> pd.DataFrame:
    """Return the month's scorecard, of one colour where `only` says which."""
    card = month_scorecard(workspace, month)
    return card if only is None else card[card["rag"].eq(only)].reset_index(drop=True)


def show_measure(workspace: Workspace, code: str, month: date, *, pedigree: bool = False) -> Shown:
    """Return all that is known of one measure in a month.

    Raises
    ------
    UnknownMeasureError
        If the settings have no such measure.
    """
    judged = judged_scorecard(workspace, month, measures=_one(workspace, code))
    row = judged.card
    year = judged.year.drop(columns="measure")
    origin, files = _pedigree(workspace, row.iloc[0]) if pedigree else (None, [])
    told = judged.processes.measures[list(_TOLD)]
    known = judged.processes.measures["points"].gt(0).item()
    process = plain_rows(told)[0] if known else {}
    return Shown(plain_rows(row)[0], plain_rows(year)[0], process, origin, files)


def _chart_of(known: pd.DataFrame, measure: pd.DataFrame, rebases: pd.DataFrame) -> Control:
    """Return what `control` has of one measure's figures."""
    one = measure.iloc[0]
    named = known.assign(measure=one["code"], service=one["service"])
    columns = ["measure", "service", "period", "value", "numerator", "denominator"]
    figures = named[columns]
    return control(figures, measure.rename(columns={"code": "measure"}), rebases=rebases)


def _one(workspace: Workspace, code: str) -> pd.DataFrame:
    measures = measure_frame(workspace)
    found = measures[measures["code"].eq(code)].reset_index(drop=True)
    if found.empty:
        raise UnknownMeasureError(code, measures["code"].tolist())
    return found


def _pedigree(
    workspace: Workspace, row: pd.Series
) -> tuple[dict[str, Plain], list[dict[str, Plain]]]:
    """Say what a figure was made by and of: definition, contracts, run, freshness and files."""
    zone = workspace.settings.timezone
    entered = row["figure"] == row["measure"]
    where = {
        "measure": row["figure"],
        "service": row["figure_service"],
        "breakdown": row["breakdown"] if pd.notna(row["breakdown"]) else "",
    }
    with workspace.engine.connect() as connection:
        stored = read_table(connection, Result, where=where, timezone=zone)
        files = read_table(connection, SourceFile, timezone=zone)
    end = period_end(str(row["period"]))
    over = [period_end(str(key)) <= end for key in stored["period"]]
    stored = stored[pd.Series(over, index=stored.index, dtype=bool)]
    newest = stored.sort_values("period").tail(1)
    versions = newest["contract_versions"].dropna()
    said = str(versions.item()) if len(versions) else ""
    if entered:
        said = f"kpi_returns {load_contract('kpi_returns').version}"
    contracts = [part.split()[0] for part in said.split(", ") if part]
    own = files[files["contract"].isin(contracts)]
    if entered:
        own = own[own["file_hash"].isin(_hashes(workspace, row))]
    last = own["last_event"].max()
    origin: dict[str, Plain] = {
        "value": None if pd.isna(row["value"]) else float(row["value"]),
        **{
            name: None if pd.isna(row[name]) else float(row[name])
            for name in ("numerator", "denominator", "base", "lower", "upper")
        },
        "definition": str(row["definition"]),
        "period": str(row["period"]),
        "contract_versions": said,
        "run": _run_of(newest, own),
        "computed_at": None if newest.empty else newest["computed_at"].item().isoformat(),
        "last_event": None if pd.isna(last) else last.isoformat(),
        "last_file_at": None if own.empty else own["ingested_at"].max().isoformat(),
    }
    columns = ["source", "name", "file_hash", "contract", "contract_version", "rows_read",
               "accepted", "quarantined", "last_event", "ingested_at"]  # fmt: skip
    listed = own.sort_values(["source", "ingested_at", "name"])[columns]
    times = ["last_event", "ingested_at"]
    listed[times] = listed[times].apply(lambda column: column.dt.strftime("%Y-%m-%dT%H:%M:%S%z"))
    return origin, plain_rows(listed)


def _run_of(newest: pd.DataFrame, files: pd.DataFrame) -> str | None:
    """Name the run that computed a figure, else the one that read the newest file of it."""
    rows = files.sort_values("ingested_at") if newest.empty else newest
    return None if rows.empty else str(rows["run_id"].iloc[-1])


def _hashes(workspace: Workspace, row: pd.Series) -> set[str]:
    """Return the files that an entered measure's returns of the period and before came in."""
    with workspace.engine.connect() as connection:
        returns = read_table(
            connection,
            EVENT_TABLES["kpi_returns"],
            where={"measure": row["measure"]},
            columns=["file_hash"],
            timezone=workspace.settings.timezone,
        )
    return set(returns["file_hash"].dropna())


def aid_target(
    workspace: Workspace, code: str, month: date, candidates: Sequence[float] = ()
) -> TargetAid:
    """Try targets on a measure's figures of the years up to `month`.

    Raises
    ------
    UnknownMeasureError
        If the settings have no such measure.
    """
    measure = as_measures(_one(workspace, code))
    figures = measure_figures(workspace, window(month, LONGEST_HISTORY))
    rows = figure_history(figures, measure, month)
    targets, _ = checked_targets(workspace)
    return target_aid_of(rows, measure, targets, candidates, read_ledger(workspace))


def target_aid_of(
    rows: pd.DataFrame,
    measure: pd.DataFrame,
    targets: pd.DataFrame,
    candidates: Sequence[float],
    rebases: pd.DataFrame,
) -> TargetAid:
    """Try targets on `rows` of one measure, with the limits of its control chart."""
    one = measure.iloc[0]
    known = rows[rows["value"].notna()]
    current, limits, provisional = None, None, False
    # The target of a year so far isn't that of what one period adds.
    if len(known) and one["accumulation"] != "cumulative":
        at = measure.assign(period=known["period"].iloc[-1])
        goal = targets_for(at, targets)["target"].item()
        current = None if pd.isna(goal) else float(goal)
    if len(known):
        chart = _chart_of(known, measure, rebases).series.iloc[0]
        # The limits of changes on last year aren't limits of the value.
        of_value = chart["chart"] != Chart.DIFFERENCE and pd.notna(chart["lpl"])
        if of_value and pd.notna(chart["upl"]):
            limits = (float(chart["lpl"]), float(chart["upl"]))
            provisional = bool(chart["provisional"])
    return target_aid(
        known[["period", "value"]],
        one,
        limits=limits,
        provisional=provisional,
        current=current,
        candidates=candidates,
    )


def measure_chart(workspace: Workspace, code: str, month: date) -> Control:
    """Return the control chart of one measure, rebased as the ledger says.

    Raises
    ------
    UnknownMeasureError
        If the settings have no such measure.
    """
    measure = as_measures(_one(workspace, code))
    figures = measure_figures(workspace, window(month, LONGEST_HISTORY))
    history = figure_history(figures, measure, month)
    return _chart_of(history, measure, read_ledger(workspace))
