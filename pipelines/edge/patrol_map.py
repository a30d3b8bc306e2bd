"""The page a warden carries: map, list and ticks in one file that needs no signal."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import shapely
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipelines.edge.leaflet import leaflet_files

if TYPE_CHECKING:
    import geopandas as gpd

WGS84 = "EPSG:4326"
SIMPLIFY_M = 5.0
COLUMNS = ("Reference", "Visited", "When", "Place", "Square", "Minutes", "Done", "Found")
ACTIONS = ("sign", "bin", "stencil", "penalty notice", "spoke to owner", "cleaned up")


def patrol_page(
    page: Mapping[str, Any],
    stops: Sequence[Mapping[str, Any]],
    *,
    wards: "gpd.GeoDataFrame | None",
    streets: "gpd.GeoDataFrame | None",
    tiles: str | None = None,
) -> str:
    """Make the page.

    Parameters
    ----------
    page
        ``title``, ``summary``, ``legend``, ``notes``, ``footer``, ``nothing`` (why no visits are
        planned), ``finding`` (what the CSV says where something was found), ``key`` (of this
        week's ticks), ``file`` (name of the CSV) and ``minutes``.
    stops
        Plain values, one mapping per visit in order: ``reference``, ``number``, ``place``,
        ``cell``, ``ward``, ``shift`` (its title), ``word``, ``reason``, ``latitude``,
        ``longitude``.
    wards, streets
        Drawn below the places; any coordinate system.
    tiles
        Address of online tiles, off until the reader switches them on; none without it.

    Returns
    -------
    str
        HTML that asks for nothing else. Equal arguments give equal text.
    """
    numbered = [dict(stop) | {"at": at} for at, stop in enumerate(stops)]
    titles = list(dict.fromkeys(stop["shift"] for stop in numbered))
    script, styles = leaflet_files()
    host = "" if tiles is None else "https://" + urlsplit(tiles).netloc
    plan = {
        "key": page["key"],
        "file": page["file"],
        "minutes": page["minutes"],
        "columns": list(COLUMNS),
        "tiles": tiles,
        "stops": [dict(stop) for stop in stops],
        "wards": _shapes(wards, ["ward"]),
        "streets": _shapes(streets, []),
    }
    return (
        _environment()
        .get_template("patrol-map.html.j2")
        .render(
            **page,
            stops=numbered,
            shifts=[
                {"title": title, "stops": [stop for stop in numbered if stop["shift"] == title]}
                for title in titles
            ],
            actions=ACTIONS,
            tiles_host=host,
            plan_json=_script_safe(plan),
            leaflet_js=Markup(script),  # noqa: S704  (the library's own text)
            leaflet_css=Markup(styles),  # noqa: S704
            css=_own("patrol-map.css"),
            script=_own("patrol-map.js"),
        )
    )


def _script_safe(value: object) -> Markup:
    """Write JSON that can't end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  (escaped above)


def _own(name: str) -> Markup:
    loader = _environment().loader
    source = loader.get_source(_environment(), name)[0] if loader else ""
    return Markup(source)  # noqa: S704  (our own file, holds no data)


def _shapes(shapes: "gpd.GeoDataFrame | None", columns: list[str]) -> dict[str, Any]:
    """Return simplified outlines in degrees; six decimals are a tenth of a metre."""
    empty: dict[str, Any] = {"type": "FeatureCollection", "features": []}
    if shapes is None or shapes.empty:
        return empty
    simple = shapes.geometry.simplify(SIMPLIFY_M).to_crs(WGS84)
    rounded = shapely.set_precision(simple.to_numpy(), 1e-5, mode="pointwise")
    slim = shapes[[*columns, shapes.geometry.name]].set_geometry(
        type(shapes.geometry)(rounded, index=shapes.index, crs=WGS84)
    )
    if not columns:
        # Streets need no names here: one shape is far smaller than a thousand.
        slim = slim.dissolve().reset_index(drop=True)
    collection: dict[str, Any] = json.loads(slim.to_json(drop_id=True))
    return collection


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pipelines.edge", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
