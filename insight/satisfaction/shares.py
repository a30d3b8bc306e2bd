"""Share satisfied, net and mean by service and question, month by month and rolling quarter.

Everything is made of sums by period, service and breakdown: a whole window of months is summed
at once, and a service's change is tested on the very sums behind its chart.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from insight.errors import MissingColumnsError
from insight.intervals import effective_base, net_interval, wilson
from insight.periods import in_month
from insight.results import (
    ALL_SERVICES,
    NOT_RECORDED,
    as_results,
    breakdowns,
    join_results,
    no_results,
)
from insight.satisfaction.method import QUARTER_MONTHS, SurveyMethod
from insight.satisfaction.respondents import one_voice
from insight.satisfaction.scales import (
    DISSATISFIED,
    DONT_KNOW,
    NEUTRAL,
    OPINION_SCALES,
    SATISFIED,
    UNREADABLE,
    opinions,
    read_answers,
)
from insight.satisfaction.windows import in_windows

NEEDED = frozenset({"survey", "answered_at", "question", "scale", "answer", "service"})
CASE_DIMENSIONS = ("outcome", "applicant_kind")
SUMS = ["for", "against", "points", "pointed", "scored", "denominator", "squares", "base"]


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
    """Share satisfied, net and mean satisfaction of one month, by service and question.

    As `satisfaction_figures`, for one month.
    """
    method = SurveyMethod(headline=headline, dont_know_in_base=tuple(dont_know_in_base))
    return figures_of(sum_votes(votes_in(surveys, [month], method=method)))


def satisfaction_figures(
    surveys: pd.DataFrame,
    months: Sequence[date],
    *,
    method: SurveyMethod | None = None,
    weights: Mapping[str, pd.Series] | None = None,
) -> pd.DataFrame:
    """Satisfaction by service, question and case, for each month and its rolling quarter.

    Parameters
    ----------
    surveys
        Rows of the surveys contract, uniquely indexed; ``weight`` may be absent, and a missing
        one counts 1. ``who`` (a person's pseudonym) gives each person one voice per period;
        ``outcome`` and ``applicant_kind`` are broken down by where they are.
    months
        First days of consecutive months, oldest first.
    method
        Headline question, what becomes of "don't know".
    weights
        Weights of rolling quarters by the quarter's last month, by the index of `surveys`;
        they go before the survey's own.

    Returns
    -------
    pandas.DataFrame
        Results ``satisfaction_share``, ``satisfaction_net`` and ``satisfaction_mean`` per month
        and ``satisfaction_share_quarter`` per three months ending with it: per service and for
        ``"all"``, for the headline and for each ``question=...``, ``outcome=...`` and
        ``applicant_kind=...``. Where one question was asked on two scales, each scale has its
        own row, ``question=overall (nps-11)``.

    Raises
    ------
    MissingColumnsError
        If a column is absent.
    """
    chosen = method or SurveyMethod()
    monthly = figures_of(sum_votes(votes_in(surveys, months, method=chosen)))
    quarters = quarter_parts(surveys, months, method=chosen, weights=weights)
    quarterly = _shares(quarters, "satisfaction_share_quarter") if len(quarters) else no_results()
    return join_results([monthly, quarterly])


def quarter_parts(
    surveys: pd.DataFrame,
    months: Sequence[date],
    *,
    method: SurveyMethod,
    weights: Mapping[str, pd.Series] | None = None,
) -> pd.DataFrame:
    """Sum the votes of each rolling quarter; ``period`` is its last month."""
    votes = votes_in(surveys, months, length=QUARTER_MONTHS, method=method, weights=weights)
    return sum_votes(votes)


def votes_in(
    surveys: pd.DataFrame,
    months: Sequence[date],
    *,
    length: int = 1,
    method: SurveyMethod,
    weights: Mapping[str, pd.Series] | None = None,
) -> pd.DataFrame:
    """Turn the answers of some windows into votes to sum, each person once per window.

    Raises
    ------
    MissingColumnsError
        If a column is absent.
    """
    if missing := NEEDED - set(surveys.columns):
        raise MissingColumnsError(missing)
    there = in_windows(surveys["answered_at"], months, length)
    rows = surveys.iloc[there["row"].to_numpy()].assign(period=there["period"].to_numpy())
    rows = one_voice(rows, within=["period"])
    given = rows["weight"] if "weight" in rows else pd.Series(np.nan, index=rows.index)
    weight = given.astype("Float64").fillna(1).astype("float64").to_numpy(copy=True)
    for period, own in (weights or {}).items():
        at = rows["period"].eq(period).to_numpy()
        weight[at] = own.reindex(rows.index[at]).fillna(pd.Series(weight[at], rows.index[at]))
    return _votes(rows.reset_index(drop=True), weight, method)


def _votes(rows: pd.DataFrame, weight: np.ndarray, method: SurveyMethod) -> pd.DataFrame:
    read = read_answers(rows)
    said, points = read["opinion"], read["points"]
    scored = points.notna()
    question = rows["question"].astype("string")
    stays = said.eq(DONT_KNOW).fillna(False) & question.isin(list(method.dont_know_in_base))
    weights = pd.Series(weight, index=rows.index)
    in_base = scored | stays
    counted = weights.where(in_base, 0.0)
    two_scales = rows.groupby(["period", "question"])["scale"].transform("nunique").gt(1)
    votes = pd.DataFrame(
        {
            "period": rows["period"].astype("string"),
            "service": rows["service"].astype("string").fillna(NOT_RECORDED),
            "survey": rows["survey"],
            "asked": question,
            "question": question.mask(two_scales, question + " (" + rows["scale"] + ")"),
            "scale": rows["scale"],
            "for": weights.where(said.eq(SATISFIED).fillna(False), 0.0),
            "against": weights.where(said.eq(DISSATISFIED).fillna(False), 0.0),
            "points": weights.where(scored, 0.0) * points.fillna(0.0),
            "pointed": weights.where(scored, 0.0),
            "scored": scored.astype("float64"),
            "denominator": counted,
            "squares": np.square(counted),
            "base": in_base.astype("float64"),
        }
    )
    for name in CASE_DIMENSIONS:
        if name in rows:
            votes[name] = rows[name].astype("string")
    return votes.assign(headline=is_headline(votes, method.headline))


def is_headline(votes: pd.DataFrame, headline: str) -> pd.Series:
    """Tell which votes are on their service's own figure.

    Those on the question called `headline`, or on a survey's only question; scales that ask
    about recommending or ease never are.
    """
    named = votes["asked"].str.strip().str.casefold().eq(headline.casefold()).fillna(False)
    groups = [votes["period"], votes["survey"]]
    has_named = named.groupby(groups).transform("any")
    only_one = votes.groupby(["period", "survey"])["asked"].transform("nunique").eq(1) & ~has_named
    return (named | only_one) & votes["scale"].isin(OPINION_SCALES)


def sum_votes(votes: pd.DataFrame) -> pd.DataFrame:
    """Sum votes by period, service (and all services) and breakdown; empty ones are left out.

    Returns
    -------
    pandas.DataFrame
        ``period``, ``service``, ``breakdown`` and `SUMS`.
    """
    own = votes[votes["headline"]]
    parts = [_summed(own, []), _summed(votes, ["question"])]
    parts += [_summed(own[own[name].notna()], [name]) for name in CASE_DIMENSIONS if name in votes]
    summed = pd.concat(parts, ignore_index=True)
    together = summed.groupby(["period", "breakdown"], as_index=False)[SUMS].sum()
    both = pd.concat([summed, together.assign(service=ALL_SERVICES)], ignore_index=True)
    return both[both["base"].gt(0)].reset_index(drop=True)


def _summed(votes: pd.DataFrame, dims: list[str]) -> pd.DataFrame:
    keys = ["period", "service", *dims]
    grouped = votes.groupby(keys, dropna=False, observed=True)[SUMS].sum().reset_index()
    key = breakdowns(grouped[dims]) if dims else pd.Series("", grouped.index, dtype="string")
    return grouped.assign(breakdown=key)[["period", "service", "breakdown", *SUMS]]


def figures_of(parts: pd.DataFrame) -> pd.DataFrame:
    """Results of summed votes: share satisfied, net and mean."""
    if parts.empty:
        return no_results()
    return join_results([_shares(parts, "satisfaction_share"), _net(parts), _mean(parts)])


def _shares(parts: pd.DataFrame, measure: str) -> pd.DataFrame:
    share = parts["for"].div(parts["denominator"].where(parts["denominator"].gt(0))).clip(upper=1)
    lower, upper = wilson(share, effective_base(parts["denominator"], parts["squares"]))
    return as_results(
        parts.assign(
            measure=measure,
            value=share,
            numerator=parts["for"],
            lower=lower,
            upper=upper,
            base=parts["base"].round(),
        )
    )


def _net(parts: pd.DataFrame) -> pd.DataFrame:
    total = parts["denominator"]
    share_for, share_against = parts["for"] / total, parts["against"] / total
    lower, upper = net_interval(share_for, share_against, effective_base(total, parts["squares"]))
    return as_results(
        parts.assign(
            measure="satisfaction_net",
            value=share_for - share_against,
            numerator=parts["for"] - parts["against"],
            lower=lower,
            upper=upper,
        )
    )


def _mean(parts: pd.DataFrame) -> pd.DataFrame:
    """Give the mean on 0 to 100; "don't know" stands nowhere on a scale and has no part in it.

    The interval is Wilson's for a share of the same height. No answers between two ends can
    vary more than answers at the ends do, so it is never too narrow, also for a dozen answers
    that all say the same.
    """
    told = parts[parts["pointed"].gt(0)]
    mean = told["points"] / told["pointed"]
    base = effective_base(told["denominator"], told["squares"])
    shrunk = base * (told["pointed"] / told["denominator"])
    lower, upper = wilson((mean / 100).clip(0, 1), shrunk)
    return as_results(
        told.assign(
            measure="satisfaction_mean",
            value=mean,
            numerator=told["points"],
            denominator=told["pointed"],
            lower=100 * lower,
            upper=100 * upper,
            base=told["scored"].round(),
        )
    )
