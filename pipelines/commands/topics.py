"""``insight topics``: teach topics, measure how well they are told, and name them."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines.commands.options import MonthOption, WorkspaceOption
from pipelines.commands.topic_discover import register as register_discover
from pipelines.commands.topic_evaluate import register as register_evaluate
from pipelines.commands.topic_loop import register
from pipelines.commands.topic_options import (
    EncoderOption,
    LabelOption,
    OosOption,
    PoolOption,
    TextOption,
)
from pipelines.commands.topic_versions import register as register_versions

app = typer.Typer(help="What people write about: teach, measure, classify.", no_args_is_help=True)
out = Console(soft_wrap=True, highlight=False)
FEW_TEXTS, HARDLY_ANY = 20, 0.1
register_evaluate(app)
register_discover(app)
register(app)
register_versions(app)


@app.command(
    "train",
    epilog="Example: insight topics train labelled.csv --text text --label topic --to my-topics",
)
def train_topic_model(
    file: Annotated[
        Path | None, typer.Argument(help="Labelled texts; the workspace's when absent.")
    ] = None,
    text: TextOption = "text",
    label: LabelOption = "topic",
    to: Annotated[
        Path | None, typer.Option(help="Where the model of FILE goes, with its card.")
    ] = None,
    oos_label: OosOption = None,
    pool: PoolOption = None,
    encoder: EncoderOption = None,
    control: Annotated[
        Path | None,
        typer.Option(help="With FILE: labelled texts that judge, and so are not learnt from."),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Learn topics from labelled texts: a file's, or the workspace's enquiries."""
    from pipelines.steps.topics import Columns, train_file

    if file is None:
        from pipelines.commands.opening import holding
        from pipelines.steps.topic_versions import train_candidate

        with holding(workspace, doing="training of topics") as opened:
            trained = train_candidate(opened, anew=True)
            model, in_use = trained.model, trained.words
            folder = opened.outputs / "models" / "enquiry_topics" / trained.version
    else:
        if to is None:
            message = "--to says where the model of a file goes; it is missing."
            raise typer.BadParameter(message)
        folder, in_use = to, ""
        model = train_file(
            file,
            Columns(text, label, oos_label),
            to,
            pool=pool,
            encoder_folder=encoder,
            control=control,
        )
    told = model.metrics
    out.print(
        f"{len(model.topics)} topics learnt from {model.trained_rows:,} texts. Of texts it had "
        f"not seen it names {told['accuracy']:.1%} rightly; it answers {told['coverage']:.1%} of "
        "them and leaves the rest to people.",
        markup=False,
    )
    if in_use:
        out.print(in_use, markup=False)
    for topic, count in model.left_out.items():
        least = model.method.minimum_examples
        out.print(
            f"Left out, with {count} different texts where {least} are needed: {topic}",
            markup=False,
        )
    if model.encoder_hash:
        out.print(f"topic_encoder_sha256: {model.encoder_hash}", markup=False)
    out.print(f"Next: open {folder / 'card.html'}.", markup=False)


@app.command(
    "classify",
    epilog="Example: insight topics classify new.csv --model my-topics --to answers.csv",
)
def classify_texts(
    to: Annotated[Path, typer.Option(help="Where the answers go, one row a text.")],
    file: Annotated[
        Path | None, typer.Argument(help="Texts; the workspace's enquiries when absent.")
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(help="Folder that insight topics train wrote; the workspace's when absent."),
    ] = None,
    text: TextOption = "text",
    encoder: EncoderOption = None,
    month: MonthOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Name the topic of every text in a file, or of a month's enquiries; or say it isn't sure."""
    from pipelines.edge.labelled_files import write_predictions

    if file is not None and model is not None:
        from pipelines.steps.topics import classify_file

        answers = classify_file(file, model, text=text, encoder_folder=encoder)
    elif model is not None or encoder is not None:
        raise typer.BadParameter("--model and --encoder go with a FILE of texts; it is missing.")
    else:
        from pipelines.edge.workspace import open_workspace
        from pipelines.steps.topic_answers import classify_file_here, classify_month

        opened = open_workspace(workspace)
        if file is not None:
            answers = classify_file_here(opened, file, text=text)
        else:
            answers = classify_month(opened, opened.month(month))
    write_predictions(answers, to)
    sure, empty = int(answers["accepted"].sum()), int(answers["confidence"].eq(0).sum())
    if empty:
        out.print(
            f"{empty:,} {'text says' if empty == 1 else 'texts say'} nothing to go by (confidence "
            "0): blank, a placeholder such as N/A, or hardly a word that the model knows.",
            markup=False,
        )
    if len(answers) >= FEW_TEXTS and sure < HARDLY_ANY * len(answers):
        out.print(
            "Hardly any text looks like one of the model's topics. Check that the model was taught "
            "on this council's letters, and that the column of texts is right (--text).",
            markup=False,
        )
    out.print(
        f"{len(answers):,} texts, {sure:,} of them answered; the others are left to people. "
        f"Next: open {to}.",
        markup=False,
    )
