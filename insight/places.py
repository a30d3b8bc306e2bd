"""From coordinates, postcodes and ward names to places in metres, or a reason why not."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

from insight.projection import check_metres, to_metres, transformer
from insight.wards import assign_wards, match_wards

if TYPE_CHECKING:
    import geopandas as gpd

Floats = npt.NDArray[np.float64]
NATIONAL_GRID = "EPSG:27700"
GRID_REACH = (0.0, 0.0, 700_000.0, 1_300_000.0)  # the National Grid's metres, west to north
DEGREES = (-180.0, -90.0, 180.0, 90.0)

MISSING = "missing place"
NOT_A_COORDINATE = "not a coordinate"
SWAPPED_DEGREES = "latitude and longitude swapped"
SWAPPED_METRES = "easting and northing swapped"
OUTSIDE = "outside the area"
UNKNOWN_POSTCODE = "unknown postcode"
UNKNOWN_WARD = "unknown ward"


def locate(
    reports: pd.DataFrame,
    *,
    crs: str,
    area: "gpd.GeoDataFrame | None" = None,
    wards: "gpd.GeoDataFrame | None" = None,
    postcodes: pd.DataFrame | None = None,
    tolerance_m: float = 50.0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put reports on the map, and say which can't be and why.

    Parameters
    ----------
    reports
        Any of ``easting`` and ``northing`` (metres of `crs`), ``latitude`` and ``longitude``
        (WGS84 degrees), ``postcode`` and ``ward``. The first of these that a row has is used.
    crs
        Coordinate reference system to work in, in metres.
    area
        Boundary; points outside it are refused. Without it, those outside the ground that
        `crs` is made for are.
    wards
        Polygons with their name in ``ward``; a point's ward then comes from its position.
    postcodes
        ``postcode``, ``easting`` and ``northing`` in `crs`.
    tolerance_m
        How far beyond a boundary a point may lie, in metres, since boundaries are generalised.

    Returns
    -------
    tuple of pandas.DataFrame
        The located rows of `reports`, with ``easting``, ``northing``, ``crs``, ``ward`` and
        ``place_note`` (``coordinates``, ``postcode`` or ``ward only``; the last has no point).
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
    coded = _by_postcode(reports, ~metres & ~degrees, points, rule, postcodes, (ground, made_for))
    named = _by_ward(reports, ~metres & ~degrees & ~coded, rule, wards)
    note = np.select(
        [metres | degrees, coded, named.notna()],
        ["coordinates", "postcode", "ward only"],
        default="",
    )
    sound = pd.Series(rule == "", index=reports.index)
    located = reports.assign(
        easting=points[:, 0],
        northing=points[:, 1],
        crs=pd.Series(crs, index=reports.index, dtype="string"),
        ward=_wards_of(reports, points, wards, crs, tolerance_m).fillna(named),
        place_note=pd.Series(note, index=reports.index, dtype="string"),
    )[sound]
    return located, _failures(reports, rule, metres, degrees)


def normal_postcode(text: pd.Series) -> pd.Series:
    """Return postcodes in one spelling: upper case, without spaces.

    Examples
    --------
    >>> normal_postcode(pd.Series([" le18 1AA", None], dtype="string")).tolist()
    ['LE181AA', <NA>]
    """
    return text.astype("string").str.upper().str.replace(r"[^A-Z0-9]", "", regex=True)


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


def _by_postcode(
    reports: pd.DataFrame,
    unplaced: npt.NDArray[np.bool_],
    points: Floats,
    rule: npt.NDArray[np.object_],
    postcodes: pd.DataFrame | None,
    grounds: tuple[shapely.Geometry, shapely.Geometry],
) -> npt.NDArray[np.bool_]:
    """Fill `points` and `rule` for rows placed by postcode; return which have been."""
    if postcodes is None or "postcode" not in reports:
        return np.zeros(len(reports), dtype=bool)
    codes = normal_postcode(_text(reports, "postcode"))
    # A ward is the next best: a new street's postcode isn't in an old file.
    fall_back = _text(reports, "ward").notna().to_numpy()
    table = postcodes.assign(postcode=normal_postcode(postcodes["postcode"]))
    table = table.drop_duplicates("postcode").set_index("postcode")[["easting", "northing"]]
    found = table.reindex(codes).to_numpy(dtype=float)
    asked = unplaced & codes.notna().to_numpy()
    coded = asked & ~np.isnan(found).any(axis=1)
    points[coded] = found[coded]
    rule[coded] = _judge(found[coded], np.full((int(coded.sum()), 2), np.nan), grounds, "")
    rule[asked & ~coded & ~fall_back] = UNKNOWN_POSTCODE
    return np.asarray(asked & (coded | ~fall_back))


def _by_ward(
    reports: pd.DataFrame,
    unplaced: npt.NDArray[np.bool_],
    rule: npt.NDArray[np.object_],
    wards: "gpd.GeoDataFrame | None",
) -> pd.Series:
    """Ward names of rows that have nothing better, as the ward file spells them."""
    given = _text(reports, "ward").where(unplaced)
    rule[unplaced & given.isna().to_numpy()] = MISSING
    if wards is None:
        return given
    named = match_wards(given, wards)
    rule[unplaced & given.notna().to_numpy() & named.isna().to_numpy()] = UNKNOWN_WARD
    return named


def _wards_of(
    reports: pd.DataFrame,
    points: Floats,
    wards: "gpd.GeoDataFrame | None",
    crs: str,
    tolerance_m: float,
) -> pd.Series:
    """Ward by position where wards are given, else the ward that the report names."""
    if wards is None:
        return _text(reports, "ward")
    finite = np.where(np.isfinite(points), points, np.nan)
    names = assign_wards(finite, wards.to_crs(crs), tolerance_m=tolerance_m)
    return names.set_axis(reports.index)


def _text(reports: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as trimmed text, blank taken as missing."""
    if column not in reports:
        return pd.Series(pd.NA, index=reports.index, dtype="string")
    text = reports[column].astype("string").str.strip()
    return text.mask(text == "")


def _failures(
    reports: pd.DataFrame,
    rule: npt.NDArray[np.object_],
    metres: npt.NDArray[np.bool_],
    degrees: npt.NDArray[np.bool_],
) -> pd.DataFrame:
    """One row per report that can't be placed; never with the value itself."""
    broken = rule != ""
    column = np.select(
        [metres, degrees, rule == UNKNOWN_WARD, rule == MISSING],
        ["easting, northing", "latitude, longitude", "ward", "place"],
        default="postcode",
    )
    return pd.DataFrame(
        {"row": reports.index[broken], "column": column[broken], "rule": rule[broken]}
    ).astype({"column": "string", "rule": "string"})
