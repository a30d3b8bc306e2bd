"""Square cells: counted by integer division, so that no point on an edge is lost."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy import ndimage

from insight.errors import InsightError

if TYPE_CHECKING:
    import geopandas as gpd

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
MOST_CELLS = 20_000_000
BLOCK = 64  # cells on a side; a power of two, so that it halves down to one cell


class GridTooLargeError(InsightError):
    """The reports span more ground than squares of this size can cover."""

    def __init__(self, cells: int, cell_m: float) -> None:
        super().__init__(
            f"The reports span {cells:,} squares of {cell_m:.0f} metres, more than "
            f"{MOST_CELLS:,}: some lie far away. Give the area's boundary, or larger squares."
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """Squares of `cell_m` metres whose corners are multiples of `cell_m`.

    `inside` marks, row (south to north) by column (west to east), the cells of which any part
    lies in the area; they are the base of every mean. `column` and `row` are the numbers, in
    cells from the origin, of the south-west cell.
    """

    cell_m: float
    column: int
    row: int
    inside: npt.NDArray[np.bool_]

    def cells(self, easting: Floats, northing: Floats) -> tuple[Integers, Integers]:
        """Return the row and column, in `inside`, of the cell that each point falls in."""
        # Division is exact on edges, where multiplying by the inverse is not.
        rows = np.floor((northing - self.row * self.cell_m) / self.cell_m)
        columns = np.floor((easting - self.column * self.cell_m) / self.cell_m)
        return rows.astype(np.int64), columns.astype(np.int64)

    def flat(self, easting: Floats, northing: Floats) -> npt.NDArray[np.int32]:
        """Return the number of each point's cell, row by row; all points must lie in the grid."""
        # The numbers are whole and at most `MOST_CELLS`, and none is negative: truncation is floor.
        rows = ((northing - self.row * self.cell_m) / self.cell_m).astype(np.int32)
        columns = ((easting - self.column * self.cell_m) / self.cell_m).astype(np.int32)
        rows *= np.int32(self.inside.shape[1])
        rows += columns
        return rows

    def holds(self, easting: Floats, northing: Floats) -> npt.NDArray[np.bool_]:
        """Whether each point lies in a cell of the area."""
        rows, columns = self.cells(easting, northing)
        height, width = self.inside.shape
        within = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        within[within] = self.inside[rows[within], columns[within]]
        return np.asarray(within, dtype=np.bool_)

    def total(self, easting: Floats, northing: Floats, weights: Floats | None = None) -> Floats:
        """Return how many points, or what sum of `weights`, each cell holds."""
        rows, columns = self.cells(easting, northing)
        flat = rows * self.inside.shape[1] + columns
        sums = np.bincount(flat, weights=weights, minlength=self.inside.size)
        return sums.astype(float).reshape(self.inside.shape)

    def centres(self, rows: Integers, columns: Integers) -> tuple[Floats, Floats]:
        """Return easting and northing of the middle of cells."""
        easting = (columns + self.column + 0.5) * self.cell_m
        northing = (rows + self.row + 0.5) * self.cell_m
        return np.asarray(easting, dtype=np.float64), np.asarray(northing, dtype=np.float64)


def grid_over(
    easting: Floats, northing: Floats, *, cell_m: float, area: "gpd.GeoDataFrame | None" = None
) -> Grid:
    """Lay squares over an area, or over the hull of the points where no area is given.

    Parameters
    ----------
    easting, northing
        Points in metres; every one lands in a cell, and its cell counts as inside, even where
        a generalised boundary leaves it just outside.
    cell_m
        Side of a square in metres.
    area
        Polygons in the points' own coordinate reference system.

    Returns
    -------
    Grid
        Cells that any part of the area touches, plus those that hold points.
    """
    if area is None:
        points = np.column_stack([easting, northing])
        # The hull of a closed line through the points; a geometry each would take a gigabyte.
        shape = shapely.convex_hull(shapely.linestrings(np.vstack([points, points[:1]])))
    else:
        shape = area.geometry.union_all()
    bounds = np.array(shape.bounds)
    west, south = (
        min(bounds[0], easting.min(initial=np.inf)),
        min(bounds[1], northing.min(initial=np.inf)),
    )
    east, north = (
        max(bounds[2], easting.max(initial=-np.inf)),
        max(bounds[3], northing.max(initial=-np.inf)),
    )
    column, row = int(west // cell_m), int(south // cell_m)
    width, height = int(east // cell_m) - column + 1, int(north // cell_m) - row + 1
    if width * height > MOST_CELLS:
        raise GridTooLargeError(width * height, cell_m)
    inside = _touching(shape, column, row, width, height, cell_m)
    grid = Grid(cell_m, column, row, inside)
    inside |= grid.total(easting, northing) > 0
    return grid


def _touching(
    shape: shapely.Geometry, column: int, row: int, width: int, height: int, cell_m: float
) -> npt.NDArray[np.bool_]:
    """Cells that share any ground with `shape`, not only an edge."""
    inside = np.zeros((height, width), dtype=bool)
    shapely.prepare(shape)
    side = BLOCK
    rows, columns = (
        part.ravel()
        for part in np.meshgrid(
            np.arange(0, height, side), np.arange(0, width, side), indexing="ij"
        )
    )
    # Blocks wholly inside or outside are settled at once; only those on the edge are split.
    while len(rows):
        west, south = (columns + column) * cell_m, (rows + row) * cell_m
        blocks = shapely.box(west, south, west + side * cell_m, south + side * cell_m)
        shared = shapely.intersects(shape, blocks) & ~shapely.touches(shape, blocks)
        settled = shared & (shapely.covers(shape, blocks) | (side == 1))
        steps = np.arange(side)
        filled_rows = rows[settled, None, None] + steps[:, None]
        filled_columns = columns[settled, None, None] + steps[None, :]
        filled_rows, filled_columns = np.broadcast_arrays(filled_rows, filled_columns)
        within = (filled_rows < height) & (filled_columns < width)
        inside[filled_rows[within], filled_columns[within]] = True
        split = shared & ~settled
        side //= 2
        rows = np.concatenate([rows[split] + step for step in (0, 0, side, side)])
        columns = np.concatenate([columns[split] + step for step in (0, side, 0, side)])
    return inside


def box_sum(values: Floats, reach: int) -> Floats:
    """Sum of each cell's square of neighbours, `reach` cells to each side, itself included."""
    # Summing (not averaging and multiplying back) keeps whole numbers whole.
    ones = np.ones(2 * reach + 1)
    across = ndimage.correlate1d(values, ones, axis=1, mode="constant")
    return np.asarray(ndimage.correlate1d(across, ones, axis=0, mode="constant"), dtype=np.float64)


def cell_names(easting: Floats, northing: Floats, cell_m: float) -> pd.Series:
    """Return a key for each cell from its centre: the south-west corner in metres."""
    corners = [np.rint(middle - cell_m / 2).astype(np.int64) for middle in (easting, northing)]
    # Each name is written once: a million reports lie in a few thousand cells.
    code, _ = pd.factorize(corners[0] * 2**32 + corners[1])
    first = np.flatnonzero(~pd.Series(code).duplicated())
    east, north = (pd.Series(corner[first]).astype("string") for corner in corners)
    return (east + "_" + north).take(code).reset_index(drop=True)


def place_names(easting: Floats, northing: Floats, crs: str) -> pd.Series:
    """Return what people can find on a map: a six-figure grid reference, or metres.

    Parameters
    ----------
    easting, northing
        Points in metres of `crs`.
    crs
        Only for EPSG:27700 (the National Grid) are there grid references.

    Returns
    -------
    pandas.Series
        Such as ``"SK 587 046"``, the hundred-metre square that holds the point.

    Examples
    --------
    >>> place_names(np.array([458724.0]), np.array([304630.0]), "EPSG:27700").tolist()
    ['SK 587 046']
    """
    if crs.upper() != "EPSG:27700":
        return _text(easting) + " E, " + _text(northing) + " N"
    column, row = easting // 100_000, northing // 100_000
    # Letters run A to Z without I, five by five, south-eastwards from the grid's far corner.
    letters = np.array(list("ABCDEFGHJKLMNOPQRSTUVWXYZ"))
    first = (19 - row) - (19 - row) % 5 + (column + 10) // 5
    second = ((19 - row) * 5) % 25 + column % 5
    square = np.char.add(*(letters[np.clip(at, 0, 24).astype(int)] for at in (first, second)))
    east, north = (_text(part % 100_000 // 100).str.zfill(3) for part in (easting, northing))
    return pd.Series(square, dtype="string") + " " + east + " " + north


def _text(metres: Floats) -> pd.Series:
    """Whole metres as text."""
    return pd.Series(np.rint(metres).astype(np.int64).astype(str), dtype="string")
