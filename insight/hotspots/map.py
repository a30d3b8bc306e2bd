"""The hotspot map: one HTML text that needs no internet, by folium and Leaflet."""

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import pandas as pd
import shapely
from branca.element import Element, Figure
from folium.template import Template
from folium.utilities import JsCode

from insight.errors import InsightError
from insight.hotspots.note import where
from insight.hotspots.page import AFTER, BEFORE, ON_CELL, ON_POINT, ON_WARD, SCRIPT, STYLES, fill

if TYPE_CHECKING:
    from insight.hotspots.find import Hotspots

WGS84 = "EPSG:4326"
Style = Callable[[dict[str, Any]], dict[str, Any]]
# One hue from dark to light: told apart without colour vision, and in grey on paper.
CLASSES = ((10, "#7a0177", "first to tenth"), (25, "#dd3497", "eleventh to twenty-fifth"),
           (10**9, "#fbb4b9", "the rest of the list"))  # fmt: skip
SIMPLIFY_M = 5.0
OUTSIDE_REQUEST = re.compile(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//")


class NotOfflineError(InsightError):
    """The map would ask the internet for something."""

    def __init__(self) -> None:
        super().__init__("The map would need the internet; folium has added a link of its own.")


class _Raw(Element):
    """Text put into the page as it is: branca would run it as a template."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self._name = "Raw"
        self.text = text


def hotspot_map(
    hotspots: "Hotspots",
    *,
    wards: gpd.GeoDataFrame | None,
    crs: str,
    title: str,
    leaflet_js: str,
    leaflet_css: str,
    shown: int = 50,
    attribution: str = "",
) -> str:
    """Draw hotspots over the wards, as a whole page that opens without a connection.

    Parameters
    ----------
    hotspots
        What `insight.hotspots.hotspots` found.
    wards
        Base layer: polygons with their name in ``ward``; any coordinate reference system.
    crs
        Coordinate reference system of the cells, in metres.
    title
        Title and heading of the page.
    leaflet_js, leaflet_css
        Leaflet itself, asking for no other file.
    shown
        How many places to draw and list; significant ones are always among them.
    attribution
        Whose boundaries they are.

    Returns
    -------
    str
        HTML. The same input gives the same text.

    Raises
    ------
    NotOfflineError
        If the page would ask the internet for anything.
    """
    cells = hotspots.cells
    cells = cells[(cells["rank"] <= shown) | cells["significant"]]
    figure = Figure(title=fill("{{ title }}", title=title))
    chart = folium.Map(
        location=[0, 0], tiles=None, zoom_start=12, maxZoom=19, minZoom=7, zoomSnap=0.25,
        attributionControl=False, control_scale=True, fadeAnimation=False,
    )  # fmt: skip
    chart.default_js, chart.default_css = [], []
    figure.add_child(chart)
    base = _ward_shapes(wards, crs)
    squares = _squares(cells, crs)
    points = _points(hotspots.fallback, crs)
    if base is not None:
        _layer(base, ON_WARD, _ward_style, interactive=False).add_to(chart)
    # Last drawn is on top, and the best place should be.
    _layer(squares.iloc[::-1], ON_CELL, _cell_style).add_to(chart)
    if not points.empty:
        # A marker would fetch its default picture; a dot needs none.
        dot = folium.CircleMarker(radius=3)
        dot.options["interactive"] = False  # folium has no argument for it
        _layer(points, ON_POINT, _point_style, interactive=False, marker=dot).add_to(chart)
    _fit(chart, [shape for shape in (squares, base, points) if shape is not None])
    page = _page(hotspots, cells, crs, title, attribution)
    figure.header.add_child(_Raw(f"<style>{leaflet_css}</style><script>{leaflet_js}</script>"))
    _number_ids(figure)
    return _whole(figure, chart, page)


def _whole(figure: Figure, chart: folium.Map, page: tuple[str, str]) -> str:
    """Render, then mend what folium fixes: language, zooming by hand, and page structure."""
    before, after = page
    html = str(figure.render())
    name = chart.get_name()
    opening, closing = f'<div class="folium-map" id="{name}" >', "</div>"
    start = html.index(opening)
    end = html.index(closing, start) + len(closing)
    html = html[:start] + before + html[start:end] + after + html[end:]
    script = "<script>" + SCRIPT.replace("MAP", name, 1) + "</script>"
    # Folium writes its script after the body; it belongs inside.
    html = html.replace("</body>", "", 1).replace("</html>", script + "</body></html>")
    html = html.replace("<html>", '<html lang="en-GB">', 1)
    html = html.replace("</head>", f"<style>{STYLES}</style></head>", 1)
    html = re.sub(
        r'<meta name="viewport"[^>]*>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        html,
        count=1,
    )
    if OUTSIDE_REQUEST.search(html):
        raise NotOfflineError
    # The template engine leaves trailing blanks; without them the text is the same anywhere.
    return re.sub(r"[ \t]+\n", "\n", html)


def _layer(
    shapes: gpd.GeoDataFrame,
    each: str,
    style: Style,
    *,
    interactive: bool = True,
    marker: folium.CircleMarker | None = None,
) -> folium.GeoJson:
    """Return a folium layer that runs `each` on every shape."""
    data = json.loads(shapes.to_json())
    return folium.GeoJson(
        data, style_function=style, on_each_feature=JsCode(each), control=False,
        interactive=interactive, marker=marker,
    )  # fmt: skip


def _ward_style(_: dict[str, Any]) -> dict[str, Any]:
    return {"color": "#555555", "weight": 1.5, "fillColor": "#f2f2ee", "fillOpacity": 1}


def _cell_style(feature: dict[str, Any]) -> dict[str, Any]:
    """Fill by rank; a thick edge where the evidence holds, a broken one where it doesn't."""
    place = feature["properties"]
    colour = next(colour for last, colour, _ in CLASSES if place["rank"] <= last)
    sure = {"color": "#000000", "weight": 3}
    chance = {"color": "#333333", "weight": 1, "dashArray": "3 3"}
    edge = sure if place["significant"] else chance
    return {"fillColor": colour, "fillOpacity": 0.85, **edge}


def _point_style(_: dict[str, Any]) -> dict[str, Any]:
    return {"color": "#000000", "weight": 1, "fillColor": "#ffffff", "fillOpacity": 1}


def _ward_shapes(wards: gpd.GeoDataFrame | None, crs: str) -> gpd.GeoDataFrame | None:
    """Wards in degrees, simplified together so that neighbours still meet; names only."""
    if wards is None or wards.empty:
        return None
    metres = wards[["ward", "geometry"]].to_crs(crs)
    simple = shapely.coverage_simplify(metres.geometry.to_numpy(), SIMPLIFY_M)
    return _degrees(metres.set_geometry(gpd.GeoSeries(simple, index=metres.index, crs=crs)))


def _squares(cells: pd.DataFrame, crs: str) -> gpd.GeoDataFrame:
    """Cells as squares in degrees, with the lines of their pop-up."""
    half = cells["cell_m"] / 2
    shapes = shapely.box(
        cells["easting"] - half, cells["northing"] - half,
        cells["easting"] + half, cells["northing"] + half,
    )  # fmt: skip
    ward = cells["ward"].fillna("")
    lines = pd.DataFrame(
        {
            "title": "Place " + cells["rank"].astype("string") + ": " + cells["place"],
            "ward": ward.where(ward == "", "Ward: " + ward),
            "reports": "Reports: " + cells["reports"].astype("string"),
            "usual": "Usual nearby: " + cells["expected"].map("{:.1f}".format).astype("string"),
            "evidence": "Evidence: " + cells["evidence"],
            "changing": "By month: " + cells["emerging"],
        }
    )
    texts = [[line for line in row if line] for row in lines.to_numpy().tolist()]
    facts = cells[["rank", "significant"]].assign(lines=pd.Series(texts, cells.index, dtype=object))
    return _degrees(gpd.GeoDataFrame(facts, geometry=shapes, crs=crs))


def _points(fallback: pd.DataFrame, crs: str) -> gpd.GeoDataFrame:
    """Return default locations as points in degrees."""
    points = gpd.points_from_xy(fallback["easting"], fallback["northing"], crs=crs)
    return _degrees(gpd.GeoDataFrame(geometry=points))


def _degrees(shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """To degrees with six decimals: a tenth of a metre, and the same text on any machine."""
    degrees = shapes.to_crs(WGS84)
    rounded = shapely.set_precision(degrees.geometry.to_numpy(), 1e-6, mode="pointwise")
    return degrees.set_geometry(gpd.GeoSeries(rounded, index=degrees.index, crs=WGS84))


def _fit(chart: folium.Map, layers: list[gpd.GeoDataFrame]) -> None:
    """Show all layers; the British Isles where there is nothing to show."""
    bounds = [layer.total_bounds for layer in layers if not layer.empty]
    frame = pd.DataFrame(bounds, columns=["west", "south", "east", "north"])
    if frame.empty:
        frame.loc[0] = [-8.0, 50.0, 2.0, 59.0]
    low, high = frame.min(), frame.max()
    chart.fit_bounds(
        [[float(low["south"]), float(low["west"])], [float(high["north"]), float(high["east"])]]
    )


def _page(
    hotspots: "Hotspots", cells: pd.DataFrame, crs: str, title: str, attribution: str
) -> tuple[str, str]:
    """Return what stands before and after the map."""
    sure = int(cells["significant"].sum())
    summary = (
        f"A map of {len(cells)} numbered squares, {sure} of them with a thick edge because they "
        "clearly stand out. The list under the map holds the same places."
        if len(cells)
        else "A map of the area. There are no places to show on it."
    )
    columns = ["rank", "place", "ward", "reports", "expected", "evidence"]
    listed = cells[columns].assign(
        ward=cells["ward"].fillna(""),
        expected=cells["expected"].map("{:.1f}".format),
    )
    side = f"{hotspots.cell_m:.0f}"
    fallback = hotspots.fallback
    points = fallback.assign(where=where(fallback, crs).to_numpy()) if len(fallback) else fallback
    previous, legend = 0, []
    for last, colour, words in CLASSES:
        if len(cells) > previous:
            legend.append({"colour": colour, "words": words})
        previous = last
    before = fill(
        BEFORE, title=title, note=hotspots.note, working=hotspots.working, summary=summary
    )
    after = fill(
        AFTER,
        legend=legend,
        caption=f"Each place is a square of {side} by {side} metres. Choose one to see it on the "
        "map. “Usual nearby” is what a square in use around it would have. Weak evidence: chance "
        "could explain it; too few: too few reports to say.",
        places=listed.to_dict("records"),
        wards=bool(cells["ward"].notna().any()),
        fallback=points.to_dict("records"),
        attribution=attribution,
    )
    return before, after


def _number_ids(figure: Figure) -> None:
    """Replace branca's random ids by counted ones, so that equal maps are equal files."""
    waiting: list[Element] = [figure.script, figure.html, figure.header, figure]
    count = 0
    while waiting:
        element = waiting.pop()
        count += 1
        element._id = f"{count:08d}"  # its only way to set an id
        waiting.extend(element._children.values())
