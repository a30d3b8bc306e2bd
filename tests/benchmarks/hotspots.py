"""Print how well hotspots are ranked and found, and how fast, on made-up boroughs.

Run: ``python -m tests.benchmarks.hotspots [--quick] [--only ranking,found,nothing,speed]``.
Boroughs 0 to 19 and, without a hotspot, 5,000 to 5,399 are reported; the methods were tuned on
boroughs 100 to 115 and 200 to 202, and without hotspots on 300 to 379 and 2,000 to 2,499;
other kinds are reported on 8,000 to 8,039 and were tuned on 2,000 to 2,039. How much
a marked cell must hold (2.5 times what is expected, not 2) was chosen on boroughs 100 to 113
after the precision on 0 to 19 had been seen once (0.74 at 3,000, 0.68 at 30,000). CPU
seconds, one thread; the stock way is measured in the same run. Figures are means, with standard
errors over boroughs.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sklearn.neighbors import KernelDensity

from insight.hotspots.backtest import flagged_cells
from insight.hotspots.emerging import monthly_counts
from insight.hotspots.grid import grid_over
from insight.hotspots.method import HotspotMethod
from insight.hotspots.rank import expected_shares
from insight.hotspots.significance import evidence_grades, excess, gi_star
from insight.hotspots.windows import window_counts
from tests.benchmarks.hotspot_boroughs import DAYS, KINDS, SOUTH, WEST, make_borough

METHOD = HotspotMethod()
LATEST = 91
NULL_COUNTS = [20, 50, 100, 300, 700, 1_000, 1_500, 3_000, 10_000, 30_000]


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def mean_error(values: list[float]) -> str:
    each = np.array(values, dtype=float)
    return f"{each.mean():.3f} (se {each.std(ddof=1) / np.sqrt(len(each)):.3f})"


def known(borough, grid, first, last, cell_m):
    """True intensity on the grid's cells."""
    background, hot = borough.intensity(first, last, cell_m)
    out = []
    for truth in (background, hot):
        place = np.zeros(grid.inside.shape)
        rows = round(grid.row - SOUTH // cell_m) + np.arange(place.shape[0])
        columns = round(grid.column - WEST // cell_m) + np.arange(place.shape[1])
        ok = np.ix_((rows >= 0) & (rows < len(truth)), (columns >= 0) & (columns < len(truth)))
        place[ok] = truth[np.ix_(rows[(rows >= 0) & (rows < len(truth))],
                                 columns[(columns >= 0) & (columns < len(truth))])]  # fmt: skip
        out.append(place)
    return out


def ranking(count, seeds):
    """Share of the knowable ceiling's PAI at 2% of the area, 13 weeks ahead."""
    ours, plain = [], []
    for seed in seeds:
        borough = make_borough(seed)
        easting, northing, day = borough.reports(count, 1)
        grid = grid_over(easting, northing, cell_m=100, area=borough.area)
        hits = {"ours": 0.0, "plain": 0.0, "best": 0.0}
        for week in (65, 78, 91):
            now = week * 7
            past, after = day < now, (day >= now) & (day < now + LATEST)
            windows = window_counts(grid, easting[past], northing[past], now - day[past])
            year = past & (day >= now - 365)
            best = sum(known(borough, grid, now, now + LATEST, 100.0))
            outcome = grid.total(easting[after], northing[after])[grid.inside]
            tie = np.random.default_rng(seed).random(len(outcome))
            top = flagged_cells(len(outcome), 0.02)
            for name, score in (
                ("ours", expected_shares(windows, grid, METHOD).share),
                ("plain", grid.total(easting[year], northing[year])),
                ("best", best),
            ):
                order = np.lexsort((tie, -score[grid.inside]))[:top]
                hits[name] += outcome[order].sum() / outcome.sum()
        ours.append(hits["ours"] / hits["best"])
        plain.append(hits["plain"] / hits["best"])
    say(f"  {count:>9,} reports: ours {mean_error(ours)}, 12-month count {mean_error(plain)}")


def claims(easting, northing, day, area):
    """Cells that the last year's map claims, and the grid: squares as the product chooses them."""
    fine = len(easting) >= METHOD.fine_minimum
    cell_m = METHOD.fine_cell_m if fine else METHOD.cell_m
    grid = grid_over(easting, northing, cell_m=cell_m, area=area)
    month = ((day - DAYS / 2) / (DAYS / 24)).clip(0, 11)
    months = monthly_counts(grid, easting, northing, month)
    test = excess(grid.total(easting, northing), grid, METHOD, months)
    return evidence_grades(test.near, test.q, METHOD)[1], grid


def detection(count, seeds):
    """Planted hotspots found in the last year, and how much of the claimed area is theirs.

    Truth: 50 metre cells where the hotspot's mean rate over the year is at least the background's.
    A hotspot there for 90 days or more is found if a claimed cell's middle lies within 50 metres
    or one and a half of its standard deviations of its own. "By its cells": of all hotspots that
    have a true cell, however short their stay, those of which one is claimed.
    """
    found, covered, precise, recalled = [], [], [], []
    for seed in seeds:
        borough = make_borough(seed)
        easting, northing, day = borough.reports(count * 2, 1)
        year = day >= DAYS / 2
        claimed, grid = claims(easting[year], northing[year], day[year], borough.area)
        # Truth is told by squares of 50 metres, whatever the map's.
        times = round(grid.cell_m / 50)
        half = grid_over(easting, northing, cell_m=50, area=borough.area)
        background, hot = known(borough, half, DAYS / 2, DAYS, 50.0)
        true = (hot >= background) & (hot > 1e-6)
        rows, columns = np.nonzero(np.kron(claimed, np.ones((times, times), dtype=bool)))
        rows += grid.row * times - half.row
        columns += grid.column * times - half.column
        ok = (rows >= 0) & (rows < true.shape[0]) & (columns >= 0) & (columns < true.shape[1])
        said = np.zeros(true.shape, dtype=bool)
        said[rows[ok], columns[ok]] = True
        if len(rows):
            precise.append(said[true].sum() / len(rows))
        recalled.append(said[true].mean())
        away = apart(borough, *half.centres(rows, columns)).min(axis=0, initial=np.inf)
        alive = borough.gone > DAYS / 2 + 90
        found.append((away <= np.maximum(1.5 * borough.spread_m, 50))[alive].mean())
        cells = np.nonzero(true)
        owner = apart(borough, *half.centres(*cells)).argmin(axis=1)
        covered.append(np.mean([said[cells][owner == spot].any() for spot in np.unique(owner)]))
    told = mean_error(precise) if len(precise) > 1 else "no claim"
    say(f"  {count:>9,} reports a year: found {mean_error(found)}")
    say(f"    by its cells {mean_error(covered)}")
    say(f"    area precision {told}, area recall {mean_error(recalled)}")


def apart(borough, easting, northing):
    """Metres from each point (rows) to each hotspot's middle."""
    across, along = borough.centres[:, 0] + WEST, borough.centres[:, 1] + SOUTH
    return np.hypot(easting[:, None] - across, northing[:, None] - along)


def nothing(count, seeds, **kind):
    """Maps that claim a hotspot where there is none."""
    false = []
    for seed in seeds:
        borough = make_borough(seed, hotspots=0, **kind)
        easting, northing, day = borough.reports(count * 2, 1)
        year = day >= DAYS / 2
        claimed = claims(easting[year], northing[year], day[year], borough.area)[0]
        false.append(float(claimed.any()))
    say(f"  {count:>9,} reports a year: {mean_error(false)} of {len(false)} maps")


def timed(work, times=5):
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return float(np.median(taken))


def speed(count, *, stock):
    borough = make_borough(1)
    easting, northing, day = borough.reports(count, 1)
    age = DAYS - day
    grid = grid_over(easting, northing, cell_m=100, area=borough.area)
    rank = timed(lambda: expected_shares(window_counts(grid, easting, northing, age), grid, METHOD))
    month = (day / (DAYS / 24)).clip(0, 23)
    months = monthly_counts(grid, easting, northing, month)
    sorting = timed(lambda: monthly_counts(grid, easting, northing, month))
    test = timed(lambda: excess(grid.total(easting, northing), grid, METHOD, months))
    texture = timed(lambda: gi_star(grid.total(easting, northing), grid.inside))
    said = f"  {count:>9,}: ranking {rank:.4f} s, significance {test:.4f} s (counting by month "
    said += f"{sorting:.4f} s more), Gi* {texture:.4f} s"
    if stock:
        rows, columns = np.nonzero(grid.inside)
        east, north = grid.centres(rows, columns)
        squares = gpd.GeoDataFrame(
            geometry=shapely.box(east - 50, north - 50, east + 50, north + 50), crs="EPSG:27700"
        )

        def joined():
            points = gpd.GeoDataFrame(
                geometry=gpd.points_from_xy(easting, northing), crs="EPSG:27700"
            )
            return gpd.sjoin(points, squares, predicate="within").groupby("index_right").size()

        def density():
            model = KernelDensity(bandwidth=100, rtol=1e-3)
            model.fit(np.column_stack([easting, northing]))
            return model.score_samples(np.column_stack([east, north]))

        said += f"; stock: join {timed(joined, 1):.2f} s, density {timed(density, 1):.2f} s"
        said += f", permutations {timed(lambda: permuted(grid, easting, northing), 1):.2f} s"
    say(said)


def permuted(grid, easting, northing):
    import esda
    import libpysal

    height, width = grid.inside.shape
    weights = libpysal.weights.lat2W(height, width, rook=False)
    counts = grid.total(easting, northing).ravel()
    return esda.G_Local(counts, weights, transform="B", star=True, permutations=999)


def whole_command(count):
    """From a Parquet file to the written map, in a process of its own."""
    import subprocess
    import sys

    borough = make_borough(1)
    easting, northing, day = borough.reports(count, 1)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        when = pd.Timestamp("2024-01-01") + pd.to_timedelta(day, unit="D")
        table = pd.DataFrame({"id": np.arange(len(day)), "at": when, "e": easting, "n": northing})
        table.assign(kind="Dog fouling").to_parquet(place / "reports.parquet")
        borough.area.to_file(place / "area.geojson")
        (place / "mapping.yaml").write_text(
            "contract: street_reports\ncolumns: {report_id: id, reported_at: at, category: kind, "
            "easting: e, northing: n}\narea: area.geojson\ncrs: EPSG:27700\n"
        )
        start = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "pipelines.cli", "hotspots", "map", "--reports",
             place / "reports.parquet", "--mapping", place / "mapping.yaml", "--output",
             place / "map.html"], check=True, capture_output=True,
        )  # fmt: skip
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = (place / "map.html").stat().st_size / 1e6
    cpu, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    wall = time.monotonic() - start
    say(f"  {count:>9,}: {wall:.1f} s, {cpu:.1f} CPU s, peak {peak:,.0f} MB, map {size:.2f} MB")
    say("    " + done.stdout.decode().splitlines()[0])


def without_hotspots(given: argparse.Namespace) -> None:
    say("Boroughs without a hotspot, share of maps that claim one (stated: 0.05):")
    chosen = [int(each) for each in given.counts.split(",") if each]
    for count in chosen or NULL_COUNTS:
        nothing(count, range(5_000, 5_010 if given.quick else 5_400))
    for name, kind in KINDS.items():
        if kind:
            say(f"The same where boroughs are of another kind: {name}")
            for count in chosen or (1_000, 3_000, 30_000):
                nothing(count, range(8_000, 8_005 if given.quick else 8_040), **kind)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="fewer boroughs, 300,000 at most")
    parser.add_argument("--only", default="speed,ranking,found,nothing", help="parts, by comma")
    parser.add_argument("--counts", default="", help="reports a year, for boroughs without any")
    given = parser.parse_args()
    most = 300_000 if given.quick else 3_000_000
    parts = given.only.split(",")
    if "speed" in parts:
        say("Whole command, Parquet to map:")
        whole_command(most)
        say("CPU seconds after loading, 100 m cells:")
        for count in (3_000, 30_000, 300_000, 3_000_000):
            if count <= most:
                speed(count, stock=True)
    if "ranking" in parts:
        say("Share of the knowable ceiling at 2% of the area:")
        for count in (3_000, 30_000, 300_000):
            ranking(count, range(2 if given.quick else 6))
    if "found" in parts:
        say("Planted hotspots:")
        for count in (300, 1_000, 1_500, 3_000, 15_000, 30_000):
            detection(count, range(2 if given.quick else 20))
    if "nothing" in parts:
        without_hotspots(given)


if __name__ == "__main__":
    main()
