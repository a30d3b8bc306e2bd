"""The cells that hold reports, ranked, tested and described."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from insight.hotspots.emerging import emerging_class, mann_kendall, month_numbers, monthly_counts
from insight.hotspots.grid import Floats, Grid, cell_names, grid_over, place_names
from insight.hotspots.method import HotspotMethod
from insight.hotspots.rank import expected_shares
from insight.hotspots.significance import evidence_grades, excess, gi_star
from insight.hotspots.windows import window_counts

if TYPE_CHECKING:
    import geopandas as gpd


def ranked_cells(
    kept: pd.DataFrame,
    earlier: pd.DataFrame,
    method: HotspotMethod,
    last: pd.Period,
    cell_m: float,
    area: "gpd.GeoDataFrame | None",
) -> tuple[pd.DataFrame, Grid]:
    """Cells with reports, best rank first, and the grid they are in."""
    easting, northing, age = report_points(kept, last)
    grid = grid_over(easting, northing, cell_m=cell_m, area=area)
    before = report_points(earlier, last)
    # What lay outside the grid then has no cell now.
    inside = grid.holds(before[0], before[1])
    history = [
        np.append(old[inside], new)
        for old, new in zip(before, (easting, northing, age), strict=True)
    ]
    count = grid.total(easting, northing)
    score = expected_shares(window_counts(grid, *history), grid, method).share
    months = monthly_counts(grid, easting, northing, month_numbers(kept["reported_at"]))
    test = excess(count, grid, method, months)
    z = gi_star(count, grid.inside)
    changing = _classes(months, grid, method)
    grade, significant = evidence_grades(test.near, test.q, method)
    rows, columns = np.nonzero(count)
    at = (rows, columns)
    east, north = grid.centres(rows, columns)
    crs = str(kept["crs"].iloc[0])
    cells = pd.DataFrame(
        {
            "cell": cell_names(east, north, cell_m),
            "easting": east,
            "northing": north,
            "ward": _wards(kept, grid, rows, columns),
            "place": place_names(east, north, crs),
            "reports": count[at],
            "expected": test.expected[at],
            # Rounded, so that another machine's last bit doesn't swap two ranks.
            "score": score[at].round(9),
            "p": test.p[at],
            "q": test.q[at],
            "z": z[at],
            "evidence": grade[at],
            "emerging": changing[at],
            "significant": significant[at],
            "cell_m": cell_m,
        }
    )
    order = ["score", "reports", "northing", "easting"]
    cells = cells.sort_values(order, ascending=[False, False, True, True], ignore_index=True)
    return cells.assign(rank=np.arange(1, len(cells) + 1)), grid


def report_points(reports: pd.DataFrame, last: pd.Period) -> tuple[Floats, Floats, Floats]:
    """Easting, northing, and age in days at the end of `last`."""
    age = last.end_time - reports["reported_at"].dt.tz_localize(None)
    days = (age / pd.Timedelta(days=1)).to_numpy(dtype=float)
    east, north = (reports[axis].to_numpy(dtype=float) for axis in ("easting", "northing"))
    return east, north, days


def _classes(months: Floats, grid: Grid, method: HotspotMethod) -> np.ndarray:
    """Name what each cell has been over the window's months."""
    shape = grid.inside.shape
    z = np.array([gi_star(each.reshape(shape), grid.inside).ravel() for each in months])
    enough = np.asarray(months.sum(axis=0) >= method.least_reports, dtype=np.bool_)
    return emerging_class(z, mann_kendall(months), enough).reshape(shape)


def _wards(kept: pd.DataFrame, grid: Grid, rows: np.ndarray, columns: np.ndarray) -> pd.Series:
    """Ward of most of each cell's reports; the first by name where two have as many."""
    width = grid.inside.shape[1]
    wanted = rows * width + columns
    if "ward" not in kept or kept["ward"].isna().all():
        return pd.Series(pd.NA, index=range(len(wanted)), dtype="string")
    row, column = grid.cells(
        kept["easting"].to_numpy(dtype=float), kept["northing"].to_numpy(dtype=float)
    )
    seen = pd.DataFrame({"flat": row * width + column, "ward": kept["ward"].to_numpy()})
    sizes = seen.groupby(["flat", "ward"]).size().rename("reports").reset_index()
    sizes = sizes.sort_values(["flat", "reports", "ward"], ascending=[True, False, True])
    most = sizes.drop_duplicates("flat").set_index("flat")["ward"]
    return most.reindex(wanted).reset_index(drop=True).astype("string")
