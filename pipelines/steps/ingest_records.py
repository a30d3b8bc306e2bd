"""What the store keeps of a file besides its rows: what was refused, and where rows came from."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from insight.account import COUNTS, RowAccount
from insight.contract import Privacy
from insight.mapping import Mapped
from insight.remedies import remedy
from pipelines.edge.workspace import Workspace
from pipelines.steps.ingest_reading import Reading, Way

LONGEST_VALUE_SHOWN = 60  # characters of a refused value kept in quarantine


def quarantined(
    workspace: Workspace,
    failures: pd.DataFrame,
    mapped: Mapped,
    file_hashes: npt.NDArray[np.object_],
    way: Way,
) -> pd.DataFrame:
    """Return the refused cells as the store keeps them: the value redacted and shortened.

    `file_hashes` has the file of each of `failures`.
    """
    contract = way.contract
    known = failures["column"].isin(mapped.frame.columns).to_numpy()
    values = pd.Series(pd.NA, index=failures.index, dtype="string")
    for name in failures.loc[known, "column"].unique():
        chosen = failures["column"].eq(name)
        values.loc[chosen] = mapped.frame[name].loc[failures.loc[chosen, "row"]].to_numpy()
    hidden = {c.name for c in contract.columns if c.privacy is Privacy.IDENTIFIER}
    shown = workspace.redact(values).str.slice(0, LONGEST_VALUE_SHOWN)
    shown = shown.mask(failures["column"].isin(hidden) & values.notna(), "[identifier]")
    origins = mapped.origins.loc[failures["row"]].reset_index(drop=True)
    column = failures["column"].astype("string").reset_index(drop=True)
    rule = failures["rule"].astype("string").reset_index(drop=True)
    to_do = rule.map({each: remedy(each) for each in rule.unique()}).astype("string")
    return pd.DataFrame(
        {
            "source": way.source.name,
            "file_hash": file_hashes,
            "row_number": mapped.row_numbers.loc[failures["row"]].to_numpy(),
            "column": column.where(origins.isna(), column + " (" + origins + ")"),
            "rule": rule.to_numpy(),
            "value": shown.to_numpy(),
            "message": (column + ": " + rule + ". " + to_do).to_numpy(),
            "contract": contract.name,
            "contract_version": contract.version,
            "first_seen": datetime.now(UTC),
            "resolution": "",
        }
    )


def provenance(
    workspace: Workspace,
    way: Way,
    readings: list[Reading],
    accounts: dict[int, RowAccount],
    rows: pd.DataFrame,
) -> pd.DataFrame:
    """Return each file's own row: its account, contract, mapping, and first and last event.

    `accounts` has those of `readings`, by number, that were not refused; column ``file`` of
    `rows` has that number.
    """
    first, last = _span(rows, way.contract.event_time, workspace.settings.timezone)
    counts = [
        {key: value for key, value in asdict(account).items() if key in _COUNTED}
        for account in accounts.values()
    ]
    chosen = [readings[number] for number in accounts]
    return pd.DataFrame(counts).assign(
        name=[reading.name for reading in chosen],
        file_hash=[reading.sha256 for reading in chosen],
        contract_version=way.contract.version,
        mapping_hash=way.reading_hash,
        first_event=first.reindex(list(accounts)).to_numpy(),
        last_event=last.reindex(list(accounts)).to_numpy(),
        headings=[json.dumps(reading.headings, ensure_ascii=False) for reading in chosen],
        location=[str(reading.path.absolute()) for reading in chosen],
        mapping_file=way.mapping_file,
        run_id=workspace.run_id,
        ingested_at=datetime.now(UTC),
    )


def _span(rows: pd.DataFrame, event_time: str | None, timezone: str) -> tuple[pd.Series, pd.Series]:
    """Return each file's first and last event in UTC, by the file's number."""
    if event_time is None or not pd.api.types.is_datetime64_any_dtype(rows[event_time]):
        nothing = pd.Series(dtype="datetime64[us, UTC]")  # kept by period, not by day
        return nothing, nothing
    times = rows[event_time]
    if times.dt.tz is None:
        times = times.dt.tz_localize(timezone)
    by_file = times.dt.tz_convert("UTC").groupby(rows["file"])
    return by_file.min(), by_file.max()


_COUNTED = ("source", "contract", *COUNTS)


def kept_out(rows: int) -> tuple[str, ...]:
    """Say that rows were purged or erased before, if any were."""
    if not rows:
        return ()
    return (f"{rows} of the filtered were purged or erased before and were not taken in again.",)
