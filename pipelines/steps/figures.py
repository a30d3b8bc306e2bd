"""The one door by which figures enter the store."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pandas as pd

from data_contracts import load_contract
from insight.catalogue import FIGURES
from insight.periods import add_months, month_key
from models import Result
from pipelines.edge.store import read_table, replace_period, write_transaction
from pipelines.edge.workspace import Workspace
from pipelines.steps.retention import still_whole

TREND_MONTHS = 24


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

    Returns
    -------
    int
        How many figures of the last month are stored.
    """
    versions = ", ".join(f"{name} {load_contract(name).version}" for name in contracts)
    periods = [month_key(month) for month in still_whole(workspace, months, contracts)]
    if not periods:
        return 0
    figures = figures[figures["period"].isin(periods)]
    code = figures["measure"]
    rows = figures.assign(
        unit=code.map({name: figure.unit for name, figure in FIGURES.items()}).astype("string"),
        definition=code.map({name: figure.definition for name, figure in FIGURES.items()}).astype(
            "string"
        ),
        status="final",
        contract_versions=versions,
        run_id=workspace.run_id,
        computed_at=datetime.now(UTC),
    )
    where = {"measure": list(measures), "period": periods}
    with write_transaction(workspace.engine) as connection:
        replace_period(connection, Result, rows, where=where)
    return int(rows["period"].eq(month_key(months[-1])).sum())


def read_figures(
    workspace: Workspace, *, months: Sequence[date], measures: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return the figures of `months`, with all that the store knows of them."""
    where: dict[str, object] = {"period": [month_key(month) for month in months]}
    if measures is not None:
        where["measure"] = list(measures)
    with workspace.engine.connect() as connection:
        return read_table(connection, Result, where=where, timezone=workspace.settings.timezone)
