"""The week's places as files that phones and the GIS officer's programs open."""

import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
from pyogrio import set_gdal_config_options

from pipelines.edge.map_places import FIXED_TIME, WGS84


def geo_files(stops: pd.DataFrame, crs: str) -> dict[str, bytes]:
    """Return the stops as GPX, KML, GeoPackage and GeoJSON, all written by GDAL.

    Parameters
    ----------
    stops
        One row per visit in order: ``easting``, ``northing`` (metres of `crs`), ``number``,
        ``place``, ``ward``, ``day``, ``visits``, ``recommendation``, ``evidence``, ``reason``.
    crs
        Metric system of the points.

    Returns
    -------
    dict
        File name to content. GPX and KML hold a point each with its number, place and reason;
        GeoPackage (in `crs`) and GeoJSON (WGS84) hold every column.
    """
    points = gpd.GeoDataFrame(
        stops.drop(columns=["easting", "northing"]),
        geometry=gpd.points_from_xy(stops["easting"], stops["northing"]),
        crs=crs,
    )
    degrees = points.to_crs(WGS84)
    degrees = degrees.set_geometry(degrees.geometry.set_precision(1e-6))
    name = stops["number"].astype("string") + ". " + stops["place"]
    said = stops["day"] + ": " + stops["reason"]
    # The names that GPX and KML have for a title and for what a person reads.
    for_gpx = gpd.GeoDataFrame({"name": name, "desc": said}, geometry=degrees.geometry)
    for_kml = gpd.GeoDataFrame({"Name": name, "Description": said}, geometry=degrees.geometry)
    set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_TIME})
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        for_gpx.to_file(made / "places.gpx", driver="GPX", layer="waypoints", engine="pyogrio")
        for_kml.to_file(made / "places.kml", driver="KML", layer="Patrol_places", engine="pyogrio")
        points.to_file(made / "places.gpkg", driver="GPKG", layer="patrol_places", engine="pyogrio")
        degrees.to_file(made / "places.geojson", driver="GeoJSON", engine="pyogrio")
        return {path.name: path.read_bytes() for path in sorted(made.iterdir())}
