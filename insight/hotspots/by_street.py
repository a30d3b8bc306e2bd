"""The pieces of street that hold reports, ranked by what is expected next, with their evidence."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from insight.hotspots.grid import Floats, Grid, cell_names, place_names
from insight.hotspots.method import HotspotMethod
from insight.hotspots.rank import unit_shares
from insight.hotspots.segments import (
    PIECE_M,
    SNAP_M,
    Pieces,
    Surface,
    piece_of,
    snapped,
    street_pieces,
    with_open_ground,
    with_squares,
)
from insight.hotspots.streets import on_streets
from insight.hotspots.windows import Windows, window_counts

if TYPE_CHECKING:
    import geopandas as gpd

AROUND = 2.5  # hundred metres: the reach of "usual nearby"
FROM_SQUARE = ["p", "q", "z", "emerging"]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Streets:
    """What the ranking's places are where streets are known.

    `pieces` of street, and squares off the streets; `grid`, whose squares those are;
    `off_street`, the reports of the window that no street is near; `own`, the cell of each of
    the window's reports; `share`, each piece's share of the next reports.
    """

    pieces: Pieces
    grid: Grid
    off_street: int
    own: pd.Series
    share: Floats

    def cells_of(self, easting: Floats, northing: Floats) -> pd.Series:
        """Name the piece of street, or off the streets the square, that each point belongs to."""
        number = piece_of(easting, northing, self.pieces, self.grid)
        rows, columns = self.grid.cells(easting, northing)
        squares = cell_names(*self.grid.centres(rows, columns), self.grid.cell_m)
        return squares.where(number < 0, self.pieces.cell.reindex(number).reset_index(drop=True))

    def note(self) -> list[str]:
        """Say what a place is."""
        said = [
            f"Places are pieces of street of up to {PIECE_M:.0f} metres; a report counts for the "
            f"nearest within {SNAP_M:.0f} metres."
        ]
        if not self.off_street:
            return said
        lie = "1 report lies" if self.off_street == 1 else f"{self.off_street:,} reports lie"
        return [*said, f"{lie} further off, in parks or on paths, and stay in squares."]


def ranked_streets(
    now: tuple[Floats, Floats, Floats],
    earlier: tuple[Floats, Floats, Floats],
    squares: pd.DataFrame,
    grid: Grid,
    streets: "gpd.GeoDataFrame",
    method: HotspotMethod,
    wards: pd.Series | None = None,
    crs: str = "EPSG:27700",
) -> tuple[pd.DataFrame, Streets]:
    """Rank pieces of street by what is expected of each next.

    Parameters
    ----------
    now, earlier
        Easting, northing (metres) and age in days of the window's reports, all within the grid,
        and of those before it.
    squares
        The squares that have reports, tested: ``cell``, ``p``, ``q``, ``z``, ``evidence``,
        ``emerging``, ``significant`` and ``expected``.
    grid
        Their grid.
    streets
        Lines with ``street``, in the same metric system.
    method
        The choices.
    wards
        Ward of each of the window's reports, where known.
    crs
        The metric system.

    Returns
    -------
    tuple
        The columns of the squares, a row for each piece with reports, best first (``cell_m`` is
        its length in metres, ``square`` the one that its evidence is from); and the pieces.

    Notes
    -----
    A piece's share of the next reports is judged as a square's is, by the same mixture of
    changes, surfaces and spreads fitted to the pieces' own counts; its surfaces are rates by
    metre of street. Whether a place is real is asked of squares alone, where the test is
    calibrated: of the pieces in a square, the one with most of its reports has its evidence, so
    that no more streets are claimed than squares.
    """
    inside = grid.holds(earlier[0], earlier[1])
    earlier = (earlier[0][inside], earlier[1][inside], earlier[2][inside])
    pieces = pieces_within(street_pieces(streets), grid)
    on, before = (snapped(each[0], each[1], pieces)[0] for each in (now, earlier))
    lost = [np.append(old[before < 0], new[on < 0]) for old, new in zip(earlier, now, strict=True)]
    pieces = with_open_ground(pieces, lost[0], lost[1], grid, on_street=int((on >= 0).sum()))
    own, then = (
        with_squares(number, each[0], each[1], pieces, grid)
        for number, each in ((on, now), (before, earlier))
    )
    surface = Surface(pieces)
    told = unit_shares(
        counted(np.append(then, own), np.append(earlier[2], now[2]), len(pieces.cell)),
        pieces.length_m / pieces.length_m.sum(),
        surface,
        [reach / 100.0 for reach in method.bandwidths_m],
        method,
    )
    of = pieces.cell.iloc[own].reset_index(drop=True)
    ground = Streets(pieces, grid, int((on < 0).sum()), of, told.share)
    count = np.bincount(own, minlength=len(pieces.cell)).astype(float)
    held = np.flatnonzero(count)
    table = pd.DataFrame(
        {
            "cell": pieces.cell.iloc[held].to_numpy(),
            "easting": pieces.easting[held],
            "northing": pieces.northing[held],
            "ward": _wards(own, wards, held),
            "place": _places(pieces, held, streets, crs),
            "reports": count[held],
            "expected": surface(count, AROUND, without_own=True)[held],
            "score": told.share[held].round(9),
            "cell_m": np.where(pieces.on_street, pieces.length_m, grid.cell_m)[held].round(1),
        }
    )
    table = table.join(_evidence(own, now, count, squares, grid, method).reindex(held).set_axis(
        table.index))  # fmt: skip
    # Off the streets, what is usual is what the square's test says.
    usual = table["cell"].map(squares.set_index("cell")["expected"])
    table["expected"] = table["expected"].where(pieces.on_street[held], usual)
    order = ["score", "reports", "northing", "easting"]
    table = table.sort_values(order, ascending=[False, False, True, True], ignore_index=True)
    return table.assign(rank=np.arange(1, len(table) + 1)), ground


def counted(unit: Integers, age_days: Floats, units: int) -> Windows:
    """Count reports by window and unit, whatever the units are."""
    row = Grid(1.0, 0, 0, np.ones((1, units), dtype=bool))
    middle = np.asarray(unit + 0.5, dtype=np.float64)
    return window_counts(row, middle, np.full(len(unit), 0.5), age_days)


def pieces_within(pieces: Pieces, grid: Grid) -> Pieces:
    """Leave out the pieces whose middle lies beyond the area."""
    inside = grid.holds(pieces.easting, pieces.northing)
    return Pieces(
        pieces.cell[inside].reset_index(drop=True),
        pieces.street[inside].reset_index(drop=True),
        pieces.shape[inside],
        pieces.length_m[inside],
        pieces.easting[inside],
        pieces.northing[inside],
    )


def _evidence(
    own: Integers,
    now: tuple[Floats, Floats, Floats],
    count: Floats,
    squares: pd.DataFrame,
    grid: Grid,
    method: HotspotMethod,
) -> pd.DataFrame:
    """Give each square's evidence to the piece with most of its reports; by piece."""
    rows, columns = grid.cells(now[0], now[1])
    at = pd.DataFrame({"piece": own})
    at["cell"] = cell_names(*grid.centres(rows, columns), grid.cell_m).to_numpy()
    pairs = at.groupby(["cell", "piece"], as_index=False).size()
    pairs = pairs.sort_values(["cell", "size", "piece"], ascending=[True, False, True])
    pairs["owned"] = ~pairs.duplicated("cell")
    pairs = pairs.merge(squares[["cell", "evidence", "significant", *FROM_SQUARE]], on="cell")
    pairs = pairs.sort_values(
        ["piece", "owned", "q", "size", "cell"], ascending=[True, False, True, False, True]
    )
    told = pairs.drop_duplicates("piece").set_index("piece")
    enough = pd.Series(count).reindex(told.index) >= method.least_reports
    told["significant"] &= told["owned"] & enough
    weak = told["evidence"].where(told["significant"], "weak").where(enough, "too few")
    return told.assign(evidence=weak, square=told["cell"])[
        ["evidence", "significant", "square", *FROM_SQUARE]
    ]


def _wards(own: Integers, wards: pd.Series | None, held: Integers) -> pd.Series:
    """Ward of most of each piece's reports; the first by name where two have as many."""
    if wards is None or wards.isna().all():
        return pd.Series(pd.NA, index=range(len(held)), dtype="string")
    seen = pd.DataFrame({"piece": own, "ward": wards.to_numpy()})
    sizes = seen.groupby(["piece", "ward"]).size().rename("reports").reset_index()
    sizes = sizes.sort_values(["piece", "reports", "ward"], ascending=[True, False, True])
    most = sizes.drop_duplicates("piece").set_index("piece")["ward"]
    return most.reindex(held).reset_index(drop=True).astype("string")


def _places(pieces: Pieces, held: Integers, streets: "gpd.GeoDataFrame", crs: str) -> pd.Series:
    """Street and grid reference; off the streets the nearest street is said to be near."""
    east, north = pieces.easting[held], pieces.northing[held]
    reference = place_names(east, north, crs)
    street = pieces.street.iloc[held].reset_index(drop=True)
    near = on_streets(
        pd.DataFrame({"easting": east, "northing": north, "place": reference}), streets,
        reach_m=250.0,
    )["place"]  # fmt: skip
    off = near.where(near.eq(reference), "Off " + near)
    return (street + " (" + reference + ")").fillna(off).astype("string")
