"""From coordinates, postcodes and ward names to places in metres, or a reason why not."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

from insight.place_lookups import (
    MISSING,
    SEVERAL_STREETS,
    UNKNOWN_STREET,
    UNKNOWN_WARD,
    by_postcode,
    by_street,
    by_ward,
    text_of,
)
from insight.positions import coordinate_error, ward_error
from insight.projection import check_metres, to_metres, transformer
from insight.wards import assign_wards

if TYPE_CHECKING:
    import geopandas as gpd

Floats = npt.NDArray[np.float64]
NATIONAL_GRID = "EPSG:27700"
GRID_REACH = (0.0, 0.0, 700_000.0, 1_300_000.0)  # the National Grid's metres, west to north
DEGREES = (-180.0, -90.0, 180.0, 90.0)

NOT_A_COORDINATE = "not a coordinate"
SWAPPED_DEGREES = "latitude and longitude swapped"
SWAPPED_METRES = "easting and northing swapped"
OUTSIDE = "outside the area"


def locate(
    reports: pd.DataFrame,
    *,
    crs: str,
    area: "gpd.GeoDataFrame | None" = None,
    wards: "gpd.GeoDataFrame | None" = None,
    postcodes: pd.DataFrame | None = None,
    streets: "gpd.GeoDataFrame | None" = None,
    tolerance_m: float = 50.0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put reports on the map, and say which can't be and why.

    Parameters
    ----------
    reports
        Any of ``easting`` and ``northing`` (metres of `crs`), ``latitude`` and ``longitude``
        (WGS84 degrees), ``postcode``, ``street`` and ``ward``. The first of these that a row has
        and that is known is used.
    crs
        Coordinate reference system to work in, in metres.
    area
        Boundary; points outside it are refused. Without it, those outside the ground that
        `crs` is made for are.
    wards
        Polygons with their name in ``ward``; a point's ward then comes from its position.
    postcodes
        ``postcode``, ``easting`` and ``northing`` in `crs`.
    streets
        Lines with their name in ``street``, in `crs`; a street named alone stands at its middle.
    tolerance_m
        How far beyond a boundary a point may lie, in metres, since boundaries are generalised.

    Returns
    -------
    tuple of pandas.DataFrame
        The located rows of `reports`, with ``easting``, ``northing``, ``crs``, ``ward`` and
        ``place_note`` (``coordinates``, ``postcode``, ``street`` or ``ward only``; the last has
        no point) and ``place_error_m``, how far off the place may be (see `insight.positions`).
        And the failures: ``row`` (index in `reports`), ``column`` and ``rule``; what to do about
        each is `insight.remedies.remedy`.

    Raises
    ------
    UnknownCrsError
        If `crs` is unknown or not in metres.
    """
    check_metres(crs)
    given = {
        name: _numbers(reports, name) for name in ("easting", "northing", "latitude", "longitude")
    }
    metres = ~np.isnan(given["easting"]) & ~np.isnan(given["northing"])
    degrees = ~np.isnan(given["latitude"]) & ~np.isnan(given["longitude"]) & ~metres
    points = np.full((len(reports), 2), np.nan)
    points[metres] = np.column_stack([given["easting"], given["northing"]])[metres]
    lonlat = np.column_stack([given["longitude"], given["latitude"]])[degrees]
    points[degrees] = to_metres(lonlat, crs)
    rule = np.full(len(reports), "", dtype=object)
    ground = _ground(area, crs, tolerance_m)
    made_for = _ground(None, crs, tolerance_m)
    rule[metres] = _judge(
        points[metres], points[metres][:, ::-1], (ground, made_for), SWAPPED_METRES
    )
    if crs.upper() == NATIONAL_GRID:
        rule[metres & ~_within(points, GRID_REACH)] = NOT_A_COORDINATE
    rule[degrees] = _judge(
        points[degrees], to_metres(lonlat[:, ::-1], crs), (ground, made_for), SWAPPED_DEGREES
    )
    wild = np.zeros(len(reports), dtype=bool)
    # Nothing is ever reported at 0, 0: systems write it for "unknown".
    wild[degrees] = ~_within(lonlat, DEGREES) | (lonlat == 0).all(axis=1)
    rule[wild | (metres & (points == 0).all(axis=1))] = NOT_A_COORDINATE
    error, unplaced = coordinate_error(reports), ~metres & ~degrees
    by_code = by_postcode(reports, unplaced, postcodes, streets_known=streets is not None)
    by_name = by_street(reports, unplaced & ~by_code.settled, streets)
    coded, on_street = by_code.settled, by_name.settled
    for found in (by_code, by_name):
        placed = found.settled & (found.rule == "")
        points[placed], error[placed] = found.points[placed], found.error[placed]
        rule[found.settled] = found.rule[found.settled]
    looked_up = (coded | on_street) & (rule == "")
    nothing = np.full((int(looked_up.sum()), 2), np.nan)
    rule[looked_up] = _judge(points[looked_up], nothing, (ground, made_for), "")
    named = by_ward(reports, unplaced & ~coded & ~on_street, rule, wards)
    if wards is not None:
        known = named.notna().to_numpy()
        error[known] = named.map(ward_error(wards.to_crs(crs))).to_numpy(dtype=float)[known]
    note = np.select(
        [metres | degrees, coded, on_street, named.notna()],
        ["coordinates", "postcode", "street", "ward only"],
        default="",
    )
    sound = pd.Series(rule == "", index=reports.index)
    located = reports.assign(
        easting=points[:, 0],
        northing=points[:, 1],
        crs=pd.Series(crs, index=reports.index, dtype="string"),
        ward=_wards_of(reports, points, wards, crs, tolerance_m).fillna(named),
        place_note=pd.Series(note, index=reports.index, dtype="string"),
        place_error_m=pd.Series(error, index=reports.index),
    )[sound]
    return located, _failures(reports, rule, metres, degrees)


def _numbers(reports: pd.DataFrame, column: str) -> Floats:
    """Return a column as floats, all missing where the frame has none."""
    if column not in reports:
        return np.full(len(reports), np.nan)
    return reports[column].to_numpy(dtype=float, na_value=np.nan)


def _within(points: Floats, bounds: tuple[float, float, float, float]) -> npt.NDArray[np.bool_]:
    """Whether points lie in a box of west, south, east and north."""
    west, south, east, north = bounds
    across = (points[:, 0] >= west) & (points[:, 0] <= east)
    return np.asarray(across & (points[:, 1] >= south) & (points[:, 1] <= north))


def _ground(area: "gpd.GeoDataFrame | None", crs: str, tolerance_m: float) -> shapely.Geometry:
    """Where points may lie: the area, or the ground that the coordinate system is made for."""
    if area is not None:
        ground = area.to_crs(crs).geometry.union_all().buffer(tolerance_m)
    else:
        use = CRS.from_user_input(crs).area_of_use
        if use is None:
            return None
        made_for = transformer(crs).transform_bounds(use.west, use.south, use.east, use.north)
        ground = shapely.box(*made_for)
    shapely.prepare(ground)
    return ground


def _judge(
    points: Floats,
    exchanged: Floats,
    grounds: tuple[shapely.Geometry, shapely.Geometry],
    swapped: str,
) -> npt.NDArray[np.object_]:
    """Rule that each point breaks, '' for none.

    Swapped is what lies outside the area, or off the ground of the coordinate system (the
    country), and on it when its two numbers are exchanged.
    """
    rule = np.full(len(points), "", dtype=object)
    area, _ = grounds
    if area is not None:
        rule[~_on(area, points)] = OUTSIDE
    for ground in grounds:
        if ground is not None:
            rule[~_on(ground, points) & _on(ground, exchanged)] = swapped
    rule[~np.isfinite(points).all(axis=1) & (rule != swapped)] = NOT_A_COORDINATE
    return rule


def _on(ground: shapely.Geometry, points: Floats) -> npt.NDArray[np.bool_]:
    """Whether points lie on the ground, its edge included."""
    return np.asarray(shapely.intersects_xy(ground, points[:, 0], points[:, 1]), dtype=bool)


def _wards_of(
    reports: pd.DataFrame,
    points: Floats,
    wards: "gpd.GeoDataFrame | None",
    crs: str,
    tolerance_m: float,
) -> pd.Series:
    """Ward by position where wards are given, else the ward that the report names."""
    if wards is None:
        return text_of(reports, "ward")
    finite = np.where(np.isfinite(points), points, np.nan)
    names = assign_wards(finite, wards.to_crs(crs), tolerance_m=tolerance_m)
    return names.set_axis(reports.index)


def _failures(
    reports: pd.DataFrame,
    rule: npt.NDArray[np.object_],
    metres: npt.NDArray[np.bool_],
    degrees: npt.NDArray[np.bool_],
) -> pd.DataFrame:
    """One row per report that can't be placed; never with the value itself."""
    broken = rule != ""
    column = np.select(
        [
            metres,
            degrees,
            rule == UNKNOWN_WARD,
            rule == MISSING,
            np.isin(rule, (UNKNOWN_STREET, SEVERAL_STREETS)),
        ],
        ["easting, northing", "latitude, longitude", "ward", "place", "street"],
        default="postcode",
    )
    return pd.DataFrame(
        {"row": reports.index[broken], "column": column[broken], "rule": rule[broken]}
    ).astype({"column": "string", "rule": "string"})
