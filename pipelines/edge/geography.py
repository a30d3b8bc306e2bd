"""Reads boundaries, wards, streets and postcodes."""

import re
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from insight.errors import InsightError, MissingColumnsError

WARD_NAME = re.compile(r"^(ward|ward_?name|name|w(d|ard)\d*(cd)?nm|wd\d+nm)$", re.IGNORECASE)
STREET_NAME = re.compile(
    r"^(street|road|((street|road|st|rd|designated)_?)?name_?1?|(street_?)?descriptor|street_?desc?)$",
    re.IGNORECASE,
)
NAME_STREETS = (
    "name it in streets_name_column in council.yaml, or call it `street` in that file; with no "
    "names at all, leave the file out: squares are ranked then"
)
PEOPLE = re.compile(r"^(population|residents|people)$", re.IGNORECASE)
WARD_CODE = re.compile(r"^(ward_?code|code|wd\d+cd)$", re.IGNORECASE)


class GeographyError(InsightError):
    """A file of boundaries or postcodes can't be used as it is."""


def read_area(path: Path) -> gpd.GeoDataFrame:
    """Read a boundary: polygons with a known coordinate reference system.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, Shapefile or anything else that GDAL reads.

    Returns
    -------
    geopandas.GeoDataFrame
        The file's polygons, in its own coordinate system, with broken outlines mended: how many
        is ``attrs["mended"]``.

    Raises
    ------
    GeographyError
        If the file is missing, unreadable, empty, without a coordinate system or without
        polygons; the message says which, and what to do.
    """
    area = _shapes(path)
    broken = int((~shapely.is_valid(area.geometry.to_numpy())).sum())
    mended = shapely.make_valid(shapely.force_2d(area.geometry.to_numpy()))
    polygons = area.set_geometry(gpd.GeoSeries(_polygons(mended), index=area.index, crs=area.crs))
    polygons = polygons[~polygons.geometry.is_empty]
    if polygons.empty:
        raise GeographyError(f"{path.name} holds no polygons, only points or lines.")
    _check_degrees(polygons, path.name)
    whole = polygons.reset_index(drop=True)
    whole.attrs["mended"] = broken
    return whole


def read_wards(
    path: Path, *, name_column: str | None = None, code_column: str | None = None
) -> gpd.GeoDataFrame:
    """Read wards: polygons with a name, and a code where the file has one.

    Parameters
    ----------
    path
        As for `read_area`.
    name_column, code_column
        Columns that hold them; found by their usual names (``WD24NM``, ``ward``) when absent.

    Returns
    -------
    geopandas.GeoDataFrame
        ``ward``, ``code`` (text, missing where unknown), ``population`` where the file has it, and
        ``geometry``, by name.

    Raises
    ------
    GeographyError
        As `read_area`, or if no column is, or several could be, the name.
    """
    area = read_area(path)
    columns = [str(column) for column in area.columns if column != area.geometry.name]
    name = name_column or _only_column(columns, WARD_NAME, path.name)
    codes = [column for column in columns if WARD_CODE.match(column)]
    code = code_column or (codes[0] if codes else None)
    if missing := {column for column in (name, code) if column and column not in columns}:
        raise MissingColumnsError(missing, path.name)
    wards = gpd.GeoDataFrame(
        {
            "ward": area[name].astype("string").str.strip(),
            "code": area[code].astype("string") if code else pd.NA,
        },
        geometry=area.geometry.to_numpy(),
        crs=area.crs,
    ).astype({"code": "string"})
    kept = ["ward", "code"]
    if people := [column for column in columns if PEOPLE.match(column)]:
        wards["population"] = pd.to_numeric(area[people[0]], errors="coerce").astype("float64")
        kept.append("population")
    if wards["ward"].isna().any():
        raise GeographyError(f"{path.name}: a ward has no name in column {name}; name every ward.")
    # A ward in several pieces repeats its people in each.
    joined = wards.dissolve(by="ward", aggfunc="first", sort=True).reset_index()
    named = joined[[*kept, "geometry"]]
    named.attrs["mended"] = area.attrs["mended"]
    return named


def read_streets(
    path: Path, within: gpd.GeoDataFrame | None = None, *, name_column: str | None = None
) -> gpd.GeoDataFrame:
    """Read streets: lines with a name.

    Parameters
    ----------
    path
        As for `read_area`; of several layers the first that holds lines.
    within
        Polygons, in any system: only streets that reach into them are kept, so that a file of
        the county or the country sends nobody out of the borough.
    name_column
        Column that holds the name; found by its usual names (``street``, OS Open Roads' ``name1``
        or ``name_1``, a gazetteer's ``street_descriptor``) when absent.

    Returns
    -------
    geopandas.GeoDataFrame
        ``street`` and ``geometry``; lines without a name are left out.

    Raises
    ------
    GeographyError
        If the file is missing, unreadable, without a coordinate system, lines or names, or has
        no street within the area.
    """
    streets = _shapes(path, lines=True, near=within)
    _check_degrees(streets, path.name)
    columns = [str(name) for name in streets.columns if name != streets.geometry.name]
    if name_column and name_column not in columns:
        raise MissingColumnsError({name_column}, path.name)
    # A file may carry a second column for names and leave it blank.
    used = [each for each in columns if streets[each].notna().any()]
    name = name_column or _only_column(used, STREET_NAME, path.name, NAME_STREETS)
    lines = streets[streets.geom_type.isin(["LineString", "MultiLineString"])]
    named = lines[lines[name].astype("string").str.strip().fillna("").ne("")]
    if named.empty:
        raise GeographyError(f"{path.name} holds no lines with a name; give a file of streets.")
    if within is not None:
        named = named[named.intersects(within.to_crs(streets.crs).union_all())]
        if named.empty:
            raise _nothing_near(path)
    return gpd.GeoDataFrame(
        {"street": named[name].astype("string").str.strip()},
        geometry=shapely.force_2d(named.geometry.to_numpy()),
        crs=streets.crs,
    ).reset_index(drop=True)


def read_postcodes(path: Path) -> pd.DataFrame:
    """Read a postcode look-up in metres, such as Code-Point Open.

    Parameters
    ----------
    path
        CSV with ``postcode``, ``easting`` and ``northing``.

    Returns
    -------
    pandas.DataFrame
        ``postcode`` (text), ``easting`` and ``northing`` (metres); rows without a point are
        left out.

    Raises
    ------
    GeographyError
        If the file is missing or unreadable.
    MissingColumnsError
        If it lacks one of the columns.
    """
    if not path.exists():
        raise GeographyError(f"{path.name}: there is no such postcode file; check its path.")
    try:
        raw = pd.read_csv(path, dtype="string", encoding="utf-8-sig")
    except (ValueError, OSError) as error:
        raise GeographyError(f"{path.name} can't be read as CSV; save it as UTF-8 CSV.") from error
    raw = raw.rename(columns=lambda name: str(name).strip().casefold())
    wanted = ["postcode", "easting", "northing"]
    if missing := set(wanted) - set(raw.columns):
        raise MissingColumnsError(missing, path.name)
    numbers = raw[["easting", "northing"]].apply(pd.to_numeric, errors="coerce").astype(float)
    return raw[["postcode"]].join(numbers).dropna().reset_index(drop=True)


def _polygons(shapes: np.ndarray) -> np.ndarray:
    """Keep the polygons of mended shapes, which may have left lines or points over."""
    parts, origin = shapely.get_parts(shapes, return_index=True)
    # A collection within a collection comes apart in two steps.
    inner, again = shapely.get_parts(parts, return_index=True)
    origin = origin[again]
    surface = shapely.get_type_id(inner) == shapely.GeometryType.POLYGON
    kept = pd.Series(inner[surface]).groupby(origin[surface])
    joined = kept.agg(lambda group: shapely.union_all(group.to_numpy()))
    return joined.reindex(range(len(shapes)), fill_value=shapely.Polygon()).to_numpy()


def _check_degrees(area: gpd.GeoDataFrame, name: str) -> None:
    """Refuse metres that claim to be degrees, as GeoJSON written in metres does."""
    if not area.crs.is_geographic:
        return
    west, south, east, north = area.total_bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise GeographyError(
            f"{name} says that its coordinates are degrees, but they are too large for that; "
            "save it again as WGS84, or with its coordinate reference system."
        )


def _only_column(
    columns: list[str],
    pattern: re.Pattern[str],
    file: str,
    remedy: str = "say which in the settings",
) -> str:
    """Return the one column that matches."""
    found = [column for column in columns if pattern.match(column)]
    if len(found) != 1:
        said = "no column" if not found else f"{len(found)} columns ({', '.join(found)})"
        raise GeographyError(
            f"{file} has {said} that could be the name, among {', '.join(columns)}; {remedy}."
        )
    return found[0]


def _nothing_near(path: Path) -> GeographyError:
    return GeographyError(
        f"{path.name} holds no street within the area; give a file of streets that covers it."
    )


def _shapes(
    path: Path, *, lines: bool = False, near: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """Read a file of polygons or lines with a coordinate system, those without a shape left out.

    Of several layers the first of that kind is read, of all rows those whose box meets `near`'s.
    """
    kind, what = ("Line", "streets") if lines else ("Polygon", "boundaries")
    if not path.exists():
        of = "street" if lines else "boundary"
        raise GeographyError(f"{path.name}: there is no such {of} file; check its path.")
    try:
        found = [name for name, holds in pyogrio.list_layers(path) if kind in str(holds)]
        with warnings.catch_warnings():
            # GDAL tells of outlines that don't close; they are closed here.
            warnings.simplefilter("ignore")
            layer = found[0] if found else 0
            area = gpd.read_file(path, layer=layer, bbox=near, on_invalid="fix")
    except Exception as error:  # pyogrio has a class for each way a file can be wrong
        raise GeographyError(
            f"{path.name} can't be read as {what}; give GeoJSON, GeoPackage or a Shapefile."
        ) from error
    if near is not None and area.empty:
        raise _nothing_near(path)
    if isinstance(area, gpd.GeoDataFrame):
        shapes_known = area.geometry.to_numpy()
        area = area[~(shapely.is_missing(shapes_known) | shapely.is_empty(shapes_known))]
    if not isinstance(area, gpd.GeoDataFrame) or area.empty:
        shapes = "lines" if lines else "polygons"
        raise GeographyError(f"{path.name} holds no shapes; give a file of {shapes}.")
    if area.crs is None:
        raise GeographyError(
            f"{path.name} names no coordinate reference system; save it again with one, "
            "such as EPSG:27700."
        )
    return area
