"""The one door by which figures enter the store; nothing else writes `models.Result`."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pandas as pd
from sqlalchemy import Connection

from data_contracts import load_contract
from insight.catalogue import FIGURES
from insight.errors import InsightError
from insight.figure_checks import split_figures, split_measures
from insight.periods import add_months, month_key
from insight.revisions import period_status
from models import Result
from pipelines.edge.store import read_table, replace_period, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.steps.retention import still_whole
from pipelines.steps.revisions import contracts_closed

TREND_MONTHS = 24


class FigureError(InsightError):
    """Some figures can't be right and were refused; the others are stored."""

    def __init__(self, messages: Sequence[str]) -> None:
        self.messages = tuple(messages)
        count = f"{len(messages)} figure{'s were' if len(messages) > 1 else ' was'} refused"
        super().__init__("\n  - ".join([f"{count}; the others are stored:", *messages]))


def window(month: date, months: int = TREND_MONTHS) -> list[date]:
    """Return `months` months ending with `month`, oldest first."""
    return [add_months(month, -back) for back in range(months - 1, -1, -1)]


def since_first(months: Sequence[date], *times: pd.Series) -> list[date]:
    """Return those of `months` from the first event on; there is nothing to count before it."""
    firsts = [series.min() for series in times if series.notna().any()]
    if not firsts:
        return list(months[-1:])
    first = min(date(time.year, time.month, 1) for time in firsts)
    return [month for month in months if month >= first] or list(months[-1:])


def store_figures(
    workspace: Workspace,
    figures: pd.DataFrame,
    *,
    measures: Sequence[str],
    months: Sequence[date],
    contracts: Sequence[str],
    refused: list[str] | None = None,
) -> int:
    """Make `figures` all that the store holds of `measures` in `months`.

    Parameters
    ----------
    workspace
        Where the store is.
    figures
        A results frame (`insight.results.RESULT_COLUMNS`).
    measures
        Codes of the catalogue that this step computes.
    months
        The months it computed.
    contracts
        The contracts behind the figures, for their pedigree. Figures of months from which a
        purge has taken rows of theirs are left as they are: they can't be computed again.
    refused
        Where a step with more to do takes what was refused, a sentence each.

    Returns
    -------
    int
        How many figures of the last month are stored.

    Raises
    ------
    FigureError
        Where `refused` isn't given: once the others are stored, naming measure, service and
        period of each figure that `insight.figure_checks` refuses.
    """
    versions = ", ".join(f"{name} {load_contract(name).version}" for name in contracts)
    periods = [month_key(month) for month in still_whole(workspace, months, contracts)]
    if not periods:
        return 0
    figures, faults = split_figures(figures, measures)
    figures = figures[figures["period"].isin(periods)]
    code = figures["measure"]
    rows = figures.assign(
        unit=code.map({name: figure.unit for name, figure in FIGURES.items()}).astype("string"),
        definition=code.map({name: figure.definition for name, figure in FIGURES.items()}).astype(
            "string"
        ),
        status=period_status(figures["period"], contracts_closed(workspace, contracts)),
        contract_versions=versions,
        run_id=workspace.run_id,
        computed_at=datetime.now(UTC),
    )
    where = {"measure": list(measures), "period": periods}
    with write_transaction(workspace.engine) as connection:
        _write(connection, rows, where)
    tell_refused(faults, refused)
    return int(rows["period"].eq(month_key(months[-1])).sum())


def store_measures(
    connection: Connection,
    workspace: Workspace,
    results: pd.DataFrame,
    *,
    measures: Sequence[str],
) -> pd.DataFrame:
    """Make `results` all that the store holds of the scorecard's measures in their periods.

    Parameters
    ----------
    connection
        Of the transaction in which the catalogue and its targets are stored as well.
    workspace
        Where the store is.
    results
        A row per measure and period, with what the scorecard says of it.
    measures
        Codes of the settings' measures.

    Returns
    -------
    pandas.DataFrame
        What was refused: see `insight.figure_checks.split_measures`.
    """
    rows = results.assign(run_id=workspace.run_id, computed_at=datetime.now(UTC))
    kept, faults = split_measures(rows)
    columns = [name for name in Result.model_fields if name in kept]
    where = {"measure": list(measures), "period": sorted(set(rows["period"]))}
    _write(connection, kept[columns], where)
    return faults


def tell_refused(faults: pd.DataFrame, refused: list[str] | None = None) -> None:
    """Hand what was refused to a step that has more to do, or raise it."""
    messages = faults["message"].tolist()
    if refused is not None:
        refused += messages
    elif messages:
        raise FigureError(messages)


def _write(connection: Connection, rows: pd.DataFrame, where: dict[str, list[str]]) -> None:
    replace_period(connection, Result, rows, where=where)


def read_figures(
    workspace: Workspace, *, months: Sequence[date], measures: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the figures of `months`, with all that the store knows of them."""
    where: dict[str, object] = {"period": [month_key(month) for month in months]}
    if measures is not None:
        where["measure"] = list(measures)
    with workspace.engine.connect() as connection:
        return read_table(connection, Result, where=where, timezone=workspace.settings.timezone)
