"""Suggestions about one source's files: what a person could write where, to let rows in."""

import pandas as pd

from insight.contract import Contract
from insight.mapping import Mapping
from insight.suggestions import HowRead, Suggestion, suggest
from pipelines.edge.workspace import Workspace
from pipelines.settings_sections import Source

MOST_RULES = 3  # of a refused file, most frequent first; the rest show once these are mended

REPEATING = ("must be one of", "unknown ward")  # rules whose suggestions may repeat a value
MOST_VALUES = 1000


def how_read(
    workspace: Workspace,
    source: Source,
    contract: Contract,
    mapping: Mapping | None,
    mapping_file: str | None = None,
) -> HowRead:
    """Return how `source` is read now; `mapping_file` where a person named one by hand."""
    wards: tuple[str, ...] = ()
    if contract.name == "street_reports" and workspace.wards is not None:
        wards = tuple(workspace.wards["ward"].astype(str))
    return HowRead(
        source=source.name,
        contract=contract,
        today=workspace.today,
        mapping_file=mapping_file or source.mapping or "",
        columns=dict(mapping.columns) if mapping else {},
        dates=mapping.dates if mapping else "day-first",
        timezone=(mapping.timezone if mapping else None) or workspace.settings.timezone,
        wards=wards,
        new_mapping=_free_name(workspace, source.name),
    )


def _free_name(workspace: Workspace, source: str) -> str:
    """Return a mapping file that isn't there: a new workspace has ready-made ones."""
    for name in (f"mappings/{source}.yaml", f"mappings/{source}-own.yaml"):
        if not (workspace.root / name).exists():
            return name
    return f"mappings/{source}-{workspace.run_id}.yaml"


def suggest_for_file(
    workspace: Workspace,
    how: HowRead,
    failures: pd.DataFrame,
    frame: pd.DataFrame,
    accepted: pd.DataFrame,
) -> list[Suggestion]:
    """Return what to do about a file that is refused whole, its most broken rules first.

    `failures` are those of `insight.conform` and `insight.places`, `frame` the file's text under
    the contract's names, and `accepted` its rows that keep the contract.
    """
    groups = failures.groupby(["column", "rule"], sort=True)["row"]
    counts = groups.nunique().sort_values(ascending=False, kind="stable")
    found: list[Suggestion] = []
    for column, rule in counts.index[:MOST_RULES]:
        rows = groups.get_group((column, rule))
        values = (
            frame[column].loc[rows]
            if column in frame
            else pd.Series(pd.NA, index=rows.to_numpy(), dtype="string")
        )
        if rule.startswith(REPEATING):
            values = _redacted(workspace, values)
        told = suggest(
            column,
            rule,
            values,
            how,
            accepted=times_of(accepted, column),
            share=len(rows) / max(len(frame), 1),
        )
        known = {setting for one in found for setting in one.settings}
        found += [one for one in told if not one.settings or not known.issuperset(one.settings)]
    return found


def _redacted(workspace: Workspace, values: pd.Series) -> pd.Series:
    """Return the most frequent values redacted, and the others missing; none looks at them."""
    frequent = pd.Series(values.value_counts().index[:MOST_VALUES], dtype="string")
    shown = dict(zip(frequent, workspace.redact(frequent), strict=True))
    return values.map(shown).astype("string")


def times_of(rows: pd.DataFrame, column: str) -> pd.Series | None:
    """Return a column's times where it has times, else nothing."""
    if column not in rows or not pd.api.types.is_datetime64_any_dtype(rows[column]):
        return None
    return rows[column]
