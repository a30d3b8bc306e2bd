"""How far it is from place to place: along the streets where a file has them, else by air."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

if TYPE_CHECKING:
    import geopandas as gpd

Floats = npt.NDArray[np.float64]
SNAP_M = 1.0


def straight(points: Floats, detour: float) -> Floats:
    """Return straight distances between points (metres, n by 2), times `detour`.

    Examples
    --------
    >>> straight(np.array([[0.0, 0.0], [300.0, 400.0]]), 1.4).tolist()
    [[0.0, 700.0], [700.0, 0.0]]
    """
    return np.asarray(cdist(points, points) * detour, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class StreetNetwork:
    """Streets as corners (metres, n by 2) and the lengths between them.

    `corners` is empty where the file holds no lines.
    """

    corners: Floats
    lengths: csr_array


def street_network(streets: "gpd.GeoDataFrame") -> StreetNetwork:
    """Join streets where they cross; their lines are in metres."""
    # Crossing lines are cut where they meet, so that a shared point is a shared corner.
    cut = shapely.get_parts(shapely.union_all(streets.geometry.to_numpy()))
    cut = cut[shapely.get_type_id(cut) == shapely.GeometryType.LINESTRING]
    if len(cut) == 0:
        return StreetNetwork(np.zeros((0, 2)), csr_array((0, 0)))
    corners, line = shapely.get_coordinates(cut, return_index=True)
    near, place = np.unique(np.rint(corners / SNAP_M), axis=0, return_inverse=True)
    place = place.ravel()
    joined = line[1:] == line[:-1]
    start, end = place[:-1][joined], place[1:][joined]
    length = np.hypot(*(corners[1:] - corners[:-1]).T)[joined]
    number = len(near)
    # Two lines between the same corners: the shorter one counts.
    order = np.lexsort((length, end, start))
    pairs = np.column_stack([start, end])[order]
    first = np.r_[True, (pairs[1:] != pairs[:-1]).any(axis=1)]
    lengths = csr_array(
        (np.maximum(length[order][first], 1e-6), (pairs[first, 0], pairs[first, 1])),
        shape=(number, number),
    )
    return StreetNetwork(near * SNAP_M, lengths)


def along_streets(points: Floats, network: StreetNetwork, detour: float) -> Floats:
    """Return the shortest ways between points along streets.

    Parameters
    ----------
    points
        Eastings and northings in metres, n by 2.
    network
        Streets in the same system.
    detour
        Used with the straight line between two points that the streets don't join, and from a
        point to its street.

    Returns
    -------
    numpy.ndarray
        Metres, n by n; never shorter than the straight line.
    """
    air = straight(points, 1.0)
    if len(network.corners) == 0:
        return air * detour
    nearest, corner = cKDTree(network.corners).query(points)
    away = np.asarray(nearest, dtype=np.float64)
    own, back = np.unique(corner, return_inverse=True)
    between = dijkstra(network.lengths, directed=False, indices=own)[:, own][np.ix_(back, back)]
    ways = between + (away[:, None] + away[None, :]) * detour
    ways = np.where(np.isfinite(ways), ways, air * detour)
    np.fill_diagonal(ways, 0.0)
    return np.asarray(np.maximum(ways, air), dtype=np.float64)
