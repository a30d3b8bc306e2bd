"""What the store keeps of a file besides its rows: what was refused, and where rows came from."""

from dataclasses import asdict
from datetime import UTC, datetime

import pandas as pd

from insight.account import RowAccount
from insight.contract import Contract, Privacy
from insight.mapping import Mapped
from insight.remedies import remedy
from pipelines.edge.workspace import Workspace
from pipelines.settings_sections import Source

LONGEST_VALUE_SHOWN = 60  # characters of a refused value kept in quarantine


def quarantined(
    workspace: Workspace,
    failures: pd.DataFrame,
    mapped: Mapped,
    contract: Contract,
    source: Source,
    sha256: str,
) -> pd.DataFrame:
    """Return the refused cells as the store keeps them: the value redacted and shortened."""
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
            "source": source.name,
            "file_hash": sha256,
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
    account: RowAccount,
    contract: Contract,
    mapping: str,
    rows: pd.DataFrame,
    sha256: str,
) -> pd.DataFrame:
    """Return the file's own row: its account, contract, mapping, and first and last event."""
    times = rows[contract.event_time] if contract.event_time else pd.Series(dtype="string")
    if not pd.api.types.is_datetime64_any_dtype(times):
        times = pd.Series(dtype="datetime64[us, UTC]")  # kept by period, not by day
    elif times.dt.tz is None:
        times = times.dt.tz_localize(workspace.settings.timezone)
    counts = asdict(account) | {"name": account.file}
    return pd.DataFrame(
        [
            {key: counts[key] for key in _COUNTED}
            | {
                "file_hash": sha256,
                "contract_version": contract.version,
                "mapping_hash": mapping,
                "first_event": times.min(),
                "last_event": times.max(),
                "run_id": workspace.run_id,
                "ingested_at": datetime.now(UTC),
            }
        ]
    )


_COUNTED = (
    "source",
    "name",
    "contract",
    "rows_read",
    "accepted",
    "quarantined",
    "duplicates",
    "filtered",
    "corrections",
)
