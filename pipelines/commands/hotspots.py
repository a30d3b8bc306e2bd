"""``insight hotspots``: the map and its proof on any file of reports, and the wardens' plan."""

import json as json_text
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from pipelines.commands.options import JsonOption
from pipelines.commands.patrol import plan_patrol

if TYPE_CHECKING:
    from insight.hotspots.backtest import Backtest

app = typer.Typer(
    help="Where reports gather, how well the map predicts, and the wardens' patrols.",
    no_args_is_help=True,
)
app.command("patrol", epilog="Example: insight hotspots patrol --week 2026-12-07 --hours 12")(
    plan_patrol
)
out = Console(soft_wrap=True, highlight=False)
told = Console(soft_wrap=True, highlight=False, stderr=True)
ReportsOption = Annotated[
    Path, typer.Option(help="File of reports with a place: CSV, Excel, JSON, Parquet.")
]
MappingOption = Annotated[
    Path,
    typer.Option(help="Mapping file, or a ready-made mapping's name; contract street_reports."),
]
NAMES = {
    "ours": "this system",
    "count_12m": "12-month count",
    "last_period": "last period's count",
    "gi_star": "Gi* of 12 months",
    "random": "random places",
    "foresight": "perfect foresight",
}


@app.command(
    "backtest",
    epilog="Example: insight hotspots backtest --reports reports.csv --mapping fixmystreet",
)
def backtest_command(
    reports: ReportsOption,
    mapping: MappingOption,
    origins: Annotated[
        int,
        typer.Option(
            min=1, max=200, metavar="NUMBER", help="How many moments of the past to predict from."
        ),
    ] = 8,
    horizon_days: Annotated[
        int, typer.Option(min=1, max=1000, metavar="DAYS", help="Days to predict each time.")
    ] = 91,
    cell_m: Annotated[
        float, typer.Option(min=10, max=5000, metavar="METRES", help="Side of the squares.")
    ] = 100.0,
    cells: Annotated[
        Path | None, typer.Option(help="Write every cell's scores and outcome to this CSV.")
    ] = None,
    streets: Annotated[
        Path | None, typer.Option(help="Street lines: rank pieces of street, not squares.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Breaks ties and makes the random ranking.")] = 20260401,
    json: JsonOption = False,
) -> None:
    """Make the map as it would have been in the past, and count what it would have predicted.

    PAI says how many times as many reports the flagged cells held as an equal area at random.
    """
    from pipelines.steps.hotspot_files import backtest_file

    with told.status("Reading the reports and making the maps of the past..."):
        made = backtest_file(
            reports,
            mapping,
            origins=origins,
            horizon_days=horizon_days,
            cell_m=cell_m,
            seed=seed,
            cells_file=cells,
            streets_file=streets,
        )
    if (made_at := len(made.backtest.origins)) < origins:
        told.print(
            f"{made_at} of {origins} moments: at the others nothing followed, or too little was "
            "known. Give earlier reports, or a shorter --horizon-days."
        )
    if json:
        typer.echo(json_text.dumps(_as_json(made.backtest) | made.about))
        return
    out.print(made.sentence, markup=False)
    _tell(made.backtest)
    if cells is not None:
        out.print(f"Every cell's scores: {cells}", markup=False)


@app.command(
    "map",
    epilog="Example: insight hotspots map --reports reports.csv --mapping fixmystreet",
)
def map_command(
    reports: ReportsOption,
    mapping: MappingOption,
    output: Annotated[Path, typer.Option(help="The map to write.")] = Path("hotspots.html"),
    month: Annotated[
        str | None, typer.Option(help="Last month to count, such as 2026-10; else the last there.")
    ] = None,
    streets: Annotated[
        Path | None, typer.Option(help="Street lines, to rank and name streets by.")
    ] = None,
    postcodes: Annotated[
        Path | None,
        typer.Option(help="Postcodes with easting and northing, for reports with no point."),
    ] = None,
    cell_m: Annotated[
        float | None,
        typer.Option(
            min=25,
            max=1000,
            metavar="METRES",
            help="Side of the squares; chosen by the number of reports when absent.",
        ),
    ] = None,
    cells: Annotated[
        Path | None, typer.Option(help="Also write the places to this .csv, .geojson or .gpkg.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Heading of the map.")] = None,
    json: JsonOption = False,
) -> None:
    """Write one HTML map that needs no internet: where next, is it real, is it changing."""
    from pipelines.steps.hotspot_files import map_file

    with told.status("Reading the reports and making the map..."):
        made = map_file(
            reports,
            mapping,
            output,
            month=month,
            streets_file=streets,
            postcodes_file=postcodes,
            cell_m=cell_m,
            cells_file=cells,
            title=title,
        )
    if json:
        typer.echo(json_text.dumps(made.about))
        return
    out.print(made.sentence, markup=False)
    out.print(f"Map: {output}. Open it in any browser.", markup=False)


def _as_json(backtest: "Backtest") -> dict[str, Any]:
    """Return the figures by method and percentage of the area."""
    methods: dict[str, dict[str, dict[str, float | None]]] = {}
    for row in backtest.figures.to_dict("records"):
        percent = f"{row['share'] * 100:g}"
        for key in ("pai", "pai_se", "hit", "pei", "diff", "diff_se"):
            value = float(row[key])
            figure = None if math.isnan(value) else round(value, 6)
            methods.setdefault(str(row["method"]), {}).setdefault(key, {})[percent] = figure
    return {
        "origins": [f"{origin:%Y-%m-%d}" for origin in backtest.origins],
        "methods": methods,
    }


def _tell(backtest: "Backtest") -> None:
    """Print a table: how many times as well as chance, and against the plain count."""
    from rich.table import Table

    from insight.periods import uk_date

    days, first, last = backtest.horizon_days, backtest.origins[0], backtest.origins[-1]
    table = Table(
        title=f"Times as many reports as in an equal area at random (PAI), {days} days ahead, "
        f"{len(backtest.origins)} times from {uk_date(first)} to {uk_date(last)}"
    )
    table.add_column("method")
    for percent in ("1%", "2%", "5%"):
        table.add_column(f"{percent} of area", justify="right")
        table.add_column("less 12-month count", justify="right")
    for method, rows in backtest.figures.groupby("method", sort=False):
        cells = []
        for row in rows.to_dict("records"):
            cells += [_within(row["pai"], row["pai_se"]), _within(row["diff"], row["diff_se"])]
        table.add_row(NAMES[str(method)], *cells)
    out.print(table)
    out.print("± is one standard error over the moments.")


def _within(value: float, error: float) -> str:
    return f"{value:.2f}" if math.isnan(error) else f"{value:.2f} ± {error:.2f}"
