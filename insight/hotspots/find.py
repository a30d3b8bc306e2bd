"""From located reports to hotspots: filtered, counted, ranked, tested, and said in words."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from insight.errors import InsightError, MissingColumnsError
from insight.hotspots.bias import concentration, one_vote_each
from insight.hotspots.by_street import Streets, ranked_streets
from insight.hotspots.cells import ranked_cells, report_points
from insight.hotspots.grid import Grid, cell_names
from insight.hotspots.method import HotspotMethod
from insight.hotspots.note import (
    counted_note,
    found_note,
    last_quarter_note,
    left_out_note,
    one_place_note,
    repeats_note,
    too_few_note,
    ward_counts,
    working_note,
)
from insight.hotspots.points import (
    at_points,
    coordinates_snapped,
    fallback_points,
    repeated,
)
from insight.hotspots.precision import coarse_note, exact_enough, side_they_bear, within_metres

if TYPE_CHECKING:
    import geopandas as gpd

CELL_TYPES = {
    "period": "string", "source": "string", "cell": "string", "easting": "float64",
    "northing": "float64", "ward": "string", "place": "string", "reports": "int64",
    "expected": "float64", "score": "float64", "rank": "int64", "p": "float64", "q": "float64",
    "z": "float64", "evidence": "string", "emerging": "string", "significant": "bool",
    "crs": "string", "cell_m": "float64", "within_m": "float64",
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
    said
        Sentences for whoever patrols: what was counted, what was left out, what can't be said.
    reports
        Reports counted.
    crs
        Coordinate reference system of the cells, such as ``"EPSG:27700"``.
    cell_m
        Side of the squares in metres.
    working
        How it was worked out, for whoever asks.
    streets
        The pieces of street that the cells are, where streets are known and ranked; else nothing,
        and the cells are squares.
    wards
        Reports by ward, where there are too few for anything smaller.
    """

    cells: pd.DataFrame
    fallback: pd.DataFrame
    said: tuple[str, ...]
    reports: int = 0
    crs: str = ""
    cell_m: float = field(default=0.0)
    working: str = ""
    streets: Streets | None = None
    wards: pd.Series | None = None

    @property
    def note(self) -> str:
        """The sentences as one paragraph."""
        return " ".join(self.said)

    def cells_of(self, reports: pd.DataFrame) -> pd.Series:
        """Name the cell that each of `reports` belongs to; missing where none is exact enough."""
        placed = reports[["easting", "northing"]].notna().all(axis=1)
        known = (placed & exact_enough(reports, self.cell_m)).to_numpy()
        east, north = (
            reports.loc[known, axis].to_numpy(dtype=float) for axis in ("easting", "northing")
        )
        if self.streets is None:
            middle = [(each // self.cell_m + 0.5) * self.cell_m for each in (east, north)]
            names = cell_names(middle[0], middle[1], self.cell_m)
        else:
            names = self.streets.cells_of(east, north)
        return names.set_axis(reports.index[known]).reindex(reports.index)


def hotspots(
    reports: pd.DataFrame,
    *,
    method: HotspotMethod,
    month: date,
    area: "gpd.GeoDataFrame | None" = None,
    streets: "gpd.GeoDataFrame | None" = None,
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
    streets
        Lines with ``street``, in any system: then pieces of street are ranked, not squares, where
        there are enough reports for streets.
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
    # Copied only where something falls away: these may be millions of rows.
    known = reports if (months <= last).all() else reports[months <= last]
    window = known[months[months <= last] >= first]
    located = window.dropna(subset=["easting", "northing"])
    snapped = coordinates_snapped(known)
    named = fallback_points(known, snapped=snapped)
    left_out = at_points(located, named)
    repeats = repeated(located[~left_out], snapped=snapped)
    kept = located[~left_out][~repeats]
    crs = _only_crs(kept)
    fallback = _in_window(named, located)
    said = [counted_note(kept, first, last)]
    alone = one_place_note(located, method.area_cell_m)
    said += left_out_note(window, located, fallback, snapped=snapped and not alone)
    said += repeats_note(int(repeats.sum()))
    cell_m, exact = side_they_bear(kept, method, _cell_side)
    if not alone:
        said += coarse_note(kept, exact, cell_m)
        kept = kept[exact]
        said[0] = counted_note(kept, first, last)
    if alone or len(kept) < max(method.area_minimum, 1):
        # Those known by their ward alone count for wards, and so do the coarse ones.
        somewhere = pd.concat([located[~left_out], window[window["easting"].isna()]])
        wards = ward_counts(somewhere, area)
        said += [alone] if alone else too_few_note(wards)
        return Hotspots(_no_cells(), fallback, tuple(said), len(kept), crs, cell_m, wards=wards)
    if cell_m == method.area_cell_m:
        short = (
            "That is too few" if len(kept) < method.street_minimum else "They lie in too few places"
        )
        said.append(
            f"{short} to rank streets: squares of {cell_m:.0f} metres, areas of a few "
            "streets, are ranked instead."
        )
    boundary = None if area is None else area.to_crs(crs)
    earlier = _earlier(known, months[months <= last], first, named, method)
    earlier = earlier[exact_enough(earlier, cell_m)]
    # Of millions of rows each copy is a hundred megabytes.
    del known, window, located
    cells, grid = ranked_cells(kept, earlier, method, last, cell_m, boundary)
    found = Hotspots(cells, fallback, (), len(kept), crs, cell_m)
    votes = _votes(kept, cells, grid, method)
    if streets is not None and cell_m < method.area_cell_m:
        now, before = report_points(kept, last), report_points(earlier, last)
        ranked = ranked_streets(now, before, cells, grid, streets.to_crs(crs), method,
                                wards=kept.get("ward"), crs=crs)  # fmt: skip
        found = replace(found, cells=ranked[0], streets=ranked[1])
        said += ranked[1].note()
    cells = found.cells.assign(period=str(last), source=source, crs=crs)
    own = found.cells_of(kept) if found.streets is None else found.streets.own
    cells["within_m"] = cells["cell"].map(within_metres(kept, own))
    said += found_note(cells)
    said += _people(kept, found.cells, votes)
    said.append(last_quarter_note(kept, earlier, last, grid, method))
    working = working_note(cells, fallback, grid, method, bounded=area is not None, crs=crs)
    shaped = cells[list(CELL_TYPES)].astype(CELL_TYPES)
    return replace(found, cells=shaped, said=tuple(said), working=working)


def _votes(
    kept: pd.DataFrame, cells: pd.DataFrame, grid: Grid, method: HotspotMethod
) -> pd.Series | None:
    """Whether each square would stand out by one vote a person; nothing if none is known."""
    if "reporter" not in kept or kept["reporter"].isna().all():
        return None
    votes = one_vote_each(kept, grid, method).ravel()
    at = grid.flat(cells["easting"].to_numpy(), cells["northing"].to_numpy())
    return pd.Series(votes[at], index=cells["cell"].to_numpy())


def _people(kept: pd.DataFrame, cells: pd.DataFrame, votes: pd.Series | None) -> list[str]:
    """Say how few people the map rests on, and which places fewer votes would undo."""
    told = None if votes is None else concentration(kept["reporter"])
    if told is None or votes is None:
        return []
    sure = cells[cells["significant"]]
    held = votes.reindex(sure["square"] if "square" in sure else sure["cell"]).to_numpy(dtype=bool)
    said = [told.sentence()]
    if len(sure):
        gone = sure[~held]
        rests = "; ".join(gone["place"].head(5))
        said.append(
            f"Counting each person once at a place, {int(held.sum()):,} of the {len(sure):,} still "
            f"stand out{f'; not {rests}, which may rest on few people' if rests else ''}."
        )
    return said


def _earlier(
    known: pd.DataFrame,
    months: pd.Series,
    first: pd.Period,
    named: pd.DataFrame,
    method: HotspotMethod,
) -> pd.DataFrame:
    """Located reports before the window, as far back as the ranking looks."""
    back = first - (method.history_months - method.window_months)
    before = known[(months < first) & (months >= back)].dropna(subset=["easting", "northing"])
    return before[~at_points(before, named)]


def _cell_side(kept: pd.DataFrame, method: HotspotMethod) -> float:
    """Side of the squares that so many reports can bear."""
    if not _enough_for_streets(kept, method):
        return method.area_cell_m
    return method.fine_cell_m if len(kept) >= method.fine_minimum else method.cell_m


def _enough_for_streets(kept: pd.DataFrame, method: HotspotMethod) -> bool:
    """Whether streets can be ranked: enough reports, and some squares with several."""
    if len(kept) < method.street_minimum:
        return False
    squares = [kept["easting"] // method.cell_m, kept["northing"] // method.cell_m]
    several = kept.groupby(squares).size() >= method.least_reports
    return int(several.sum()) >= method.street_places


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
