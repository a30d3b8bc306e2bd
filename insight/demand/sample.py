"""Avoidable contact by sample: draw contacts, let people class them, give the share.

National indicator 14 allowed a sample where a channel can't class each contact as it comes.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from insight.demand.method import CANNOT_TELL, CLASSES, NOT_AVOIDABLE
from insight.errors import InsightError
from insight.periods import month_key
from insight.results import join_results, shares_of

SAMPLE_COLUMNS = ("number", "day", "channel", "service", "reason", "text", "stratum_size", "class")
ALLOWED = (NOT_AVOIDABLE, *CLASSES, CANNOT_TELL)


class SampleError(InsightError):
    """A coded sample can't be read: which row, and what is allowed."""


def draw_sample(records: pd.DataFrame, month: date, *, size: int, seed: int) -> pd.DataFrame:
    """Draw contacts of a month at random from every service and channel.

    Parameters
    ----------
    records
        As `insight.demand.volume.single_records` gives.
    month
        First of the month.
    size
        How many to draw; all of them where there are no more.
    seed
        Same seed and records, same sample.

    Returns
    -------
    pandas.DataFrame
        `SAMPLE_COLUMNS`: ``stratum_size`` is how many contacts its service and channel had,
        ``class`` is blank for a person to fill in. No customer is among the columns.

    Notes
    -----
    Proportional allocation by largest remainder, at least one from each service and channel
    while `size` allows.
    """
    rows = records[records["period"].eq(month_key(month))]
    keys = ["day", "at", "channel", "service", "case_id", "reason", "text"]
    rows = rows.sort_values(keys, kind="stable", ignore_index=True)
    strata = rows.groupby(["service", "channel"], observed=True).size().rename("stratum_size")
    take = _allocate(strata, min(size, len(rows)))
    chance = pd.Series(np.random.default_rng(seed).random(len(rows)), index=rows.index)
    rank = chance.groupby([rows["service"], rows["channel"]], observed=True).rank(method="first")
    sized = rows.join(take.rename("take"), on=["service", "channel"])
    drawn = sized[rank.le(sized["take"])].join(strata, on=["service", "channel"])
    drawn = drawn.assign(**{"class": pd.Series(pd.NA, index=drawn.index, dtype="string")})
    drawn = drawn.sort_values(["service", "channel", "day"], kind="stable", ignore_index=True)
    return drawn.assign(number=drawn.index + 1)[list(SAMPLE_COLUMNS)]


def _allocate(strata: pd.Series, size: int) -> pd.Series:
    """Share a sample out over the strata, as whole numbers that add up to it."""
    exact = strata * size / max(strata.sum(), 1)
    least = np.minimum(strata, 1) if len(strata) <= size else 0
    take: pd.Series = np.maximum(np.floor(exact), least).astype("int64")
    left = size - int(take.sum())
    order = (exact - take).sort_values(ascending=left < 0, kind="stable").index
    able = [key for key in order if (take[key] < strata[key] if left > 0 else take[key] > 1)]
    for key in able[: abs(left)]:
        take[key] += 1 if left > 0 else -1
    return take


def check_sample(coded: pd.DataFrame) -> pd.DataFrame:
    """Check what people filled in; blanks are contacts not looked at yet.

    Raises
    ------
    SampleError
        Naming the rows whose class is none of the allowed, or the columns that are gone.
    """
    if lacking := [name for name in SAMPLE_COLUMNS if name not in coded]:
        raise SampleError(
            f"The sample lacks the column(s) {', '.join(lacking)}. Fill in the workbook that "
            "`insight demand sample` wrote, and leave its columns as they are."
        )
    given = coded["class"].astype("string").str.strip().str.casefold()
    given = given.mask(given.eq(""))
    wrong = given.notna() & ~given.isin(ALLOWED)
    if wrong.any():
        numbers = ", ".join(coded.loc[wrong, "number"].astype("string").head(10))
        raise SampleError(
            f"The sample's contact(s) number {numbers} have a class that is none of the allowed: "
            f"{', '.join(ALLOWED)}."
        )
    sizes = pd.to_numeric(coded["stratum_size"], errors="coerce")
    if sizes.isna().any() or sizes.lt(1).any():
        raise SampleError(
            "The sample's column stratum_size is no longer whole numbers; draw the sample again."
        )
    return coded.assign(**{"class": given, "stratum_size": sizes})


def sample_results(coded: pd.DataFrame, month: date) -> pd.DataFrame:
    """Give the avoidable share from a coded sample (``avoidable_contact_share``).

    Each coded contact stands for as many of its service and channel as there were per coded one;
    the interval is Wilson's on Kish's effective base. "Cannot tell" leaves the base.

    Returns
    -------
    pandas.DataFrame
        Results per service and for all: whole, and the share of each ``class``.
    """
    known = coded[coded["class"].notna() & coded["class"].ne(CANNOT_TELL)]
    if known.empty:
        return join_results([])
    number = known.groupby(["service", "channel"])["class"].transform("size")
    weighted = known.assign(weight=known["stratum_size"] / number)
    could = [("", weighted["class"].isin(CLASSES))]
    could += [(f"class={name}", weighted["class"].eq(name)) for name in CLASSES]
    told = [(key, hit) for key, hit in could if hit.any() or not key]
    parts = [_parts(weighted, hit).assign(breakdown=key) for key, hit in told]
    return shares_of(
        pd.concat(parts, ignore_index=True),
        measure="avoidable_contact_share",
        period=month_key(month),
    )


def _parts(weighted: pd.DataFrame, hit: pd.Series) -> pd.DataFrame:
    w = weighted["weight"]
    sums = weighted.assign(numerator=w.where(hit, 0.0), denominator=w, squares=w * w, base=1.0)
    names: Sequence[str] = ["numerator", "denominator", "squares", "base"]
    each = sums.groupby("service")[list(names)].sum().reset_index()
    return pd.concat(
        [each, each[list(names)].sum().to_frame().T.assign(service="all")], ignore_index=True
    )
