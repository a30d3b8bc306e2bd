"""Reports ward by ward, for councillors: this year against last, and a small map per month."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy import stats

from insight.chart_parts import look
from insight.periods import add_months, month_key

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd

CONFIDENCE = 0.95
LEAST = 10  # reports in the two years together, for a change to be looked at
ACROSS = 4
DARKEST = 0.55  # the fullest grey: numbers written on it still stand out


def ward_summary(
    reports: pd.DataFrame,
    wards: pd.Series,
    month: "date",
    *,
    population: pd.Series | None = None,
) -> pd.DataFrame:
    """Count each ward's reports, and say whether the year differs from the one before.

    Parameters
    ----------
    reports
        ``reported_at`` (local) and ``ward``.
    wards
        Names of all wards, so that one without a report has its row.
    month
        Last month of the year.
    population
        Residents by ward, for rates; none without it.

    Returns
    -------
    pandas.DataFrame
        ``ward``, ``month`` (reports in the month), ``year``, ``year_before`` (twelve months
        each), ``per_1000`` (the year's reports by thousand residents), ``change`` (ratio minus
        1, missing where too few), ``lower``, ``upper`` (95%) and ``words``. By name.

    Notes
    -----
    Given both years' total, the later year's count is binomial if nothing changed; the exact
    (Clopper-Pearson) interval of its share is turned into that of the ratio.
    """
    known = reports[reports["ward"].notna()]
    key = known["reported_at"].dt.strftime("%Y-%m")
    ward = known["ward"]
    names = pd.Index(sorted(wards.dropna().unique()), name="ward")

    def counted(first: "date", last: "date") -> pd.Series:
        within = key.between(month_key(first), month_key(last))
        sizes: pd.Series[int] = ward[within].value_counts().reindex(names, fill_value=0)
        return sizes.astype("int64")

    year = counted(add_months(month, -11), month)
    before = counted(add_months(month, -23), add_months(month, -12))
    whole = len(key) > 0 and key.min() <= month_key(add_months(month, -23))
    low, high = _bounds(year.to_numpy(), (year + before).to_numpy())
    enough = (year + before).ge(LEAST) & whole
    table = pd.DataFrame(
        {
            "month": counted(month, month),
            "year": year,
            "year_before": before if whole else pd.Series(pd.NA, index=names, dtype="Int64"),
            "change": (year / before.replace(0, np.nan) - 1).where(enough),
            "lower": pd.Series(low, index=names).where(enough),
            "upper": pd.Series(high, index=names).where(enough),
        }
    )
    residents = pd.Series(np.nan, index=names) if population is None else population
    table["per_1000"] = year / residents.reindex(names).astype("float64") * 1000
    table["words"] = _words(table, whole=whole)
    return table.reset_index()


def _bounds(later: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the interval of (later / earlier) - 1 from the two years' counts."""
    tail = (1 - CONFIDENCE) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(later == 0, 0.0, stats.beta.ppf(tail, later, total - later + 1))
        high = np.where(later == total, 1.0, stats.beta.ppf(1 - tail, later + 1, total - later))
        return low / (1 - low) - 1, high / (1 - high) - 1


def _words(table: pd.DataFrame, *, whole: bool) -> pd.Series:
    if not whole:
        return pd.Series("no whole year before to compare with", index=table.index, dtype="string")
    change = table["change"].map("{:+.0%}".format)
    span = (
        " (95% interval " + table["lower"].map("{:+.0%}".format) + " to "
        + table["upper"].map("{:+.0%}".format) + ")"
    )  # fmt: skip
    words = ("about the same: " + change + span + "; chance could do that").astype("string")
    words = words.mask(table["lower"].gt(0), "more: " + change + span)
    words = words.mask(table["upper"].lt(0), "fewer: " + change + span)
    words = words.str.replace("-", "\N{MINUS SIGN}", regex=False)
    return words.mask(table["change"].isna(), "too few to say")


def month_maps(
    reports: pd.DataFrame, wards: "gpd.GeoDataFrame", month: "date", *, months: int = 12
) -> tuple[Figure, pd.DataFrame]:
    """Draw a small map of the wards for each month, shaded and numbered by their reports.

    Parameters
    ----------
    reports
        ``reported_at`` (local) and ``ward``.
    wards
        Outlines in metres, named in ``ward``.
    month
        The last month.
    months
        How many, or those since the first report where that is later.

    Returns
    -------
    tuple
        The drawing, whose maps share one scale of greys, and the counts: a row per ward, a
        column per month ("2026-10").
    """
    keys = [month_key(add_months(month, -back)) for back in range(months - 1, -1, -1)]
    known = reports[reports["ward"].notna()]
    # Months before the first report are unknown, not without any.
    first = reports["reported_at"].min()
    if not pd.isna(first):
        keys = [key for key in keys if key >= f"{first:%Y-%m}"] or keys[-1:]
    counts = pd.crosstab(known["ward"], known["reported_at"].dt.strftime("%Y-%m"))
    counts = counts.reindex(index=sorted(wards["ward"]), columns=keys, fill_value=0)
    most = max(int(counts.to_numpy().max(initial=0)), 1)
    rows = -(-len(keys) // ACROSS)
    middle = wards.set_index("ward").representative_point()
    with look():
        figure = Figure(figsize=(8, 2.3 * rows), layout="constrained")
        panels = np.atleast_1d(figure.subplots(rows, ACROSS)).ravel()
        for panel, key in zip(panels, keys, strict=False):
            shade = wards["ward"].map(counts[key]).to_numpy() / most * DARKEST
            wards.plot(
                ax=panel, color=[str(1 - each) for each in shade], edgecolor="#333", linewidth=0.6
            )
            for name, number in counts[key].items():
                at = middle[name]
                panel.annotate(
                    str(number), (at.x, at.y), ha="center", va="center", fontsize=7, color="black"
                )
            panel.set_title(pd.Period(key, "M").strftime("%b %Y"), fontsize=9, loc="center")
        for panel in panels:
            panel.set_axis_off()
            panel.set_aspect("equal")
    return figure, counts
