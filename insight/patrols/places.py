"""What patrols could go to: ranked squares or pieces of street, quiet streets, or whole wards."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from insight.hotspots.grid import place_names
from insight.wards import assign_wards

if TYPE_CHECKING:
    import geopandas as gpd

    from insight.hotspots.by_street import Streets

COLUMNS = {
    "cell": "string", "place": "string", "ward": "string", "easting": "float64",
    "northing": "float64", "score": "float64", "reports": "int64", "recent": "int64",
    "expected": "float64", "evidence": "string",
}  # fmt: skip
TOO_FEW = "too few"
GRADES = ["strong", "moderate", "weak", TOO_FEW]  # best first
BESIDE_M = 150.0
BEYOND_M = 1e7  # further than any two places of a borough


def walked_together(cells: pd.DataFrame, cell_m: float) -> pd.Series:
    """Join squares that touch and lie on the same street: one visit walks them all.

    Parameters
    ----------
    cells
        Best rank first: ``cell``, ``place`` ("Street (reference)" where streets are known),
        ``easting`` and ``northing`` of their middles.
    cell_m
        Side of the squares, in metres.

    Returns
    -------
    pandas.Series
        For each of `cells` the name of the best-ranked square of its group.
    """
    named = cells["place"].str.contains("(", regex=False, na=False)
    # "Off High Street" is walked with High Street.
    street = cells["place"].str.replace(r"^Off |\s*\([^)]*\)$", "", regex=True).where(named)
    points = cells[["easting", "northing"]].to_numpy(dtype=float)
    pairs = cKDTree(points).query_pairs(cell_m * 1.5, output_type="ndarray")
    codes = pd.factorize(street)[0]
    same = (codes[pairs[:, 0]] == codes[pairs[:, 1]]) & (codes[pairs[:, 0]] >= 0)
    one, other = pairs[same].T
    links = coo_array((np.ones(len(one)), (one, other)), shape=(len(cells), len(cells)))
    group = connected_components(links, directed=False)[1]
    return cells["cell"].groupby(group).transform("first")


def ranked_places(
    cells: pd.DataFrame, recent: pd.Series, *, cell_m: float
) -> tuple[pd.DataFrame, pd.Series]:
    """Return ranked squares or pieces of street as places to patrol.

    Parameters
    ----------
    cells
        As `insight.hotspots.Hotspots` has them, best rank first.
    recent
        Cell of each report of the last 13 weeks.
    cell_m
        Side of the squares, or longest piece of street, in metres.

    Returns
    -------
    tuple
        Places (``COLUMNS``, most expected first) and, by square, the place that it is part of.
    """
    rows = cells.assign(
        recent=cells["cell"].map(recent.value_counts()).fillna(0),
        at=walked_together(cells, cell_m),
        grade=cells["evidence"].map(GRADES.index),
    )
    # A group that has a piece of street is called by it, not by what lies off it.
    off = rows["place"].str.startswith("Off ").fillna(value=False)
    named = rows["place"].mask(off).groupby(rows["at"]).first()
    rows["place"] = rows["at"].map(named).fillna(rows["place"])
    first = rows.groupby("at", sort=False)
    summed = first[["score", "reports", "recent", "expected"]].sum()
    grade = pd.Series(GRADES, dtype="string")[first["grade"].min()].to_numpy()
    kept = first[["place", "ward", "easting", "northing"]].first()
    places = kept.join(summed).assign(evidence=grade).rename_axis("cell").reset_index()
    places = places.sort_values("score", ascending=False, kind="stable")
    return (
        places[list(COLUMNS)].astype(COLUMNS).reset_index(drop=True),
        rows.set_index("cell")["at"],
    )


def quiet_streets(places: pd.DataFrame, streets: "gpd.GeoDataFrame", crs: str) -> pd.DataFrame:
    """Return streets with no report near them, to be visited in their turn.

    Parameters
    ----------
    places
        What has reports: ``easting``, ``northing``.
    streets
        Lines with ``street``, in the same metric system.
    crs
        That system.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``: a row per street name, at the middle of its lines; nothing expected there.
    """
    named = streets.dissolve(by="street", sort=True)
    middle = shapely.line_interpolate_point(
        shapely.line_merge(named.geometry.to_numpy()), 0.5, normalized=True
    )
    # A street in several pieces has no one middle; a point on it will do.
    lost = shapely.is_empty(middle) | shapely.is_missing(middle)
    middle = np.where(lost, shapely.point_on_surface(named.geometry.to_numpy()), middle)
    east, north = shapely.get_x(middle), shapely.get_y(middle)
    quiet = np.ones(len(named), dtype=bool)
    if len(places):
        reported = shapely.STRtree(shapely.points(places["easting"], places["northing"]))
        near = reported.query(named.geometry.to_numpy(), predicate="dwithin", distance=BESIDE_M)
        quiet[np.unique(near[0])] = False
    references = place_names(east, north, crs)
    street = pd.Series(named.index.astype(str), dtype="string")
    rows = _nothing_reported(
        cell="street " + street,
        place=street + " (" + references + ")",
        ward=pd.Series(pd.NA, index=street.index, dtype="string"),
        easting=pd.Series(east),
        northing=pd.Series(north),
    )
    return rows[quiet].reset_index(drop=True)


def whole_streets(
    places: pd.DataFrame, part_of: pd.Series, ground: "Streets", crs: str
) -> tuple[pd.DataFrame, pd.Series]:
    """Let every piece of street belong to a place, so that none is forgotten.

    Parameters
    ----------
    places, part_of
        As `ranked_places` returns them, for pieces of street.
    ground
        All pieces, with and without reports, and what is expected of each.
    crs
        Their metric system.

    Returns
    -------
    tuple
        Places, most expected first, and by piece the place that it is part of. A piece without
        reports is walked with the nearest place of its street; a street that has none is a place
        of its own, at its middle piece. ``score`` is what is expected of all a place's pieces.
    """
    known = ground.pieces
    at = known.cell.map(part_of)
    held = at.notna().to_numpy()
    lone = ~held & known.on_street
    # Streets lie apart in a third direction, so that the nearest is of the same street.
    corner = np.column_stack(
        [known.easting, known.northing, pd.factorize(known.street)[0] * BEYOND_M]
    )
    away, nearest = cKDTree(corner[held]).query(corner[lone])
    beside = at[held].to_numpy()[nearest]
    at[lone] = np.where(away < BEYOND_M / 2, beside, "street " + known.street[lone])
    own = np.flatnonzero(lone)[away >= BEYOND_M / 2]
    turn = pd.Series(own).groupby(at.iloc[own].to_numpy(), sort=True)
    middle = turn.median().astype(np.int64).to_numpy()
    expected = pd.Series(ground.share).groupby(at.to_numpy()).sum()
    east, north = known.easting[middle], known.northing[middle]
    street = known.street.iloc[middle].reset_index(drop=True)
    quiet = _nothing_reported(
        cell="street " + street,
        place=street + " (" + place_names(east, north, crs) + ")",
        ward=pd.Series(pd.NA, index=street.index, dtype="string"),
        easting=pd.Series(east),
        northing=pd.Series(north),
    )
    both = pd.concat([places, quiet], ignore_index=True)
    both["score"] = both["cell"].map(expected)
    ordered = both.sort_values("score", ascending=False, kind="stable", ignore_index=True)
    return ordered.astype(COLUMNS), at.set_axis(known.cell).dropna()


def in_wards(places: pd.DataFrame, wards: "gpd.GeoDataFrame") -> pd.DataFrame:
    """Fill in the wards of places that have none, by where they lie."""
    points = places[["easting", "northing"]].to_numpy(dtype=float)
    found = assign_wards(points, wards).set_axis(places.index)
    return places.assign(ward=places["ward"].fillna(found).astype("string"))


def ward_places(
    wards: "gpd.GeoDataFrame", reports: pd.DataFrame, recent: pd.DataFrame
) -> pd.DataFrame:
    """Return whole wards as places, where there are too few reports for anything smaller.

    Parameters
    ----------
    wards
        ``ward`` and outlines in metres.
    reports, recent
        Reports of the year and of its last 13 weeks, with ``ward``.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, most reports first. One is added to each ward's reports to score it (as if
        every ward had had one more), so that a ward with none is visited too.
    """
    name = wards["ward"].astype("string")
    inside = wards.geometry.representative_point()
    year = name.map(reports["ward"].value_counts()).fillna(0).astype("int64")
    late = name.map(recent["ward"].value_counts()).fillna(0).astype("int64")
    rows = pd.DataFrame(
        {
            "cell": "ward " + name,
            "place": "Anywhere in " + name,
            "ward": name,
            "easting": inside.x,
            "northing": inside.y,
            "score": year + 1.0,
            "reports": year,
            "recent": late,
            "expected": np.nan,
            "evidence": TOO_FEW,
        }
    ).astype(COLUMNS)
    return rows.sort_values(["score", "ward"], ascending=[False, True], ignore_index=True)


def _nothing_reported(**columns: pd.Series) -> pd.DataFrame:
    rows = pd.DataFrame(columns).assign(
        score=0.0, reports=0, recent=0, expected=np.nan, evidence=TOO_FEW
    )
    return rows[list(COLUMNS)].astype(COLUMNS)
