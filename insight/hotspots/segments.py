"""Pieces of street: cut to length, reports snapped to the nearest, and the ground they share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy import ndimage

from insight.hotspots.grid import Floats, Grid, cell_names, grid_over

if TYPE_CHECKING:
    import geopandas as gpd

PIECE_M = 100.0
SNAP_M = 50.0
RASTER_M = 50.0
NEVER_BELOW = 1e-9
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of street, and the squares of ground off the streets that have had reports.

    Parameters
    ----------
    cell
        Name of each: ``"High Street 459312_304120"`` (the middle, in metres) or, off the streets,
        a square's.
    street
        Its street; missing off the streets.
    shape
        Line or square, in metres.
    length_m
        Metres of street; off the streets, what makes its kind's average rate that of the streets.
    easting, northing
        Its middle.
    """

    cell: pd.Series
    street: pd.Series
    shape: npt.NDArray[np.object_]
    length_m: Floats
    easting: Floats
    northing: Floats

    @property
    def on_street(self) -> npt.NDArray[np.bool_]:
        """Which are of a street."""
        return self.street.notna().to_numpy()


def street_pieces(streets: "gpd.GeoDataFrame", *, piece_m: float = PIECE_M) -> Pieces:
    """Cut streets into equal pieces of at most `piece_m`.

    Parameters
    ----------
    streets
        Lines with their name in ``street``, in metres.
    piece_m
        Longest piece.

    Returns
    -------
    Pieces
        By street name and position, whatever the order of the file.
    """
    lines, origin = shapely.get_parts(streets.geometry.to_numpy(), return_index=True)
    # Records of one street that meet end to end are one line, however the file split it.
    code, known = pd.factorize(streets["street"].to_numpy()[origin], sort=True)
    # A line that the file holds twice is one stretch of ground, whichever way it was drawn.
    drawn = pd.DataFrame({"code": code, "line": shapely.to_wkb(shapely.normalize(lines))})
    once = ~drawn.duplicated().to_numpy()
    lines, code = lines[once], code[once]
    order = np.argsort(code, kind="stable")
    joined = shapely.line_merge(shapely.multilinestrings(lines[order], indices=code[order]))
    lines, origin = shapely.get_parts(shapely.normalize(joined), return_index=True)
    names = np.asarray(known, dtype=object)[origin]
    length = shapely.length(lines)
    lines, names, length = lines[length > 0], names[length > 0], length[length > 0]
    parts = np.maximum(np.ceil(length / piece_m - 1e-9), 1).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), parts)
    nth = np.arange(len(line)) - np.repeat(np.cumsum(parts) - parts, parts)
    each = length[line] / parts[line]
    shape = _cut(lines, line, nth * each, (nth + 1) * each)
    middle = shapely.line_interpolate_point(lines[line], (nth + 0.5) * each)
    table = pd.DataFrame(
        {
            "street": pd.array(names[line], dtype="string"),
            "easting": shapely.get_x(middle),
            "northing": shapely.get_y(middle),
            "length": each,
        }
    )
    order = table.sort_values(["street", "easting", "northing"], kind="stable").index.to_numpy()
    table = table.iloc[order].reset_index(drop=True)
    east, north = (table[axis].to_numpy(dtype=float) for axis in ("easting", "northing"))
    cell = table["street"] + " " + cell_names(east, north, 0.0)
    again = cell.groupby(cell).cumcount()
    cell = cell.mask(again.gt(0), cell + " (" + (again + 1).astype("string") + ")")
    return Pieces(cell, table["street"], shape[order], table["length"].to_numpy(float), east, north)


def snapped(
    easting: Floats, northing: Floats, pieces: Pieces, *, snap_m: float = SNAP_M
) -> tuple[Integers, Floats]:
    """Return the piece of street nearest to each point, and how far it is.

    Parameters
    ----------
    easting, northing
        Points in metres.
    pieces
        Of streets.
    snap_m
        How far a street may be, in metres.

    Returns
    -------
    tuple
        Number of the piece, -1 where no street is within `snap_m`, and metres to it. Of pieces
        equally near the first is taken.
    """
    number = np.full(len(easting), -1, dtype=np.int64)
    away = np.full(len(easting), np.nan)
    streets = np.flatnonzero(pieces.on_street)
    if not len(easting) or not len(streets):
        return number, away
    # Many reports share a point: each place is looked up once.
    places, back = np.unique(np.column_stack([easting, northing]), axis=0, return_inverse=True)
    tree = shapely.STRtree(pieces.shape[streets])
    (point, piece), distance = tree.query_nearest(
        shapely.points(places), max_distance=snap_m, return_distance=True, all_matches=True
    )
    order = np.lexsort((piece, point))
    point, piece, distance = point[order], piece[order], distance[order]
    first = np.r_[True, point[1:] != point[:-1]] if len(point) else np.zeros(0, dtype=bool)
    found, far = np.full(len(places), -1, dtype=np.int64), np.full(len(places), np.nan)
    found[point[first]] = streets[piece[first]]
    far[point[first]] = distance[first]
    return found[back.ravel()], far[back.ravel()]


def with_open_ground(
    pieces: Pieces, easting: Floats, northing: Floats, grid: Grid, *, on_street: int
) -> Pieces:
    """Add the squares that hold reports far from any street: parks, paths, fields.

    Parameters
    ----------
    pieces
        Of streets.
    easting, northing
        Reports that no street is near.
    grid
        Whose squares they are given.
    on_street
        Reports on the streets, for the rate that the squares are taken to have on average.
    """
    if not len(easting):
        return pieces
    rows, columns = grid.cells(easting, northing)
    square = np.unique(np.column_stack([rows, columns]), axis=0)
    east, north = grid.centres(square[:, 0], square[:, 1])
    half = grid.cell_m / 2
    shape = shapely.box(east - half, north - half, east + half, north + half)
    streets = float(pieces.length_m.sum())
    share = len(easting) / max(on_street, 1)
    each = streets * share / len(east) if streets else grid.cell_m
    none = pd.Series(pd.NA, index=range(len(east)), dtype="string")
    return Pieces(
        pd.concat([pieces.cell, cell_names(east, north, grid.cell_m)], ignore_index=True),
        pd.concat([pieces.street, none], ignore_index=True),
        np.concatenate([pieces.shape, shape]),
        np.concatenate([pieces.length_m, np.full(len(east), each)]),
        np.concatenate([pieces.easting, east]),
        np.concatenate([pieces.northing, north]),
    )


def piece_of(
    easting: Floats, northing: Floats, pieces: Pieces, grid: Grid, *, snap_m: float = SNAP_M
) -> Integers:
    """Return the piece that each point belongs to, off the streets its square; -1 for none."""
    number, _ = snapped(easting, northing, pieces, snap_m=snap_m)
    return with_squares(number, easting, northing, pieces, grid)


def with_squares(
    number: Integers, easting: Floats, northing: Floats, pieces: Pieces, grid: Grid
) -> Integers:
    """Return `number` with the squares of the points that no street is near, -1 for none."""
    number = number.copy()
    off = np.flatnonzero(~pieces.on_street)
    lost = np.flatnonzero(number < 0)
    if not len(lost) or not len(off):
        return number
    rows, columns = grid.cells(easting[lost], northing[lost])
    east, north = grid.centres(rows, columns)
    squares = pd.Series(off, index=pieces.cell.to_numpy()[off])
    own = squares.reindex(cell_names(east, north, grid.cell_m)).fillna(-1)
    number[lost] = own.to_numpy(dtype=np.int64)
    return number


class Surface:
    """What each piece would have if it were as the streets around: a rate by metre, smoothed."""

    def __init__(self, pieces: Pieces) -> None:
        self.length = pieces.length_m
        self.grid = grid_over(pieces.easting, pieces.northing, cell_m=RASTER_M)
        rows, columns = self.grid.cells(pieces.easting, pieces.northing)
        self.at = rows, columns

    def __call__(self, values: Floats, reach: float, *, without_own: bool = False) -> Floats:
        """Smooth `values` by piece with a standard deviation of `reach` hundred metres.

        With `without_own`, what a piece itself has is left out of its surroundings.
        """
        sigma = reach * 100.0 / RASTER_M
        total, ground = (self._smooth(each, sigma) for each in (values, self.length))
        if without_own:
            weight = 1 / (2 * np.pi * sigma**2)
            total, ground = total - values * weight, ground - self.length * weight
        return np.maximum(total, 0.0) / np.maximum(ground, NEVER_BELOW) * self.length

    def _smooth(self, values: Floats, sigma: float) -> Floats:
        raster = np.zeros(self.grid.inside.shape)
        np.add.at(raster, self.at, values)
        smooth = ndimage.gaussian_filter(raster, sigma, mode="constant")
        return np.asarray(smooth[self.at], dtype=np.float64)


def _cut(
    lines: npt.NDArray[np.object_], line: Integers, start: Floats, end: Floats
) -> npt.NDArray[np.object_]:
    """Return the stretch of each line from `start` to `end` metres along it."""
    corners, owner = shapely.get_coordinates(lines, return_index=True)
    step = np.hypot(*np.diff(corners, axis=0, prepend=corners[:1]).T)
    step[np.r_[True, owner[1:] != owner[:-1]]] = 0.0
    along = np.cumsum(step)
    along -= along[np.searchsorted(owner, np.arange(len(lines)))][owner]
    # The corners strictly between the ends of each piece, found by bisection over one long key.
    reach = float(along.max(initial=0.0)) + 1.0
    key = owner * reach + along
    low = np.searchsorted(key, line * reach + start, side="right")
    high = np.searchsorted(key, line * reach + end, side="left")
    held = np.maximum(high - low, 0)
    piece = np.repeat(np.arange(len(line)), held)
    nth = np.arange(len(piece)) - np.repeat(np.cumsum(held) - held, held)
    inner = corners[low[piece] + nth]
    first, last = (
        shapely.get_coordinates(shapely.line_interpolate_point(lines[line], at))
        for at in (start, end)
    )
    every = np.concatenate([first, inner, last])
    of = np.concatenate([np.arange(len(line)), piece, np.arange(len(line))])
    rank = np.concatenate([np.full(len(line), -1), nth, np.full(len(line), len(corners))])
    order = np.lexsort((rank, of))
    return np.asarray(shapely.linestrings(every[order], indices=of[order]), dtype=np.object_)
