"""``insight topics``: teach topics, measure how well they are told, and name them."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines.commands.options import JsonOption, WorkspaceOption
from pipelines.commands.topic_loop import register

app = typer.Typer(help="What people write about: teach, measure, classify.", no_args_is_help=True)
out = Console(soft_wrap=True, highlight=False)
register(app)


TextOption = Annotated[str, typer.Option(help="Heading of the texts.")]
LabelOption = Annotated[str, typer.Option(help="Heading of the topics.")]
OosOption = Annotated[str | None, typer.Option(help='The label that means "none of the topics".')]
PoolOption = Annotated[Path | None, typer.Option(help="Unlabelled texts to learn from too.")]
EncoderOption = Annotated[
    Path | None, typer.Option(help="Folder of a sentence encoder in ONNX form.")
]


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
            file, Columns(text, label, oos_label), to, pool=pool, encoder_folder=encoder
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
    out.print(f"Next: read {folder / 'card.md'}.", markup=False)


@app.command(
    "classify",
    epilog="Example: insight topics classify new.csv --model my-topics --to answers.csv",
)
def classify_texts(
    file: Annotated[Path, typer.Argument(help="Texts to name the topics of.")],
    model: Annotated[Path, typer.Option(help="Folder that insight topics train wrote.")],
    to: Annotated[Path, typer.Option(help="Where the answers go, one row a row of FILE.")],
    text: TextOption = "text",
    encoder: EncoderOption = None,
) -> None:
    """Name the topic of every text in a file, or say that it isn't sure."""
    from pipelines.edge.labelled_files import write_predictions
    from pipelines.steps.topics import classify_file

    answers = classify_file(file, model, text=text, encoder_folder=encoder)
    write_predictions(answers, to)
    sure = int(answers["accepted"].sum())
    out.print(
        f"{len(answers):,} texts, {sure:,} of them answered; the others are left to people. "
        f"Next: open {to}.",
        markup=False,
    )


@app.command(
    "evaluate",
    epilog="Example: insight topics evaluate --train A.csv --test B.csv --text text --label topic",
)
def evaluate_topics(
    train: Annotated[Path, typer.Option(help="Labelled texts to learn from.")],
    test: Annotated[Path, typer.Option(help="Texts to score; not opened before that.")],
    text: TextOption,
    label: LabelOption,
    oos_label: OosOption = None,
    pool: PoolOption = None,
    encoder: EncoderOption = None,
    predictions: Annotated[
        Path | None, typer.Option(help="Write the answer to every test row there, as CSV.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Learn from one labelled file, and say how well the topics of another are told."""
    from pipelines.steps.topics import Columns, evaluate_files

    figures, answers = evaluate_files(
        train, test, Columns(text, label, oos_label), pool=pool, encoder_folder=encoder
    )
    if predictions is not None:
        from pipelines.edge.labelled_files import write_predictions

        write_predictions(answers, predictions)
    if json:
        out.print_json(data=figures)
        return
    for name, value in figures.items():
        shown = "not known" if value is None else f"{value:,.4g}"
        out.print(f"{name.replace('_', ' ')}: {shown}")
