"""What ``insight satisfaction`` tells: of the store's answers, or of one survey's file."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from insight.conform import conform
from insight.errors import InsightError
from insight.periods import month_key, wall_clock
from insight.results import NOT_RECORDED
from insight.rounding import written
from insight.satisfaction.change import MONTHS_BEFORE, adjusted_changes, satisfaction_changes
from insight.satisfaction.method import QUARTER_MONTHS
from insight.satisfaction.missing import missing_groups
from insight.satisfaction.respondents import with_cases
from insight.satisfaction.shares import satisfaction_figures, sum_votes
from pipelines.edge.mappings import read_mapping
from pipelines.edge.survey_views import change_rows
from pipelines.edge.workspace import Workspace
from pipelines.settings_sections import Source
from pipelines.steps.figures import window
from pipelines.steps.ingest_reading import contents_of, read_content, together, way_of
from pipelines.steps.summary import plain_rows
from pipelines.steps.surveys import (
    Surveyed,
    drivers_of,
    prepare,
    quarter_votes,
    read_surveys,
)

Rows = list[dict[str, Any]]
IN_WORDS = {
    "satisfaction_share": "satisfied",
    "satisfaction_net": "points",
    "satisfaction_mean": "of 100",
    "satisfaction_share_quarter": "in the three months ending with it",
}
MOST_NAMED = 6
MONTHS = QUARTER_MONTHS + max(MONTHS_BEFORE)


@dataclass(frozen=True)
class Asked:
    """The answers to tell of, the month, and the service if it is to be one alone."""

    surveyed: Surveyed
    month: date
    service: str | None = None

    def only(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Keep the rows of the service that is asked for."""
        return rows if self.service is None else rows[rows["service"].eq(self.service)]

    @property
    def months(self) -> list[date]:
        """The month and those that it is compared with."""
        return window(self.month, MONTHS)


def from_store(workspace: Workspace, month: date, service: str | None) -> Asked:
    """Take the answers that are in the store."""
    return _known(Asked(read_surveys(workspace, window(month, MONTHS)), month, service))


def from_file(
    workspace: Workspace,
    path: Path,
    mapping: Path | None,
    month: date | None,
    service: str | None,
) -> Asked:
    """Read one survey's file; nothing of it is stored.

    The month is that of its newest answer unless it is given. Rows that break the contract are
    left out and counted.

    Raises
    ------
    InsightError
        If the file can't be read or has no answer that keeps to the contract.
    """
    chosen = read_mapping(_mapping_path(workspace, mapping)) if mapping else None
    if chosen is not None and chosen.contract != "surveys":
        message = f"{mapping} maps to {chosen.contract}; a survey needs a mapping to surveys."
        raise InsightError(message)
    way = way_of(workspace, Source(name="file", contract="surveys"), chosen)
    readings = [read_content(path, content, way) for content in contents_of(path, way)]
    used = readings[0].mapping
    held = conform(
        together(readings).frame,
        way.contract,
        today=workspace.today,
        dates=used.dates,
        timezone=used.timezone or workspace.settings.timezone,
        where=path.name,
    )
    rows = held.rows.reset_index(drop=True)
    if rows.empty:
        broken = held.failures["column"].value_counts()
        worst = f" Most often wrong: {broken.index[0]}." if len(broken) else ""
        message = f"{path.name} holds no answer that keeps to the surveys contract.{worst}"
        raise InsightError(message)
    answers = rows.assign(
        answered_at=rows["answered_at"].dt.tz_convert(workspace.settings.timezone),
        comment=workspace.redact(rows["comment"]),
        service=rows["service"].fillna(NOT_RECORDED),
    )
    newest = wall_clock(answers["answered_at"]).max()
    last = month or date(newest.year, newest.month, 1)
    ready = prepare(with_cases(answers, _no_cases()), last, workspace.settings.surveys)
    refused = held.failures["row"].nunique()
    many = "1 row breaks" if refused == 1 else f"{refused} rows break"
    notes = [f"{many} the surveys contract; left out."] if refused else []
    return _known(Asked(replace(ready, problems=(*notes, *ready.problems)), last, service))


def _no_cases() -> pd.DataFrame:
    return pd.DataFrame({"case_id": pd.Series(dtype="string")})


def _mapping_path(workspace: Workspace, mapping: Path) -> Path:
    if not mapping.exists() and len(mapping.parts) == 1:
        return workspace.root / "mappings" / mapping.with_suffix(".yaml").name
    return mapping


def on_question(asked: Asked, question: str | None) -> Asked:
    """Make `question` the headline; say which there are where nobody answered the headline."""
    method = asked.surveyed.method
    if question is not None:
        method = replace(method, headline=question)
    there = asked.only(asked.surveyed.answers)
    names = there["question"].astype("string").dropna().unique()
    folded = {str(name).strip().casefold() for name in names}
    if method.headline.strip().casefold() in folded or len(folded) <= 1:
        return replace(asked, surveyed=replace(asked.surveyed, method=method))
    known = "; ".join(sorted(map(str, names))[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    note = (
        f'No question is called "{method.headline}", so services have no figure of their own. '
        f"Name one with --question: {known}{more}."
    )
    problems = (*asked.surveyed.problems, note)
    return replace(asked, surveyed=replace(asked.surveyed, method=method, problems=problems))


def shown_figures(asked: Asked) -> tuple[Rows, Rows]:
    """Return the month's figures in words, and who is missing by survey with margins."""
    figures = satisfaction_figures(
        asked.surveyed.answers,
        [asked.month],
        method=asked.surveyed.method,
        weights=asked.surveyed.weights([asked.month]).weights,
    )
    rows: Rows = []
    for (service, key), mine in asked.only(figures).groupby(["service", "breakdown"], sort=True):
        by_measure = {row["measure"]: row for row in plain_rows(mine)}
        told = "; ".join(
            f"{_say(measure, row)} {words}"
            for measure, words in IN_WORDS.items()
            if (row := by_measure.get(measure)) is not None
        )
        rows.append(
            {"service": service, "breakdown": key, "words": told, "figures": plain_rows(mine)}
        )
    groups = missing_groups(asked.surveyed.answers, asked.month, asked.surveyed.margins)
    return rows, plain_rows(groups)


def _say(measure: str, row: dict[str, Any]) -> str:
    value, low, high = (float(row[name]) for name in ("value", "lower", "upper"))
    if measure == "satisfaction_net":
        return f"net {100 * value:+.0f}"
    if measure == "satisfaction_mean":
        return f"mean {value:.0f}"
    share, least, most = written(pd.Series([value, low, high]), "share", 0)
    return f"{share} ({least} to {most}, {row['base']} answers)"


def shown_changes(asked: Asked) -> Rows:
    """Return each service's changes up to the month, in words."""
    months = asked.months
    votes = quarter_votes(asked.surveyed, months, asked.surveyed.weights(months))
    parts = sum_votes(votes)
    figures = pd.concat(
        [satisfaction_changes(parts, [asked.month]), adjusted_changes(votes, asked.month)]
    )
    figures = asked.only(figures)
    rows: Rows = []
    for service, mine in figures.groupby("service", sort=True):
        told = change_rows(mine, month_key(asked.month))
        rows += [{"service": str(service), **row} for row in told]
    return rows


def shown_drivers(asked: Asked) -> Rows:
    """Return the words that tell the dissatisfied from the satisfied, by service."""
    answers = asked.surveyed.answers
    services = asked.only(answers)["service"].dropna().unique()
    rows: Rows = []
    for service in sorted(services):
        found = drivers_of(answers, str(service), asked.month, asked.surveyed.method)
        rows.append(
            {
                "service": str(service),
                "dissatisfied": found.dissatisfied,
                "satisfied": found.satisfied,
                "why_none": found.why_none,
                "terms": plain_rows(found.telling),
            }
        )
    return rows


def _known(asked: Asked) -> Asked:
    have = sorted(asked.surveyed.answers["service"].dropna().astype(str).unique())
    if asked.service is not None and asked.service not in {*have, "all"}:
        there = ", ".join(have) if have else "none yet"
        message = f"No survey asked about {asked.service}. Services with answers: {there}."
        raise InsightError(message)
    return asked
