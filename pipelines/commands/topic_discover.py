"""``insight topics discover``: what no topic covers, in the workspace or in any file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from pipelines.commands.options import JsonOption, MonthOption, WorkspaceOption
from pipelines.commands.topic_options import TextOption

if TYPE_CHECKING:
    import pandas as pd

    from insight.topics.discovery import Discovery

out = Console(soft_wrap=True, highlight=False)
SHOWN_CHARACTERS = 160


def discover_new(
    file: Annotated[
        Path | None, typer.Argument(help="Texts; the workspace's enquiries when absent.")
    ] = None,
    text: TextOption = "text",
    label: Annotated[
        str | None,
        typer.Option(help="Heading of the topics in FILE; rows with one are known already."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="Write the group of every row of FILE there, as CSV.")
    ] = None,
    weaker: Annotated[
        bool,
        typer.Option("--weaker", help="Show weaker signs too; one or two groups may be chance."),
    ] = False,
    month: MonthOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Group what no topic covers, named by its telling words, with examples."""
    from pipelines.steps.summary import plain_rows
    from pipelines.steps.topic_discovery import WEAKER

    method = WEAKER if weaker else None
    if file is None:
        from pipelines.edge.workspace import open_workspace
        from pipelines.steps.topic_discovery import discover_topics

        if label is not None or to is not None:
            raise typer.BadParameter("--label and --to go with a FILE of texts; it is missing.")
        opened = open_workspace(workspace)
        new = discover_topics(opened, opened.month(month), method=method)
        found, examples = new.found, new.examples
        then = (
            'Next: to make one a topic, insight topics adopt GROUP --name "What to call it" --to '
            "new.xlsx puts its enquiries into a workbook."
        )
    else:
        from pipelines.edge.labelled_files import write_predictions
        from pipelines.steps.topic_discovery import discover_in_file

        found, examples, assigned = discover_in_file(file, text=text, label=label, method=method)
        then = f"Next: to make one a topic, label its rows in {file.name}, and train again."
        if to is not None:
            write_predictions(assigned.rename("group").rename_axis("row").reset_index(), to)
            then = f"Each row's group is in {to}. {then}"
    if json:
        out.print_json(data={"groups": plain_rows(found.groups), "examples": plain_rows(examples)})
        return
    _tell(found, examples)
    if len(found.groups):
        out.print(then, markup=False)


def _tell(found: "Discovery", examples: "pd.DataFrame") -> None:
    if found.groups.empty:
        out.print("Nothing stands out beyond the topics that are known.")
        return
    for row in found.groups.to_dict("records"):
        out.print(
            f"{row['group']}: {row['texts']} texts ({row['share']:.0%} of those looked at); "
            f"{row['words']}",
            markup=False,
        )
        for text in examples.loc[examples["group"].eq(row["group"]), "text"]:
            out.print(f"    {' '.join(str(text).split())[:SHOWN_CHARACTERS]}", markup=False)
    out.print(f"{int(found.assigned.isna().sum()):,} of {len(found.assigned):,} are in no group.")


def adopt_topic(
    group: Annotated[str, typer.Argument(help="As insight topics discover names it.")],
    name: Annotated[str, typer.Option(help="What the new topic is called.")],
    to: Annotated[Path, typer.Option(help="The workbook of its enquiries.")],
    month: MonthOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Put a new topic's enquiries into a review workbook, the name filled in, for you to check."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.topic_adoption import adopt_group

    opened = open_workspace(workspace)
    rows = adopt_group(opened, opened.month(month), group, name=name, path=to)
    out.print(
        f"{rows} enquiries in {to}, with {name!r} as their topic. Next: empty the topic of those "
        "that aren't about it, then insight topics review --from it --by WHO, and insight topics "
        "train. For its service and form, name it in settings/topics.yaml too.",
        markup=False,
    )


def register(app: typer.Typer) -> None:
    """Add the commands to ``insight topics``."""
    example = "insight topics discover --month 2026-10"
    app.command("discover", epilog=f"Example: {example}")(discover_new)
    example = 'insight topics adopt voucher-heating-warm --name "Fuel vouchers" --to new.xlsx'
    app.command("adopt", epilog=f"Example: {example}")(adopt_topic)
