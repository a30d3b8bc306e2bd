"""Which target holds for a measure in a period."""

import numpy as np
import pandas as pd

from insight.numbering import Ints, numbered, places
from insight.periods import Frequency, months_of, period_key

TARGET_COLUMNS = ("measure", "period", "value", "low", "high", "tolerance", "tolerance_absolute")
_FOUND = ("target", "target_low", "target_high", "target_tolerance", "target_absolute")
_TOLERANCE, _ABSOLUTE = 3, 4


def targets_for(measures: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Find each measure's target for its period.

    The most exact one holds: a target of the period itself, else of the financial quarter it
    lies in, else of the financial year. A measure whose months are summed has its even share
    of a longer period's target: a twelfth of the year's for a month. Where the measure's
    figures are of the year so far (``accumulation`` is ``"cumulative"``) it is the share of the
    year that is over, and a profile gives the year so far as well.

    Parameters
    ----------
    measures
        ``code``, ``period``, ``frequency``, ``aggregation``, and ``band_low`` and
        ``band_high``, which hold where no target names a band; where given ``accumulation``.
    targets
        ``measure``, ``period`` (the key of a month, financial quarter or financial year) and
        ``value``, or ``low`` and ``high``; where a target has its own, ``tolerance`` and
        ``tolerance_kind``.

    Returns
    -------
    pandas.DataFrame
        ``target``, ``target_low``, ``target_high``, ``target_tolerance`` (missing where the
        measure's own holds) and ``target_absolute`` (1 where that is in the unit, else 0) on the
        index of `measures`.
    """
    listed = _listed(targets)
    of_listed, of_rows = numbered(["code"], listed, measures)
    which, pairs = _pairs(measures)
    known = listed["period"].drop_duplicates().reset_index(drop=True)
    far = len(known) + 1
    among = of_listed * far + pd.Index(known).get_indexer(pd.Index(listed["period"]))
    summed = measures["aggregation"].eq("sum").fillna(False).to_numpy(dtype=bool)
    so_far = measures.reindex(columns=["accumulation"])["accumulation"].eq("cumulative")
    cumulative = so_far.fillna(False).to_numpy(dtype=bool) & summed
    values = np.vstack([listed[list(_FOUND)].to_numpy(), np.full(len(_FOUND), np.nan)])
    found, settled = np.full((len(measures), len(_FOUND)), np.nan), np.zeros(len(measures), bool)
    for frequency in Frequency:
        around = _containing(pairs, frequency)
        period = pd.Index(known).get_indexer(pd.Index(around["containing"]))[which]
        share = around["share"].to_numpy()[which]
        part = np.where(cumulative, around["elapsed"].to_numpy()[which], share)
        usable = period >= 0
        if frequency is not Frequency.ANNUAL:
            # Part of the way through a quarter, its own end's figure says nothing of the year
            # so far.
            usable &= ~(cumulative & (part < 1))
        at = places(np.where(usable, of_rows * far + period, -1), among)
        hits = values[at]
        split = np.where(summed, part, 1.0)
        relative = hits[:, _ABSOLUTE] == 0
        hits[:, :_TOLERANCE] *= split[:, None]
        hits[:, _TOLERANCE] *= np.where(relative, 1.0, split)
        new = ~np.isnan(hits[:, :_TOLERANCE]).all(axis=1) & ~settled
        found[new] = hits[new]
        settled |= new
    told = pd.DataFrame(found, index=measures.index, columns=list(_FOUND))
    return told.assign(
        target_low=told["target_low"].fillna(measures["band_low"]),
        target_high=told["target_high"].fillna(measures["band_high"]),
    )


def _listed(targets: pd.DataFrame) -> pd.DataFrame:
    """Give targets the columns of what is found; of two of one period the later counts."""
    kinds = targets.reindex(columns=["tolerance_kind"])["tolerance_kind"].astype("string")
    rows = targets.assign(tolerance_absolute=kinds.map({"relative": 0.0, "absolute": 1.0}))
    rows = rows.reindex(columns=list(TARGET_COLUMNS)).astype(
        dict.fromkeys(TARGET_COLUMNS[:2], "string") | dict.fromkeys(TARGET_COLUMNS[2:], "float64")
    )
    names = dict(zip(TARGET_COLUMNS, ("code", "period", *_FOUND), strict=True))
    rows = rows.dropna(subset=["period"]).drop_duplicates(["measure", "period"], keep="last")
    return rows.rename(columns=names).reset_index(drop=True)


def _pairs(measures: pd.DataFrame) -> tuple[Ints, pd.DataFrame]:
    """List the distinct periods with their frequencies, and which of them each row has."""
    (number,) = numbered(["period", "frequency"], measures)
    first = np.unique(number, return_index=True)[1]
    return number, measures[["period", "frequency"]].iloc[first].reset_index(drop=True)


def _containing(pairs: pd.DataFrame, frequency: Frequency) -> pd.DataFrame:
    """Name each period's containing period of `frequency`, none if that is shorter.

    ``share`` is how much of it the period is, by months; ``elapsed`` how much of it is over with
    the period.
    """
    spans = [months_of(*pair) for pair in zip(pairs["period"], pairs["frequency"], strict=True)]
    around = [period_key(months[0], frequency) for months in spans]
    lengths = [len(months_of(key, frequency)) for key in around]
    found = pd.DataFrame(
        {
            "containing": pd.array(around, dtype="string"),
            "share": [len(months) / n for months, n in zip(spans, lengths, strict=True)],
            "elapsed": [
                (months_of(key, frequency).index(months[-1]) + 1) / n
                if months[-1] in months_of(key, frequency)
                else 1.0
                for months, key, n in zip(spans, around, lengths, strict=True)
            ],
        },
        index=pairs.index,
    )
    return found.mask(found["share"] > 1)
