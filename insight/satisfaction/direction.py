"""Signs that answers don't mean what their scale says: off the scale, or the other way round."""

from collections.abc import Collection
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2

from insight.periods import in_month, month_of
from insight.satisfaction.scales import SCALES, UNREADABLE, read_answers

_ENOUGH = 30
_UNLIKELY = 0.01
_LEVEL = 8.0
"""Natural logarithm of the odds (about 3,000 to 1) from which a mirrored wave is believed."""


def off_the_scale(surveys: pd.DataFrame, month: date) -> pd.DataFrame:
    """Count the month's answers that their scale doesn't have.

    Returns
    -------
    pandas.DataFrame
        ``survey``, ``question``, ``scale``, ``unreadable`` and ``answers``, a row for each
        question with such answers.
    """
    rows = surveys[in_month(surveys["answered_at"], month)]
    read = read_answers(rows)["opinion"]
    keys = [rows[name].astype("string").fillna("") for name in ("survey", "question", "scale")]
    told = pd.DataFrame({"unreadable": read.eq(UNREADABLE), "answers": read.notna()})
    counts = told.fillna(False).astype("int64").groupby(keys).sum().reset_index()
    return counts[counts["unreadable"].gt(0)].reset_index(drop=True)


def turned_waves(surveys: pd.DataFrame) -> pd.DataFrame:
    """Find months in which a question's numbers look mirrored: best where worst used to be.

    Only answers given as bare numbers can be; words say themselves what they mean. A month is
    told as turned where it has at least 30 such answers, its mean lies on the other side of the
    scale's middle from all other months', and its answers are at least 3,000 times as likely
    under the mirrored distribution of the other months as under theirs, and no more different
    from it than chance makes them. A true fall moves answers along the scale; it seldom makes
    them the mirror of what they were.

    Parameters
    ----------
    surveys
        Rows of the surveys contract, of all months known.

    Returns
    -------
    pandas.DataFrame
        ``survey``, ``question``, ``period``, ``base`` and ``log_odds``, a row for each such month.
    """
    read = read_answers(surveys)
    rungs = surveys["scale"].map({name: len(scale.rungs) for name, scale in SCALES.items()})
    number = surveys["answer"].astype("string").str.fullmatch(r"\s*\d+(\.0+)?\s*").fillna(False)
    asked = pd.DataFrame(
        {
            "survey": surveys["survey"].astype("string"),
            "question": surveys["question"].astype("string"),
            "scale": surveys["scale"].astype("string"),
            "period": month_of(surveys["answered_at"]),
            "rungs": rungs,
            "points": read["points"],
        }
    )[number & read["points"].notna() & rungs.gt(2)]
    found = []
    for (survey, question, _), rows in asked.groupby(["survey", "question", "scale"]):
        size = int(rows["rungs"].iloc[0])
        place = (rows["points"] * (size - 1) / 100).round().astype("int64")
        table = pd.crosstab(rows["period"], place).reindex(columns=range(size), fill_value=0)
        counts = table.to_numpy(np.float64)
        base = counts.sum(axis=1)
        if len(counts) < 2:
            continue
        odd = (base >= _ENOUGH) & _looks_mirrored(counts, counts.sum(axis=0) - counts)[0]
        odd[0] &= not odd.all()  # of two that are each other's mirror, the older is believed
        usual = counts[~odd].sum(axis=0)
        others = np.where(odd[:, None], usual, counts.sum(axis=0) - counts)
        mirrored, log_odds = _looks_mirrored(counts, others)
        turned = odd & mirrored & (others.sum(axis=1) >= _ENOUGH) & _fits(counts, others[:, ::-1])
        found.append(
            pd.DataFrame(
                {
                    "survey": survey,
                    "question": question,
                    "period": table.index[turned],
                    "base": base[turned].astype("int64"),
                    "log_odds": log_odds[turned],
                }
            )
        )
    columns = ["survey", "question", "period", "base", "log_odds"]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def _looks_mirrored(
    counts: NDArray[np.float64], others: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Tell which rows lie across the middle from `others` and suit their mirror far better."""
    size = counts.shape[1]
    usual = (others + 1) / (others.sum(axis=1, keepdims=True) + size)
    log_odds = (counts * (np.log(usual[:, ::-1]) - np.log(usual))).sum(axis=1)
    places = np.arange(size) - (size - 1) / 2
    return (log_odds >= _LEVEL) & ((counts @ places) * (others @ places) < 0), log_odds


def _fits(counts: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which rows chance could have drawn from what drew `expected` (chi-squared)."""
    own, other = counts.sum(axis=1, keepdims=True), expected.sum(axis=1, keepdims=True)
    together = counts + expected
    distance = np.square(counts * np.sqrt(other / own) - expected * np.sqrt(own / other))
    statistic = np.divide(distance, together, out=np.zeros_like(counts), where=together > 0)
    freedom = np.maximum((together > 0).sum(axis=1) - 1, 1)
    fits: NDArray[np.bool_] = chi2.sf(statistic.sum(axis=1), freedom) >= _UNLIKELY
    return fits


def without_turned(
    surveys: pd.DataFrame, turned: pd.DataFrame, *, confirmed: Collection[str] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Leave out waves that may run the other way, until a person has looked.

    Parameters
    ----------
    surveys, turned
        Answers, and what `turned_waves` found in them.
    confirmed
        Waves a person has looked at and found right, each as ``survey, 2026-10``.

    Returns
    -------
    tuple
        The answers that stay, and the rows of `turned` that led to others being left out.
    """
    names = turned["survey"].astype("string") + ", " + turned["period"].astype("string")
    doubted = turned[~names.isin(list(confirmed))]
    if doubted.empty:
        return surveys, doubted
    keys = pd.MultiIndex.from_frame(doubted[["survey", "question", "period"]].astype("string"))
    own = pd.MultiIndex.from_arrays(
        [
            surveys["survey"].astype("string"),
            surveys["question"].astype("string"),
            month_of(surveys["answered_at"]),
        ]
    )
    number = surveys["answer"].astype("string").str.fullmatch(r"\s*\d+(\.0+)?\s*").fillna(False)
    return surveys[~(own.isin(keys) & number.to_numpy())], doubted
