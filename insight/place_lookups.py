"""Places looked up by postcode, street or ward, for reports that give no coordinates."""

from typing import TYPE_CHECKING, NamedTuple

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


class Found(NamedTuple):
    """What a look-up says of each report: nothing of those that it wasn't asked for.

    Parameters
    ----------
    settled
        Whether the row needs no other look-up: it is placed, or can't be by anything it gives.
    points
        Easting and northing; missing where not placed.
    error
        How far off the place may be, in metres; missing where not placed.
    rule
        The rule that the row breaks, '' for none.
    """

    settled: npt.NDArray[np.bool_]
    points: Floats
    error: Floats
    rule: npt.NDArray[np.object_]


def by_postcode(
    reports: pd.DataFrame,
    unplaced: npt.NDArray[np.bool_],
    postcodes: pd.DataFrame | None,
    *,
    streets_known: bool,
) -> Found:
    """Place the `unplaced` rows that give a postcode."""
    if postcodes is None or "postcode" not in reports:
        return _nothing(len(reports))
    codes = normal_postcode(text_of(reports, "postcode"))
    # A ward is the next best: a new street's postcode isn't in an old file.
    fall_back = text_of(reports, "ward").notna().to_numpy()
    if streets_known:
        fall_back = fall_back | text_of(reports, "street").notna().to_numpy()
    table = postcodes.assign(postcode=normal_postcode(postcodes["postcode"]))
    table = table.drop_duplicates("postcode").set_index("postcode")[["easting", "northing"]]
    table["error_m"] = postcode_error(*table.to_numpy(dtype=float).T)
    told = table.reindex(codes).to_numpy(dtype=float)
    asked = unplaced & codes.notna().to_numpy()
    known = asked & ~np.isnan(told[:, :2]).any(axis=1)
    rule = np.where(asked & ~known & ~fall_back, UNKNOWN_POSTCODE, "").astype(object)
    return _found(known, told, rule)


def by_street(
    reports: pd.DataFrame,
    unplaced: npt.NDArray[np.bool_],
    streets: "gpd.GeoDataFrame | None",
) -> Found:
    """Place the `unplaced` rows that name a street, at its middle."""
    if streets is None or streets.empty or "street" not in reports:
        return _nothing(len(reports))
    keys = street_key(text_of(reports, "street"))
    fall_back = text_of(reports, "ward").notna().to_numpy()
    told = street_points(streets).reindex(keys).to_numpy(dtype=float)
    asked = unplaced & keys.notna().to_numpy()
    listed = asked & ~np.isnan(told[:, 2])
    known = listed & (told[:, 2] <= SEVERAL_M)
    refused = asked & ~known & ~fall_back
    rule = np.where(refused & listed, SEVERAL_STREETS, np.where(refused, UNKNOWN_STREET, ""))
    return _found(known, told, rule.astype(object))


def _found(known: npt.NDArray[np.bool_], told: Floats, rule: npt.NDArray[np.object_]) -> Found:
    """Keep what `told` (easting, northing and error) says of the `known` rows."""
    told = np.where(known[:, None], told, np.nan)
    return Found(np.asarray(known | (rule != "")), told[:, :2], told[:, 2], rule)


def _nothing(rows: int) -> Found:
    none = np.zeros(rows, dtype=bool)
    return _found(none, np.full((rows, 3), np.nan), np.full(rows, "", dtype=object))


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
