"""Between degrees and metres."""

from functools import cache

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer

from insight.errors import InsightError

Floats = npt.NDArray[np.float64]
WGS84 = "EPSG:4326"


class UnknownCrsError(InsightError):
    """The coordinate system asked for doesn't exist, or isn't in metres."""

    def __init__(self, crs: str) -> None:
        super().__init__(
            f"'{crs}' is not a coordinate system in metres; give one such as EPSG:27700."
        )


def check_metres(crs: str) -> None:
    """Raise `UnknownCrsError` unless `crs` is a projected coordinate system in metres."""
    try:
        axes = CRS.from_user_input(crs).axis_info
    except RuntimeError as error:
        raise UnknownCrsError(crs) from error
    if not axes or any(axis.unit_name != "metre" for axis in axes[:2]):
        raise UnknownCrsError(crs)


@cache
def transformer(crs: str) -> Transformer:
    """Return what takes longitude and latitude to metres of `crs`."""
    return Transformer.from_crs(WGS84, crs, always_xy=True)


def to_metres(lonlat: Floats, crs: str) -> Floats:
    """Project longitude and latitude; infinite where the system has no such place."""
    easting, northing = transformer(crs).transform(lonlat[:, 0], lonlat[:, 1])
    return np.column_stack([easting, northing]).astype(float)
