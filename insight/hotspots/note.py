"""What a map of hotspots has to tell its reader, in plain sentences."""

import pandas as pd
from pyproj import Transformer

from insight.hotspots.backtest import backtest
from insight.hotspots.grid import Grid, place_names
from insight.hotspots.method import HotspotMethod

WHERE_WHEN = ("easting", "northing", "reported_at")
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
    if not pd.isna(latest) and end - latest.tz_localize(None) > SILENT:
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
            f"{total:,} reports at {len(fallback)} probable default location"
            f"{'' if len(fallback) == 1 else 's'}, one exact point used far more than any near "
            "it, are left out."
        )
    if snapped:
        said.append(
            "The publisher moved reports to a few fixed points, so default locations can't be "
            "told from others, and no place is exact to the metre."
        )
    return said


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


def too_few_note(kept: pd.DataFrame) -> str:
    """Say that nothing can be ranked, with what is known by ward."""
    said = "That is too few to rank streets or areas: no hotspot is claimed."
    if "ward" not in kept or kept["ward"].isna().all():
        return said
    sizes = kept.groupby("ward").size().rename("reports").reset_index()
    sizes = sizes.sort_values(["reports", "ward"], ascending=[False, True])
    each = sizes["ward"] + ": " + sizes["reports"].astype("string")
    return f"{said} Reports by ward: {'; '.join(each)}."


def found_note(cells: pd.DataFrame) -> str:
    """Say how many places stand out, and what reports are not."""
    squares = int(cells["significant"].sum())
    clear = {0: "No place has", 1: "1 place has"}.get(squares, f"{squares:,} places have")
    return (
        f"{clear} clearly more reports than the streets around would explain. Reports show where "
        "people report, which is not always where the trouble is."
    )


def last_quarter_note(
    kept: pd.DataFrame,
    earlier: pd.DataFrame,
    last: pd.Period,
    grid: Grid,
    method: HotspotMethod,
) -> str:
    """Say how well the map of three months ago predicted the three months since."""
    both = pd.concat([earlier[list(WHERE_WHEN)], kept[list(WHERE_WHEN)]])
    both = both[grid.holds(both["easting"].to_numpy(float), both["northing"].to_numpy(float))]
    days = both["reported_at"].dt.tz_localize(None).to_numpy().astype("M8[D]")
    origin = (last - 2).start_time.to_numpy().astype("M8[D]")
    if (days < origin).sum() < LEAST_KNOWN or (days >= origin).sum() < LEAST_PREDICTED:
        return "There are too few reports to say how well last quarter's map predicted this one."
    end = (last.end_time + pd.Timedelta("1D")).to_numpy().astype("M8[D]")
    tested = backtest(
        both["easting"].to_numpy(float),
        both["northing"].to_numpy(float),
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
        "since with the first 5% of the area; a count of the year before "
        f"{figures['count_12m']:.0%}, places taken at random 5%."
    )


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
