"""Hold each way of ranking against the reports that followed."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from insight.errors import InsightError
from insight.hotspots.grid import Floats, Grid
from insight.hotspots.method import HotspotMethod
from insight.hotspots.rank import expected_shares
from insight.hotspots.significance import gi_star
from insight.hotspots.windows import window_counts

SHARES = (0.01, 0.02, 0.05)
METHODS = ("ours", "count_12m", "last_period", "gi_star", "random", "foresight")
YEAR_DAYS = 365
TIE_DRAWS = 10
LEAST_HISTORY_DAYS = 28
Days = npt.NDArray[np.datetime64]


class TooFewToTestError(InsightError):
    """There are too few reports, or too short a time, to predict any of them from the others."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """Predictions held against what happened.

    Parameters
    ----------
    origins
        Moments at which the maps were made, oldest first; each saw earlier reports only.
    horizon_days
        Days from an origin that its map had to predict.
    figures
        One row per method and share of the area: ``pai``, ``pai_se``, ``hit``, ``pei``, ``diff``
        and ``diff_se`` (PAI less that of ``count_12m``, origin by origin). Standard errors are
        those of the mean over origins, missing for one origin.
    by_origin
        PAI and hit rate of each origin, method and share.
    cells
        ``origin``, ``easting``, ``northing`` (centre), ``outcome`` and each method's score; empty
        unless asked for.
    """

    origins: list[pd.Timestamp]
    horizon_days: int
    figures: pd.DataFrame
    by_origin: pd.DataFrame
    cells: pd.DataFrame = field(default_factory=pd.DataFrame)


def backtest(
    easting: Floats,
    northing: Floats,
    days: Days,
    *,
    grid: Grid,
    method: HotspotMethod,
    origins: int,
    horizon_days: int,
    seed: int = 20260401,
    keep_cells: bool = False,
    at: np.datetime64 | None = None,
) -> Backtest:
    """Make the map as it would have been at several moments, and count what came after.

    Parameters
    ----------
    easting, northing
        Reports in metres, all within `grid`.
    days
        Local day of each report, ``datetime64[D]``.
    grid
        The cells; those inside are the area.
    method
        Choices of our own ranking.
    origins
        How many moments; fewer are used where the reports don't reach back so far.
    horizon_days
        Days to predict. The last horizon ends with the last report, the one before begins
        where that ends, and so on: no report is predicted twice.
    seed
        Breaks ties, ten times over, and makes the random ranking. A year's counts have many ties,
        and one draw of them can be worth more than what two methods differ by.
    keep_cells
        Whether to return every cell's scores.
    at
        The only origin, where it is not to be chosen.

    Returns
    -------
    Backtest
        The figures, by method and share of the area.

    Raises
    ------
    TooFewToTestError
        If no origin has reports both before and after it.

    Notes
    -----
    PAI = (share of reports found) / (share of the area flagged): Chainey, Tompson and Uhlig 2008;
    PEI = PAI / the PAI of perfect foresight at the same area: Hunt 2016.
    """
    moments = moments_of(days, origins, horizon_days) if at is None else [at]
    days = counted_days(days)
    measured, kept = [], []
    for number, origin in enumerate(moments):
        until = origin + np.timedelta64(horizon_days, "D")
        after = (days >= origin) & (days < until)
        outcome = grid.total(easting[after], northing[after])
        if not outcome.any() or not (days < origin).any():
            continue
        draws = tie_breaks(int(grid.inside.sum()), seed, number)
        scores = _scores(easting, northing, days, origin, grid, method, horizon_days)
        scores["random"] = _spread(draws[0], grid)
        scores["foresight"] = outcome
        measured.append(_measured(origin, scores, outcome, draws, grid))
        if keep_cells:
            kept.append(_cells(origin, scores, outcome, grid))
    if not measured:
        raise TooFewToTestError(
            f"{_told(len(days))}, and no day with reports both before it and in the "
            f"{horizon_days} days from it; give more months, or a shorter --horizon-days."
        )
    by_origin = pd.concat(measured, ignore_index=True)
    cells = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame()
    made = [pd.Timestamp(each) for each in by_origin["origin"].unique()]
    return Backtest(made, horizon_days, figures_over_origins(by_origin), by_origin, cells)


def moments_of(days: Days, origins: int, horizon_days: int) -> list[np.datetime64]:
    """Days at which maps are made, oldest first."""
    if not len(days):
        return []
    first, end = days.min(), days.max() + np.timedelta64(1, "D")
    if months_only(days):
        # Such reports carry their month alone, on its first day: an origin is the start of one.
        step = max(round(horizon_days / 30.4), 1)
        last = days.max().astype("M8[M]") + np.timedelta64(1, "M")
        found = [
            (last - np.timedelta64(step * back, "M")).astype("M8[D]")
            for back in range(1, origins + 1)
        ]
        return [each for each in reversed(found) if each > first]
    horizon = np.timedelta64(horizon_days, "D")
    found = [end - horizon * back for back in range(1, origins + 1)]
    least = first + np.timedelta64(LEAST_HISTORY_DAYS, "D")
    usable = [each for each in reversed(found) if each >= least]
    return usable or [each for each in found[:1] if each > first]


def months_only(days: Days) -> bool:
    """Whether reports are dated by month alone, as police.uk's are: all on the first."""
    return bool(len(days)) and bool((days == days.astype("M8[M]").astype("M8[D]")).all())


def counted_days(days: Days) -> Days:
    """Return the day that each report counts on: one known by its month alone, on the fifteenth.

    From first to first, 28 days hold no whole month, 91 may hold four and a year eleven.
    """
    return days + np.timedelta64(14, "D") if months_only(days) else days


def _scores(
    easting: Floats,
    northing: Floats,
    days: Days,
    origin: np.datetime64,
    grid: Grid,
    method: HotspotMethod,
    horizon_days: int,
) -> dict[str, Floats]:
    """Return what each method would have said at `origin`."""
    age = (origin - days).astype(np.int64).astype(float)
    past = (age > 0) & (age <= method.history_months * 30.44)
    windows = window_counts(grid, easting[past], northing[past], age[past] - 1)

    def count(within: float) -> Floats:
        chosen = (age > 0) & (age <= within)
        return grid.total(easting[chosen], northing[chosen])

    year = count(YEAR_DAYS)
    return {
        "ours": expected_shares(windows, grid, method).share,
        "count_12m": year,
        "last_period": count(horizon_days),
        "gi_star": gi_star(year, grid.inside),
    }


def _told(reports: int) -> str:
    return "There is 1 report" if reports == 1 else f"There are {reports:,} reports"


def _spread(values: Floats, grid: Grid) -> Floats:
    out = np.zeros(grid.inside.shape)
    out[grid.inside] = values
    return out


def _measured(
    origin: np.datetime64, scores: dict[str, Floats], outcome: Floats, draws: Floats, grid: Grid
) -> pd.DataFrame:
    """PAI and hit rate of each method and share at one origin: means over the draws."""
    happened = outcome[grid.inside]
    rows = []
    for name in METHODS:
        score = -scores[name][grid.inside]
        found = np.mean([happened[np.lexsort((each, score))].cumsum() for each in draws], axis=0)
        for share in SHARES:
            flagged = flagged_cells(len(score), share)
            hit = found[flagged - 1] / found[-1]
            rows.append((origin, name, share, hit * len(score) / flagged, hit))
    return pd.DataFrame(rows, columns=["origin", "method", "share", "pai", "hit"])


def tie_breaks(units: int, seed: int, number: int) -> Floats:
    """Return what breaks the ties of an origin, one row a draw."""
    return np.random.default_rng([seed, number]).random((TIE_DRAWS, units))


def flagged_cells(cells: int, share: float) -> int:
    """How many cells `share` of the area is: the nearest whole number, at least one."""
    return max(1, round(cells * share))


def _cells(
    origin: np.datetime64, scores: dict[str, Floats], outcome: Floats, grid: Grid
) -> pd.DataFrame:
    rows, columns = np.nonzero(grid.inside)
    east, north = grid.centres(rows, columns)
    table = pd.DataFrame({"origin": pd.Timestamp(origin), "easting": east, "northing": north})
    table["outcome"] = outcome[grid.inside].astype(np.int64)
    return table.assign(**{name: scores[name][grid.inside] for name in METHODS})


def figures_over_origins(by_origin: pd.DataFrame) -> pd.DataFrame:
    """Means over origins, and their standard errors."""
    keys = ["origin", "share"]
    plain = by_origin[by_origin["method"].eq("count_12m")].set_index(keys)["pai"]
    best = by_origin[by_origin["method"].eq("foresight")].set_index(keys)["pai"]
    at = pd.MultiIndex.from_frame(by_origin[keys])
    each = by_origin.assign(
        diff=by_origin["pai"] - plain.reindex(at).to_numpy(),
        pei=by_origin["pai"] / best.reindex(at).to_numpy(),
    )
    groups = each.groupby(["method", "share"], sort=False)
    means = groups[["pai", "hit", "pei", "diff"]].mean()
    errors = groups[["pai", "diff"]].sem().rename(columns="{}_se".format)
    return means.join(errors).reset_index()
