"""``insight kpi release`` and ``insight kpi public``: what the public sees, and by whose word."""

from typing import Annotated

import typer
from rich.console import Console

from pipelines.commands.options import JsonOption, WorkspaceOption

out = Console(soft_wrap=True, highlight=False)
SHOWN = ("measure", "title", "service", "period", "decision", "reason", "value", "base", "target",
         "rag", "direction", "status")  # fmt: skip


def release_kpis(
    quarter: Annotated[str, typer.Option(help="The financial quarter, such as 2026-27Q2.")],
    by: Annotated[str, typer.Option(help="Who releases it.")],
    hold_back: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MEASURE=REASON", help="A measure to keep back, and why; may be repeated."
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Release a quarter's published measures to the public, once committee has had them.

    What is shown, and what is suppressed because people could be recognised, is decided now and
    kept; releasing the quarter again adds a corrected issue.
    """
    from insight.public import Decision
    from pipelines.commands.opening import holding
    from pipelines.steps.public import public_view
    from pipelines.steps.public_decision import release_quarter, unpublished_standards

    pairs = [text.partition("=") for text in hold_back or ()]
    if wrong := [code for code, equals, _ in pairs if not equals]:
        message = f"--hold-back takes MEASURE=REASON; {wrong[0]} has no reason."
        raise typer.BadParameter(message)
    kept = {code.strip(): reason.strip() for code, _, reason in pairs}
    with holding(workspace, doing="release of a quarter") as opened:
        decided = release_quarter(opened, quarter, by, kept)
        seen = public_view(opened).quarter
        standards = unpublished_standards(opened)
    counts = {each.value: int(decided["decision"].eq(each.value).sum()) for each in Decision}
    key = decided["quarter"].iloc[0] if len(decided) else quarter
    if json:
        out.print_json(data={"released": key, "released_by": by, "public_up_to": seen} | counts)
        return
    up_to = f"up to {seen}" if seen else "nothing yet: its committee month has not come"
    told = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    out.print(f"{key} is released by {by}: {told or 'no measure is published'}.", markup=False)
    out.print(f"The public sees {up_to}.", markup=False)
    for code in standards:
        out.print(
            f"{code} is a service standard and isn't published; measures.yaml, published: true.",
            markup=False,
        )
    out.print("Next: insight kpi public, then insight run --only publish", markup=False)


def show_public(workspace: WorkspaceOption = None, json: JsonOption = False) -> None:
    """Show what the public sees: each published measure, shown or not and why, and by whom."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.public import public_view
    from pipelines.steps.summary import plain_rows

    view = public_view(open_workspace(workspace))
    if json:
        rows = plain_rows(view.figures[list(SHOWN)])
        out.print_json(
            data={"quarter": view.quarter, "released_by": view.released_by, "measures": rows}
        )
        return
    if view.quarter is None:
        out.print("Nothing has been released to the public yet.")
        out.print("Next: insight kpi release --quarter 2026-27Q2 --by NAME", markup=False)
        return
    out.print(f"{view.quarter}, released by {view.released_by}", style="bold", markup=False)
    for row in plain_rows(view.figures):
        if row["decision"] == "published":
            told = f"{row['value']:.4g}, {row['rag']}"
        else:
            told = f"{row['reason']}"
        out.print(f"{row['decision']:<10} {row['measure']} {row['period']}: {told}", markup=False)
