"""How exact places are: which reports a square can bear, and how far off a place may be."""

from collections.abc import Callable

import pandas as pd

from insight.hotspots.method import HotspotMethod


def exact_enough(reports: pd.DataFrame, side_m: float) -> pd.Series:
    """Return which reports may be counted in squares of `side_m`: those within half a side.

    Reports whose error isn't known (``place_error_m`` missing) count as exact.
    """
    if "place_error_m" not in reports:
        return pd.Series(data=True, index=reports.index)
    off: pd.Series[bool] = reports["place_error_m"].fillna(0.0).le(side_m / 2)
    return off


def side_they_bear(
    reports: pd.DataFrame,
    method: HotspotMethod,
    side_of: Callable[[pd.DataFrame, HotspotMethod], float],
) -> tuple[float, pd.Series]:
    """Choose the finest squares for which there are enough reports that are exact enough.

    Parameters
    ----------
    reports
        Located reports, with ``place_error_m`` where known.
    method
        The sides to choose from.
    side_of
        The side that so many reports can bear, each taken as exact.

    Returns
    -------
    tuple
        The side in metres, and which of `reports` are exact enough for it.
    """
    for side in (method.fine_cell_m, method.cell_m):
        exact = exact_enough(reports, side)
        if side_of(reports[exact], method) <= side:
            return side, exact
    return method.area_cell_m, exact_enough(reports, method.area_cell_m)


def coarse_note(reports: pd.DataFrame, exact: pd.Series, side_m: float) -> list[str]:
    """Say which reports are placed too coarsely for the squares."""
    coarse = reports[~exact]
    if coarse.empty:
        return []
    how = coarse["place_note"].fillna("coordinates") if "place_note" in coarse else None
    kinds = "" if how is None else f" ({_kinds(how)})"
    one = len(coarse) == 1
    return [
        f"{len(coarse):,} more {'is' if one else 'are'} known only within about "
        f"{coarse['place_error_m'].median():.0f} metres{kinds}: too coarse for squares of "
        f"{side_m:.0f} metres, {'it counts' if one else 'they count'} for wards."
    ]


def _kinds(how: pd.Series) -> str:
    words = how.astype("string").replace(
        {"postcode": "by postcode", "street": "by street name", "coordinates": "by a rounded point"}
    )
    counts = words.value_counts().sort_index()
    return ", ".join(f"{number:,} {kind}" for kind, number in counts.items())


def within_metres(reports: pd.DataFrame, cell: pd.Series) -> pd.Series:
    """Return how far off half of each cell's reports may lie at most, in metres; by cell.

    Parameters
    ----------
    reports
        With ``place_error_m``; without it nothing is known.
    cell
        Name of each report's cell, in their order.
    """
    if "place_error_m" not in reports:
        return pd.Series(dtype=float)
    error = pd.Series(reports["place_error_m"].to_numpy(dtype=float))
    # By number, since a million names as objects take a hundred megabytes.
    number, names = pd.factorize(cell)
    middle = error[number >= 0].groupby(number[number >= 0]).median().round(0)
    return middle.set_axis(names[middle.index]).sort_index()
