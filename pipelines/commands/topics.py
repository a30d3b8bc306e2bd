"""``insight topics``: teach topics, measure how well they are told, and name them."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines.commands.options import JsonOption
from pipelines.commands.topic_loop import register

app = typer.Typer(help="What people write about: teach, measure, classify.", no_args_is_help=True)
out = Console(soft_wrap=True, highlight=False)
register(app)


@app.command(
    "evaluate",
    epilog="Example: insight topics evaluate --train A.csv --test B.csv --text text --label topic",
)
def evaluate_topics(
    train: Annotated[Path, typer.Option(help="Labelled texts to learn from.")],
    test: Annotated[Path, typer.Option(help="Texts to score; not opened before that.")],
    text: Annotated[str, typer.Option(help="Heading of the texts.")],
    label: Annotated[str, typer.Option(help="Heading of the topics.")],
    oos_label: Annotated[
        str | None, typer.Option(help='The label that means "none of the topics".')
    ] = None,
    pool: Annotated[Path | None, typer.Option(help="Unlabelled texts to learn from too.")] = None,
    encoder: Annotated[
        Path | None, typer.Option(help="Folder of a sentence encoder in ONNX form.")
    ] = None,
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
