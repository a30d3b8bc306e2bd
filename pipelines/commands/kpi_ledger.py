"""``insight kpi rebase``, ``rebase-withdraw`` and ``rebases``: control limits begun afresh."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from pipelines.commands.options import JsonOption, MeasureArgument, MonthOption, WorkspaceOption

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Rows = Sequence[Mapping[str, object]]

out = Console(soft_wrap=True, highlight=False)
FromOption = Annotated[
    str, typer.Option("--from", help="First period under the new limits, such as 2026-04.")
]
ByOption = Annotated[str, typer.Option("--by", help="Whose word it is: a name or a post.")]


def rebase_kpi(
    measure: MeasureArgument,
    period: FromOption,
    reason: Annotated[str, typer.Option(help="What changed.")],
    by: ByOption,
    service: Annotated[str | None, typer.Option(help="The measure's own when absent.")] = None,
    month: MonthOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Start a measure's control limits afresh, for a reason that is kept with the old status."""
    from pipelines.commands.opening import holding
    from pipelines.steps.rebase import rebase

    with holding(workspace, doing="rebase of a measure") as opened:
        entry = rebase(
            opened,
            measure,
            period,
            reason=reason,
            by=by,
            month=opened.month(month),
            service=service,
        )
    if json:
        out.print_json(data=entry, default=str)
        return
    out.print(
        f"{measure} starts afresh from {entry['period']}. Before: {entry['old_rag']}; "
        f"{entry['old_status']}",
        markup=False,
    )
    out.print(f"Next: insight kpi show {measure}", markup=False)


def withdraw_rebase(
    measure: MeasureArgument,
    period: FromOption,
    reason: Annotated[str, typer.Option(help="Why it is withdrawn.")],
    by: ByOption,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Withdraw a rebase; it stays in the ledger, with who withdrew it and why."""
    from pipelines.commands.opening import holding
    from pipelines.steps.rebase import withdraw

    with holding(workspace, doing="withdrawal of a rebase") as opened:
        entry = withdraw(opened, measure, period, reason=reason, by=by)
    if json:
        out.print_json(data={key: None if value != value else value
                             for key, value in entry.items()}, default=str)  # fmt: skip
        return
    out.print(f"The rebase of {measure} from {entry['period']} is withdrawn.", markup=False)


def list_rebases(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """List every rebase that was recorded, with the status before it; the withdrawn ones too."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.ledger import read_entries
    from pipelines.steps.rebase import ledger_rows

    rows = ledger_rows(read_entries(open_workspace(workspace)))
    if json:
        out.print_json(data=rows)
        return
    for row in rows:
        _tell(row)
    if not rows:
        out.print("No measure has been rebased. insight kpi show MEASURE offers where one may be.")


def tell_rebases(measure: str, rows: "Rows", suggested: "Rows") -> None:
    """Say a measure's entries in the ledger, and where its level may have changed since."""
    if rows:
        out.print("\nRebases", style="bold")
    for row in rows:
        _tell(row)
    for change in suggested:
        out.print(
            f"\nThe level may have changed from {change['period']}: a mean of "
            f"{change['mean_before']:.4g} before, {change['mean_after']:.4g} after. If you know "
            f"why: insight kpi rebase {measure} --from {change['period']} --reason WHY --by YOU",
            markup=False,
        )


def _tell(row: "Mapping[str, object]") -> None:
    """Say one entry of the ledger in a few lines."""
    day = str(row["recorded_at"])[:10]
    out.print(
        f"{row['measure']} from {row['period']}, by {row['agreed_by']} on {day}: {row['reason']}",
        markup=False,
    )
    out.print(f"  Before: {row['old_rag']}; {row['old_status']}", markup=False)
    if row["withdrawn_at"]:
        day = str(row["withdrawn_at"])[:10]
        out.print(
            f"  Withdrawn by {row['withdrawn_by']} on {day}: {row['withdrawn_reason']}",
            markup=False,
        )
