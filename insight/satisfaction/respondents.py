"""Who answered: their case, and one voice for those who answer again and again."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from insight.periods import wall_clock

UNDECIDED = "undecided"
_SHARED_BY = 0.5
_ENOUGH_TO_TELL = 12


def with_cases(surveys: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Add what is known of the case that an answer is about.

    Parameters
    ----------
    surveys
        Rows of the surveys contract.
    cases
        Rows of the cases contract; of a case that is there twice the last row counts.

    Returns
    -------
    pandas.DataFrame
        The rows of `surveys`, with ``outcome`` (as it stood when the person answered: a case
        decided later was ``"undecided"``), ``applicant_kind`` and ``who`` (the case's customer,
        a pseudonym). All are missing where no case is known.
    """
    known = ["case_id", "decided_at", "outcome", "applicant_kind", "customer"]
    table = cases.reindex(columns=known).dropna(subset="case_id")
    table = table.drop_duplicates("case_id", keep="last").set_index("case_id")
    case = surveys["case_id"].astype("string") if "case_id" in surveys else _none(surveys)
    found = case.isin(table.index) & case.notna()
    decided = case.map(table["decided_at"]) if len(table) else _none(surveys)
    answered_after = (
        wall_clock(pd.to_datetime(decided)) <= wall_clock(surveys["answered_at"])
        if found.any()
        else pd.Series(data=False, index=surveys.index)
    )
    outcome = _looked_up(case, table["outcome"])
    return surveys.assign(
        outcome=outcome.where(answered_after, UNDECIDED).where(found),
        applicant_kind=_looked_up(case, table["applicant_kind"]),
        who=_looked_up(case, table["customer"]),
    )


def _none(surveys: pd.DataFrame) -> pd.Series:
    return pd.Series(pd.NA, index=surveys.index, dtype="string")


def _looked_up(case: pd.Series, column: pd.Series) -> pd.Series:
    if column.empty:
        return pd.Series(pd.NA, index=case.index, dtype="string")
    return case.map(column.astype("string")).astype("string")


def shared_keys(surveys: pd.DataFrame) -> dict[str, int]:
    """Find surveys in which one customer key stands for half of the people or more.

    Such a key is a default that a form filled in, or one key given to everyone: taking it for
    one person would leave one voice of them all.

    Returns
    -------
    dict
        Survey to number of responses under its commonest key.
    """
    if "who" not in surveys:
        return {}
    people = surveys.drop_duplicates(["survey", "response_id"]).dropna(subset="who")
    counts = people.groupby(["survey", "who"]).size().groupby("survey").max()
    total = people.groupby("survey").size()
    shared = counts[(counts > _SHARED_BY * total) & (total >= _ENOUGH_TO_TELL)]
    return {str(survey): int(number) for survey, number in shared.items()}


def without_shared_keys(surveys: pd.DataFrame) -> pd.DataFrame:
    """Take the key off the answers of surveys whose key is everyone's."""
    shared = shared_keys(surveys)
    if not shared:
        return surveys
    return surveys.assign(who=surveys["who"].mask(surveys["survey"].isin(list(shared))))


def one_voice(surveys: pd.DataFrame, within: Sequence[str] = ()) -> pd.DataFrame:
    """Keep the last answer that a person gave to a question, per survey and per group `within`.

    An agent who answers for forty applications is one customer; without this they'd speak for
    most of the applicants. Answers of people that aren't known all stay.
    """
    if "who" not in surveys or surveys["who"].isna().all():
        return surveys
    order = np.argsort(wall_clock(surveys["answered_at"]).to_numpy(), kind="stable")
    ordered = surveys.iloc[order]
    again = ordered.duplicated(["who", "survey", "question", *within], keep="last")
    kept = np.sort(order[(~again | ordered["who"].isna()).to_numpy()])
    return surveys.iloc[kept]
