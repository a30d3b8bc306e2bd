"""Targets that make no sense are refused one by one; the others hold."""

import pandas as pd

from insight.measure_faults import UNKNOWN, faults, join_faults
from insight.periods import Frequency, UnknownPeriodError, parse_period, year_key

COLUMNS: dict[str, str] = {
    "measure": "string", "year": "string", "period": "string", "value": "float64",
    "low": "float64", "high": "float64", "agreed_by": "string", "agreed_on": "datetime64[us]",
    "tolerance_kind": "string", "tolerance": "float64", "file": "string",
}  # fmt: skip
"""What a targets frame may hold; ``year`` is the financial year that a profiled period is of,
``file`` where the target is written."""


def split_targets(
    targets: pd.DataFrame, measures: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part the targets that hold from those that are refused.

    Parameters
    ----------
    targets
        `COLUMNS`, of which ``measure`` and ``period`` and a ``value`` or a band are needed.
    measures
        ``code``, ``polarity`` and ``unit``.

    Returns
    -------
    tuple of pandas.DataFrame
        The targets that hold, with `COLUMNS`, and the faults (`insight.measure_faults`). A measure
        whose target is refused has none.

    Examples
    --------
    >>> measures = pd.DataFrame({"code": ["ROOMS"], "polarity": "band", "unit": "share"})
    >>> upside_down = pd.DataFrame(
    ...     {"measure": ["ROOMS"], "period": ["2026-27"], "low": [0.9], "high": [0.8]})
    >>> held, refused = split_targets(upside_down, measures)
    >>> len(held), refused["rule"].tolist()
    (0, ['band upside down'])
    """
    listed = targets.reindex(columns=list(COLUMNS)).reset_index(drop=True).astype(COLUMNS)
    known = measures[["code", "polarity", "unit"]].drop_duplicates("code").set_index("code")
    rows = listed.assign(
        polarity=listed["measure"].map(known["polarity"]).astype("string").fillna(""),
        unit=listed["measure"].map(known["unit"]).astype("string").fillna(""),
    )
    told, held = [], pd.Series(True, index=rows.index)
    for rule, broken, message in _rules(rows):
        wrong = broken.fillna(False).astype(bool) & held
        told.append(faults(rows[wrong], rule, message))
        held &= ~wrong
    # One written in both files counts once.
    said = list(listed.columns.drop("file"))
    kept = listed[held].drop_duplicates(said, ignore_index=True)
    return kept, join_faults(told)


def _rules(rows: pd.DataFrame) -> list[tuple[str, pd.Series, str]]:
    """Each rule's name, which rows break it, and what is said of them; the first one counts."""
    band = rows["polarity"].eq("band")
    numbers = rows[["value", "low", "high"]]
    too_much = rows["unit"].eq("share") & numbers.abs().gt(1).any(axis="columns")
    given = numbers.round(12).astype("object").where(numbers.notna(), None).agg(tuple, axis=1)
    other = given.groupby([rows["measure"], rows["period"]]).transform("nunique").gt(1)
    of_target = "Target of {measure} for {period}{where}: "
    return [
        (
            UNKNOWN,
            rows["polarity"].eq(""),
            of_target + "there is no such measure; correct its code or add the measure.",
        ),
        (
            "unknown period",
            ~pd.Series([_lies_in(*pair) for pair in zip(rows["period"], rows["year"], strict=True)],
                       index=rows.index, dtype=bool),
            of_target + "not a month, quarter or year of the target's own financial year.",
        ),
        (
            "no band",
            band & (rows["low"].isna() | rows["high"].isna()),
            of_target + "a band needs both `low` and `high`.",
        ),
        (
            "band upside down",
            band & rows["low"].gt(rows["high"]),
            of_target + "the band is upside down; write `low` first.",
        ),
        (
            "no value",
            ~band & rows["value"].isna(),
            of_target + "needs a `value`, or `periods` with one.",
        ),
        (
            "not a share",
            too_much,
            of_target + "is over 1; a share is written as a proportion, 0.7 for 70%, and a measure "
            "that may be over 1 has the unit rate.",
        ),
        (
            "two targets",
            other,
            of_target + "there are two that differ; keep the one that was agreed.",
        ),
    ]  # fmt: skip


def _lies_in(period: str, year: str) -> bool:
    """Tell whether `period` is one, and of the financial year `year` where that is given."""
    for frequency in Frequency:
        try:
            first = parse_period(str(period), frequency)[1]
        except UnknownPeriodError:
            continue
        if pd.isna(year) or year_key(first) == year:
            return True
    return False


def whole_years_that_differ(targets: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Warn of summed measures whose profile doesn't add up to the year's own target.

    Parameters
    ----------
    targets
        Those that hold, as `split_targets` returns them.
    measures
        ``code``, ``aggregation``, ``accumulation`` and ``frequency``.

    Returns
    -------
    pandas.DataFrame
        Faults; the targets hold all the same.
    """
    summed = measures[measures["aggregation"].eq("sum") & measures["accumulation"].eq("in period")]
    rows = targets[targets["measure"].isin(summed["code"])]
    years = rows[rows["period"].eq(rows["year"])].set_index(["measure", "year"])["value"]
    parts = rows[rows["period"].ne(rows["year"]) & rows["year"].notna()]
    kinds = parts["period"].str.contains("Q").map({True: 4, False: 12})
    sums = parts.groupby(["measure", "year", kinds.rename("number")])["value"].agg(["sum", "size"])
    sums = sums.reset_index()
    whole = sums[sums["size"].eq(sums["number"])].reset_index(drop=True)
    whole["value"] = [years.get(key) for key in zip(whole["measure"], whole["year"], strict=True)]
    wrong = whole[(whole["sum"] - whole["value"].astype("float64")).abs().gt(1e-6)]
    told = wrong.rename(columns={"year": "period"}).round({"sum": 6})
    message = (
        "Target of {measure} for {period}: the periods add up to {sum:g}, the year says {value:g}; "
        "correct one of them."
    )
    return faults(told, "profile and year differ", message)
