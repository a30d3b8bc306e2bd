"""What the hotspot map draws: wards, streets, places and crosses, in degrees."""

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from insight.hotspots.emerging import class_in_words

if TYPE_CHECKING:
    from insight.hotspots.by_street import Streets

WGS84 = "EPSG:4326"
SIMPLIFY_M = 5.0
MOST_LINES = 12_000  # pieces of street drawn as ground: the page stays under 3 MB


def ward_shapes(
    wards: gpd.GeoDataFrame | None, crs: str, counts: pd.Series | None = None
) -> gpd.GeoDataFrame | None:
    """Wards in degrees, simplified together so that neighbours still meet; names and `counts`."""
    if wards is None or wards.empty:
        return None
    metres = wards[["ward", "geometry"]].to_crs(crs)
    if counts is not None:
        number = metres["ward"].map(counts).fillna(0).astype("int64").astype("string")
        metres["ward"] = metres["ward"] + ": " + number
    simple = shapely.coverage_simplify(metres.geometry.to_numpy(), SIMPLIFY_M)
    return degrees(metres.set_geometry(gpd.GeoSeries(simple, index=metres.index, crs=crs)))


def place_shapes(cells: pd.DataFrame, streets: "Streets | None", crs: str) -> gpd.GeoDataFrame:
    """Squares, or pieces of street, in degrees, with the lines of their pop-up."""
    shapes = place_outlines(cells, streets)
    line = shapely.area(shapes) == 0
    rate = street_rates(cells, streets)
    rate = rate.where(rate.eq(""), ", " + rate + " by 100 metres of street")
    within = cells["within_m"].map("{:.0f} metres".format).astype("string")
    ward = cells["ward"].fillna("")
    lines = pd.DataFrame(
        {
            "title": "Place " + cells["rank"].astype("string") + ": " + cells["place"],
            "ward": ward.where(ward == "", "Ward: " + ward),
            "reports": "Reports: " + cells["reports"].astype("string") + rate,
            "within": ("Placed within about " + within).where(cells["within_m"].notna(), ""),
            "usual": "Usual nearby: " + cells["expected"].map("{:.1f}".format).astype("string"),
            "evidence": "Evidence: " + cells["evidence"],
            "changing": "By month: " + cells["emerging"].map(class_in_words),
        }
    )
    texts = [[line for line in row if line] for row in lines.to_numpy().tolist()]
    facts = cells[["rank", "significant"]].assign(
        lines=pd.Series(texts, cells.index, dtype=object), line=line
    )
    return degrees(gpd.GeoDataFrame(facts, geometry=shapes, crs=crs))


def place_outlines(cells: pd.DataFrame, streets: "Streets | None") -> np.ndarray:
    """Return the square of each place, or its piece of street, in metres."""
    if streets is not None:
        pieces = pd.Series(streets.pieces.shape, index=streets.pieces.cell.to_numpy())
        return pieces.reindex(cells["cell"]).to_numpy()
    half = cells["cell_m"] / 2
    return np.asarray(
        shapely.box(
            cells["easting"] - half, cells["northing"] - half,
            cells["easting"] + half, cells["northing"] + half,
        )
    )  # fmt: skip


def street_rates(cells: pd.DataFrame, streets: "Streets | None") -> pd.Series:
    """Return reports by 100 metres of street as text; blank off the streets."""
    blank = pd.Series("", index=cells.index, dtype="string")
    if streets is None:
        return blank
    on_street = set(streets.pieces.cell[streets.pieces.on_street])
    rate = (cells["reports"] / cells["cell_m"] * 100).map("{:.1f}".format).astype("string")
    return rate.where(cells["cell"].isin(on_street), blank)


def street_lines(streets: "Streets | None", crs: str) -> gpd.GeoDataFrame | None:
    """All streets as one shape in degrees, to find one's way by; nothing where there are many."""
    if streets is None:
        return None
    lines = streets.pieces.shape[streets.pieces.on_street]
    if len(lines) > MOST_LINES:
        lines = lines[:0]
    joined = shapely.line_merge(shapely.multilinestrings(lines))
    simple = shapely.simplify(joined, SIMPLIFY_M)
    return degrees(gpd.GeoDataFrame(geometry=[simple], crs=crs))


def sure_lines(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the lines of clear places, for the black edge below them."""
    return places.loc[places["line"] & places["significant"], ["geometry"]]


def left_out_points(fallback: pd.DataFrame, crs: str) -> gpd.GeoDataFrame:
    """Return default locations as points in degrees."""
    crosses = gpd.points_from_xy(fallback["easting"], fallback["northing"], crs=crs)
    return degrees(gpd.GeoDataFrame(geometry=crosses))


def degrees(shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """To degrees with six decimals: a tenth of a metre, and the same text on any machine."""
    degrees = shapes.to_crs(WGS84)
    rounded = shapely.set_precision(degrees.geometry.to_numpy(), 1e-6, mode="pointwise")
    return degrees.set_geometry(gpd.GeoSeries(rounded, index=degrees.index, crs=WGS84))
