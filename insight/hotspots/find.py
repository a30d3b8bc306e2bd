"""From located reports to hotspots: filtered, counted, ranked, tested, and said in words."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from insight.errors import InsightError, MissingColumnsError
from insight.hotspots.grid import Grid, cell_names, grid_over, place_names
from insight.hotspots.method import HotspotMethod
from insight.hotspots.note import (
    counted_note,
    found_note,
    left_out_note,
    too_few_note,
    working_note,
)
from insight.hotspots.points import at_points, coordinates_snapped, fallback_points
from insight.hotspots.rank import expected_shares
from insight.hotspots.significance import evidence_grades, excess, gi_star
from insight.hotspots.windows import window_counts

if TYPE_CHECKING:
    import geopandas as gpd

CELL_TYPES = {
    "period": "string", "source": "string", "cell": "string", "easting": "float64",
    "northing": "float64", "ward": "string", "place": "string", "reports": "int64",
    "expected": "float64", "score": "float64", "rank": "int64", "p": "float64", "q": "float64",
    "z": "float64", "evidence": "string", "significant": "bool", "crs": "string",
    "cell_m": "float64",
}  # fmt: skip


class MixedCrsError(InsightError):
    """Reports to be mapped together are in different coordinate systems."""

    def __init__(self, found: list[str]) -> None:
        super().__init__(
            f"The reports are in {len(found)} coordinate systems ({', '.join(found)}); "
            "make hotspots for each source apart."
        )


@dataclass(frozen=True, slots=True)
class Hotspots:
    """Hotspots of one source and period.

    Parameters
    ----------
    cells
        One row per cell with reports, best rank first, as the `Hotspot` table has it; empty
        where there are too few reports to rank anything.
    fallback
        Default locations left out (`fallback_points`), with the window's `reports` there.
    note
        Sentences for whoever patrols: what was counted, what was left out, what can't be said.
    reports
        Reports counted.
    crs
        Coordinate reference system of the cells, such as ``"EPSG:27700"``.
    cell_m
        Side of the cells in metres.
    working
        How it was worked out, for whoever asks.
    """

    cells: pd.DataFrame
    fallback: pd.DataFrame
    note: str
    reports: int = 0
    crs: str = ""
    cell_m: float = field(default=0.0)
    working: str = ""


def hotspots(
    reports: pd.DataFrame,
    *,
    method: HotspotMethod,
    month: date,
    area: "gpd.GeoDataFrame | None" = None,
    source: str = "",
) -> Hotspots:
    """Find where reports gather, over the months that end with `month`.

    Parameters
    ----------
    reports
        One row per report: ``reported_at`` (local time), ``easting``, ``northing`` (metres),
        ``crs``, and ``ward`` if known. Reports after `month` are not looked at.
    method
        The choices, with their units.
    month
        First day of the last month to count.
    area
        Boundary; any coordinate reference system. Without it, the hull of the reports.
    source
        Name of the source, kept with each cell.

    Returns
    -------
    Hotspots
        Cells, the default locations left out, and what to tell the reader.

    Raises
    ------
    MissingColumnsError
        If a needed column is absent.
    MixedCrsError
        If the reports are in several coordinate systems.
    """
    if missing := {"reported_at", "easting", "northing", "crs"} - set(reports.columns):
        raise MissingColumnsError(missing, "the table of reports")
    last = pd.Period(month, "M")
    first = last - (method.window_months - 1)
    months = reports["reported_at"].dt.tz_localize(None).dt.to_period("M")
    known = reports[months <= last]
    window = known[months[months <= last] >= first]
    located = window.dropna(subset=["easting", "northing"])
    named = fallback_points(known)
    left_out = at_points(located, named)
    kept = located[~left_out]
    crs = _only_crs(kept)
    fallback = _in_window(named, located)
    said = [counted_note(kept, first, last)]
    said += left_out_note(window, located, fallback, snapped=coordinates_snapped(known))
    cell_m = method.cell_m if _enough_for_streets(kept, method) else method.area_cell_m
    if len(kept) < max(method.area_minimum, 1):
        said.append(too_few_note(kept))
        return Hotspots(_no_cells(), fallback, " ".join(said), len(kept), crs, cell_m)
    if cell_m != method.cell_m:
        said.append(
            f"That is too few to rank streets: squares of {cell_m:.0f} metres, areas of a few "
            "streets, are ranked instead."
        )
    boundary = None if area is None else area.to_crs(crs)
    cells, grid = _ranked(kept, method, last, cell_m, boundary)
    cells = cells.assign(period=str(last), source=source, crs=crs, cell_m=cell_m)
    said.append(found_note(cells))
    working = working_note(cells, fallback, grid, method, bounded=area is not None, crs=crs)
    shaped = cells[list(CELL_TYPES)].astype(CELL_TYPES)
    return Hotspots(shaped, fallback, " ".join(said), len(kept), crs, cell_m, working)


def _enough_for_streets(kept: pd.DataFrame, method: HotspotMethod) -> bool:
    """Whether streets can be ranked: enough reports, and some squares with several."""
    if len(kept) < method.street_minimum:
        return False
    squares = [kept["easting"] // method.cell_m, kept["northing"] // method.cell_m]
    several = kept.groupby(squares).size() >= method.least_reports
    return int(several.sum()) >= method.street_places


def _ranked(
    kept: pd.DataFrame,
    method: HotspotMethod,
    last: pd.Period,
    cell_m: float,
    area: "gpd.GeoDataFrame | None",
) -> tuple[pd.DataFrame, Grid]:
    """Cells with reports, best rank first, and the grid they are in."""
    easting = kept["easting"].to_numpy(dtype=float)
    northing = kept["northing"].to_numpy(dtype=float)
    grid = grid_over(easting, northing, cell_m=cell_m, area=area)
    count = grid.total(easting, northing)
    age = last.end_time - kept["reported_at"].dt.tz_localize(None)
    windows = window_counts(grid, easting, northing, (age / pd.Timedelta(days=1)).to_numpy())
    score = expected_shares(windows, grid, method).share
    test = excess(count, grid, method)
    z = gi_star(count, grid.inside)
    grade, significant = evidence_grades(count, test.q, method)
    rows, columns = np.nonzero(count)
    at = (rows, columns)
    east, north = grid.centres(rows, columns)
    crs = str(kept["crs"].iloc[0])
    cells = pd.DataFrame(
        {
            "cell": cell_names(east, north, cell_m),
            "easting": east,
            "northing": north,
            "ward": _wards(kept, grid, rows, columns),
            "place": place_names(east, north, crs),
            "reports": count[at],
            "expected": test.expected[at],
            # Rounded, so that another machine's last bit doesn't swap two ranks.
            "score": score[at].round(9),
            "p": test.p[at],
            "q": test.q[at],
            "z": z[at],
            "evidence": grade[at],
            "significant": significant[at],
        }
    )
    order = ["score", "reports", "northing", "easting"]
    cells = cells.sort_values(order, ascending=[False, False, True, True], ignore_index=True)
    return cells.assign(rank=np.arange(1, len(cells) + 1)), grid


def _wards(kept: pd.DataFrame, grid: Grid, rows: np.ndarray, columns: np.ndarray) -> pd.Series:
    """Ward of most of each cell's reports; the first by name where two have as many."""
    width = grid.inside.shape[1]
    wanted = rows * width + columns
    if "ward" not in kept or kept["ward"].isna().all():
        return pd.Series(pd.NA, index=range(len(wanted)), dtype="string")
    row, column = grid.cells(
        kept["easting"].to_numpy(dtype=float), kept["northing"].to_numpy(dtype=float)
    )
    seen = pd.DataFrame({"flat": row * width + column, "ward": kept["ward"].to_numpy()})
    sizes = seen.groupby(["flat", "ward"]).size().rename("reports").reset_index()
    sizes = sizes.sort_values(["flat", "reports", "ward"], ascending=[True, False, True])
    most = sizes.drop_duplicates("flat").set_index("flat")["ward"]
    return most.reindex(wanted).reset_index(drop=True).astype("string")


def _only_crs(kept: pd.DataFrame) -> str:
    """Return the one coordinate system that all reports are in."""
    found = sorted(kept["crs"].dropna().unique())
    if len(found) > 1:
        raise MixedCrsError(found)
    return str(found[0]) if found else ""


def _in_window(named: pd.DataFrame, located: pd.DataFrame) -> pd.DataFrame:
    """Count default locations again, over the window, and leave out those it doesn't use."""
    places = located.assign(
        easting=located["easting"].round(), northing=located["northing"].round()
    )
    sizes = places.groupby(["easting", "northing"]).size().rename("reports").reset_index()
    counted = named.drop(columns=["reports", "share"]).merge(sizes, on=["easting", "northing"])
    counted["share"] = counted["reports"] / max(len(located), 1)
    order = counted.sort_values(["reports", "easting", "northing"], ascending=[False, True, True])
    return order[list(named.columns)].reset_index(drop=True)


def _no_cells() -> pd.DataFrame:
    """Return a table of cells without rows."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in CELL_TYPES.items()})
