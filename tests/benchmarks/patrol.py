"""Print what share of the next 91 days' reports a patrol plan meets, beside equal effort.

Run: ``python -m tests.benchmarks.patrol [--quick] [--boston FILE]``, FILE being the animal reports
of `INSIGHT_REAL_DATA`. Made-up boroughs 0 to 7 (`hotspot_boroughs`: a fifth of the hotspots appear
and a fifth fade in the last year) and Boston, thinned to a borough's number of reports and whole;
at each number of hours a plan made from two years, tried on what it hadn't seen. Means, with
standard errors of plan less equal effort over boroughs or origins; `least` is the worst of them.
`expected` is by the plan's own forecast. Plans of 10 hours are tried with fouling that lies other
lengths of time than the plan believes, too.
"""

import argparse
from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from insight.hotspots import HotspotMethod, hotspots
from insight.hotspots.segments import PIECE_M
from insight.patrols import PatrolMethod, patrol_plan
from insight.patrols.coverage import look_back
from insight.patrols.places import ranked_places, whole_streets
from tests.benchmarks.hotspot_boroughs import SOUTH, WEST, make_borough

HOURS = [5, 10, 20, 40, 80]
LIES = [2.0, 7.0, 21.0]
BOSTON = "EPSG:26986"


def tried(reports, month, area, streets, method, hours_list, believed=7.0):
    """Plan from the reports up to `month`, and measure on the 91 days after it."""
    crs = reports["crs"].iloc[0]
    found = hotspots(reports, method=HotspotMethod(), month=month, area=area, streets=streets)
    end = pd.Timestamp(month) + pd.offsets.MonthBegin(1)
    when = reports["reported_at"].dt.tz_localize(None)
    recent = reports[(when < end) & (when >= end - pd.Timedelta(days=91))]
    later = reports[(when >= end) & (when < end + pd.Timedelta(days=91))]
    walked = found.cell_m if found.streets is None else PIECE_M
    places, part_of = ranked_places(found.cells, found.cells_of(recent), cell_m=walked)
    if found.streets is not None:
        places, part_of = whole_streets(places, part_of, found.streets, crs)
    at = found.cells_of(later).map(part_of)
    rows = []
    for hours in hours_list:
        own = replace(method, hours_a_week=hours, lies_days=believed)
        plan = patrol_plan(places, method=own, week=0)
        told = look_back(plan.everywhere, at, days=91, method=method, rounds_known=False)
        rows.append({"hours": hours, "expected": plan.met, "expected_equal": plan.met_equally,
                     "plan": told.share, "equal": told.equal, "places": len(places),
                     "reports": told.reports})  # fmt: skip
    return rows


def boroughs(count, seeds, by_street, method, hours_list, believed=7.0):
    """Try plans in made-up boroughs with `count` reports a year."""
    rows = []
    for seed in seeds:
        borough = make_borough(seed)
        easting, northing, day = borough.reports(count * 2, 1)
        reports = pd.DataFrame(
            {"easting": easting, "northing": northing, "crs": "EPSG:27700",
             "reported_at": pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(day, unit="D")}
        )  # fmt: skip
        lines = shapely.linestrings(np.stack([borough.start, borough.end], axis=1)
                                    + np.array([WEST, SOUTH]))  # fmt: skip
        streets = gpd.GeoDataFrame(
            {"street": [f"Street {at}" for at in range(len(lines))]}, geometry=lines,
            crs="EPSG:27700",
        )  # fmt: skip
        given = streets if by_street else None
        rows += tried(reports, date(2025, 9, 1), borough.area, given, method, hours_list, believed)
    return pd.DataFrame(rows)


def boston(file, share, origins, method):
    """Try plans on Boston's animal reports, thinned to `share` of them."""
    table = pd.read_csv(file).dropna(subset=["latitude", "longitude"])
    table = table.sample(frac=share, random_state=1).sort_values("open_dt")
    to_metres = Transformer.from_crs("EPSG:4326", BOSTON, always_xy=True)
    easting, northing = to_metres.transform(table["longitude"], table["latitude"])
    when = pd.to_datetime(table["open_dt"]).dt.tz_localize("UTC")
    reports = pd.DataFrame(
        {"easting": easting, "northing": northing, "crs": BOSTON, "reported_at": when}
    )
    rows = [row for month in origins for row in tried(reports, month, None, None, method, HOURS)]
    return pd.DataFrame(rows)


def tell(title, rows):
    """Print a line for each number of hours."""
    print(title, flush=True)  # noqa: T201
    for hours, group in rows.groupby("hours"):
        less = group["plan"] - group["equal"]
        print(  # noqa: T201
            f"  {hours:>3} h: expected {group['expected'].mean():.3f} "
            f"(equal {group['expected_equal'].mean():.3f}); met {group['plan'].mean():.3f}, "
            f"equal effort {group['equal'].mean():.3f}, less it {less.mean():+.3f} "
            f"({less.sem():.3f}), least {less.min():+.3f}; "
            f"{group['places'].mean():.0f} places, {group['reports'].sum():.0f} reports",
            flush=True,
        )


def main() -> None:
    """Print every table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--boston")
    given = asked.parse_args()
    seeds, method = range(2 if given.quick else 8), PatrolMethod()
    for count in (300, 3_000):
        for by_street in (False, True):
            told = boroughs(count, seeds, by_street, method, HOURS)
            what = "streets" if by_street else "squares"
            tell(f"Made-up boroughs, {count} reports a year, {what}", told)
    for lies in LIES:
        true = replace(method, lies_days=lies)
        tell(
            f"Fouling lies {lies:g} days, the plan believes 7: 300 reports a year, streets",
            boroughs(300, seeds, True, true, [10, 40]),
        )
    if given.boston:
        origins = [date(year, month, 1) for year in (2015, 2016, 2017) for month in (3, 9)]
        for share in (0.05, 1.0):
            told = boston(given.boston, share, origins[:2] if share == 1 else origins, method)
            tell(f"Boston, {share:.0%} of its reports, squares", told)


if __name__ == "__main__":
    main()
