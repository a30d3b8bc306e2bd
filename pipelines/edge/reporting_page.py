"""The page that says who reports, and what wardens found: how far a map of reports may mislead."""

from dataclasses import dataclass

import pandas as pd

from pipelines.edge import page_parts as say
from pipelines.edge.page_data import PageData
from pipelines.edge.pages import render_template

SHOWN = 40
FILE = "who-reports.html"
LABEL = "Who reports, and what wardens find"
TELLING = ("found, not reported", "reported and found", "reported, not found")


@dataclass(frozen=True, slots=True)
class Reporting:
    """What the page says: tables of `insight.hotspots.exposure`, and their sentences.

    `missing` says which inputs are not declared; `deprivation` and `findings` may be empty.
    """

    source: str
    people: str
    wards: pd.DataFrame
    missing: str
    deprivation: pd.DataFrame
    deprivation_words: str
    findings: pd.DataFrame
    findings_words: str


def reporting_page(data: PageData, told: Reporting, *, audience: str) -> str:
    """Render the page for one reader's folder."""
    telling = told.findings
    if len(telling):
        telling = telling[telling["says"].isin(TELLING) & telling["visits"].gt(0)]
    rest = max(len(telling) - SHOWN, 0)
    return render_template(
        "who-reports.html.j2",
        data,
        audience=audience,
        title=LABEL,
        source=told.source,
        people=told.people,
        reports=int(told.wards["reports"].sum()),
        wards=say.records(told.wards),
        has_people="people" in told.wards,
        has_km="km" in told.wards,
        missing=told.missing,
        deprivation=say.records(told.deprivation),
        deprivation_words=told.deprivation_words,
        findings=say.records(telling.head(SHOWN)),
        findings_words=told.findings_words,
        left_off=f"{say.plural(rest, 'more street')} left off." if rest else "",
    )
