"""Wards: which one a point lies in, and which one a name means."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

Floats = npt.NDArray[np.float64]


def assign_wards(
    points: Floats, wards: "gpd.GeoDataFrame", *, tolerance_m: float = 50.0
) -> pd.Series:
    """Name the ward each point lies in; on a border the first, in a sliver the nearest.

    Parameters
    ----------
    points
        Easting and northing by row, in the wards' own coordinate system; may be missing.
    wards
        Polygons with their name in ``ward``.
    tolerance_m
        How far from its nearest ward a point may lie and still be given it, in metres.

    Returns
    -------
    pandas.Series
        Ward names; missing for points that are in no ward.
    """
    found = np.full(len(points), -1)
    known = np.flatnonzero(~np.isnan(points).any(axis=1))
    shapes = wards.geometry.to_numpy()
    east, north = points[:, 0], points[:, 1]
    # Written last to first, so that the first ward of several wins. Points stay numbers: as
    # shapes, three million of them would take a gigabyte.
    for ward in range(len(shapes) - 1, -1, -1):
        west, south, limit, top = shapely.bounds(shapes[ward])
        near = np.flatnonzero((east >= west) & (east <= limit) & (north >= south) & (north <= top))
        shapely.prepare(shapes[ward])
        found[near[shapely.intersects_xy(shapes[ward], east[near], north[near])]] = ward
    tree = shapely.STRtree(shapes)
    lost = known[found[known] < 0]
    if len(lost):
        at, ward = tree.query_nearest(
            shapely.points(points[lost]), max_distance=tolerance_m, all_matches=True
        )
        order = np.lexsort((-ward, at))
        found[lost[at[order]]] = ward[order]
    names = pd.Series(wards["ward"].to_numpy(), dtype="string")
    return names.reindex(found).reset_index(drop=True)


def match_wards(names: pd.Series, wards: "gpd.GeoDataFrame") -> pd.Series:
    """Find the ward that each name or code means, whatever its case and punctuation.

    Parameters
    ----------
    names
        Ward names as people write them, or codes such as ``E05005537``.
    wards
        Polygons with their name in ``ward`` and, if known, their ``code``.

    Returns
    -------
    pandas.Series
        The wards' own spelling; missing where no ward is meant.
    """
    spelled = pd.Series(wards["ward"].to_numpy(), index=_plain(wards["ward"]), dtype="string")
    if "code" in wards:
        codes = wards["code"].astype("string")
        known = codes.notna().to_numpy()
        coded = pd.Series(spelled.to_numpy()[known], index=_plain(codes[known]), dtype="string")
        spelled = pd.concat([spelled, coded])
    spelled = spelled[~spelled.index.duplicated()]
    return pd.Series(spelled.reindex(_plain(names)).to_numpy(), index=names.index, dtype="string")


def _plain(names: pd.Series) -> pd.Series:
    """Ward names without case, punctuation or the word ward, for comparing."""
    plain = names.astype("string").str.casefold().str.replace("&", " and ")
    plain = plain.str.replace(r"\bward\b", " ", regex=True)
    plain = plain.str.replace("['\N{RIGHT SINGLE QUOTATION MARK}.]", "", regex=True)
    return plain.str.replace(r"[^a-z0-9]+", " ", regex=True).str.strip()
