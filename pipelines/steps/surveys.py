"""Survey answers as they are to be counted: with their case, one voice, and what is doubtful."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from insight.errors import InsightError
from insight.periods import add_months, in_month, month_key, parse_period, uk_date, wall_clock
from insight.satisfaction import SurveyMethod
from insight.satisfaction.direction import off_the_scale, turned_waves, without_turned
from insight.satisfaction.drivers import Drivers, find_drivers
from insight.satisfaction.method import QUARTER_MONTHS
from insight.satisfaction.quarter_weights import QuarterWeights, quarter_weights
from insight.satisfaction.respondents import (
    one_voice,
    shared_keys,
    with_cases,
    without_shared_keys,
)
from insight.satisfaction.scales import read_answers
from insight.satisfaction.shares import votes_in
from pipelines.edge.margins import read_margins
from pipelines.edge.workspace import Workspace
from pipelines.settings_sections import Surveys
from pipelines.steps.events import read_events

SILENT_AFTER = 3
"""Months without an answer after which a survey that had stopped is no longer told of."""
DRIVER_MONTHS = 12


@dataclass(frozen=True)
class Surveyed:
    """Answers ready to count.

    `answers` are rows of the surveys contract with ``outcome``, ``applicant_kind`` and ``who``;
    `problems` are sentences that somebody should act on; `margins` are by survey.
    """

    answers: pd.DataFrame
    method: SurveyMethod
    margins: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def weights(self, months: Sequence[date]) -> QuarterWeights:
        """Weigh the surveys that have margins, quarter by quarter."""
        return quarter_weights(self.answers, months, self.margins, self.method)


def method_of(surveys: Surveys) -> SurveyMethod:
    """Return the settings' choices as the library wants them."""
    return SurveyMethod(
        headline=surveys.headline,
        dont_know_in_base=surveys.dont_know_in_base,
        fewest_to_weight=surveys.fewest_to_weight,
        lightest=surveys.trim[0],
        heaviest=surveys.trim[1],
    )


def read_surveys(workspace: Workspace, months: Sequence[date]) -> Surveyed:
    """Return the answers of `months` and what a rolling quarter needs before them.

    Parameters
    ----------
    workspace
        Where the store is.
    months
        First days of consecutive months, oldest first; problems are of the last.
    """
    first = add_months(months[0], 1 - QUARTER_MONTHS)
    answers = read_events(workspace, "surveys", months=[first, months[-1]])
    cases = read_events(workspace, "cases")
    settings = workspace.settings.surveys
    margins, faults = _margins(workspace)
    ready = prepare(with_cases(answers, cases), months[-1], settings)
    return Surveyed(ready.answers, ready.method, margins, (*ready.problems, *faults))


def prepare(answers: pd.DataFrame, month: date, settings: Surveys) -> Surveyed:
    """Leave out what can't be trusted and say so, each with what to do."""
    turned = turned_waves(answers)
    kept, doubted = without_turned(answers, turned, confirmed=settings.confirmed_directions)
    problems = [
        *_unreadable(answers, month),
        *_turned(doubted),
        *_shared(answers),
        *_silent(answers, month),
    ]
    return Surveyed(without_shared_keys(kept), method_of(settings), {}, tuple(problems))


def drivers_of(answers: pd.DataFrame, service: str, month: date, method: SurveyMethod) -> Drivers:
    """Compare what the dissatisfied and the satisfied wrote in the year up to `month`."""
    times = wall_clock(answers["answered_at"])
    start = pd.Timestamp(add_months(month, 1 - DRIVER_MONTHS))
    year = answers[times.ge(start) & times.lt(pd.Timestamp(add_months(month, 1)))]
    own = year[year["service"].eq(service).fillna(False)] if service != "all" else year
    asked = own["question"].astype("string").str.strip().str.casefold()
    named = asked.eq(method.headline.casefold())
    own = own[named | (own.groupby("survey")["question"].transform("nunique").eq(1))]
    own = one_voice(own.drop_duplicates(["survey", "response_id", "question"]))
    comment = own["comment"] if "comment" in own else pd.Series(pd.NA, index=own.index)
    told = pd.DataFrame({"opinion": read_answers(own)["opinion"], "comment": comment})
    return find_drivers(told)


def quarter_votes(
    surveyed: Surveyed, months: Sequence[date], weighed: QuarterWeights
) -> pd.DataFrame:
    """Return the rolling quarters' votes, weighted where the survey is."""
    return votes_in(
        surveyed.answers,
        months,
        length=QUARTER_MONTHS,
        method=surveyed.method,
        weights=weighed.weights,
    )


def _margins(workspace: Workspace) -> tuple[dict[str, pd.DataFrame], list[str]]:
    found, faults = {}, []
    for survey, name in workspace.settings.surveys.margins.items():
        try:
            found[survey] = read_margins(workspace.root / name)
        except InsightError as error:
            faults.append(f"{survey} is not weighted: {error}")
    return found, faults


def _unreadable(answers: pd.DataFrame, month: date) -> list[str]:
    off = off_the_scale(answers, month)
    if off.empty:
        return []
    where = "; ".join(
        f'{row["unreadable"]} of {row["answers"]} to "{row["question"]}" of {row["survey"]}'
        for row in off.to_dict("records")
    )
    return [
        f"{int(off['unreadable'].sum())} survey answers of {month:%B %Y} are not on their scale; "
        f"they are left out: {where}. Check the scale that the mapping gives their question."
    ]


def _turned(doubted: pd.DataFrame) -> list[str]:
    return [
        f'{row["survey"]}, "{row["question"]}", {_month(row["period"])}: its {row["base"]} answers '
        "look like the other months' turned round, so they are left out. If 1 was best in that "
        "file, give it a mapping with the scale reverse-5; if it is right as it is, write "
        f'"{row["survey"]}, {row["period"]}" under surveys: confirmed_directions in council.yaml.'
        for row in doubted.to_dict("records")
    ]


def _month(key: str) -> str:
    return f"{parse_period(key)[1]:%B %Y}"


def _shared(answers: pd.DataFrame) -> list[str]:
    return [
        f"{survey}: {number} responses are under one customer key, which can't be one person. "
        "Everyone counts; one voice a person can't be kept. Check the customer of the cases."
        for survey, number in shared_keys(answers).items()
    ]


def _silent(answers: pd.DataFrame, month: date) -> list[str]:
    newest = wall_clock(answers["answered_at"]).groupby(answers["survey"].astype("string")).max()
    since = pd.Timestamp(add_months(month, -SILENT_AFTER))
    quiet = newest[newest.ge(since) & newest.lt(pd.Timestamp(month))]
    return [
        f"{survey} has no answers in {month:%B %Y}; the last is of {uk_date(last.date())}. Is the "
        "survey still sent, and its file in the inbox?"
        for survey, last in quiet.items()
    ]


def responses(answers: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Return each month's people who answered, by service and survey."""
    people = answers.drop_duplicates(["survey", "response_id"])
    rows = [
        people[in_month(people["answered_at"], month)].assign(period=month_key(month))
        for month in months
    ]
    return pd.concat(rows, ignore_index=True)
