"""The hotspot map: one HTML text that needs no internet, by folium and Leaflet."""

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import pandas as pd
from branca.element import Element, Figure
from folium.template import Template
from folium.utilities import JsCode

from insight.errors import InsightError
from insight.hotspots.note import where
from insight.hotspots.page import AFTER, BEFORE, ON_CELL, ON_POINT, ON_WARD, SCRIPT, STYLES, fill
from insight.hotspots.shapes import (
    left_out_points,
    place_shapes,
    street_lines,
    street_rates,
    sure_lines,
    ward_shapes,
)

if TYPE_CHECKING:
    from insight.hotspots.find import Hotspots

Style = Callable[[dict[str, Any]], dict[str, Any]]
# One hue from dark to light: told apart without colour vision, and in grey on paper.
CLASSES = ((10, "#7a0177", "first to tenth"), (25, "#dd3497", "eleventh to twenty-fifth"),
           (10**9, "#fbb4b9", "the rest of the list"))  # fmt: skip
NOTHING = "function () {}"
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
    base = ward_shapes(wards, crs, hotspots.wards)
    squares = place_shapes(cells, hotspots.streets, crs)
    lines = street_lines(hotspots.streets, crs)
    crosses = left_out_points(hotspots.fallback, crs)
    if base is not None:
        _layer(base, ON_WARD, _ward_style, interactive=False).add_to(chart)
    if lines is not None:
        _layer(lines, NOTHING, _street_style, interactive=False).add_to(chart)
        _layer(sure_lines(squares), NOTHING, _casing_style, interactive=False).add_to(chart)
    # Last drawn is on top, and the best place should be.
    best_last = squares.sort_values(["line", "rank"], ascending=[True, False])
    _layer(best_last, ON_CELL, _cell_style).add_to(chart)
    if not crosses.empty:
        # A marker would fetch its default picture; a dot needs none.
        dot = folium.CircleMarker(radius=3)
        dot.options["interactive"] = False  # folium has no argument for it
        _layer(crosses, ON_POINT, _point_style, interactive=False, marker=dot).add_to(chart)
    # A default location may lie forty kilometres off: it must not make the places tiny.
    shown_first = [shape for shape in (squares, base) if shape is not None and not shape.empty]
    _fit(chart, shown_first or [crosses])
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
    if place["line"]:
        dashes = {} if place["significant"] else {"dashArray": "6 5"}
        return {"color": colour, "weight": 7, "fill": False, "lineCap": "butt", **dashes}
    sure = {"color": "#000000", "weight": 3}
    chance = {"color": "#333333", "weight": 1, "dashArray": "3 3"}
    edge = sure if place["significant"] else chance
    return {"fillColor": colour, "fillOpacity": 0.85, **edge}


def _point_style(_: dict[str, Any]) -> dict[str, Any]:
    return {"color": "#000000", "weight": 1, "fillColor": "#ffffff", "fillOpacity": 1}


def _street_style(_: dict[str, Any]) -> dict[str, Any]:
    return {"color": "#8a8a8a", "weight": 1, "fill": False}


def _casing_style(_: dict[str, Any]) -> dict[str, Any]:
    return {"color": "#000000", "weight": 12, "fill": False, "lineCap": "butt"}


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
    by_street = hotspots.streets is not None
    kind = "pieces of street" if by_street else "squares"
    summary = (
        f"A map of the first {len(cells)} {kind}, "
        f"{f'{sure} of them' if sure else 'none'} with a thick edge because they clearly stand "
        "out. The list under the map holds the same places."
        if len(cells)
        else "A map of the area. There are no places to show on it."
    )
    columns = ["rank", "place", "ward", "reports", "expected", "evidence"]
    listed = cells[columns].assign(
        rate=street_rates(cells, hotspots.streets),
        within=cells["within_m"].map("{:.0f} m".format).where(cells["within_m"].notna(), ""),
        ward=cells["ward"].fillna(""),
        expected=cells["expected"].map("{:.1f}".format),
    )
    each = f"a square of {hotspots.cell_m:.0f} by {hotspots.cell_m:.0f} metres"
    if by_street:
        each = f"a piece of street, or off the streets {each}"
    fallback = hotspots.fallback
    points = fallback.assign(where=where(fallback, crs).to_numpy()) if len(fallback) else fallback
    previous, legend = 0, []
    for last, colour, words in CLASSES:
        if len(cells) > previous:
            legend.append({"colour": colour, "words": words})
        previous = last
    said = hotspots.said
    # Where nothing is ranked the note is all there is to read; else the map comes first.
    first, notes = (said[:1], said[1:]) if len(cells) else (said, ())
    before = fill(BEFORE, title=title, first=first, summary=summary)
    after = fill(
        AFTER,
        notes=notes,
        working=hotspots.working,
        legend=legend,
        caption=f"Each place is {each}. Choose one to see it on the map. “Usual nearby” is what "
        f"{'as long a piece of' if by_street else 'a square in use'} "
        f"{'the streets around' if by_street else 'around it'} would have. Weak evidence: chance "
        "could explain it; too few: too few reports to say.",
        places=listed.to_dict("records"),
        wards=bool(cells["ward"].notna().any()),
        by_street=by_street,
        placed=bool(cells["within_m"].notna().any()),
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
