"""Who reports: how few people a map rests on, and where people report more or less."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from insight.errors import MissingColumnsError
from insight.hotspots.emerging import month_numbers, monthly_counts
from insight.hotspots.grid import Floats, Grid
from insight.hotspots.method import HotspotMethod
from insight.hotspots.significance import evidence_grades, excess


@dataclass(frozen=True, slots=True)
class Concentration:
    """How many people reported, and the share of reports that the most active made (0 to 1).

    `top_tenth` is that of the most active tenth of reporters, `top_one` of the most active alone;
    `anonymous` is the share of reports whose reporter isn't known, which the others leave out.
    """

    reporters: int
    top_tenth: float
    top_one: float
    anonymous: float

    def sentence(self) -> str:
        """Say it, without naming anyone."""
        return (
            f"{self.reporters:,} people made the reports whose reporter is known; the most active "
            f"tenth of them made {self.top_tenth:.0%}, the most active one {self.top_one:.0%}."
        )


def concentration(reporters: pd.Series) -> Concentration | None:
    """Return how concentrated reports are on few people; nothing where no reporter is known.

    Parameters
    ----------
    reporters
        Pseudonym of each report's reporter, missing where unknown.

    Examples
    --------
    >>> concentration(pd.Series(["a"] * 6 + ["b", "c", None])).top_one
    0.75
    """
    sizes = reporters.value_counts().to_numpy()
    if not len(sizes):
        return None
    known = int(sizes.sum())
    tenth = max(1, round(len(sizes) / 10))
    return Concentration(
        len(sizes),
        float(sizes[:tenth].sum() / known),
        float(sizes[0] / known),
        float(reporters.isna().mean()),
    )


def one_vote_each(reports: pd.DataFrame, grid: Grid, method: HotspotMethod) -> np.ndarray:
    """Say which cells still stand out when a person counts once in a cell.

    Parameters
    ----------
    reports
        ``easting``, ``northing`` (metres, within the grid) and ``reporter``; a report without one
        has a vote of its own. With ``reported_at``, months count as evidence, as on the map.
    grid
        The cells.
    method
        As for `excess`.

    Returns
    -------
    numpy.ndarray
        Whether each cell is significant by votes.
    """
    if missing := {"easting", "northing", "reporter"} - set(reports.columns):
        raise MissingColumnsError(missing, "the table of reports")
    easting, northing = (reports[axis].to_numpy(float) for axis in ("easting", "northing"))
    votes = pd.DataFrame({"cell": grid.flat(easting, northing)})
    votes["reporter"] = reports["reporter"].astype("string").to_numpy()
    again = votes.duplicated() & votes["reporter"].notna()
    once = ~again.to_numpy()
    months = None
    if "reported_at" in reports:
        number = month_numbers(reports["reported_at"])[once]
        months = monthly_counts(grid, easting[once], northing[once], number)
    test = excess(grid.total(easting[once], northing[once]), grid, method, months)
    return evidence_grades(test.near, test.q, method)[1]


def by_exposure(counts: pd.Series, exposure: pd.Series, *, per: float = 1_000.0) -> pd.DataFrame:
    """Return rates of areas by their people or street length, with 95% Poisson intervals.

    Parameters
    ----------
    counts
        Reports by area; an area that has none may be absent.
    exposure
        People, or metres of street, by area: the base, of which every area is shown.
    per
        The rate's unit: reports per so much exposure.

    Returns
    -------
    pandas.DataFrame
        ``reports``, ``exposure``, ``rate``, ``lower`` and ``upper``, by area in `exposure`'s
        order; the rate is missing where there is no exposure.
    """
    reports = counts.reindex(exposure.index).fillna(0).astype(float)
    base = exposure.astype(float).where(exposure > 0)
    low = stats.chi2.ppf(0.025, 2 * reports) / 2
    high = stats.chi2.ppf(0.975, 2 * (reports + 1)) / 2
    return pd.DataFrame(
        {
            "reports": reports.astype(int),
            "exposure": exposure,
            "rate": reports / base * per,
            "lower": np.nan_to_num(low) / base * per,
            "upper": high / base * per,
        }
    )


def by_deprivation(reports: pd.Series, population: pd.Series, decile: pd.Series) -> pd.DataFrame:
    """Return reports per thousand people by deprivation decile of their area (1 most deprived).

    Parameters
    ----------
    reports, population, decile
        By area, such as an LSOA. Areas without reports count as none.

    Notes
    -----
    In Britain reports of fouling peak in the middle deciles, while measured fouling is worst in
    the most deprived two: a flat or falling rate says who reports, not where streets are clean.
    """
    table = pd.DataFrame({"population": population, "decile": decile}).dropna()
    table["reports"] = reports.reindex(table.index).fillna(0)
    sums = table.groupby("decile")[["reports", "population"]].sum()
    return by_exposure(sums["reports"], sums["population"])


def inspected(reports: Floats, found: Floats, visits: Floats) -> pd.DataFrame:
    """Set wardens' own findings beside reports, place by place.

    Parameters
    ----------
    reports
        Reports of each place.
    found, visits
        Visits that found something, and all visits, of each place.

    Returns
    -------
    pandas.DataFrame
        ``reports``, ``visits``, ``found_share`` (missing without a visit) and ``says``:
        ``reported and found``, ``reported, not found``, ``found, not reported``, ``neither`` or
        ``not visited``.
    """
    share = np.divide(found, visits, out=np.full(len(visits), np.nan), where=visits > 0)
    says = np.select(
        [visits == 0, (reports > 0) & (found > 0), reports > 0, found > 0],
        ["not visited", "reported and found", "reported, not found", "found, not reported"],
        default="neither",
    )
    return pd.DataFrame({"reports": reports, "visits": visits, "found_share": share, "says": says})
