"""``insight kpi``: the measures, one of them closely, their targets, and the public release."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from pipelines.commands import kpi_ledger, kpi_release
from pipelines.commands.options import JsonOption, MeasureArgument, MonthOption, WorkspaceOption

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

app = typer.Typer(help="Measures, their targets and their release.", no_args_is_help=True)
out = Console(soft_wrap=True, highlight=False)
LIST_COLUMNS = ("measure", "title", "service", "period", "value", "target", "rag", "direction")


@app.command("list", epilog="Example: insight kpi list --red")
def list_kpis(
    red: Annotated[bool, typer.Option("--red", help="Only measures that are red.")] = False,
    month: MonthOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """List the month's measures with their colour, and what of the catalogue was refused."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.kpi import list_measures
    from pipelines.steps.scorecard import catalogue_faults
    from pipelines.steps.summary import plain_rows

    opened = open_workspace(workspace)
    card = list_measures(opened, opened.month(month), only="red" if red else None)
    refused = catalogue_faults(opened)
    if json:
        rows = plain_rows(card[list(LIST_COLUMNS)])
        out.print_json(data={"measures": rows, "refused": plain_rows(refused)})
        return
    shown = _as_shown(card)
    for row in shown.to_dict("records"):
        target = f", target {row['target']}" if row["target"] else ""
        way = f", {row['direction']}" if row["direction"] else ""
        value = row["value"] or "no value"
        out.print(f"{row['rag']:<10} {row['measure']}: {value} in {row['period']}{target}{way}")
    if card.empty:
        out.print("No measure is red." if red else "There are no measures; add some.")
    for message in refused["message"]:
        out.print(f"Refused: {message}", markup=False)


@app.command("show", epilog="Example: insight kpi show RECYCLING --pedigree")
def show_kpi(
    measure: MeasureArgument,
    pedigree: Annotated[
        bool, typer.Option("--pedigree", help="And the definition, run and files behind it.")
    ] = False,
    month: MonthOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Show one measure: its figure, target, colour, verdict, year so far and forecast."""
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.kpi import show_measure
    from pipelines.steps.rebase import rebases_of

    opened = open_workspace(workspace)
    shown = show_measure(opened, measure, opened.month(month), pedigree=pedigree)
    ledger = rebases_of(opened, measure, opened.month(month))
    if json:
        content: dict[str, Any] = {"measure": shown.figure, "year": shown.year}
        content["process"] = shown.process
        content |= dict(zip(("rebases", "suggested_changes"), ledger, strict=True))
        if shown.pedigree is not None:
            content |= {"pedigree": shown.pedigree, "files": shown.files}
        out.print_json(data=content)
        return
    out.print(f"{_in_a_sentence(shown.figure)}\n", markup=False)
    parts = [
        ("", shown.figure),
        ("Is the change real, and can the target be reached?", shown.process),
        ("The year", shown.year),
        ("Pedigree", shown.pedigree or {}),
    ]
    for title, rows in parts:
        if title and rows:
            out.print(f"\n{title}", style="bold")
        for name, value in rows.items():
            if value not in (None, ""):
                out.print(f"{name.replace('_', ' ')}: {value}", markup=False)
    kpi_ledger.tell_rebases(measure, *ledger)
    if shown.pedigree is not None:
        out.print(f"\n{len(shown.files)} files behind it", style="bold")
        for file in shown.files:
            text = (
                f"{file['source']}/{file['name']}: {file['accepted']} of {file['rows_read']} rows"
            )
            out.print(f"{text}, sha256 {str(file['file_hash'])[:12]}", markup=False)


def _in_a_sentence(row: "Mapping[str, Any]") -> str:
    """Say a measure's figure as its page does: value, target, colour, range and base."""
    from pipelines.edge import page_parts as say
    from pipelines.edge import page_words as words

    row = dict(row)
    target = words.aim(row)
    against = "without a target" if target == "none set" else f"against a target of {target}"
    extra = "; ".join(each for each in (words.likely_words(row), words.based_on(row)) if each)
    return (
        f"{row['title']}, {say.period(row['period'])}: {words.shown(row)} {against}: "
        f"{say.rag(row['rag']).word.lower()}{f' ({extra})' if extra else ''}. "
        f"{words.travel(row)}."
    )


@app.command("targets", epilog="Example: insight kpi targets RECYCLING --try 0.48 --try 0.5")
def try_targets(
    measure: Annotated[
        str | None, typer.Argument(help="Code of the measure; every one when absent.")
    ] = None,
    tried: Annotated[
        list[float] | None,
        typer.Option("--try", metavar="TARGET", help="A target to try; may be repeated."),
    ] = None,
    month: MonthOption = None,
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Try next year's targets on the last three years: how often each would have been met."""
    from dataclasses import asdict

    from pipelines.commands.target_words import target_lines
    from pipelines.edge.workspace import open_workspace
    from pipelines.steps.kpi import aid_target
    from pipelines.steps.summary import plain_rows

    if tried and measure is None:
        message = "--try needs the code of one measure."
        raise typer.BadParameter(message)
    opened = open_workspace(workspace)
    shown_as = {each.code: (each.unit, each.decimals) for each in opened.settings.measures}
    codes = [measure] if measure else list(shown_as)
    aids = [aid_target(opened, code, opened.month(month), tried or ()) for code in codes]
    if json:
        out.print_json(
            data=[
                {name: None if part != part else part for name, part in asdict(aid).items()
                 if name != "candidates"} | {"candidates": plain_rows(aid.candidates)}
                for aid in aids
            ]
        )  # fmt: skip
        return
    for aid in aids:
        for line in target_lines(aid, *shown_as[aid.measure]):
            out.print(line, markup=False)


for name, command, example in (
    ("release", kpi_release.release_kpis, 'release --quarter 2026-27Q2 --by "A. Name"'),
    ("public", kpi_release.show_public, "public"),
    (
        "rebase",
        kpi_ledger.rebase_kpi,
        'rebase CALLS --from 2026-04 --reason "New telephone system" --by "A. Name"',
    ),
    (
        "rebase-withdraw",
        kpi_ledger.withdraw_rebase,
        'rebase-withdraw CALLS --from 2026-04 --reason "It was put off" --by "A. Name"',
    ),
    ("rebases", kpi_ledger.list_rebases, "rebases"),
):
    app.command(name, epilog=f"Example: insight kpi {example}")(command)


def _as_shown(card: "pd.DataFrame") -> "pd.DataFrame":
    """Write values and targets as a reader sees them, nothing where there are none."""
    from insight.rounding import written
    from insight.scorecard import with_target_words

    words = with_target_words(card)
    numbers = written(card["target"], card["unit"], card["decimals"])
    band = card["polarity"].eq("band")
    told = card.assign(
        value=written(card["value"], card["unit"], card["decimals"]),
        target=numbers.mask(band, words["target"].astype("string")),
    )
    return told[list(LIST_COLUMNS)].astype("string").fillna("")
