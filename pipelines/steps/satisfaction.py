"""Satisfaction by service and question, its change, and what the dissatisfied mention."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from insight.results import as_results, breakdown, count_results, join_results, no_results
from insight.satisfaction import answer_account
from insight.satisfaction.change import MONTHS_BEFORE, adjusted_changes, satisfaction_changes
from insight.satisfaction.missing import ANSWERED, POPULATION, group_results, missing_groups
from insight.satisfaction.shares import satisfaction_figures, sum_votes
from pipelines.edge.workspace import Workspace
from pipelines.steps.figures import since_first, store_figures, window
from pipelines.steps.summary import StepSummary, table_of
from pipelines.steps.surveys import Surveyed, drivers_of, quarter_votes, read_surveys, responses

MEASURES = (
    "satisfaction_share", "satisfaction_net", "satisfaction_mean", "satisfaction_share_quarter",
    "satisfaction_change", "satisfaction_change_relative", "survey_responses",
)  # fmt: skip
OF_THE_MONTH = (
    "satisfaction_change_adjusted", "satisfaction_driver", ANSWERED, POPULATION,
)  # fmt: skip
"""Measures with figures of the month alone; those of earlier months stay as they were."""
MOST_DRIVERS = 10


def publish_satisfaction(workspace: Workspace, month: date) -> StepSummary:
    """Store satisfaction with its base and interval, for the month and those before it."""
    months = window(month)
    before = window(month, len(months) + max(MONTHS_BEFORE))
    surveyed = read_surveys(workspace, before)
    answers = surveyed.answers
    told = since_first(months, answers["answered_at"])
    weights = surveyed.weights(before)
    votes = quarter_votes(surveyed, before, weights)
    figures = join_results(
        [
            satisfaction_figures(answers, told, method=surveyed.method, weights=weights.weights),
            satisfaction_changes(sum_votes(votes), told),
            *_responses(answers, told),
        ]
    )
    problems = [*surveyed.problems, *_weighting(weights.last)]
    stored = store_figures(
        workspace,
        figures,
        measures=MEASURES,
        months=months,
        contracts=["surveys"],
        refused=problems,
    )
    groups = missing_groups(answers, month, surveyed.margins)
    own = join_results(
        [
            adjusted_changes(votes, month),
            driver_figures(surveyed, month),
            group_results(groups, month),
        ]
    )
    stored += store_figures(
        workspace,
        own,
        measures=OF_THE_MONTH,
        months=[month],
        contracts=["surveys", "cases"],
        refused=problems,
    )
    account = answer_account(answers, month)
    return StepSummary(
        "satisfaction",
        f"{stored} figures from {int(account['answers'].sum())} answers of {month:%B %Y}.",
        table=table_of(figures, month),
        problems=problems,
    )


def _responses(answers: pd.DataFrame, months: Sequence[date]) -> list[pd.DataFrame]:
    people = responses(answers, months)
    return [
        count_results(rows, measure="survey_responses", period=str(period), dims=[["survey"]])
        for period, rows in people.groupby("period")
    ]


def driver_figures(surveyed: Surveyed, month: date) -> pd.DataFrame:
    """Results ``satisfaction_driver``: the words that stand out, by service."""
    rows = []
    for service in sorted(surveyed.answers["service"].dropna().unique()):
        found = drivers_of(surveyed.answers, str(service), month, surveyed.method)
        rows += [
            {
                "measure": "satisfaction_driver",
                "service": service,
                "period": f"{month:%Y-%m}",
                "breakdown": breakdown({"term": row["term"]}),
                "value": row["difference"],
                "numerator": row["dissatisfied"],
                "denominator": found.dissatisfied,
                "lower": row["lower"],
                "upper": row["upper"],
                "base": found.dissatisfied + found.satisfied,
            }
            for row in found.telling.head(MOST_DRIVERS).to_dict("records")
        ]
    return as_results(pd.DataFrame(rows)) if rows else no_results()


def _weighting(last: pd.DataFrame) -> list[str]:
    return [
        f"{row['survey']}, the last three months: {row['note']}"
        for row in last.to_dict("records")
        if row["note"] and row["respondents"]
    ]
