"""Call a place by its street, which a warden knows, where a file of streets is given."""

from typing import TYPE_CHECKING

import pandas as pd
import shapely

if TYPE_CHECKING:
    import geopandas as gpd


def on_streets(
    cells: pd.DataFrame, streets: "gpd.GeoDataFrame", *, reach_m: float = 100.0, prefix: str = ""
) -> pd.DataFrame:
    """Name each cell after the nearest street.

    Parameters
    ----------
    cells
        ``easting``, ``northing`` (metres, the system of `streets`) and ``place``.
    streets
        Lines with their name in ``street``.
    reach_m
        How far from the cell's centre a street may lie, in metres; further off, the cell
        keeps the name it has.
    prefix
        Put before the street's name, such as ``"Around "`` where a cell holds several streets.

    Returns
    -------
    pandas.DataFrame
        `cells` with ``place`` as the street's name and the grid reference in brackets. Of
        streets equally near, the first by name is taken.
    """
    if cells.empty or streets.empty:
        return cells
    named = streets.sort_values("street", kind="stable")
    tree = shapely.STRtree(named.geometry.to_numpy())
    centres = shapely.points(cells["easting"].to_numpy(), cells["northing"].to_numpy())
    pairs = tree.query_nearest(centres, max_distance=reach_m, all_matches=True)
    near = pd.Series(pairs[1]).groupby(pairs[0]).min()
    street = pd.Series(pd.NA, index=range(len(cells)), dtype="string")
    street.loc[near.index] = named["street"].to_numpy()[near.to_numpy()]
    street.index = cells.index
    return cells.assign(
        place=(prefix + street + " (" + cells["place"] + ")").fillna(cells["place"])
    )
