"""The borough's ground: outline, wards, streets and postcodes, in British National Grid metres."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from insight.borough.plan import Plan
from insight.borough.words import STREET_KINDS, STREET_STEMS, WARDS

CRS = "EPSG:27700"
CENTRE = (386_000.0, 605_000.0)
"""Open moorland: nobody lives there, so that no invented event falls on a real household."""
AREA_M2 = 23_500_000.0
PEOPLE = 58_000
STREETS_A_WARD = 12
POSTCODES_A_STREET = 4

_INWARD_LETTERS = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))


@dataclass(frozen=True, slots=True)
class Ground:
    """Where things are.

    ``wards`` has ward_code, ward_name, population and polygons; ``streets`` street, ward,
    homes and lines; ``postcodes`` postcode, street, ward, easting and northing. `offices` is
    the point of the council's offices, where reports without a place end up.
    """

    wards: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    postcodes: pd.DataFrame
    offices: tuple[float, float]


def make_ground(plan: Plan) -> Ground:
    """Return the borough's ground; it depends on the plan's seed alone."""
    wards = make_wards(plan.stream("wards"))
    streets = make_streets(wards, plan.stream("streets"))
    postcodes = make_postcodes(streets, plan.stream("postcodes"))
    market = streets[streets["ward"] == "Tessenby Market"]
    high_street = market.geometry.iloc[int(market["homes"].argmax())]
    offices = high_street.interpolate(0.4, normalized=True)
    return Ground(wards, streets, postcodes, (round(offices.x, 1), round(offices.y, 1)))


def make_wards(rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return ten wards that cover the borough without gap or overlap."""
    outline = _outline(rng)
    sites = _spread_sites(outline, len(WARDS), rng)
    edges = shapely.voronoi_polygons(
        shapely.MultiPoint(sites), extend_to=outline.buffer(5000), only_edges=True
    )
    # Borders meet the outline uncut and are bent once, as lines, before they are closed to
    # faces: so no ward is left open, and neighbours keep the same vertices.
    network = shapely.union_all([edges, outline.exterior])
    bent = shapely.transform(shapely.segmentize(network, 80.0), _bend)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(bent)))
    inside = shapely.transform(outline, _bend)
    faces = faces[shapely.contains(inside, shapely.point_on_surface(faces))]
    faces = faces[np.argsort(shapely.get_x(shapely.centroid(faces)))]
    share = shapely.area(faces) ** 0.5 * rng.uniform(0.85, 1.15, len(faces))
    population = np.round(PEOPLE * share / share.sum(), -1).astype(np.int64)
    population[0] += PEOPLE - population.sum()
    codes = [f"E05999{number:03d}" for number in range(1, len(WARDS) + 1)]
    return gpd.GeoDataFrame(
        {"ward_code": codes, "ward_name": list(WARDS), "population": population},
        geometry=list(faces),
        crs=CRS,
    )


def _outline(rng: np.random.Generator) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    waves = np.arange(2, 6)
    size = rng.uniform(0.03, 0.09, len(waves))
    turn = rng.uniform(0, 2 * np.pi, len(waves))
    radius = 1 + (size * np.cos(np.outer(angle, waves) + turn)).sum(axis=1)
    ring = np.column_stack([1.25 * radius * np.cos(angle), radius * np.sin(angle)])
    scale = np.sqrt(AREA_M2 / shapely.Polygon(ring).area)
    return shapely.Polygon(ring * scale + CENTRE)


def _spread_sites(
    outline: shapely.Polygon, count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return points well apart: a few rounds of moving each to the middle of its cell."""
    sites = points_in(outline, count, rng)
    dense = points_in(outline, 4000, rng)
    for _ in range(6):
        nearest = np.linalg.norm(dense[:, None] - sites[None], axis=2).argmin(axis=1)
        sites = pd.DataFrame(dense).groupby(nearest).mean().to_numpy(dtype=np.float64)
    return sites


def _bend(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bend straight borders, as becks and old lanes would; smooth, so faces stay faces."""
    x, y = points[:, 0], points[:, 1]
    east = 70 * np.sin(y / 310) + 25 * np.sin(y / 95 + x / 400)
    north = 70 * np.sin(x / 350) + 25 * np.sin(x / 110 + y / 370)
    return np.round(np.column_stack([x + east, y + north]), 1)


def points_in(area: shapely.Geometry, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return `count` points spread evenly at random inside `area`."""
    west, south, east, north = area.bounds
    box = (east - west) * (north - south)
    tried = int(4 * count * box / area.area) + 100
    points = rng.uniform((west, south), (east, north), size=(tried, 2))
    inside: NDArray[np.float64] = points[shapely.contains_xy(area, points)]
    return inside[:count]


def make_streets(wards: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return twelve streets a ward: gently bent lines with homes along them."""
    count = STREETS_A_WARD
    middles = np.concatenate([points_in(ward.buffer(-130), count, rng) for ward in wards.geometry])
    total = len(middles)
    heading = rng.uniform(0, np.pi, total)
    half = rng.uniform(110, 330, total)
    bow = rng.uniform(-0.25, 0.25, total)
    along = np.linspace(-1, 1, 9)
    ahead = np.column_stack([np.cos(heading), np.sin(heading)])
    aside = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    offset = (half[:, None] * along)[..., None] * ahead[:, None]
    curve = (half[:, None] * bow[:, None] * (1 - along**2))[..., None] * aside[:, None]
    lines = shapely.linestrings(np.round(middles[:, None] + offset + curve, 1))
    inner = np.repeat(wards.geometry.buffer(-15).to_numpy(), count)
    lines = shapely.intersection(lines, inner)
    parts = gpd.GeoSeries(lines).explode()
    shortest_first = parts.iloc[parts.length.argsort(kind="stable")]
    longest = shortest_first[~shortest_first.index.duplicated(keep="last")].sort_index()
    names = _street_names(total, rng)
    people = np.repeat(wards["population"].to_numpy(), count)
    length = shapely.length(longest.to_numpy())
    of_ward = np.add.reduceat(length, np.arange(0, total, count)).repeat(count)
    return gpd.GeoDataFrame(
        {
            "street": names,
            "ward": np.repeat(wards["ward_name"].to_numpy(), count),
            "homes": np.maximum(people / 2.35 * length / of_ward, 20).astype(np.int64),
        },
        geometry=longest.to_numpy(),
        crs=CRS,
    )


def _street_names(count: int, rng: np.random.Generator) -> NDArray[np.str_]:
    """Return distinct names: each stem at most twice, never twice with the same kind."""
    stem = rng.permutation(np.arange(2 * len(STREET_STEMS)))[:count]
    first = rng.integers(len(STREET_KINDS), size=len(STREET_STEMS))
    kind = first[stem // 2] + 3 * (stem % 2)
    kinds = np.array(STREET_KINDS)[kind % len(STREET_KINDS)]
    return np.char.add(np.char.add(np.array(STREET_STEMS)[stem // 2], " "), kinds)


def make_postcodes(streets: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return four postcodes a street, in districts that Royal Mail has not assigned.

    The area is a true one, so that they look like postcodes to whatever looks for them.
    """
    each = STREETS_A_WARD * POSTCODES_A_STREET
    ward = np.arange(len(WARDS)).repeat(each)
    letters = rng.random((len(WARDS), len(_INWARD_LETTERS) ** 2)).argsort(axis=1)
    letters = letters[:, :each].ravel()
    pair = np.char.add(_INWARD_LETTERS[letters // 20], _INWARD_LETTERS[letters % 20])
    outward = np.char.add("TD", (91 + ward // 5).astype(str))
    inward = np.char.add((1 + ward % 5).astype(str), pair)
    lines = np.repeat(streets.geometry.to_numpy(), POSTCODES_A_STREET)
    along = np.tile((np.arange(POSTCODES_A_STREET) + 0.5) / POSTCODES_A_STREET, len(streets))
    points = shapely.line_interpolate_point(lines, along, normalized=True)
    return pd.DataFrame(
        {
            "postcode": np.char.add(np.char.add(outward, " "), inward),
            "street": np.repeat(streets["street"].to_numpy(), POSTCODES_A_STREET),
            "ward": np.repeat(streets["ward"].to_numpy(), POSTCODES_A_STREET),
            "easting": np.round(shapely.get_x(points)),
            "northing": np.round(shapely.get_y(points)),
        }
    )
