"""``insight topics``: review, and what to build online."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from pipelines.commands.options import JsonOption, MonthOption, WorkspaceOption
from pipelines.commands.topic_options import EncoderOption, TextOption

if TYPE_CHECKING:
    from insight.topics.agreement import Kappa
    from pipelines.edge.workspace import Workspace

out = Console(soft_wrap=True, highlight=False)


def review_topics(
    file: Annotated[
        Path | None, typer.Argument(help="Texts; the workspace's enquiries when absent.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Write a workbook of what to look at there.")
    ] = None,
    from_: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Take in a filled workbook; may be repeated with a FILE of texts.",
        ),
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Post of whoever filled it in.")] = "",
    conflicts: Annotated[
        Path | None,
        typer.Option("--conflicts", help="Write a workbook of what reviewers differ on there."),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="With FILE: the folder that insight topics train wrote.")
    ] = None,
    text: TextOption = "text",
    label: Annotated[
        str | None, typer.Option(help="With FILE: heading of the topics, where it has some.")
    ] = None,
    control: Annotated[
        Path | None,
        typer.Option(help="With FILE and --from: where the control rows go, to judge models."),
    ] = None,
    encoder: EncoderOption = None,
    month: MonthOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Write a workbook of uncertain, strange, doubtful and control enquiries, or take one in."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.topic_review import write_conflicts, write_review

    if file is not None:
        _review_file(
            file, model, from_ or [], to, text=text, label=label, encoder=encoder, control=control
        )
        return
    if sum((to is not None, bool(from_), conflicts is not None)) != 1:
        raise typer.BadParameter(
            "say one of --to FILE.xlsx, --from FILE.xlsx --by WHO, and --conflicts FILE.xlsx."
        )
    opened = open_workspace(workspace)
    if conflicts is not None:
        rows = write_conflicts(opened, conflicts)
        out.print(f"{rows} enquiries that reviewers differ on, in {conflicts}.", markup=False)
        out.print(
            "Next: agree on a Topic for each, then insight topics review --from it --by agreed."
        )
        return
    if to is not None:
        rows = write_review(opened, opened.month(month), to)
        out.print(f"{rows} enquiries to look at, in {to}.", markup=False)
        out.print("Next: fill in the column Topic, then insight topics review --from it --by WHO.")
        return
    _take_in(opened, from_ or [], by)


def _take_in(opened: "Workspace", filled: list[Path], by: str) -> None:
    from pipelines.edge.run_lock import hold_store
    from pipelines.steps.topic_review import read_reviews

    differ = 0
    with hold_store(opened, doing="taking in reviews"):
        for path in filled:
            came = read_reviews(opened, path, reviewer=by)
            out.print(f"{path.name}: {came.taken} answers taken in.", markup=False)
            differ += len(came.conflicts)
            for unknown in came.unknown:
                out.print(
                    f"  Left out: {unknown} is no enquiry of ours, or its text has changed since.",
                    markup=False,
                )
            for row in came.conflicts.to_dict("records"):
                out.print(
                    f"  Conflict on {row['source']} {row['enquiry_id']}: {row['said']}. Nothing is "
                    "learnt from it until they agree.",
                    markup=False,
                )
            if came.kappa is not None:
                _tell_kappa(came.kappa)
    if differ:
        out.print("Next: insight topics review --conflicts FILE.xlsx, to settle them together.")
    else:
        out.print("Next: insight topics train.")


def _review_file(
    file: Path,
    model: Path | None,
    filled: list[Path],
    to: Path | None,
    *,
    text: str,
    label: str | None,
    encoder: Path | None,
    control: Path | None,
) -> None:
    if to is None or (model is None) == (not filled) or (control is not None and not filled):
        raise typer.BadParameter(
            "with a FILE say --model DIR --to REVIEW.xlsx, or --from FILLED.xlsx --to LABELS.csv "
            "and, for its control rows, --control CONTROL.csv."
        )
    if model is not None:
        _file_out(file, model, to, text=text, label=label, encoder=encoder)
    else:
        _file_back(file, filled, to, text=text, control=control)


def _file_out(
    file: Path, model: Path, to: Path, *, text: str, label: str | None, encoder: Path | None
) -> None:
    from pipelines.steps.topic_review_files import write_file_review

    rows = write_file_review(file, model, to, text=text, label=label, encoder_folder=encoder)
    out.print(f"{rows} rows of {file.name} to look at, in {to}.", markup=False)
    out.print(
        "Next: fill in the column Topic, one copy a reviewer, then insight topics review FILE "
        "--from COPY.xlsx --to LABELS.csv."
    )


def _file_back(
    file: Path, filled: list[Path], to: Path, *, text: str, control: Path | None
) -> None:
    from pipelines.steps.topic_review_files import (
        read_file_reviews,
        write_control,
        write_labels,
    )

    found = read_file_reviews(file, filled, text=text)
    if control is not None:
        found, judges = write_control(found, control)
        out.print(
            f"{judges} control rows in {control}: they judge models, so train with --control.",
            markup=False,
        )
    write_labels(found, to)
    for unknown in found.unknown:
        out.print(
            f"  Left out: {unknown} is no row of {file.name}, or its text has changed since.",
            markup=False,
        )
    for row in found.conflicts.to_dict("records"):
        out.print(f"  Conflict on row {row['enquiry_id']}: {row['said']}.", markup=False)
    if found.kappa is not None:
        _tell_kappa(found.kappa)
    out.print(
        f"{len(found.labels)} labels in {to}. Next: add them to the labelled file, and insight "
        "topics train.",
        markup=False,
    )


def _tell_kappa(found: "Kappa") -> None:
    if found.texts:
        out.print(
            f"  Two reviewers agree on {found.agreed:.0%} of {found.texts} texts; Cohen's kappa "
            f"{found.value:.2f} (95% interval {found.lower:.2f} to {found.upper:.2f})."
        )


def show_gaps(
    month: MonthOption = None, workspace: WorkspaceOption = None, json: JsonOption = False
) -> None:
    """Rank what to build, mend and rewrite online by the contacts it could save."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.summary import plain_rows
    from pipelines.steps.topic_gaps import find_form_gaps

    opened = open_workspace(workspace)
    found = find_form_gaps(opened, opened.month(month))
    if json:
        out.print_json(data=plain_rows(found))
        return
    if found.empty:
        out.print(
            "Nothing to build, mend or rewrite: no topic has enough enquiries to say. The settings "
            "(topics.yaml) name the topics, and least_saved what a form must save a year."
        )
        return
    for name, rows in found.groupby("list", sort=True):
        out.print(f"{str(name).capitalize()}:")
        for row in rows.to_dict("records"):
            out.print(f"  {row['rank']}. {row['topic']}: {row['words']}", markup=False)


def register(app: typer.Typer) -> None:
    """Add these commands to ``insight topics``."""
    added: dict[str, tuple[Callable[..., None], str]] = {
        "review": (review_topics, "insight topics review --to review.xlsx"),
        "gaps": (show_gaps, "insight topics gaps --month 2026-10"),
    }
    for name, (command, example) in added.items():
        app.command(name, epilog=f"Example: {example}")(command)
