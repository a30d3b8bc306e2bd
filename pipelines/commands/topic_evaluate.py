"""``insight topics evaluate``: on two files, on one by held-out folds, or on the workspace."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines.commands.options import JsonOption, WorkspaceOption
from pipelines.commands.topic_options import (
    EncoderOption,
    LabelOption,
    OosOption,
    PoolOption,
    TextOption,
)

out = Console(soft_wrap=True, highlight=False)
aside = Console(soft_wrap=True, highlight=False, stderr=True)
WHOLE = {"n_train", "n_test", "artefact_bytes", "peak_rss_bytes", "texts_per_cpu_second"}


def evaluate_topics(
    train: Annotated[
        Path | None,
        typer.Option(help="Labelled texts to learn from; the workspace's when absent."),
    ] = None,
    test: Annotated[
        Path | None,
        typer.Option(
            help="Texts to score; not opened before that. Without it the labelled texts are "
            "scored by held-out folds."
        ),
    ] = None,
    text: TextOption = "text",
    label: LabelOption = "topic",
    oos_label: OosOption = None,
    pool: PoolOption = None,
    encoder: EncoderOption = None,
    predictions: Annotated[
        Path | None,
        typer.Option(help="Write the answer to every row there, as CSV; rows count from 0."),
    ] = None,
    folds: Annotated[
        int, typer.Option(help="Parts to cut the labelled texts into, without --test.")
    ] = 5,
    json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Say how well topics are told: on another file, or by held-out folds of the labelled texts."""
    from pipelines.edge.labelled_files import writable, write_predictions
    from pipelines.steps.topics import Columns, evaluate_files

    if predictions is not None:
        writable(predictions)
    words: tuple[str, ...] = ()
    columns = Columns(text, label, oos_label)
    if train is not None and test is not None:
        figures, answers, words = evaluate_files(
            train, test, columns, pool=pool, encoder_folder=encoder
        )
    elif train is not None:
        from pipelines.steps.topic_folds import evaluate_file_in_folds

        found = evaluate_file_in_folds(
            train, columns, folds=folds, pool=pool, encoder_folder=encoder
        )
        figures, answers, words = found.figures, found.answers, found.words
    elif test is not None or oos_label or pool or encoder:
        raise typer.BadParameter(
            "--test, --oos-label, --pool and --encoder go with --train FILE; it is missing. "
            "Without them the workspace's labelled enquiries are scored."
        )
    else:
        from pipelines.edge.workspace import open_workspace
        from pipelines.steps.topic_folds import evaluate_workspace

        found = evaluate_workspace(open_workspace(workspace), folds=folds)
        figures, answers, words = found.figures, found.answers, found.words
    if predictions is not None:
        write_predictions(answers, predictions)
    for sentence in words:  # beside the JSON, which a machine reads
        (aside if json else out).print(sentence, markup=False)
    if json:
        out.print_json(data=figures)
        return
    for name, value in figures.items():
        if value is not None:  # else nobody asked, or the file holds nothing to tell it by
            out.print(f"{name.replace('_', ' ')}: {_shown(name, value)}")


def _shown(name: str, value: float) -> str:
    """Write counts whole; an error of chance in the last digit is nought."""
    return f"{value:,.0f}" if name in WHOLE else f"{round(value, 6):,.4g}"


def register(app: typer.Typer) -> None:
    """Add the command to ``insight topics``."""
    example = "insight topics evaluate --train A.csv --test B.csv --text text --label topic"
    app.command("evaluate", epilog=f"Example: {example}")(evaluate_topics)
