"""Who answered a survey that stands for a population, beside who lives here, as figures."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from insight.periods import month_key
from insight.results import ALL_SERVICES, as_results, breakdowns, no_results
from insight.satisfaction.method import QUARTER_MONTHS
from insight.satisfaction.weighting import who_is_missing
from insight.satisfaction.windows import in_windows

ANSWERED, POPULATION = "survey_group_share", "survey_group_population_share"


def missing_groups(
    answers: pd.DataFrame, month: date, margins: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Compare who answered in the three months ending with `month` with the margins.

    Parameters
    ----------
    answers
        Rows of the surveys contract.
    month
        First day of the month.
    margins
        By survey, as for `insight.satisfaction.weighting.rake`.

    Returns
    -------
    pandas.DataFrame
        ``survey`` and the columns of `insight.satisfaction.weighting.who_is_missing`; nothing
        of a survey that nobody answered.
    """
    recent = answers.iloc[in_windows(answers["answered_at"], [month], QUARTER_MONTHS)["row"]]
    parts = []
    for survey, wanted in margins.items():
        own = recent[recent["survey"].astype("string").eq(survey).fillna(False)]
        people = own.drop_duplicates("response_id")
        if len(people):
            found = who_is_missing(people, wanted)
            parts.append(found.assign(survey=survey, people=wanted["people"].sum()))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def group_results(groups: pd.DataFrame, month: date) -> pd.DataFrame:
    """Give `missing_groups` as results: each group's share of answers, and of the population.

    Whole numbers of people who answered are the base; where nobody's group is known there is
    nothing to compare, and no figure.
    """
    if groups.empty:
        return no_results()
    known = groups[groups["base"].gt(0)]
    keys = known[["survey", "dimension", "group"]].astype("string")
    named = known.assign(service=ALL_SERVICES, period=month_key(month), breakdown=breakdowns(keys))
    answered = named.assign(
        measure=ANSWERED, value=named["share"], numerator=named["answered"],
        denominator=named["base"],
    )  # fmt: skip
    there = named.assign(measure=POPULATION, value=named["population"], lower=np.nan, upper=np.nan)
    return as_results(pd.concat([answered, there], ignore_index=True))
