"""How satisfied people say they are, by service and question.

Each scale says which of its answers are for, against and in between, so its direction is
never guessed. What an answer means is looked up; an answer the scale doesn't have is counted
as unreadable and reported, never turned into an opinion.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from insight.errors import MissingColumnsError
from insight.intervals import effective_base, net_interval
from insight.periods import in_month, month_key
from insight.results import as_results, join_results, shares_of, sum_parts

SATISFIED = "satisfied"
NEUTRAL = "neutral"
DISSATISFIED = "dissatisfied"
DONT_KNOW = "don't know"
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Scale:
    """Which answers of a scale are for, in between and against; `direction` says it in words.

    `satisfaction` is false for scales that ask something else (recommending, ease): they have
    shares of their own question, but don't enter a service's satisfaction.
    """

    satisfied: tuple[str, ...]
    neutral: tuple[str, ...]
    dissatisfied: tuple[str, ...]
    direction: str
    satisfaction: bool = True


SCALES = MappingProxyType(
    {
        "satisfaction-5": Scale(
            ("very satisfied", "fairly satisfied", "satisfied", "5", "4"),
            ("neither", "neither satisfied nor dissatisfied", "3"),
            ("fairly dissatisfied", "dissatisfied", "very dissatisfied", "2", "1"),
            "5 is very satisfied, 1 is very dissatisfied",
        ),
        "agreement-5": Scale(
            ("strongly agree", "tend to agree", "agree", "5", "4"),
            ("neither", "neither agree nor disagree", "3"),
            ("tend to disagree", "disagree", "strongly disagree", "2", "1"),
            "5 is strongly agree, 1 is strongly disagree",
        ),
        "happy-5": Scale(("5", "4"), ("3",), ("2", "1"), "5 is best, 1 is worst"),
        "reverse-5": Scale(
            ("1", "2", "very good", "good"),
            ("3", "neither", "neither good nor poor"),
            ("4", "5", "poor", "very poor"),
            "1 is best, 5 is worst",
        ),
        "yes-no": Scale(
            ("yes", "y", "true"), (), ("no", "n", "false"), "yes is for, no is against"
        ),
        "nps-11": Scale(
            ("10", "9"),
            ("8", "7"),
            tuple(str(number) for number in range(7)),
            "9 and 10 would recommend, 0 to 6 would not",
            satisfaction=False,
        ),
        "neteasy-7": Scale(
            ("1", "2"),
            ("3", "4"),
            ("5", "6", "7"),
            "1 is extremely easy, 7 is extremely difficult",
            satisfaction=False,
        ),
    }
)
_DONT_KNOW_ANSWERS = ("don't know", "dont know", "do not know")


_OPINIONS = {
    f"{name}|{answer}": opinion
    for name, scale in SCALES.items()
    for opinion, answers in (
        (SATISFIED, scale.satisfied),
        (NEUTRAL, scale.neutral),
        (DISSATISFIED, scale.dissatisfied),
        (DONT_KNOW, _DONT_KNOW_ANSWERS),
    )
    for answer in answers
}


def opinions(surveys: pd.DataFrame) -> pd.Series:
    """Read what each answer says: satisfied, neutral, dissatisfied, don't know or unreadable.

    Parameters
    ----------
    surveys
        Rows with ``scale`` and ``answer`` (text; a number may be written ``4`` or ``4.0``).

    Returns
    -------
    pandas.Series
        One opinion a row, missing where nothing was answered.

    Examples
    --------
    >>> rows = pd.DataFrame({"scale": "reverse-5", "answer": ["1", "5", "6", None]})
    >>> opinions(rows).tolist()
    ['satisfied', 'dissatisfied', 'unreadable', <NA>]
    """
    answers = (
        surveys["answer"]
        .astype("string")
        .str.replace("\u2019", "'", regex=False)
        .str.replace(r"\s+", " ", regex=True)
        .str.strip()
        .str.casefold()
        .str.replace(r"^(\d+)\.0+$", r"\1", regex=True)
    )
    answers = answers.mask(answers == "")
    scales = surveys["scale"].astype("string").str.strip().str.casefold().fillna("")
    found = (scales + "|" + answers).map(_OPINIONS).astype("string")
    return found.fillna(UNREADABLE).mask(answers.isna()).rename("opinion")


def answer_account(surveys: pd.DataFrame, month: date) -> pd.DataFrame:
    """Account for every answer of the month, by service, question and scale.

    Returns
    -------
    pandas.DataFrame
        ``service``, ``question``, ``scale``, and the numbers ``answers`` (all rows),
        ``satisfied``, ``neutral``, ``dissatisfied``, ``dont_know``, ``unreadable`` and
        ``blank``, which add up to ``answers``.
    """
    rows = surveys[in_month(surveys["answered_at"], month)]
    said = opinions(rows).fillna("blank").str.replace("don't know", "dont_know", regex=False)
    kinds = [SATISFIED, NEUTRAL, DISSATISFIED, "dont_know", UNREADABLE, "blank"]
    flags = pd.DataFrame({kind: said.eq(kind).astype("int64") for kind in kinds})
    flags.insert(0, "answers", 1)
    keys = [rows[name].astype("string").fillna("") for name in ("service", "question", "scale")]
    return flags.groupby(keys).sum().reset_index()


def satisfaction_results(
    surveys: pd.DataFrame,
    month: date,
    *,
    headline: str = "overall",
    dont_know_in_base: Collection[str] = (),
) -> pd.DataFrame:
    """Share satisfied and net satisfaction by service and question.

    Parameters
    ----------
    surveys
        Rows of the surveys contract; ``weight`` may be absent, and a missing one counts 1.
    month
        First of the month; answers given in it are used.
    headline
        The question whose answers are the service's own figure (breakdown ``""``). A survey
        with one question only needs no such name. Scales that ask about recommending or ease
        never enter it.
    dont_know_in_base
        Questions whose "don't know" stays in the base.

    Returns
    -------
    pandas.DataFrame
        Results ``satisfaction_share`` and ``satisfaction_net``: per service and for ``"all"``,
        for the headline and for each ``question=...``. Where one question was asked on two
        scales, each scale has its own row, ``question=overall (nps-11)``.

    Raises
    ------
    MissingColumnsError
        If a column is absent.
    """
    needed = {"survey", "answered_at", "question", "scale", "answer", "service"}
    if missing := needed - set(surveys.columns):
        raise MissingColumnsError(missing)
    rows = surveys[in_month(surveys["answered_at"], month)]
    votes = _votes(rows, dont_know_in_base)
    period = month_key(month)
    sums = ["for", "against", "denominator", "squares", "base"]
    whole = sum_parts(votes[_is_headline(votes, headline)], sums)
    by_question = sum_parts(votes, sums, dims=[["question"]])
    parts = pd.concat([whole, by_question[by_question["breakdown"].ne("")]], ignore_index=True)
    parts = parts[parts["base"].gt(0)]
    shares = parts.rename(columns={"for": "numerator"})
    return join_results(
        [shares_of(shares, measure="satisfaction_share", period=period), _net(parts, period)]
    )


def _votes(rows: pd.DataFrame, dont_know_in_base: Collection[str]) -> pd.DataFrame:
    said = opinions(rows)
    in_base = said.isin([SATISFIED, NEUTRAL, DISSATISFIED])
    in_base |= said.eq(DONT_KNOW).fillna(False) & rows["question"].isin(list(dont_know_in_base))
    weight = rows["weight"] if "weight" in rows else pd.Series(np.nan, index=rows.index)
    weights = weight.astype("Float64").fillna(1).astype("float64").where(in_base, 0.0)
    question = rows["question"].astype("string")
    two_scales = rows.groupby("question")["scale"].transform("nunique").gt(1)
    return pd.DataFrame(
        {
            "service": rows["service"],
            "survey": rows["survey"],
            "asked": question,
            "question": question.mask(two_scales, question + " (" + rows["scale"] + ")"),
            "scale": rows["scale"],
            "for": weights.where(said.eq(SATISFIED).fillna(False), 0.0),
            "against": weights.where(said.eq(DISSATISFIED).fillna(False), 0.0),
            "denominator": weights,
            "squares": np.square(weights),
            "base": in_base.astype("float64"),
        }
    )


def _is_headline(votes: pd.DataFrame, headline: str) -> pd.Series:
    named = votes["asked"].str.strip().str.casefold().eq(headline.casefold()).fillna(False)
    has_named = named.groupby(votes["survey"]).transform("any")
    only_one = votes.groupby("survey")["asked"].transform("nunique").eq(1) & ~has_named
    satisfaction = [name for name, scale in SCALES.items() if scale.satisfaction]
    return (named | only_one) & votes["scale"].isin(satisfaction)


def _net(parts: pd.DataFrame, period: str) -> pd.DataFrame:
    total = parts["denominator"]
    share_for, share_against = parts["for"] / total, parts["against"] / total
    lower, upper = net_interval(share_for, share_against, effective_base(total, parts["squares"]))
    return as_results(
        parts.assign(
            measure="satisfaction_net",
            period=period,
            value=share_for - share_against,
            numerator=parts["for"] - parts["against"],
            lower=lower,
            upper=upper,
        )
    )
