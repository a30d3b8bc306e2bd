"""A map's places as a file that spreadsheets and the GIS officer's programs open."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
from pyogrio import set_gdal_config_options

if TYPE_CHECKING:
    import numpy as np

WGS84 = "EPSG:4326"
# GDAL writes the time of writing into a GeoPackage; equal places must give equal bytes.
FIXED_TIME = "2000-01-01T00:00:00.000Z"


def places_file(places: pd.DataFrame, shapes: "np.ndarray", crs: str, ending: str) -> bytes:
    """Return a map's places as the file that `ending` says.

    Parameters
    ----------
    places
        Whatever is known of each.
    shapes
        Its outline or line, in metres of `crs`.
    crs
        Metric system.
    ending
        ``.geojson`` (in WGS84, as its standard wants) or ``.gpkg`` (in `crs`); with any other
        a CSV without outlines.
    """
    driver = {".geojson": "GeoJSON", ".json": "GeoJSON", ".gpkg": "GPKG"}.get(ending.casefold())
    if driver is None:
        return places.to_csv(index=False, lineterminator="\n").encode()
    drawn = gpd.GeoDataFrame(places, geometry=list(shapes), crs=crs)
    if driver == "GeoJSON":
        drawn = drawn.to_crs(WGS84)
        drawn = drawn.set_geometry(drawn.geometry.set_precision(1e-6))
    set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_TIME})
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / ("places" + ending.casefold())
        drawn.to_file(made, driver=driver, layer="places", engine="pyogrio")
        return made.read_bytes()
