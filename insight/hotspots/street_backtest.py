"""Hold each way of ranking pieces of street against the reports that followed."""

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array, eye_array
from scipy.spatial import cKDTree

from insight.hotspots.backtest import (
    METHODS,
    SHARES,
    YEAR_DAYS,
    Backtest,
    Days,
    TooFewToTestError,
    counted_days,
    figures_over_origins,
    moments_of,
    tie_breaks,
)
from insight.hotspots.by_street import counted
from insight.hotspots.grid import Floats
from insight.hotspots.method import HotspotMethod
from insight.hotspots.rank import unit_shares
from insight.hotspots.segments import Integers, Pieces, Surface

BESIDE_M = 150.0


def street_backtest(
    piece: Integers,
    days: Days,
    *,
    pieces: Pieces,
    method: HotspotMethod,
    origins: int,
    horizon_days: int,
    seed: int = 20260401,
    keep_cells: bool = False,
) -> Backtest:
    """Make the ranking of streets as it would have been, and count what came after.

    Parameters
    ----------
    piece
        Number of the piece of street of each report.
    days
        Local day of each report, ``datetime64[D]``.
    pieces
        Of the streets; their length is the base, as the area is of `backtest`.
    method, origins, horizon_days, seed, keep_cells
        As for `backtest`.

    Returns
    -------
    Backtest
        Shares are of the length of all streets; every method ranks by its score by metre.

    Raises
    ------
    TooFewToTestError
        If no origin has reports both before and after it.

    Notes
    -----
    PAI on a network takes lengths for areas (Rosser and others, 2017, "Predictive crime mapping:
    arbitrary grids or street networks?").
    """
    units, length = len(pieces.cell), pieces.length_m
    surface, beside = Surface(pieces), _beside(pieces)
    reaches = [reach / 100.0 for reach in method.bandwidths_m]
    measured, kept = [], []
    moments, days = moments_of(days, origins, horizon_days), counted_days(days)
    for number, origin in enumerate(moments):
        age = (origin - days).astype(np.int64).astype(float)
        after = (age <= 0) & (age > -horizon_days)
        outcome = np.bincount(piece[after], minlength=units).astype(float)
        past = (age > 0) & (age <= method.history_months * 30.44)
        if not outcome.any() or not past.any():
            continue
        windows = counted(piece[past], age[past] - 1, units)
        year, last = (
            np.bincount(piece[(age > 0) & (age <= within)], minlength=units).astype(float)
            for within in (YEAR_DAYS, horizon_days)
        )
        draws = tie_breaks(units, seed, number)
        scores = {
            "ours": unit_shares(windows, length / length.sum(), surface, reaches, method).share,
            "count_12m": year,
            "last_period": last,
            "gi_star": _gi_star(year, beside) * length,
            "random": draws[0] * length,
            "foresight": outcome,
        }
        for name in METHODS:
            measured += _measured(origin, name, scores[name], outcome, draws, length)
        if keep_cells:
            table = pd.DataFrame({"origin": pd.Timestamp(origin), "cell": pieces.cell})
            table = table.assign(easting=pieces.easting, northing=pieces.northing)
            table = table.assign(length_m=length, outcome=outcome.astype(np.int64))
            kept.append(table.assign(**{name: scores[name] for name in METHODS}))
    if not measured:
        raise TooFewToTestError(
            f"There are {len(days):,} reports on the streets, and no day with reports both before "
            f"it and in the {horizon_days} days from it; give more months, or a shorter "
            "--horizon-days."
        )
    by_origin = pd.DataFrame(measured, columns=["origin", "method", "share", "pai", "hit"])
    cells = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame()
    made = [pd.Timestamp(each) for each in by_origin["origin"].unique()]
    return Backtest(made, horizon_days, figures_over_origins(by_origin), by_origin, cells)


def _measured(
    origin: np.datetime64, name: str, score: Floats, outcome: Floats, draws: Floats, length: Floats
) -> list[tuple[np.datetime64, str, float, float, float]]:
    """PAI and hit rate at each share of the length, flagging whole pieces: means over the draws."""
    order = np.array([np.lexsort((draw, -score / length)) for draw in draws])
    found = outcome[order].cumsum(axis=1) / outcome.sum()
    covered = length[order].cumsum(axis=1) / length.sum()
    rows = []
    for share in SHARES:
        last = np.abs(covered - share).argmin(axis=1)[:, None]
        hit = np.take_along_axis(found, last, axis=1)
        pai = hit / np.take_along_axis(covered, last, axis=1)
        rows.append((origin, name, share, float(pai.mean()), float(hit.mean())))
    return rows


def _beside(pieces: Pieces) -> csr_array:
    """Which pieces' middles lie within `BESIDE_M` of one another, each beside itself too."""
    points = np.column_stack([pieces.easting, pieces.northing])
    one, other = cKDTree(points).query_pairs(BESIDE_M, output_type="ndarray").T
    ones = np.ones(len(one))
    half = coo_array((ones, (one, other)), shape=(len(points), len(points)))
    return csr_array(half + half.T + eye_array(len(points)))


def _gi_star(values: Floats, beside: csr_array) -> Floats:
    """Gi* of each piece with those beside it, all weights 1 (see `insight.hotspots.gi_star`)."""
    size, spread = len(values), values.std()
    if spread == 0:
        return np.zeros(size)
    near = np.asarray(beside.sum(axis=1)).ravel()
    scale = spread * np.sqrt(np.maximum(size * near - near**2, 0.0) / max(size - 1, 1))
    above = beside @ values - near * values.mean()
    z = np.divide(above, scale, out=np.zeros(size), where=scale > 0)
    return np.asarray(z, dtype=np.float64)
