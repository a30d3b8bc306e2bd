"""``insight topics promote``, ``rollback`` and ``versions``: in the workspace, or of a folder."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines.commands.options import WorkspaceOption
from pipelines.commands.topic_options import EncoderOption, LabelOption, TextOption

out = Console(soft_wrap=True, highlight=False)
ByOption = Annotated[str, typer.Option("--by", help="Post of the person, such as 'web editor'.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why.")]
InUseOption = Annotated[
    Path | None,
    typer.Option("--model", help="Folder of the model in use; the workspace's when absent."),
]


def promote_model(
    version: Annotated[
        str,
        typer.Argument(
            help="As `insight topics versions` lists them; with --model, the new model's folder."
        ),
    ],
    by: ByOption,
    reason: ReasonOption,
    model: InUseOption = None,
    control: Annotated[
        Path | None, typer.Option(help="With --model: labelled texts that judge the two models.")
    ] = None,
    text: TextOption = "text",
    label: LabelOption = "topic",
    encoder: EncoderOption = None,
    new_control: Annotated[
        bool, typer.Option("--new-control", help="The control set differs from last time's.")
    ] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Put a topic model to use; of two folders, the new one only if it wins on a control set."""
    if (model is None) != (control is None):
        raise typer.BadParameter(
            "to promote a folder say NEW-FOLDER --model FOLDER-IN-USE --control CONTROL.csv."
        )
    if model is not None and control is not None:
        from pipelines.steps.topic_folder_versions import promote_folder
        from pipelines.steps.topics import Columns

        found = promote_folder(
            Path(version), model, control, Columns(text, label), by=by, reason=reason,
            encoder_folder=encoder, new_control=new_control,
        )  # fmt: skip
        out.print(
            f"{found.words} {model} now holds it; the one before is kept. Next: insight topics "
            f"classify FILE --model {model} --to ANSWERS.csv.",
            markup=False,
        )
        return
    from pipelines.edge.run_lock import hold_store
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.topic_versions import promote

    opened = open_workspace(workspace)
    with hold_store(opened, doing="promoting a topic model"):
        promote(opened, version, by=by, reason=reason)
    out.print(f"{version} is in use from the next run: insight run --only enquiries.", markup=False)


def roll_back_model(
    by: ByOption,
    reason: ReasonOption,
    model: InUseOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Go back to the topic model that was in use before."""
    if model is not None:
        from pipelines.steps.topic_folder_versions import roll_back_folder

        version = roll_back_folder(model, by=by, reason=reason)
        out.print(f"{version} is in use again in {model}.", markup=False)
        return
    from pipelines.edge.run_lock import hold_store
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.topic_versions import roll_back

    opened = open_workspace(workspace)
    with hold_store(opened, doing="rolling back a topic model"):
        version = roll_back(opened, by=by, reason=reason)
    out.print(f"{version} is in use again, from the next run: insight run --only enquiries.")


def list_versions(model: InUseOption = None, workspace: WorkspaceOption = None) -> None:
    """List which topic models were in use, since when, by whom and why."""
    if model is not None:
        from pipelines.steps.topic_folder_versions import folder_promotions

        found = folder_promotions(model)
    else:
        from pipelines.edge.workspace import open_workspace
        from pipelines.steps.topic_versions import promotions

        found = promotions(open_workspace(workspace))
    if found.empty:
        out.print("No topic model has been put to use yet. Next: insight topics train.")
    for row in found.to_dict("records"):
        when = f"{row['promoted_at']:%d/%m/%Y}"
        out.print(
            f"{row['number']}. {row['version']} since {when} by {row['promoted_by']}: "
            f"{row['reason']}",
            markup=False,
        )


def register(app: typer.Typer) -> None:
    """Add these commands to ``insight topics``."""
    added: dict[str, tuple[Callable[..., None], str]] = {
        "promote": (promote_model, "insight topics promote 1a2b --by 'web editor' --reason ..."),
        "rollback": (roll_back_model, "insight topics rollback --by 'web editor' --reason ..."),
        "versions": (list_versions, "insight topics versions"),
    }
    for name, (command, example) in added.items():
        app.command(name, epilog=f"Example: {example}")(command)
