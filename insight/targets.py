"""Which target holds for a measure in a period."""

import pandas as pd

from insight.periods import Frequency, months_of, period_key

TARGET_COLUMNS = ("measure", "period", "value", "low", "high", "tolerance", "tolerance_absolute")
_FOUND = ("target", "target_low", "target_high", "target_tolerance", "target_absolute")


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
    kinds = targets.reindex(columns=["tolerance_kind"])["tolerance_kind"].astype("string")
    listed = targets.assign(tolerance_absolute=kinds.map({"relative": 0.0, "absolute": 1.0}))
    listed = listed.reindex(columns=list(TARGET_COLUMNS)).astype(
        dict.fromkeys(TARGET_COLUMNS[:2], "string") | dict.fromkeys(TARGET_COLUMNS[2:], "float64")
    )
    found = pd.DataFrame(float("nan"), index=measures.index, columns=list(_FOUND))
    names = dict(zip(TARGET_COLUMNS[2:], found.columns, strict=True))
    so_far = (
        measures.reindex(columns=["accumulation"])["accumulation"]
        .eq("cumulative")
        .fillna(False)
        .astype(bool)
    )
    listed = listed.rename(columns=names).drop_duplicates(["measure", "period"], keep="last")
    settled = pd.Series(False, index=measures.index)
    pairs = measures[["period", "frequency"]].drop_duplicates()
    for frequency in Frequency:
        keys = pd.concat([pairs, _containing(pairs, frequency)], axis="columns")
        asked = measures.merge(keys, on=["period", "frequency"], how="left")
        summed = asked["aggregation"].eq("sum").to_numpy()
        cumulative = so_far.to_numpy() & summed
        asked["share"] = asked["share"].mask(cumulative, asked["elapsed"])
        # Part of the way through a quarter, its own end's figure says nothing of the year so far.
        asked["containing"] = asked["containing"].mask(
            cumulative & asked["share"].lt(1) & (frequency is not Frequency.ANNUAL)
        )
        hits = asked[["code", "containing", "share"]].merge(
            listed,
            left_on=["code", "containing"],
            right_on=["measure", "period"],
            how="left",
        )
        hits.index = measures.index
        split = hits["share"].where(summed, 1.0)
        scaled = [*_FOUND[:3], "target_tolerance"]
        relative = hits["target_absolute"].eq(0)
        own = hits["target_tolerance"]
        values = hits[list(found.columns)].assign(**hits[scaled].mul(split, axis="index"))
        values["target_tolerance"] = values["target_tolerance"].mask(relative, own)
        new = values[list(_FOUND[:3])].notna().any(axis="columns") & ~settled
        found = found.mask(new, values)
        settled |= new
    return found.assign(
        target_low=found["target_low"].fillna(measures["band_low"]),
        target_high=found["target_high"].fillna(measures["band_high"]),
    )


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
