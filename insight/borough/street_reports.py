"""Reports of fouling, litter and fly-tipping, with true hotspots and a false one."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from insight.borough.clock import ANY_DAY, Times, at_seconds, times_in
from insight.borough.files import Batch, Export, Form, monthly_extracts, pack
from insight.borough.grammar import Texts, write
from insight.borough.ground import CRS, Ground
from insight.borough.plan import Plan
from insight.borough.report_phrases import REPORTS

MONTHLY = {"Litter": 30, "Fly-tipping": 26, "Pothole": 9, "Street light out": 5}
"""Mean reports a month beside dog fouling; the last two are the county council's business."""
COUNTY = ("Pothole", "Street light out")
DAYS_TO_CLOSE = {
    "Dog fouling": 1.6, "Litter": 2.5, "Fly-tipping": 4.0, "Pothole": 20.0,
    "Street light out": 12.0,
}  # fmt: skip
FALLBACK_SHARE = 0.15
"""Share of fouling reports without a place: enough to look like the worst hotspot of all."""
DARK_MONTHS = (11, 12, 1, 2)

EXPORT = Export(
    source="fixmystreet",
    form=Form("csv", "utf-8-sig"),
    key=("Report ID",),
    spoilers=(
        ("Created", "31/02/2026 25:10"),
        ("Latitude", "0.000000"),
        ("Device Type", "carrier pigeon"),
    ),
    fresh="Report ID",
    leave_out={"Category": COUNTY},
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A planted hotspot: where fouling really is, and how that changes."""

    kind: Literal["steady", "emerging", "cooling"]
    street: str
    ward: str
    easting: float
    northing: float
    spread_m: float = 40.0

    def share(self, age: int) -> float:
        """Return its share of the month's fouling reports, `age` months before the last."""
        if self.kind == "emerging":
            return 0.16 if age < 3 else 0.0
        if self.kind == "cooling":
            return 0.16 if age >= 8 else 0.02
        return 0.14


def make_spots(plan: Plan, ground: Ground) -> list[Spot]:
    """Return three steady hotspots, with a year or more also an emerging and a cooling one.

    They lie on streets of different wards, at least 800 m from one another and from the offices.
    """
    kinds: list[Literal["steady", "emerging", "cooling"]] = ["steady"] * 3
    if plan.months >= 12:
        kinds += ["emerging", "cooling"]
    middles = shapely.line_interpolate_point(
        ground.streets.geometry.to_numpy(), 0.5, normalized=True
    )
    points = np.column_stack([shapely.get_x(middles), shapely.get_y(middles)]).round(1)
    order = plan.stream("spots").permutation(len(points))
    taken = np.array([ground.offices])
    spots: list[Spot] = []
    for place in order:
        street = ground.streets.iloc[place]
        far = np.linalg.norm(taken - points[place], axis=1).min() >= 800
        if far and street["ward"] not in {spot.ward for spot in spots}:
            kind = kinds[len(spots)]
            spots.append(Spot(kind, street["street"], street["ward"], *points[place].tolist()))
            taken = np.vstack([taken, points[place]])
        if len(spots) == len(kinds):
            break
    return spots


def make_reports(
    plan: Plan, ground: Ground, people: pd.DataFrame, spots: list[Spot]
) -> pd.DataFrame:
    """Return all reports of all months.

    Returns
    -------
    pandas.DataFrame
        One row per report: report_id, reported_at (local), category, easting, northing,
        latitude, longitude, ward, street, title, detail, reporter, device, closed_at, and
        ``planted``: ``background``, ``spot 1`` and so on, or ``fallback``.
    """
    parts = [_month(plan, ground, people, spots, month) for month in plan.span]
    reports = pd.concat(parts, ignore_index=True)
    reports.insert(0, "report_id", 410_000 + np.arange(len(reports)))
    points = gpd.GeoSeries.from_xy(reports["easting"], reports["northing"], crs=CRS)
    inside = gpd.sjoin(
        gpd.GeoDataFrame(geometry=points), ground.wards[["ward_name", "geometry"]], how="left"
    )
    reports["ward"] = inside.loc[~inside.index.duplicated(), "ward_name"].astype("string")
    degrees = points.to_crs("EPSG:4326")
    return reports.assign(latitude=degrees.y.round(6), longitude=degrees.x.round(6))


def _month(
    plan: Plan, ground: Ground, people: pd.DataFrame, spots: list[Spot], month: date
) -> pd.DataFrame:
    rng = plan.stream("street reports", month)
    dark = 1.25 if month.month in DARK_MONTHS else 0.92
    fouling = max(int(rng.poisson(plan.fouling_a_year / 12 * dark)), 12)
    amounts = {"Dog fouling": fouling} | {c: int(rng.poisson(n)) for c, n in MONTHLY.items()}
    category = np.repeat(list(amounts), list(amounts.values()))
    count = category.size
    street, easting, northing = _along_streets(ground, count, rng)
    planted = np.full(count, "background", dtype=object)
    used = 0
    for number, spot in enumerate(spots, start=1):
        size = round(spot.share(plan.age(month)) * fouling)
        rows = slice(used, used + size)
        used += size
        easting[rows] = rng.normal(spot.easting, spot.spread_m, size)
        northing[rows] = rng.normal(spot.northing, spot.spread_m, size)
        street[rows], planted[rows] = spot.street, f"spot {number}"
    lost = (planted == "background") & (rng.random(count) < FALLBACK_SHARE / 2)
    lost[used : used + round(FALLBACK_SHARE * fouling)] = True
    easting[lost], northing[lost] = ground.offices
    planted[lost] = "fallback"
    reported = rng.permutation(times_in(month, count, rng, days=ANY_DAY))
    weight = rng.pareto(1.2, len(people)) + 0.05  # a few people report a lot
    reporter = people["name"].to_numpy(dtype=object)[
        rng.choice(len(people), size=count, p=weight / weight.sum())
    ]
    reporter[rng.random(count) < 0.15] = ""
    texts = _texts(category, street, rng)
    return pd.DataFrame(
        {
            "reported_at": reported,
            "category": category,
            "easting": easting.round(1),
            "northing": northing.round(1),
            "street": street,
            "title": texts["title"],
            "detail": texts["detail"],
            "reporter": reporter,
            "device": rng.choice(["website", "app", "phone call"], size=count, p=[0.5, 0.4, 0.1]),
            "closed_at": _closed(reported, category, rng),
            "planted": planted,
        }
    ).sort_values("reported_at", kind="stable", ignore_index=True)


def _along_streets(
    ground: Ground, count: int, rng: np.random.Generator
) -> tuple[Texts, NDArray[np.float64], NDArray[np.float64]]:
    """Return streets by length, and points along them within some metres."""
    lines = ground.streets.geometry.to_numpy()
    length = shapely.length(lines)
    place = rng.choice(len(lines), size=count, p=length / length.sum())
    points = shapely.line_interpolate_point(lines[place], rng.random(count), normalized=True)
    aside = rng.normal(0, 8, size=(2, count))
    street = ground.streets["street"].to_numpy(dtype=object)[place]
    return street, shapely.get_x(points) + aside[0], shapely.get_y(points) + aside[1]


def _closed(reported: Times, category: NDArray[np.str_], rng: np.random.Generator) -> Times:
    typical = pd.Series(category).map(DAYS_TO_CLOSE).to_numpy()
    days = np.clip(rng.lognormal(np.log(typical), 0.6), 0.1, 75)
    closed = at_seconds(reported.astype("M8[D]"), days * 86400)
    office_hours = at_seconds(closed.astype("M8[D]"), rng.uniform(30600, 60000, closed.size))
    closed = np.maximum(office_hours, reported + np.timedelta64(1800, "s"))
    return np.where(rng.random(closed.size) < 0.04, np.datetime64("NaT", "s"), closed)


def _texts(category: NDArray[np.str_], street: Texts, rng: np.random.Generator) -> dict[str, Texts]:
    detail = np.full(category.size, "", dtype=object)
    for name in np.unique(category):
        rows = np.flatnonzero(category == name)
        slots = {"street": street[rows]}
        detail[rows] = write(REPORTS, str(name), rows.size, rng, slots)
    slots = {"street": street, "category": category.astype(object)}
    return {"title": write(REPORTS, "title", category.size, rng, slots), "detail": detail}


def report_files(plan: Plan, reports: pd.DataFrame) -> Batch:
    """Return the reports as FixMyStreet exports them, a file a month."""
    extracts = monthly_extracts(
        reports, plan, opened="reported_at", changed="closed_at", later={"closed_at": ()}
    )
    return pack(plan, EXPORT, {month: _export(rows) for month, rows in extracts.items()})


def _export(rows: pd.DataFrame) -> pd.DataFrame:
    style = "%Y-%m-%dT%H:%M:%S"
    created, closed = rows["reported_at"], rows["closed_at"].dt.strftime(style)
    number = rows["report_id"].astype("string")
    blank = pd.Series("", index=rows.index)
    later = created + pd.Timedelta(minutes=4)
    return pd.DataFrame(
        {
            "Report ID": number,
            "Title": rows["title"],
            "Detail": rows["detail"],
            "User Name": rows["reporter"],
            "Category": rows["category"],
            "Created": created.dt.strftime(style),
            "Confirmed": later.dt.strftime(style),
            "Acknowledged": closed,
            "Fixed": closed,
            "Closed": closed,
            "Status": pd.Series("fixed - council", index=rows.index).where(
                closed.notna(), "confirmed"
            ),
            "Latitude": rows["latitude"].map("{:.6f}".format),
            "Longitude": rows["longitude"].map("{:.6f}".format),
            "Query": rows["street"].mask(rows["planted"] == "fallback", "not found"),
            "Ward": rows["ward"],
            "Easting": rows["easting"].map("{:.1f}".format),
            "Northing": rows["northing"].map("{:.1f}".format),
            "Report URL": "https://reports.example.org/report/" + number,
            "Device Type": rows["device"],
            "Site Used": "reports.example.org",
            "Reported As": blank,
        }
    ).astype("string")
