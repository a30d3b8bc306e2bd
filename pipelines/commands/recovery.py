"""``insight recovery``: one service's weekly sheet."""

from pathlib import Path

from rich.console import Console

from pipelines.commands.opening import holding
from pipelines.steps.now import NOW, publish_recovery
from pipelines.steps.summary import plain_rows


def make_sheet(
    workspace: Path | None, service: str, week: str | None, *, json: bool, out: Console
) -> None:
    """Write the sheet into the service's folder and tell what it says."""
    with holding(workspace, doing="recovery sheet") as opened:
        sheet = publish_recovery(opened, service, week)
        path = opened.outputs / NOW / f"recovery-{service}" / "index.html"
    if json:
        weeks = sheet.weeks.drop(columns="monday")
        said: dict[str, object] = {
            "service": service,
            "week": sheet.week,
            "weeks": plain_rows(weeks),
        }
        said |= {"past_standard": sheet.past_standard, "without_update": len(sheet.silent)}
        out.print_json(data=said | {"actions": [*sheet.actions, *sheet.agreed], "page": str(path)})
        return
    last = sheet.latest
    out.print(
        f"{service}, {sheet.week}: {last['received']} received, {last['decided']} decided, "
        f"{last['open']} open, {sheet.past_standard} past standard.",
        markup=False,
    )
    for action in (*sheet.actions, *sheet.agreed):
        out.print(f"  To do: {action}", markup=False)
    out.print(f"Sheet: {path}", markup=False)
