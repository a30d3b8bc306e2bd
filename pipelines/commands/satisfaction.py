"""``insight satisfaction``: how satisfied people are, whether it changed, and why."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from pipelines.commands.options import (
    FileMappingOption,
    JsonOption,
    MonthOption,
    ServiceOption,
    WorkspaceOption,
)

if TYPE_CHECKING:
    from pipelines.steps.survey_answers import Asked

app = typer.Typer(
    help="How satisfied people are, whether it changed, and what drives it.", no_args_is_help=True
)
out = Console(soft_wrap=True, highlight=False)
SurveyOption = Annotated[
    Path | None, typer.Option(help="A survey's file to look at instead of the store.")
]
QuestionOption = Annotated[
    str | None, typer.Option(help="Code of the question; the settings' headline when absent.")
]


def _asking(tell: Callable[..., None]) -> Callable[..., None]:
    """Make a command of `tell`: the options that all have, and what they ask for as ``asked``."""

    def command(
        service: ServiceOption = None,
        month: MonthOption = None,
        question: QuestionOption = None,
        survey: SurveyOption = None,
        mapping: FileMappingOption = None,
        workspace: WorkspaceOption = None,
        json: JsonOption = False,
    ) -> None:
        tell(_asked(service, month, question, survey, mapping, workspace), json=json)

    command.__doc__ = tell.__doc__
    return command


@app.command("show", epilog="Example: insight satisfaction show --service planning")
@_asking
def show(asked: "Asked", *, json: bool) -> None:
    """Show the share satisfied, net and mean of a month and its quarter, and who is missing."""
    from pipelines.steps.survey_answers import shown_figures

    rows, missing = shown_figures(asked)
    if json:
        _print_json(asked, figures=rows, missing=missing)
        return
    _tell(asked)
    # All the splits of every service would run to pages; --service or --json gives them.
    told = [row for row in rows if asked.service is not None or not row["breakdown"]]
    for row in told or rows:
        what = f", {row['breakdown'].replace('=', ': ')}" if row["breakdown"] else ""
        out.print(f"{row['service']}{what}: {row['words']}", markup=False)
    if not rows:
        out.print(f"Nobody answered in {asked.month:%B %Y}.")
    for row in missing:
        if row["missing"]:
            out.print(
                f"Missing from {row['survey']}: {row['dimension'].replace('_', ' ')} "
                f"{row['group']}, {row['share']:.0%} of those who answered against "
                f"{row['population']:.0%} of the population.",
                markup=False,
            )


@app.command("change", epilog="Example: insight satisfaction change --service planning")
@_asking
def change(asked: "Asked", *, json: bool) -> None:
    """Say whether satisfaction has changed, in points and relative, and for the same mix."""
    from pipelines.steps.survey_answers import shown_changes

    rows = shown_changes(asked)
    if json:
        _print_json(asked, changes=rows)
        return
    _tell(asked)
    for row in rows:
        out.print(f"{row['service']}, against {row['since']}: {row['words']}.", markup=False)
        if row["adjusted"]:
            out.print(f"    for the same mix of cases: {row['adjusted']}.", markup=False)
    if not rows:
        out.print(
            f"There is nothing to compare the quarter ending {asked.month:%B %Y} with: it needs "
            "answers in it, and in one that ended three, six or twelve months before."
        )


@app.command("drivers", epilog="Example: insight satisfaction drivers --service planning")
@_asking
def drivers(asked: "Asked", *, json: bool) -> None:
    """Tell what the dissatisfied mention that the satisfied don't, over the last twelve months."""
    from pipelines.steps.survey_answers import shown_drivers

    found = shown_drivers(asked)
    if json:
        _print_json(asked, drivers=found)
        return
    _tell(asked)
    if not found:
        out.print(f"Nobody answered in the twelve months to {asked.month:%B %Y}.")
    for each in found:
        out.print(f"\n{each['service']}", style="bold")
        for row in each["terms"]:
            out.print(
                f"{row['term']}: {row['dissatisfied']} of {each['dissatisfied']} dissatisfied, "
                f"{row['satisfied']} of {each['satisfied']} satisfied "
                f"({100 * row['difference']:+.0f} points, {100 * row['lower']:+.0f} to "
                f"{100 * row['upper']:+.0f})",
                markup=False,
            )
        if not each["terms"]:
            out.print(each["why_none"] or "No word tells them apart beyond chance.", markup=False)


def _asked(
    service: str | None,
    month: str | None,
    question: str | None,
    survey: Path | None,
    mapping: Path | None,
    workspace: Path | None,
) -> "Asked":
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.survey_answers import from_file, from_store, on_question

    if mapping is not None and survey is None:
        message = "--mapping says how to read a --survey; name that too."
        raise typer.BadParameter(message)
    opened = open_workspace(workspace)
    if survey is None:
        return on_question(from_store(opened, opened.month(month), service), question)
    chosen = None if month is None else opened.month(month)
    return on_question(from_file(opened, survey, mapping, chosen, service), question)


def _tell(asked: "Asked") -> None:
    for problem in asked.surveyed.problems:
        out.print(f"Note: {problem}", markup=False)


def _print_json(asked: "Asked", **content: object) -> None:
    out.print_json(
        data={
            "month": f"{asked.month:%Y-%m}",
            "problems": list(asked.surveyed.problems),
            **content,
        }
    )
