"""A small map of numbered places that prints, needs no tiles and opens anywhere."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipelines.edge import page_parts as say

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

NATIONAL_GRID = "EPSG:27700"
WIDTH = 640.0  # drawing units
TALLEST = 720.0
MARGIN = 28.0
AROUND_M = 400.0  # metres of ground around the outermost place, where there are no wards
GRID_STEPS_M = (100, 1_000, 10_000)
MOST_GRID_LINES = 12  # across; more would hide the streets
SCALE_BARS_M = (5000, 2000, 1000, 500, 200, 100)
PIN_HEIGHT = 34.0
PIN_SPACING = 44.0  # leaves room for a phone, where pins are drawn larger
CHARACTER = 9.0  # width of a digit in a pin
LONG_NAME = 9  # characters that fit on one line of a small ward
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # the National Grid has no I


@dataclass(frozen=True, slots=True)
class Pin:
    """The numbers of one place, or of several too near to tell apart, and where they stand."""

    numbers: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """A drawing: outlines as SVG paths, ward names and numbered pins with their positions."""

    width: float
    height: float
    outlines: tuple[str, ...]
    names: tuple[tuple[tuple[str, ...], float, float], ...]
    pins: tuple["Pin", ...]
    bar_length: float
    bar_words: str
    title: str
    description: str
    streets: str = ""
    grid: str = ""
    grid_labels: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _Frame:
    """Turns metres into drawing units; north is up."""

    west: float
    north: float
    scale: float

    def place(self, easting: float, northing: float) -> tuple[float, float]:
        return (
            round(MARGIN + (easting - self.west) * self.scale, 1),
            round(MARGIN + (self.north - northing) * self.scale, 1),
        )


def place_map(
    places: pd.DataFrame,
    wards: "gpd.GeoDataFrame | None",
    *,
    source: str,
    streets: "gpd.GeoDataFrame | None" = None,
    width: float = WIDTH,
    around_m: float = AROUND_M,
) -> PlaceMap | None:
    """Lay out ranked places over ward outlines.

    Parameters
    ----------
    places
        ``rank``, ``easting``, ``northing`` (metres) and ``crs``, in the order of their pins.
    wards
        Outlines in the same system, named in ``ward``; else only the pins are drawn.
    source
        What was reported, for the drawing's title.
    streets
        Lines in the same system, drawn as one path below the rest.
    width
        In drawing units; a pin has the same size in each.
    around_m
        Metres of ground around the outermost place, where there are no wards.

    Returns
    -------
    PlaceMap or None
        Nothing to draw gives nothing.
    """
    if places.empty:
        return None
    if wards is not None and wards.crs != places["crs"].iloc[0]:
        wards = None  # outlines in another system would be drawn in the wrong place
    west, south, east, north = _bounds(places, wards, around_m)
    grid_known = str(places["crs"].iloc[0]).upper() == NATIONAL_GRID
    scale = min(
        (width - 2 * MARGIN) / max(east - west, 1.0),
        (TALLEST * width / WIDTH - 2 * MARGIN) / max(north - south, 1.0),
    )
    frame = _Frame(west, north, scale)
    outlines, names = _wards(wards, frame)
    spots = zip(places["rank"], places["easting"], places["northing"], strict=True)
    pins = [(say.count(rank), *frame.place(x, y)) for rank, x, y in spots]
    grid, labels = _grid(frame, (west, south, east, north)) if grid_known else ("", ())
    bar = next((m for m in SCALE_BARS_M if m * scale <= width / 4), SCALE_BARS_M[-1])
    return PlaceMap(
        width=round(2 * MARGIN + (east - west) * scale, 1),
        height=round(2 * MARGIN + (north - south) * scale, 1),
        outlines=outlines,
        names=names,
        pins=_together(pins),
        bar_length=round(bar * scale, 1),
        bar_words=f"{bar // 1000} km" if bar >= 1000 else f"{bar} m",
        title=f"Where the numbered places are: {say.label(source)}",
        description=(
            f"{say.plural(len(places), 'numbered place')}"
            f"{' within the ward boundaries' if outlines else ''}, north at the top. "
            "The list gives each number's street, ward and grid reference."
        ),
        streets=_streets(streets, frame, (west, south, east, north)),
        grid=grid,
        grid_labels=labels,
    )


def _bounds(
    places: pd.DataFrame, wards: "gpd.GeoDataFrame | None", around_m: float
) -> tuple[float, float, float, float]:
    west, east = places["easting"].min() - around_m, places["easting"].max() + around_m
    south, north = places["northing"].min() - around_m, places["northing"].max() + around_m
    if wards is not None and len(wards):
        west, south, east, north = (float(edge) for edge in wards.total_bounds)
    return float(west), float(south), float(east), float(north)


def _wards(
    wards: "gpd.GeoDataFrame | None", frame: _Frame
) -> tuple[tuple[str, ...], tuple[tuple[tuple[str, ...], float, float], ...]]:
    if wards is None or wards.empty:
        return (), ()
    ordered = wards.sort_values("ward", kind="stable")
    plain = ordered.geometry.simplify(0.5 / frame.scale)  # half a drawing unit
    inside = ordered.geometry.representative_point()
    names = zip(ordered["ward"], inside.x, inside.y, strict=True)
    return (
        tuple(_path(shape, frame) for shape in plain),
        tuple((_lines(say.text(name)), *frame.place(x, y)) for name, x, y in names),
    )


def _grid(
    frame: _Frame, bounds: tuple[float, float, float, float]
) -> tuple[str, tuple[tuple[str, float, float], ...]]:
    """Draw the National Grid's lines, each with the figures that a grid reference has for it."""
    west, south, east, north = bounds
    span = max(east - west, north - south)
    step = next((m for m in GRID_STEPS_M if span / m <= MOST_GRID_LINES), GRID_STEPS_M[-1])
    digits = 3 if step == GRID_STEPS_M[0] else 2
    paths, labels = [], []
    for line in range(math.ceil(west / step) * step, int(east) + 1, step):
        (x, top), (_, foot) = frame.place(line, north), frame.place(line, south)
        paths.append(f"M{x:g} {top:g}V{foot:g}")
        labels.append((f"{line % 100_000:05d}"[:digits], x, top - 8))
    for line in range(math.ceil(south / step) * step, int(north) + 1, step):
        (left, y), (right, _) = frame.place(west, line), frame.place(east, line)
        paths.append(f"M{left:g} {y:g}H{right:g}")
        labels.append((f"{line % 100_000:05d}"[:digits], left - 14, y + 4))
    return "".join(paths), tuple(labels)


def _streets(
    streets: "gpd.GeoDataFrame | None", frame: _Frame, bounds: tuple[float, float, float, float]
) -> str:
    """Write the streets within the drawing as one path."""
    if streets is None or streets.empty:
        return ""
    plain = streets.geometry.clip_by_rect(*bounds).simplify(0.5 / frame.scale)
    corners = plain[~plain.is_empty].explode(ignore_index=True).get_coordinates()
    x = (MARGIN + (corners["x"] - frame.west) * frame.scale).map("{:.1f}".format)
    y = (MARGIN + (frame.north - corners["y"]) * frame.scale).map("{:.1f}".format)
    points = (x + " " + y).reset_index(drop=True)
    first = corners.index.to_series().ne(corners.index.to_series().shift()).reset_index(drop=True)
    return "".join(("M" + points).where(first, "L" + points))


def _together(spots: list[tuple[str, float, float]]) -> tuple[Pin, ...]:
    """Give neighbours that would cover one another one pin, where the first of them is."""
    groups: list[list[tuple[str, float, float]]] = []
    for spot in spots:
        near = (g for g in groups if _cover(g, spot))
        if (group := next(near, None)) is None:
            groups.append([spot])
        else:
            group.append(spot)
    return tuple(_pin(group) for group in groups)


def _cover(group: list[tuple[str, float, float]], spot: tuple[str, float, float]) -> bool:
    """Whether a pin of its own for `spot` would lie over the group's, which grows with it."""
    pin = _pin(group)
    beside = abs(pin.x - spot[1]) < (pin.width + PIN_HEIGHT) / 2
    level = abs(pin.y - spot[2]) < PIN_HEIGHT
    return (beside and level) or math.dist((pin.x, pin.y), spot[1:]) < PIN_SPACING


def _pin(group: list[tuple[str, float, float]]) -> Pin:
    numbers = ", ".join(number for number, _, _ in group)
    width = max(PIN_HEIGHT, CHARACTER * len(numbers) + PIN_HEIGHT / 2)
    return Pin(numbers, *group[0][1:], width)


def _lines(name: str) -> tuple[str, ...]:
    """Break a long name into two lines of much the same length."""
    gaps = [at for at, character in enumerate(name) if character == " "]
    if len(name) <= LONG_NAME or not gaps:
        return (name,)
    middle = min(gaps, key=lambda at: abs(at - len(name) / 2))
    return name[:middle], name[middle + 1 :]


def _path(shape: "BaseGeometry", frame: _Frame) -> str:
    """Write a shape's rings as one SVG path."""
    polygons: list[Any] = list(getattr(shape, "geoms", [shape]))
    rings = [
        ring
        for polygon in polygons
        if polygon.geom_type == "Polygon"
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    drawn = [[frame.place(x, y) for x, y, *_ in ring.coords[:-1]] for ring in rings]
    return "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z" for points in drawn)


def grid_reference(easting: float, northing: float) -> str:
    """Write an Ordnance Survey grid reference to 100 metres, or nothing off the grid.

    Parameters
    ----------
    easting, northing
        Metres on the British National Grid (EPSG:27700).

    Examples
    --------
    >>> grid_reference(461525, 300125)
    'SK 615 001'
    """
    if not (0 <= easting < 700_000 and 0 <= northing < 1_300_000):
        return ""
    # Letters name 5 by 5 squares from the north-west corner; the grid's origin is the
    # south-west corner of square SV.
    column, row = int(easting // 100_000), int(northing // 100_000)
    first = LETTERS[(3 - row // 5) * 5 + column // 5 + 2]
    second = LETTERS[(4 - row % 5) * 5 + column % 5]
    east, north = int(easting % 100_000 // 100), int(northing % 100_000 // 100)
    return f"{first}{second} {east:03d} {north:03d}"
