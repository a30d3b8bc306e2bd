"""Reports against people, streets, deprivation and findings: reports aren't conditions."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy import stats

from insight.hotspots.bias import by_deprivation, by_exposure, inspected
from insight.hotspots.segments import Pieces, snapped
from insight.intervals import newcombe, wilson
from insight.positions import street_key
from insight.wards import assign_wards

if TYPE_CHECKING:
    import geopandas as gpd

LEAST = 20  # reports in the two groups together, and visits in each, for a comparison
FIFTHS = {
    1: "most deprived fifth of England", 2: "second fifth", 3: "middle fifth", 4: "fourth fifth",
    5: "least deprived fifth",
}  # fmt: skip
DEPRIVED = (1, 2)
NOTHING_FOUND = ("nothing", "nothing found", "none", "no", "not found", "clean", "clear", "0")
NOT_LOOKED = ("", "not looked", "not looked for", "not checked")
BACKED = ["found, not reported", "reported and found", "reported, not found"]


def residents_by_ward(areas: "gpd.GeoDataFrame", wards: "gpd.GeoDataFrame") -> pd.Series:
    """Add up the people of small areas by ward: each area counts where a point within it lies.

    Parameters
    ----------
    areas
        ``population`` and outlines, in the system of `wards`.
    wards
        Outlines named in ``ward``.
    """
    middle = areas.geometry.representative_point()
    ward = assign_wards(np.column_stack([middle.x, middle.y]), wards).to_numpy()
    people = areas["population"].groupby(ward).sum()
    by_ward: pd.Series[float] = people.reindex(sorted(wards["ward"])).astype("float64")
    return by_ward


def street_km(streets: "gpd.GeoDataFrame", wards: "gpd.GeoDataFrame") -> pd.Series:
    """Return kilometres of named street by ward."""
    outlines = wards.geometry.to_numpy()
    lines = streets.geometry.to_numpy()
    ward, line = shapely.STRtree(lines).query(outlines, predicate="intersects")
    length = shapely.length(shapely.intersection(lines[line], outlines[ward])) / 1000
    by_ward = pd.Series(length).groupby(wards["ward"].to_numpy()[ward]).sum()
    return by_ward.reindex(sorted(wards["ward"])).fillna(0.0)


def ward_rates(
    counts: pd.Series, residents: pd.Series | None, kilometres: pd.Series | None
) -> pd.DataFrame:
    """Return a year's reports by ward, by 1,000 residents and by kilometre of street.

    Parameters
    ----------
    counts
        Reports by ward; one without any is there with 0.
    residents, kilometres
        By ward, where known.

    Returns
    -------
    pandas.DataFrame
        ``ward``, ``reports`` and, for ``people`` and ``km``, the base, the rate and its 95%
        Poisson interval: ``people``, ``people_rate``, ``people_lower``, ``people_upper``.
    """
    table = pd.DataFrame({"ward": counts.index, "reports": counts.to_numpy()})
    for name, base, per in (("people", residents, 1_000.0), ("km", kilometres, 1.0)):
        if base is None:
            continue
        rates = by_exposure(counts, base.reindex(counts.index), per=per).reset_index(drop=True)
        table[name] = rates["exposure"]
        for column in ("rate", "lower", "upper"):
            table[f"{name}_{column}"] = rates[column]
    return table


def deprivation_rates(
    easting: np.ndarray, northing: np.ndarray, areas: "gpd.GeoDataFrame"
) -> pd.DataFrame:
    """Return reports by 1,000 residents in each fifth of deprivation.

    Parameters
    ----------
    easting, northing
        Reports in metres.
    areas
        ``area`` (code), ``population``, ``decile`` (1 most deprived) and outlines in metres.

    Returns
    -------
    pandas.DataFrame
        ``fifth`` (1 to 5), ``words``, ``areas``, ``reports``, ``exposure`` (residents), ``rate``,
        ``lower`` and ``upper`` (95%), most deprived first; fifths without an area are absent.
    """
    named = areas.rename(columns={"area": "ward"})
    at = assign_wards(np.column_stack([easting, northing]), named)
    known = areas.set_index("area")
    fifth = (known["decile"] + 1) // 2
    table = by_deprivation(at.value_counts(), known["population"], fifth)
    table = table.rename_axis("fifth").reset_index()
    held = fifth[known["population"].notna()].value_counts()
    return table.assign(words=table["fifth"].map(FIFTHS), areas=table["fifth"].map(held))


def deprivation_words(rates: pd.DataFrame) -> str:
    """Say whether the two most deprived fifths report more or less than the others."""
    poor = rates["fifth"].isin(DEPRIVED)
    if poor.all() or not poor.any():
        return "All areas are of the same part of the scale, so there is nothing to compare."
    reports, people = (
        [int(rates.loc[which, name].sum()) for which in (poor, ~poor)]
        for name in ("reports", "exposure")
    )
    if sum(reports) < LEAST or not all(people):
        return f"There are too few reports ({sum(reports):,}) to compare areas by deprivation."
    # Given the total, the poorer areas' reports are binomial: its exact interval is the ratio's.
    bounds = stats.binomtest(reports[0], sum(reports)).proportion_ci(method="exact")
    low, high = (
        share / max(1 - share, 1e-9) * people[1] / people[0] for share in (bounds.low, bounds.high)
    )
    ratio = reports[0] / max(reports[1], 1) * people[1] / people[0]
    told = (
        f"For each resident, the two most deprived fifths sent {ratio:.1f} times as many reports "
        f"as the others (95% interval {low:.1f} to {high:.1f}; {reports[0]:,} and {reports[1]:,} "
        f"reports from {people[0]:,} and {people[1]:,} residents)."
    )
    if low > 1:
        return f"{told} They report more."
    if high < 1:
        return (
            f"{told} They report less. Surveys of streets have found litter and fouling to be "
            "worst in the most deprived areas, so silence there is no sign of clean streets: keep "
            "their visits."
        )
    return f"{told} Chance alone could make that difference."


def street_findings(
    easting: np.ndarray, northing: np.ndarray, patrols: pd.DataFrame, pieces: Pieces
) -> pd.DataFrame:
    """Set what wardens found beside what was reported, street by street.

    Parameters
    ----------
    easting, northing
        Reports in metres.
    patrols
        ``place`` (a street, perhaps with a reference in brackets) and ``found``.
    pieces
        Of the streets.

    Returns
    -------
    pandas.DataFrame
        ``street``, ``reports``, ``visits`` (whose finding was recorded), ``found``,
        ``found_share`` with ``lower`` and ``upper`` (95%, Wilson) and ``says``; what was found
        without a report comes first.
    """
    number, _ = snapped(easting, northing, pieces)
    street = pieces.street.iloc[number[number >= 0]]
    reports = street.groupby(street_key(street)).size()
    names = pieces.street.drop_duplicates()
    names = names.set_axis(street_key(names).to_numpy())
    names = names[~names.index.duplicated()].sort_index()
    said = patrols["found"].str.strip().str.casefold().fillna("")
    told = patrols.assign(found=said)[~said.isin(NOT_LOOKED)]
    bare = told["place"].str.replace(r"\s*\([^)]*\)$", "", regex=True)
    bare = street_key(bare.str.replace(r"^Off ", "", regex=True))
    positive = ~told["found"].isin(NOTHING_FOUND)
    visits = bare.groupby(bare).size().reindex(names.index, fill_value=0)
    found = positive.groupby(bare).sum().reindex(names.index, fill_value=0)
    counts = reports.reindex(names.index, fill_value=0)
    of_streets = [np.asarray(each, dtype=np.float64) for each in (counts, found, visits)]
    table = inspected(*of_streets)
    low, high = wilson(table["found_share"].fillna(0.0), table["visits"])
    seen = table["visits"].gt(0)
    table = table.assign(
        street=names.to_numpy(),
        found=found.to_numpy(),
        lower=pd.Series(low).where(seen),
        upper=pd.Series(high).where(seen),
    )
    table = table.astype({"reports": "int64", "visits": "int64", "found": "int64"})
    rank = table["says"].map({word: place for place, word in enumerate(BACKED)}).fillna(len(BACKED))
    order = table.assign(rank=rank).sort_values(
        ["rank", "found", "visits", "street"], ascending=[True, False, False, True]
    )
    return order.drop(columns="rank").reset_index(drop=True)


def findings_words(table: pd.DataFrame) -> str:
    """Say whether streets that are reported are those where wardens find something."""
    with_reports = table["reports"].gt(0)
    visits, found = (
        [int(table.loc[which, name].sum()) for which in (with_reports, ~with_reports)]
        for name in ("visits", "found")
    )
    if not sum(visits):
        return "No visit with a finding is on record, so reports are all that is known."
    if min(visits) < LEAST:
        return (
            f"There are too few visits with a finding to tell whether reports point the right way "
            f"({visits[0]:,} to streets with reports, {visits[1]:,} to streets without)."
        )
    share = [part / whole for part, whole in zip(found, visits, strict=True)]
    low, high = newcombe(share[0], visits[0], share[1], visits[1])
    told = (
        f"Wardens found something on {share[0]:.0%} of {visits[0]:,} visits to streets with "
        f"reports and on {share[1]:.0%} of {visits[1]:,} to streets without: a difference of "
        f"{(share[0] - share[1]) * 100:+.0f} points (95% interval {float(low) * 100:+.0f} to "
        f"{float(high) * 100:+.0f})."
    )
    if float(low) > 0:
        return f"{told} Reports point the right way here, though not to every street."
    if float(high) < 0:
        return f"{told} Here reports point away from where the trouble is found."
    return f"{told} Chance alone could make that: reports are a weak guide to what is found."
