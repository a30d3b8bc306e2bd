"""What a map of hotspots has to tell its reader, in plain sentences."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pyproj import Transformer

from insight.hotspots.backtest import backtest
from insight.hotspots.grid import Grid, place_names
from insight.hotspots.method import HotspotMethod
from insight.intervals import poisson_interval

if TYPE_CHECKING:
    import geopandas as gpd

LEAST_FOR_WARDS, WARD_ALPHA = 10, 0.05
DRAWS, SEED = 4_999, 20260401
WHERE_WHEN = ("easting", "northing", "reported_at")
LEAST_IN_ONE = 5
SILENT = pd.Timedelta(days=7)
LEAST_KNOWN, LEAST_PREDICTED = 50, 10


def counted_note(kept: pd.DataFrame, first: pd.Period, last: pd.Period) -> str:
    """Say how many reports, of which period."""
    start, end = first.start_time, last.end_time
    # A file that begins inside the window doesn't speak for the months before.
    earliest = kept["reported_at"].min()
    start = start if pd.isna(earliest) else max(start, earliest.tz_localize(None))
    # Nor one that ends within it for the weeks to come.
    latest = kept["reported_at"].max()
    by_month = kept["reported_at"].dt.day.eq(1).all()
    if not pd.isna(latest) and not by_month and end - latest.tz_localize(None) > SILENT:
        end = latest.tz_localize(None)
    reports = "1 report" if len(kept) == 1 else f"{len(kept):,} reports"
    return f"Made from {reports} from {start.day} {start:%B %Y} to {end.day} {end:%B %Y}."


def left_out_note(
    window: pd.DataFrame, located: pd.DataFrame, fallback: pd.DataFrame, *, snapped: bool
) -> list[str]:
    """Say which reports are left out, and why."""
    said = []
    if nowhere := len(window) - len(located):
        said.append(f"{nowhere:,} more have no point on the map and are left out.")
    if len(fallback):
        total = fallback["reports"].sum()
        said.append(
            f"{total:,} reports are left out: they lie on {len(fallback)} exact point"
            f"{'' if len(fallback) == 1 else 's'} used far more than any near, where a system "
            "puts what it has no place for."
        )
    if snapped:
        said.append(
            "The publisher moved reports to a few fixed points, so default locations can't be "
            "told from others, and no place is exact to the metre."
        )
    return said


def one_place_note(located: pd.DataFrame, side_m: float) -> str:
    """Say that all reports are at one point, or no further apart than `side_m`, if they are."""
    points = located[["easting", "northing"]]
    apart = (points.max() - points.min()).max()
    if len(points) < LEAST_IN_ONE or apart > side_m:
        return ""
    near = f"lie within {side_m:.0f} metres of one another, around"
    how = "are at one point," if apart < 1 else near
    there = where(located.head(1), str(located["crs"].iloc[0])).iloc[0]
    return (
        f"All {len(points):,} reports {how} {there}: there is nowhere to compare it with, so "
        "nothing is ranked. If they come from all over the area, a system put them there: ask for "
        "the places themselves, or map the file's postcodes or streets."
    )


def repeats_note(number: int) -> list[str]:
    """Say how many reports of one place and day count as one."""
    if not number:
        return []
    counts = "repeat counts" if number == 1 else "repeats count"
    return [f"{number:,} {counts} once with the first of the same place and day."]


def where(points: pd.DataFrame, crs: str) -> pd.Series:
    """Latitude and longitude, which any map finds, after the grid reference if there is one."""
    to_map = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    easting, northing = (points[axis].to_numpy(dtype=float) for axis in ("easting", "northing"))
    longitude, latitude = to_map.transform(easting, northing)
    degrees = pd.DataFrame({"lat": latitude, "lon": longitude})
    written = degrees.map("{:.5f}".format).astype("string")
    label = written["lat"] + ", " + written["lon"]
    if crs.upper() != "EPSG:27700":
        return label
    return place_names(easting, northing, crs) + " (" + label + ")"


def ward_counts(kept: pd.DataFrame, area: "gpd.GeoDataFrame | None") -> pd.Series | None:
    """Count reports by ward, most first and those without any last; nothing if none is known."""
    if "ward" not in kept or kept["ward"].isna().all():
        return None
    names = kept["ward"].dropna()
    if area is not None and "ward" in area:
        names = pd.concat([names, area["ward"].dropna()])
    sizes = kept["ward"].value_counts().reindex(sorted(names.unique()), fill_value=0)
    return sizes.sort_values(ascending=False, kind="stable").astype("int64")


def too_few_note(wards: pd.Series | None) -> list[str]:
    """Say that nothing can be ranked, or wards alone, with the reports of each (`ward_counts`)."""
    said = ["That is too few to rank streets or areas: no hotspot is claimed."]
    if wards is None:
        return said
    each = wards.index.astype("string") + ": " + wards.astype("string")
    if not _wards_differ(wards):
        return [
            *said,
            "There is not enough to rank wards either: chance alone could make their differences.",
            f"All reports by ward: {'; '.join(each)}.",
        ]
    low, high = poisson_interval(wards)
    bounds = [f" ({a:.0f} to {b:.0f})" for a, b in zip(low, high, strict=True)]
    return [
        *said,
        "Wards can be told apart.",
        "All reports by ward, with the 95% interval of chance: "
        f"{'; '.join(each + pd.Index(bounds, dtype='string'))}.",
    ]


def _wards_differ(wards: pd.Series) -> bool:
    """Whether counts differ more than if every ward were as likely (chi-square, simulated)."""
    total = int(wards.sum())
    if total < LEAST_FOR_WARDS or len(wards) < 2:
        return False
    fair = total / len(wards)
    drawn = np.random.default_rng(SEED).multinomial(total, [1 / len(wards)] * len(wards), DRAWS)
    as_far = ((drawn - fair) ** 2).sum(axis=1) >= ((wards - fair) ** 2).sum()
    return bool((as_far.sum() + 1) / (DRAWS + 1) < WARD_ALPHA)


def found_note(cells: pd.DataFrame) -> list[str]:
    """Say how many places stand out, and what reports are not."""
    squares = int(cells["significant"].sum())
    clear = {0: "No place has", 1: "1 place has"}.get(squares, f"{squares:,} places have")
    return [
        f"{clear} clearly more reports than the streets around would explain.",
        "Reports show where people report, which is not always where the trouble is.",
    ]


def last_quarter_note(
    kept: pd.DataFrame,
    earlier: pd.DataFrame,
    last: pd.Period,
    grid: Grid,
    method: HotspotMethod,
) -> str:
    """Say how well the map of three months ago predicted the three months since."""
    easting, northing, days = (
        np.concatenate([_values(part, name) for part in (earlier, kept)]) for name in WHERE_WHEN
    )
    held = grid.holds(easting, northing)
    easting, northing, days = easting[held], northing[held], days[held]
    origin = (last - 2).start_time.to_numpy().astype("M8[D]")
    if (days < origin).sum() < LEAST_KNOWN or (days >= origin).sum() < LEAST_PREDICTED:
        return "There are too few reports to say how well last quarter's map predicted this one."
    end = (last.end_time + pd.Timedelta("1D")).to_numpy().astype("M8[D]")
    tested = backtest(
        easting,
        northing,
        days,
        grid=grid,
        method=method,
        origins=1,
        horizon_days=int((end - origin).astype(int)),
        at=origin,
    )
    figures = tested.figures[tested.figures["share"].eq(0.05)].set_index("method")["hit"]
    return (
        f"The map of three months ago would have covered {figures['ours']:.0%} of the reports "
        "since with the first 5% of its area; counting the year before would have covered "
        f"{figures['count_12m']:.0%}, and places taken at random 5%."
    )


def _values(reports: pd.DataFrame, column: str) -> np.ndarray:
    """Return a coordinate, or the local day."""
    if column == "reported_at":
        return np.asarray(reports[column].dt.tz_localize(None), dtype="M8[D]")
    return reports[column].to_numpy(dtype=float)


def working_note(
    cells: pd.DataFrame,
    fallback: pd.DataFrame,
    grid: Grid,
    method: HotspotMethod,
    *,
    bounded: bool,
    crs: str,
) -> str:
    """Say how places were ranked and tested, and where the default locations are."""
    ground = "the area" if bounded else "the ground between the outermost reports"
    said = (
        "The ranking judges each place by as much of its past as it has stayed the same. "
        f"At most {method.alpha:.0%} of the places called clear should be "
        f"false. {len(cells):,} of the {int(grid.inside.sum()):,} squares of "
        f"{grid.cell_m:.0f} metres that touch {ground} have reports."
    )
    if fallback.empty:
        return said
    each = fallback["reports"].astype("string") + " at " + where(fallback, crs)
    return f"{said} Left out as default locations: {'; '.join(each)}."
