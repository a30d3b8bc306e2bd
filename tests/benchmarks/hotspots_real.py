"""Hold where-next to the plain 12-month count on every real data set with places and dates.

Run: ``INSIGHT_REAL_DATA=FOLDER python tests/benchmarks/hotspots_real.py [WORD ...]``; words choose
the sets whose names hold one of them, ``--csv FILE`` writes the rows too. Points are read through a
mapping and tested as ``insight hotspots backtest`` does: its squares of 100 metres (``--cell-m``),
28 and 91 days ahead, twelve moments or as many as the file bears. FixMyStreet's counts are by area
alone: areas (2011 LSOAs) stand for squares, in a row by their codes, of which neighbouring ones are
mostly neighbours.

Printed is the difference to the 12-month count in PAI, with two standard errors over the moments:
the plain paired one and, in brackets, that of Newey and West (1987) with two lags, since moments
share their past. Sets in parts (kinds, districts, blocks of 600 codes) are tested part by part too:
the mean of the parts' differences, with its standard error over parts, which owes nothing to time.
A star marks what is below nought by more than the plain error; of two equal methods one is in about
one comparison in six. Boston's years 2015 to 2018 had a part in choosing the ranking's shortest
window; FixMyStreet, Vancouver and Leicestershire had one in how its three forecasts are weighed
(DECISIONS.md, "Three forecasts of where next are stacked").
"""
# ruff: noqa: T201 (what it prints is what it is for)

import argparse
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import statsmodels.api as sm
import yaml

from insight.hotspots import HotspotMethod
from insight.hotspots.backtest import SHARES, TooFewToTestError, backtest
from insight.hotspots.grid import Floats, Grid, grid_over
from pipelines.steps.point_reports import read_point_reports

ORIGINS, HORIZONS, LAGS, SEED = 12, (28, 91), 2, 20260401
BLOCK_CODES, LEAST_IN_BLOCK, LAST_CODE = 600, 1_500, 33_768
MAPPINGS = Path(__file__).parents[1] / "mappings"
PLACES = "oadby-wigston-geography"
FOULING = "Dog Fouling"


@dataclass(frozen=True, slots=True)
class Reports:
    """Where and on which day; `area` in the points' own system, or the hull of the points."""

    easting: Floats
    northing: Floats
    days: Any
    area: gpd.GeoDataFrame | None = None
    row: Grid | None = None  # areas in a row instead of squares


def data(name: str) -> Path:
    return Path(os.environ["INSIGHT_REAL_DATA"]) / name


def located(file: Path, mapping: dict[str, Any]) -> Reports:
    """Read reports as the command does, through a mapping."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mapping.yaml"
        path.write_text(yaml.safe_dump(mapping), "utf-8")
        read = read_point_reports(file, path)
    found = read.reports.dropna(subset=["easting", "northing"])
    days = found["reported_at"].dt.tz_localize(None).to_numpy().astype("M8[D]")
    east, north = (found[axis].to_numpy(dtype=float) for axis in ("easting", "northing"))
    return Reports(east, north, days, read.area)


def mapped(name: str, **rows: list[str]) -> dict[str, Any]:
    """Return one of the tests' mappings, with other rows chosen where `rows` are given."""
    mapping: dict[str, Any] = yaml.safe_load((MAPPINGS / f"{name}.yaml").read_text("utf-8"))
    if rows:
        chosen = mapping.get("rows", {})
        mapping["rows"] = chosen | {
            "where": {key.replace("_", " "): each for key, each in rows.items()}
        }
    return mapping


def boston(*kinds: str) -> Reports:
    rows = {"type": list(kinds)} if kinds else {}
    return located(data("boston-animal-311/reports_2013_2018.csv.gz"), mapped("boston", **rows))


def boston_kinds() -> Iterable[Reports]:
    file = data("boston-animal-311/reports_2013_2018.csv.gz")
    return (boston(kind) for kind in sorted(pd.read_csv(file, usecols=["type"])["type"].unique()))


def baltimore(*agencies: str) -> Reports:
    """Requests of residents; a sample, so about 700 a year. Its placeholder point is left out."""
    rows = {"Agency": list(agencies)} if agencies else {}
    mapping = mapped("baltimore", **rows)
    mapping["rows"]["leave_out"]["GeoLocation"].append("(39.0, -77.0)")
    return located(data("baltimore-311/requests_train.csv.gz"), mapping)


def vancouver() -> Reports:
    mapping = mapped("vancouver_feedback") | {
        "contract": "street_reports",
        "columns": {"reported_at": "Service request open timestamp", "category": "Department",
                    "latitude": "Latitude", "longitude": "Longitude"},
        "generate": ["report_id"], "crs": "EPSG:26910", "constants": {},
    }  # fmt: skip
    return located(data("vancouver-feedback-cases/feedback_cases_2023.csv"), mapping)


@cache
def wards() -> gpd.GeoDataFrame:
    return gpd.read_file(data(f"{PLACES}/leicestershire_wards.geojson"))


def street_crime(kind: str = "", district: str = "") -> Reports:
    """Incidents of three months, dated by month, in a district's wards or the county's."""
    files = sorted(data("leicestershire-street-crime").glob("*.csv.gz"))
    rows = pd.concat(pd.read_csv(file, dtype=str) for file in files)
    mapping = mapped("leicestershire_crime")
    del mapping["rows"]
    with tempfile.TemporaryDirectory() as folder:
        chosen = rows[rows["Crime type"].eq(kind)] if kind else rows
        chosen.to_csv(Path(folder) / "crime.csv", index=False)
        area = wards()[wards()["LAD13NM"].eq(district)] if district else wards()
        area.to_file(Path(folder) / "area.geojson")
        mapping["area"] = str(Path(folder) / "area.geojson")
        return located(Path(folder) / "crime.csv", mapping)


def districts(kind: str = "") -> Iterable[Reports]:
    return (street_crime(kind, each) for each in sorted(wards()["LAD13NM"].unique()))


@cache
def fixmystreet(category: str) -> pd.DataFrame:
    """English counts of a category: ``code`` (the digits of the LSOA), ``month``, ``reports``."""
    rows = pd.read_csv(data("fixmystreet-counts/lsoa_month_cleanliness_2007_2018.csv.gz"))
    rows = rows[rows["category"].eq(category) & rows["lsoa"].str.fullmatch(r"E01\d{6}")]
    code = rows["lsoa"].str[3:].astype(int)
    return rows.assign(code=code, month=pd.to_datetime(rows["month"]).dt.to_period("M"))


def in_a_row(counts: pd.DataFrame, codes: Sequence[int]) -> Reports:
    """Lay areas side by side as squares of 100 metres, and each report on its month's first day."""
    place = pd.Series(range(len(codes)), index=codes)
    known = counts[counts["code"].isin(place.index)]
    each = known.loc[known.index.repeat(known["reports"])]
    days = each["month"].dt.to_timestamp().to_numpy().astype("M8[D]")
    east = place[each["code"]].to_numpy() * 100.0 + 50.0
    row = Grid(100.0, 0, 0, np.ones((1, len(codes)), dtype=bool))
    return Reports(east, np.full(len(east), 50.0), days, row=row)


def england(category: str) -> Reports:
    return in_a_row(fixmystreet(category), range(1, LAST_CODE + 1))


def blocks(category: str) -> Iterable[Reports]:
    counts = fixmystreet(category)
    number = counts["code"] // BLOCK_CODES
    held = counts.groupby(number)["reports"].sum()
    for block in held.index[held >= LEAST_IN_BLOCK]:
        first = block * BLOCK_CODES
        yield in_a_row(counts, range(first, first + BLOCK_CODES))


def leicestershire(category: str) -> Reports:
    areas = gpd.read_file(data(f"{PLACES}/leicestershire_lsoa.geojson"))
    codes = sorted(areas["LSOA11CD"].str[3:].astype(int))
    return in_a_row(fixmystreet(category), codes)


ASB = "Anti-social behaviour"
SETS: dict[str, Callable[[], Iterable[Reports]]] = {
    "Boston, animals": lambda: [boston()],
    "Boston, 7 kinds": boston_kinds,
    "Borough, street crime": lambda: [street_crime("", "Oadby and Wigston")],
    "Borough, anti-social": lambda: [street_crime(ASB, "Oadby and Wigston")],
    "County, street crime": lambda: [street_crime()],
    "County, anti-social": lambda: [street_crime(ASB)],
    "8 districts, street crime": districts,
    "8 districts, anti-social": lambda: districts(ASB),
    "Vancouver, feedback": lambda: [vancouver()],
    "Baltimore, requests": lambda: [baltimore()],
    "Baltimore, solid waste": lambda: [baltimore("Solid Waste")],
    "FixMyStreet county, fouling": lambda: [leicestershire(FOULING)],
    "FixMyStreet county, fly-tip": lambda: [leicestershire("Fly-tipping")],
    "FixMyStreet, fouling": lambda: [england(FOULING)],
    "FixMyStreet, fly-tipping": lambda: [england("Fly-tipping")],
    "FixMyStreet, graffiti": lambda: [england("Graffiti")],
    "FixMyStreet, litter": lambda: [england("Litter/Litter Bin")],
    "FixMyStreet, dead animals": lambda: [england("Dead Animals")],
    "FMS blocks, fouling": lambda: blocks(FOULING),
    "FMS blocks, fly-tipping": lambda: blocks("Fly-tipping"),
    "FMS blocks, graffiti": lambda: blocks("Graffiti"),
}


def differences(reports: Reports, horizon: int, cell_m: float) -> tuple[pd.DataFrame, pd.Series]:
    """Return ours less the count, by moment and share of the area, and the count's mean PAI."""
    grid = reports.row or grid_over(
        reports.easting, reports.northing, cell_m=cell_m, area=reports.area
    )
    tested = backtest(
        reports.easting, reports.northing, reports.days, grid=grid, method=HotspotMethod(),
        origins=ORIGINS, horizon_days=horizon, seed=SEED,
    )  # fmt: skip
    pai = {
        name: rows.pivot_table(index="origin", columns="share", values="pai")
        for name, rows in tested.by_origin.groupby("method")
    }
    return pai["ours"] - pai["count_12m"], pai["count_12m"].mean()


def newey_west(values: Floats) -> float:
    """Return the standard error of a mean of values that follow one another."""
    if len(values) < 2:
        return np.nan
    lags = {"maxlags": min(LAGS, len(values) - 1), "use_correction": True}
    return float(sm.OLS(values, np.ones(len(values))).fit(cov_type="HAC", cov_kwds=lags).bse[0])


def measured(name: str, parts: Iterable[Reports], horizon: int, cell_m: float) -> pd.DataFrame:
    """Return a row for each share of the area."""
    gains, counts, reports = [], [], 0
    for part in parts:
        try:
            gain, count = differences(part, horizon, cell_m)
        except TooFewToTestError:
            continue
        gains.append(gain)
        counts.append(count)
        reports += len(part.days)
    if not gains:
        return pd.DataFrame()
    over = gains[0] if len(gains) == 1 else pd.DataFrame([gain.mean() for gain in gains])
    rows = pd.DataFrame(
        {
            "set": name, "days": horizon, "share": SHARES, "reports": reports,
            "moments": max(map(len, gains)), "parts": len(gains),
            "count_12m": pd.DataFrame(counts).mean().to_numpy(),
            "diff": over.mean().to_numpy(), "se": over.sem().to_numpy(),
        }
    )  # fmt: skip
    each = [newey_west(over[share].to_numpy()) if len(gains) == 1 else np.nan for share in SHARES]
    return rows.assign(se_hac=each, below=rows["diff"] < -rows["se"])


def told(rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    line = f"{first['set']:<28}{first['days']:>3} {first['reports']:>7,} {first['parts']:>3} "
    line += f"{first['moments']:>3} "
    for row in rows.to_dict("records"):
        other = "" if np.isnan(row["se_hac"]) else f" ({row['se_hac']:.2f})"
        star = "*" if row["below"] else " "
        line += f"  {row['count_12m']:6.2f} {row['diff']:+6.2f} ± {row['se']:.2f}{other:<7}{star}"
    return line


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*", help="sets whose names hold one of these")
    parser.add_argument("--cell-m", type=float, default=100.0)
    parser.add_argument("--csv", type=Path)
    given = parser.parse_args()
    chosen = [name for name in SETS if not given.words or any(w in name for w in given.words)]
    print(f"{'set':<28}days reports parts moments; at 1, 2 and 5%: count's PAI, ours less that")
    made = []
    for name in chosen:
        parts = list(SETS[name]())
        for horizon in HORIZONS:
            rows = measured(name, parts, horizon, given.cell_m)
            print(told(rows) if len(rows) else f"{name:<28}{horizon:>3} too short", flush=True)
            made.append(rows)
    table = pd.concat(made, ignore_index=True)
    if given.csv:
        table.to_csv(given.csv, index=False)
    surely = (table["diff"] < -table["se_hac"]).sum()
    ahead = (table["diff"] > table["se"]).sum()
    print(f"{len(table)} comparisons: {table['below'].sum()} below by more than a standard error")
    print(f"({surely} by Newey and West's), {ahead} above; of equals one in six would be below.")


if __name__ == "__main__":
    main()
