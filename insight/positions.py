"""How far off a report's place may be, in metres, by what the report gives."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    import geopandas as gpd

Floats = npt.NDArray[np.float64]
PIN_M = 10.0
"""A pin set by hand or by a phone among houses is rarely nearer than this."""
DEGREE_M = 111_320.0  # a degree of latitude
MOST_DECIMALS = 7
NEIGHBOURS = 6
POSTCODE_M = 100.0  # where too few postcodes are known to tell
SEVERAL_M = 1_000.0
"""A street that reaches further than this from its middle may be two of one name."""
SHORT = {
    "rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "cl": "close", "dr": "drive",
    "ln": "lane", "ct": "court", "cres": "crescent", "gdns": "gardens", "pl": "place",
    "sq": "square", "tce": "terrace", "terr": "terrace", "wy": "way",
}  # fmt: skip


def coordinate_error(reports: pd.DataFrame) -> Floats:
    """Return how far off coordinates may be, from how finely they are written.

    Parameters
    ----------
    reports
        Any of ``latitude`` and ``longitude`` (degrees), ``easting`` and ``northing`` (metres);
        ``place_error_m`` where the file itself says more.

    Returns
    -------
    numpy.ndarray
        Half a step of the finer of the two axes, at least `PIN_M`; the coarser of degrees and
        metres where a row has both, and never less than the file says. Missing where it has
        neither.

    Notes
    -----
    A last digit of nought is not seen: of rows written with d decimals, 1 in 100 ends in nought
    on both axes and is taken for coarser, which errs on the careful side.

    Examples
    --------
    >>> coordinate_error(pd.DataFrame({"latitude": [52.581234, 52.58], "longitude": [-1.1, -1.12]}))
    array([ 10. , 556.6])
    >>> coordinate_error(pd.DataFrame({"easting": [458700.0], "northing": [304600.0]}))
    array([50.])
    """
    degrees = _half_step(reports, "latitude", "longitude", MOST_DECIMALS) * DEGREE_M
    error = np.fmax(degrees, _half_step(reports, "easting", "northing", 1))
    placed = ~np.isnan(error)
    error[placed] = np.maximum(error[placed], PIN_M)
    if "place_error_m" in reports:
        said = reports["place_error_m"].to_numpy(dtype=float, na_value=np.nan)
        error[placed] = np.fmax(error, said)[placed]
    return np.asarray(error, dtype=np.float64)


def known_error(reports: pd.DataFrame) -> pd.Series:
    """Return ``place_error_m``, worked out again where it was never kept.

    Parameters
    ----------
    reports
        ``place_note``, ``place_error_m`` and coordinates, as the store has them.
    """
    by_postcode = reports["place_note"].eq("postcode").fillna(value=False)
    derived = pd.Series(coordinate_error(reports), index=reports.index).mask(
        by_postcode, POSTCODE_M
    )
    return reports["place_error_m"].astype("float64").fillna(derived)


def _half_step(reports: pd.DataFrame, one: str, other: str, decimals: int) -> Floats:
    """Half of the last place in which either axis has a digit, in its own unit."""
    if not {one, other} <= set(reports.columns):
        return np.full(len(reports), np.nan)
    scale = 10**decimals
    axes = [
        np.rint(reports[name].to_numpy(dtype=float, na_value=np.nan) * scale)
        for name in (one, other)
    ]
    step = np.where(np.isnan(axes[0]) | np.isnan(axes[1]), np.nan, 1.0)
    coarse = np.flatnonzero(~np.isnan(step))
    for power in range(1, decimals + 5):
        # Few are left after the first figure: only they are looked at again.
        size = 10.0**power
        coarse = coarse[(axes[0][coarse] % size == 0) & (axes[1][coarse] % size == 0)]
        if not len(coarse):
            break
        step[coarse] = size
    return np.asarray(step / scale / 2, dtype=np.float64)


def postcode_error(easting: Floats, northing: Floats) -> Floats:
    """Return how far from a postcode's point its homes may lie.

    Parameters
    ----------
    easting, northing
        Of all postcodes of the neighbourhood, in metres.

    Returns
    -------
    numpy.ndarray
        The radius of a circle as large as one postcode's ground, where its six nearest
        neighbours share a circle of their own; `POSTCODE_M` where there are fewer than seven.
    """
    points = np.column_stack([easting, northing])
    places, back = np.unique(points, axis=0, return_inverse=True)
    if len(places) <= NEIGHBOURS:
        return np.full(len(points), POSTCODE_M)
    far = np.asarray(cKDTree(places).query(places, [NEIGHBOURS + 1])[0], dtype=np.float64).ravel()
    radius: Floats = np.maximum(far / np.sqrt(NEIGHBOURS), PIN_M)[back.ravel()].round(1)
    return radius


def ward_error(wards: "gpd.GeoDataFrame") -> pd.Series:
    """Return each ward's reach in metres: the radius of the circle around it."""
    names = pd.Index(wards["ward"].astype("string"))
    reach = shapely.minimum_bounding_radius(wards.geometry.to_numpy())
    return pd.Series(reach.round(0), index=names).groupby(level=0).max()


def street_points(streets: "gpd.GeoDataFrame") -> pd.DataFrame:
    """Return the middle of each street by name, and how far its ends are from it.

    Parameters
    ----------
    streets
        Lines with ``street``, in metres.

    Returns
    -------
    pandas.DataFrame
        ``easting``, ``northing`` (a point on the street) and ``error_m``, by `street_key`.
    """
    lines, origin = shapely.get_parts(streets.geometry.to_numpy(), return_index=True)
    code, names = pd.factorize(street_key(streets["street"]).to_numpy()[origin], sort=True)
    order = np.argsort(code, kind="stable")
    whole = shapely.multilinestrings(lines[order], indices=code[order])
    # The point of the street that is nearest to its centre of gravity.
    way = shapely.shortest_line(whole, shapely.centroid(whole))
    middle = shapely.get_point(way, 0)
    reach = shapely.hausdorff_distance(whole, middle)
    return pd.DataFrame(
        {
            "easting": shapely.get_x(middle),
            "northing": shapely.get_y(middle),
            "error_m": np.maximum(reach, PIN_M).round(0),
        },
        index=pd.Index(names, name="street"),
    )


def street_key(names: pd.Series) -> pd.Series:
    """Return street names in one spelling.

    Examples
    --------
    >>> street_key(pd.Series(["Mill  LN.", "St Ann's Rd"], dtype="string")).tolist()
    ['mill lane', 'st anns road']
    """
    plain = names.astype("string").str.casefold().str.replace(r"['\u2019.]", "", regex=True)
    plain = plain.str.replace(r"[^a-z0-9]+", " ", regex=True).str.strip()
    last = plain.str.extract(r" ([a-z]+)$", expand=False)
    written = last.map(SHORT).astype("string")
    return plain.where(written.isna(), plain.str.replace(r" [a-z]+$", " ", regex=True) + written)
