"""A hotspot map, and its proof, from any one file of reports."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from insight.errors import InsightError
from insight.hotspots import HotspotMethod, hotspots
from insight.hotspots.backtest import Backtest, backtest
from insight.hotspots.by_street import pieces_within
from insight.hotspots.grid import grid_over
from insight.hotspots.map import hotspot_map
from insight.hotspots.segments import snapped, street_pieces
from insight.hotspots.shapes import place_outlines
from insight.hotspots.street_backtest import street_backtest
from insight.hotspots.streets import on_streets
from insight.periods import Frequency, parse_period
from pipelines.edge.leaflet import leaflet_files
from pipelines.edge.map_places import places_file
from pipelines.edge.output_folder import write_file
from pipelines.steps.point_reports import PointReports, read_point_reports


class NoReportsError(InsightError):
    """There is nothing to predict from."""


@dataclass(frozen=True, slots=True)
class FileBacktest:
    """A backtest, and the account of the file it was made from."""

    backtest: Backtest
    sentence: str
    about: dict[str, Any]


@dataclass(frozen=True, slots=True)
class FileMap:
    """What a map says, in words and as values."""

    sentence: str
    about: dict[str, Any]


def backtest_file(
    reports: Path,
    mapping: Path,
    *,
    origins: int,
    horizon_days: int,
    cell_m: float,
    seed: int,
    cells_file: Path | None = None,
    streets_file: Path | None = None,
) -> FileBacktest:
    """Test the ranking on a file of reports; write each cell's scores where asked.

    Raises
    ------
    InsightError
        If the file or mapping can't be used, or there is too little to predict.
    """
    read = read_point_reports(reports, mapping, streets_file=streets_file)
    located = _located(read)
    method = HotspotMethod()
    easting, northing = (located[axis].to_numpy(dtype=float) for axis in ("easting", "northing"))
    days = located["reported_at"].dt.tz_localize(None).to_numpy().astype("M8[D]")
    grid = grid_over(easting, northing, cell_m=cell_m, area=read.area)
    about: dict[str, Any] = {"horizon_days": horizon_days, "reports": len(located)}
    asked: dict[str, Any] = {
        "method": method,
        "origins": origins,
        "horizon_days": horizon_days,
        "seed": seed,
    }
    keep = cells_file is not None
    if read.streets is None:
        tested = backtest(easting, northing, days, grid=grid, keep_cells=keep, **asked)
        about |= {"cell_m": cell_m, "cells": int(grid.inside.sum())}
    else:
        pieces = pieces_within(street_pieces(read.streets), grid)
        piece, _ = snapped(easting, northing, pieces)
        on = piece >= 0
        tested = street_backtest(piece[on], days[on], pieces=pieces, keep_cells=keep, **asked)
        about |= {
            "pieces": len(pieces.cell),
            "street_km": round(float(pieces.length_m.sum()) / 1000, 1),
            "off_street": int((~on).sum()),
        }
    if cells_file is not None:
        table = tested.cells.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n")
        write_file(cells_file, table.encode())
    return FileBacktest(tested, read.sentence(), about | {"rows": read.sentence()})


def map_file(
    reports: Path,
    mapping: Path,
    output: Path,
    *,
    month: str | None = None,
    streets_file: Path | None = None,
    postcodes_file: Path | None = None,
    cell_m: float | None = None,
    cells_file: Path | None = None,
    title: str | None = None,
) -> FileMap:
    """Write the map of a file of reports, and the table of its places where asked."""
    read = read_point_reports(
        reports, mapping, streets_file=streets_file, postcodes_file=postcodes_file
    )
    if read.reports.empty:
        raise NoReportsError(f"{reports.name} holds no reports to map; {read.sentence()}")
    chosen = HotspotMethod() if cell_m is None else replace(HotspotMethod(), cell_m=cell_m)
    last = read.reports["reported_at"].max()
    when = parse_period(month, Frequency.MONTHLY)[1] if month else last.date().replace(day=1)
    found = hotspots(
        read.reports,
        method=chosen,
        month=when,
        area=read.area,
        streets=read.streets,
        source=reports.stem,
    )
    if read.streets is not None and found.streets is None:
        found = replace(found, cells=on_streets(found.cells, read.streets, prefix="Around "))
    script, style = leaflet_files()
    html = hotspot_map(
        found,
        wards=read.area,
        crs=read.crs,
        title=title or f"Hotspots: {reports.stem}, {when:%B %Y}",
        leaflet_js=script,
        leaflet_css=style,
    )
    write_file(output, html.encode())
    if cells_file is not None:
        outlines = place_outlines(found.cells, found.streets)
        drawn = places_file(found.cells, outlines, read.crs, cells_file.suffix)
        write_file(cells_file, drawn)
    significant = int(found.cells["significant"].sum())
    about = {
        "map": str(output),
        "month": f"{when:%Y-%m}",
        "reports": found.reports,
        "places": len(found.cells),
        "significant": significant,
        "cell_m": found.cell_m,
        "note": found.note,
        "rows": read.sentence(),
    }
    return FileMap(f"{read.sentence()}\n{found.note}", about)


def _located(read: PointReports) -> pd.DataFrame:
    """Return the reports with a point of their own; a ward alone is no cell."""
    located = read.reports.dropna(subset=["easting", "northing"])
    if located.empty:
        raise NoReportsError(
            f"No report has a point on the map, so no cell can be tested. {read.sentence()}"
        )
    return located
