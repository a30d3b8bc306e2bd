"""Made-up boroughs whose truth is known: where reports come from, and how that changes.

Nothing here is real. A borough is 4.9 by 4.9 kilometres with an uneven edge (about 23 square
kilometres); its background lies along streets of unequal traffic; hotspots are round, of unequal
size and weight; some appear and some fade in the second year; there are more reports in winter.
`KINDS` are boroughs of other kinds, for trying whether a map of one without a hotspot is blank.
"""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy import special

Floats = npt.NDArray[np.float64]
SIDE_M, WEST, SOUTH = 4_900.0, 460_000.0, 298_000.0
DAYS, NOISE_M, SHARE = 728, 12.0, 0.3
FINE_M = 25.0
# Options of `make_borough`: none of these kinds of streets or seasons is a hotspot.
KINDS: dict[str, dict[str, Any]] = {
    "usual": {},
    "unequal": {"traffic_shape": 1.0},
    "very unequal": {"traffic_shape": 0.5},
    "long-tailed": {"traffic_tail": 1.0},
    "longer-tailed": {"traffic_tail": 1.5},
    "long-tailed, open ground": {"traffic_tail": 1.0, "off_street": 0.4},
    "few streets, unequal": {"streets": 90, "traffic_shape": 1.0},
    "clustered": {"estates": 8},
    "clustered, unequal": {"estates": 8, "traffic_shape": 1.0},
    "clustered, long-tailed": {"estates": 8, "traffic_tail": 1.0},
    "winter": {"season": 0.9},
    "slope": {"slope": 3.0},
    "town centre": {"centre": 3.0},
    "open ground": {"off_street": 1.0, "centre": 3.0},
    "equal streets": {"traffic_shape": 50.0, "off_street": 0.05},
}


@dataclass(frozen=True, slots=True)
class Borough:
    """One borough; `share` of its reports come from hotspots.

    `born` and `gone` are each hotspot's first and last day, in days from the beginning.
    `off_street` of the background lies anywhere; `season` is how far midwinter lies above the
    mean; the background falls by factors of e: `slope` from east to west, `centre` from the middle
    to the middle of a side.
    """

    area: gpd.GeoDataFrame
    start: Floats
    end: Floats
    traffic: Floats
    centres: Floats
    spread_m: Floats
    weight: Floats
    born: Floats
    gone: Floats
    share: float
    off_street: float = 0.15
    season: float = 1 / 3
    slope: float = 0.0
    centre: float = 0.0

    def reports(self, count: int, seed: int) -> tuple[Floats, Floats, Floats]:
        """Return easting, northing and day (from 0, oldest first) of about `count` reports."""
        rng = np.random.default_rng([seed, count])
        day = _season(rng, count, self.season)
        from_spot = rng.random(count) < self.share
        spot = rng.choice(max(len(self.weight), 1), count, p=_shares(self.weight))
        # A hotspot that isn't there that day leaves its report to the background.
        if len(self.weight):
            from_spot &= (day >= self.born[spot]) & (day < self.gone[spot])
        points = self._background_points(rng, count)
        if len(self.weight):
            hot = spot[from_spot]
            scatter = rng.normal(0, 1, (len(hot), 2)) * self.spread_m[hot, None]
            points[from_spot] = self.centres[hot] + scatter
        kept = _within(self.area, points)
        order = np.argsort(day[kept], kind="stable")
        points, day = points[kept][order], day[kept][order]
        return points[:, 0] + WEST, points[:, 1] + SOUTH, day

    def intensity(self, first: float, last: float, cell_m: float) -> tuple[Floats, Floats]:
        """Return background and hotspots' mean share of a day's reports, by square cell.

        Rows run from south to north and columns from west to east, from `WEST` and `SOUTH`.
        """
        steps = round(SIDE_M / FINE_M)
        fine = self._background(steps)
        edges = np.arange(steps + 1) * FINE_M
        lit = np.minimum(self.gone, last) - np.maximum(self.born, first)
        lit = np.clip(lit / (last - first), 0, 1)
        hot = np.zeros_like(fine)
        each = self.share * _shares(self.weight) if len(self.weight) else np.empty(0)
        for centre, spread, part in zip(self.centres, self.spread_m, each * lit, strict=True):
            across, along = (np.diff(special.ndtr((edges - middle) / spread)) for middle in centre)
            hot += part * along[:, None] * across[None, :]
        fine = fine * (1 - (each * lit).sum())
        times = round(cell_m / FINE_M)
        wide = steps // times
        shape = (wide, times, wide, times)
        cut = wide * times
        return (
            fine[:cut, :cut].reshape(shape).sum(axis=(1, 3)),
            hot[:cut, :cut].reshape(shape).sum(axis=(1, 3)),
        )

    def _background_points(self, rng: np.random.Generator, count: int) -> Floats:
        """Points of the background, thinned to its slope and its town centre."""
        if not self.slope and not self.centre:
            return self._along_streets(rng, count)
        kept = np.empty((0, 2))
        while len(kept) < count:
            points = self._along_streets(rng, count)
            from_middle = np.hypot(*(points.T / SIDE_M - 0.5)) * 2
            fall = self.slope * (1 - points[:, 0] / SIDE_M) + self.centre * from_middle
            kept = np.concatenate([kept, points[rng.random(count) < np.exp(-np.maximum(fall, 0))]])
        return kept[:count]

    def _along_streets(self, rng: np.random.Generator, count: int) -> Floats:
        """Points of the background: along streets by their traffic, some anywhere at all."""
        street = rng.choice(len(self.traffic), count, p=_shares(self.traffic))
        way = rng.random((count, 1))
        points = self.start[street] + (self.end[street] - self.start[street]) * way
        points += rng.normal(0, NOISE_M, (count, 2))
        anywhere = rng.random(count) < self.off_street
        points[anywhere] = rng.random((int(anywhere.sum()), 2)) * SIDE_M
        return points

    def _background(self, steps: int) -> Floats:
        """Share of the background in each fine cell, from many points along the streets."""
        rng = np.random.default_rng(0)
        many = 1_500_000
        points = self._background_points(rng, many)
        points = points[_within(self.area, points)]
        cell = np.floor(points / FINE_M).astype(int)
        flat = np.bincount(cell[:, 1] * steps + cell[:, 0], minlength=steps * steps)
        return flat.reshape(steps, steps) / len(points)


def make_borough(
    seed: int,
    *,
    hotspots: int = 24,
    share: float = SHARE,
    traffic_shape: float = 2.0,
    traffic_tail: float = 0.0,
    estates: float = 0,
    streets: int = 300,
    **kind: float,
) -> Borough:
    """Return a borough; without hotspots its background is all there is.

    `traffic_shape` is that of the gamma of streets' traffic a metre: less is more unequal. With
    `traffic_tail` traffic is lognormal of that standard deviation. Streets begin about the middles
    of so many `estates`, or anywhere. `kind` is for `Borough`.
    """
    rng = np.random.default_rng([seed, 7])
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    edge = np.column_stack([np.cos(angles), np.sin(angles)])
    reach = SIDE_M / 2 * np.clip(1.24 + rng.normal(0, 0.05, 40), 1.1, 1.4)
    ring = np.clip(SIDE_M / 2 + edge * reach[:, None], 0, SIDE_M)
    area = gpd.GeoDataFrame(
        geometry=[shapely.Polygon(ring + np.array([WEST, SOUTH]))],
        crs="EPSG:27700",
    )
    start = rng.random((streets, 2)) * SIDE_M
    other = np.random.default_rng([seed, 8])  # so that a borough of the usual kind stays as it is
    if estates:
        middle = other.random((int(estates), 2)) * SIDE_M
        start = middle[other.integers(len(middle), size=streets)]
        start += other.normal(0, SIDE_M / 12, (streets, 2))
    angle = rng.choice([0, np.pi / 2], streets) + rng.normal(0, 0.15, streets)
    length = rng.gamma(3, 110, streets)
    end = start + np.column_stack([np.cos(angle), np.sin(angle)]) * length[:, None]
    traffic = length * rng.gamma(traffic_shape, 1 / traffic_shape, streets)
    if traffic_tail:
        traffic = length * other.lognormal(0, traffic_tail, streets)
    centres = np.empty((0, 2))
    while len(centres) < hotspots:
        street = rng.choice(streets, p=_shares(traffic))
        point = start[street] + (end[street] - start[street]) * rng.random()
        apart = np.hypot(*(centres - point).T).min(initial=np.inf)
        if apart > 300 and _within(area, point[None])[0]:
            centres = np.vstack([centres, point])
    spread = rng.uniform(25, 50, hotspots)
    weight = rng.gamma(6, 1 / 6, hotspots)
    born, gone = np.zeros(hotspots), np.full(hotspots, np.inf)
    appearing, fading = round(hotspots * 0.2), round(hotspots * 0.2)
    born[:appearing] = rng.uniform(370, 540, appearing)
    gone[appearing : appearing + fading] = rng.uniform(370, 540, fading)
    share = share if hotspots else 0.0
    return Borough(area, start, end, traffic, centres, spread, weight, born, gone, share, **kind)


def _season(rng: np.random.Generator, count: int, above: float) -> Floats:
    """Days of reports: `above` of the mean more in midwinter, as much fewer in midsummer."""
    days = np.arange(DAYS)
    weight = 1 + above * np.cos(2 * np.pi * days / 365)
    return rng.choice(days, count, p=weight / weight.sum()) + rng.random(count)


def _shares(weight: Floats) -> Floats:
    return weight / weight.sum() if len(weight) else np.ones(1)


def _within(area: gpd.GeoDataFrame, points: Floats) -> npt.NDArray[np.bool_]:
    shape = area.geometry.iloc[0]
    shapely.prepare(shape)
    return np.asarray(shapely.contains_xy(shape, points[:, 0] + WEST, points[:, 1] + SOUTH))
