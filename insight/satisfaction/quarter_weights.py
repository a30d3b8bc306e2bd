"""Weights for each rolling quarter of the surveys that stand for a whole population."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from insight.periods import month_key
from insight.satisfaction.method import QUARTER_MONTHS, SurveyMethod
from insight.satisfaction.weighting import RakingError, rake
from insight.satisfaction.windows import in_windows


@dataclass(frozen=True, slots=True)
class QuarterWeights:
    """Weights by quarter (the key of its last month), and what weighting did in the last one.

    `last` has a row per survey with margins: ``survey``, ``respondents``, ``effective`` (the
    plain answers that the weighted ones are worth), ``furthest`` and ``note``.
    """

    weights: dict[str, pd.Series]
    last: pd.DataFrame


def quarter_weights(
    surveys: pd.DataFrame,
    months: Sequence[date],
    margins: Mapping[str, pd.DataFrame],
    method: SurveyMethod,
) -> QuarterWeights:
    """Rake each quarter's respondents of each survey that has margins.

    Parameters
    ----------
    surveys
        Rows of the surveys contract, uniquely indexed. Answers that came with a weight keep it:
        whoever sent them knows how they were drawn.
    months
        Last months of the quarters.
    margins
        By survey, as for `insight.satisfaction.weighting.rake`.
    method
        When to weight, and how far to trim.
    """
    weights: dict[str, list[pd.Series]] = {}
    told = []
    for survey, wanted in margins.items():
        own = surveys[surveys["survey"].astype("string").eq(survey).fillna(False)]
        if "weight" in own:
            own = own[own["weight"].isna()]
        there = in_windows(own["answered_at"], months, QUARTER_MONTHS)
        groups = dict(list(there.groupby("period")["row"]))
        for month in months:
            key = month_key(month)
            rows = own.iloc[groups[key].to_numpy()] if key in groups else own.iloc[:0]
            people = rows.drop_duplicates("response_id").set_index("response_id")
            row = {"survey": survey, "respondents": len(people), "effective": float(len(people))}
            row |= {"furthest": float("nan"), "note": ""}
            try:
                raked = rake(people, wanted, method)
            except RakingError as error:
                row["note"] = str(error)
            else:
                answered = rows["response_id"].map(raked.weights).astype("float64")
                weights.setdefault(key, []).append(answered)
                row |= {"effective": raked.effective, "furthest": raked.furthest}
                row["note"] = " ".join(raked.notes)
            if month == months[-1]:
                told.append(row)
    columns = ["survey", "respondents", "effective", "furthest", "note"]
    joined = {key: pd.concat(parts) for key, parts in weights.items()}
    return QuarterWeights(joined, pd.DataFrame(told, columns=columns))
