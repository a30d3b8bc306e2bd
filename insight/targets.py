"""Which target holds for a measure in a period."""

import pandas as pd

from insight.periods import Frequency, months_of, period_key

TARGET_COLUMNS = ("measure", "period", "value", "low", "high")


def targets_for(measures: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Find each measure's target for its period.

    The most exact one holds: a target of the period itself, else of the financial quarter it
    lies in, else of the financial year. A measure whose months are summed has its even share
    of a longer period's target: a twelfth of the year's for a month.

    Parameters
    ----------
    measures
        ``code``, ``period``, ``frequency``, ``aggregation``, and ``band_low`` and
        ``band_high``, which hold where no target names a band.
    targets
        ``measure``, ``period`` (the key of a month, financial quarter or financial year) and
        ``value``, or ``low`` and ``high``.

    Returns
    -------
    pandas.DataFrame
        ``target``, ``target_low`` and ``target_high`` on the index of `measures`.
    """
    listed = targets.reindex(columns=list(TARGET_COLUMNS)).astype(
        {"measure": "string", "period": "string"}
        | dict.fromkeys(("value", "low", "high"), "float64")
    )
    found = pd.DataFrame(
        float("nan"), index=measures.index, columns=["target", "target_low", "target_high"]
    )
    names = dict(zip(TARGET_COLUMNS[2:], found.columns, strict=True))
    listed = listed.rename(columns=names).drop_duplicates(["measure", "period"], keep="last")
    settled = pd.Series(False, index=measures.index)
    pairs = measures[["period", "frequency"]].drop_duplicates()
    for frequency in Frequency:
        keys = pd.concat([pairs, _containing(pairs, frequency)], axis="columns")
        asked = measures.merge(keys, on=["period", "frequency"], how="left")
        hits = asked[["code", "containing", "share", "aggregation"]].merge(
            listed,
            left_on=["code", "containing"],
            right_on=["measure", "period"],
            how="left",
        )
        hits.index = measures.index
        split = hits["share"].where(hits["aggregation"].eq("sum"), 1.0)
        values = hits[list(found.columns)].mul(split, axis="index")
        new = values.notna().any(axis="columns") & ~settled
        found = found.mask(new, values)
        settled |= new
    return found.assign(
        target_low=found["target_low"].fillna(measures["band_low"]),
        target_high=found["target_high"].fillna(measures["band_high"]),
    )


def _containing(pairs: pd.DataFrame, frequency: Frequency) -> pd.DataFrame:
    """Name each period's containing period of `frequency`, none if that is shorter.

    ``share`` is how much of it the period is, by months.
    """
    spans = [months_of(*pair) for pair in zip(pairs["period"], pairs["frequency"], strict=True)]
    around = [period_key(months[0], frequency) for months in spans]
    lengths = [len(months_of(key, frequency)) for key in around]
    found = pd.DataFrame(
        {
            "containing": pd.array(around, dtype="string"),
            "share": [len(months) / n for months, n in zip(spans, lengths, strict=True)],
        },
        index=pairs.index,
    )
    return found.mask(found["share"] > 1)
