"""Places looked up by postcode, street or ward, for reports that give no coordinates."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from insight.positions import SEVERAL_M, postcode_error, street_key, street_points
from insight.wards import match_wards

if TYPE_CHECKING:
    import geopandas as gpd

Floats = npt.NDArray[np.float64]
MISSING = "missing place"
UNKNOWN_POSTCODE = "unknown postcode"
UNKNOWN_STREET = "unknown street"
SEVERAL_STREETS = "street that may be several"
UNKNOWN_WARD = "unknown ward"


def normal_postcode(text: pd.Series) -> pd.Series:
    """Return postcodes in one spelling: upper case, without spaces.

    Examples
    --------
    >>> normal_postcode(pd.Series([" le18 1AA", None], dtype="string")).tolist()
    ['LE181AA', <NA>]
    """
    return text.astype("string").str.upper().str.replace(r"[^A-Z0-9]", "", regex=True)


def by_postcode(
    reports: pd.DataFrame,
    unplaced: npt.NDArray[np.bool_],
    points: Floats,
    rule: npt.NDArray[np.object_],
    error: Floats,
    postcodes: pd.DataFrame | None,
    *,
    streets_known: bool,
) -> npt.NDArray[np.bool_]:
    """Fill `points`, `rule` and `error` for rows placed by postcode; return which have been."""
    if postcodes is None or "postcode" not in reports:
        return np.zeros(len(reports), dtype=bool)
    codes = normal_postcode(text_of(reports, "postcode"))
    # A ward is the next best: a new street's postcode isn't in an old file.
    fall_back = text_of(reports, "ward").notna().to_numpy()
    if streets_known:
        fall_back = fall_back | text_of(reports, "street").notna().to_numpy()
    table = postcodes.assign(postcode=normal_postcode(postcodes["postcode"]))
    table = table.drop_duplicates("postcode").set_index("postcode")[["easting", "northing"]]
    table["error_m"] = postcode_error(*table.to_numpy(dtype=float).T)
    found = table.reindex(codes).to_numpy(dtype=float)
    found, off = found[:, :2], found[:, 2]
    asked = unplaced & codes.notna().to_numpy()
    coded = asked & ~np.isnan(found).any(axis=1)
    points[coded] = found[coded]
    error[coded] = off[coded]
    rule[asked & ~coded & ~fall_back] = UNKNOWN_POSTCODE
    return np.asarray(asked & (coded | ~fall_back))


def by_street(
    reports: pd.DataFrame,
    unplaced: npt.NDArray[np.bool_],
    points: Floats,
    rule: npt.NDArray[np.object_],
    error: Floats,
    streets: "gpd.GeoDataFrame | None",
) -> npt.NDArray[np.bool_]:
    """Fill `points`, `rule` and `error` for rows placed by street; return which have been."""
    if streets is None or streets.empty or "street" not in reports:
        return np.zeros(len(reports), dtype=bool)
    keys = street_key(text_of(reports, "street"))
    fall_back = text_of(reports, "ward").notna().to_numpy()
    told = street_points(streets).reindex(keys).to_numpy(dtype=float)
    asked = unplaced & keys.notna().to_numpy()
    known = asked & ~np.isnan(told[:, 2])
    found = known & (told[:, 2] <= SEVERAL_M)
    points[found], error[found] = told[found, :2], told[found, 2]
    rule[known & ~found & ~fall_back] = SEVERAL_STREETS
    rule[asked & ~known & ~fall_back] = UNKNOWN_STREET
    return np.asarray(asked & (found | ~fall_back))


def by_ward(
    reports: pd.DataFrame,
    unplaced: npt.NDArray[np.bool_],
    rule: npt.NDArray[np.object_],
    wards: "gpd.GeoDataFrame | None",
) -> pd.Series:
    """Ward names of rows that have nothing better, as the ward file spells them."""
    given = text_of(reports, "ward").where(unplaced)
    rule[unplaced & given.isna().to_numpy()] = MISSING
    if wards is None:
        return given
    named = match_wards(given, wards)
    rule[unplaced & given.notna().to_numpy() & named.isna().to_numpy()] = UNKNOWN_WARD
    return named


def text_of(reports: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as trimmed text, blank taken as missing."""
    if column not in reports:
        return pd.Series(pd.NA, index=reports.index, dtype="string")
    text = reports[column].astype("string").str.strip()
    return text.mask(text == "")
