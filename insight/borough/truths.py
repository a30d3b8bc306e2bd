"""What is really in the borough's files, for tests to hold the system to."""

from collections.abc import Hashable

import pandas as pd

from insight.borough.cases import backlog
from insight.borough.comments import HOSTILE
from insight.borough.enquiries import TOPICS
from insight.borough.files import Batch, row_accounts
from insight.borough.ground import Ground
from insight.borough.plan import Plan
from insight.borough.street_reports import Spot
from insight.borough.words import FORENAMES, SURNAMES
from insight.periods import month_key

Truths = dict[str, object]

PERSONAL = {
    "emails": r"(?i)\b[\w.]+@example\.(?:com|org|net)\b",
    "phones": r"\b(?:07700 900|01632 960)\d{3}\b",
    "ni_numbers": r"(?i)\b[A-Z]{2} \d{2} \d{2} \d{2} [A-D]\b",
    "postcodes": r"(?i)\bTD9[12] \d[A-Z]{2}\b",
    "accounts": r"\b7\d{7}\b",
}
"""How each kind of planted personal data looks in residents' texts."""

SIGNED = r"(?:egards|sincerely|faithfully|hanks|hank you),?\n([A-Z][a-z]+ [A-Z][\w']+)(?:\n|$)"
NAME = rf"\b(?:{'|'.join(FORENAMES)}) (?:{'|'.join(SURNAMES)})\b"


def hotspot_truths(plan: Plan, ground: Ground, reports: pd.DataFrame, spots: list[Spot]) -> Truths:
    """Return the planted hotspots and the fallback point, with their reports by month."""
    fouling = reports[reports["category"] == "Dog fouling"]
    month = fouling["reported_at"].dt.strftime("%Y-%m")
    by_month = pd.crosstab(fouling["planted"], month)
    names = [f"spot {number}" for number in range(1, len(spots) + 1)]
    counts = by_month.reindex([*names, "fallback"], fill_value=0)
    easting, northing = ground.offices
    return {
        "hotspots": [
            {
                "kind": spot.kind,
                "street": spot.street,
                "ward": spot.ward,
                "easting": spot.easting,
                "northing": spot.northing,
                "spread_m": spot.spread_m,
                "reports": counts.loc[name].to_dict(),
            }
            for name, spot in zip(names, spots, strict=True)
        ],
        "fallback": {
            "easting": easting,
            "northing": northing,
            "reports": counts.loc["fallback"].to_dict(),
        },
        "fouling": by_month.sum().to_dict(),
    }


def planning_truths(
    plan: Plan,
    applications: pd.DataFrame,
    contacts: pd.DataFrame,
    complaints: pd.DataFrame,
) -> dict[str, dict[Hashable, object]]:
    """Return planning's story by month: backlog, chasing, complaints, satisfaction."""
    story = backlog(plan, applications)
    story.index = pd.Index([month_key(month) for month in plan.span])
    chasing = contacts[contacts["case_id"].notna()]
    received = complaints[complaints["service"] == "planning"]
    story["chasing"] = chasing["contacted_at"].dt.strftime("%Y-%m").value_counts()
    story["complaints"] = received["received_at"].dt.strftime("%Y-%m").value_counts()
    story = story.fillna(0).astype("int64").astype("object")
    story["satisfied_share"] = [round(plan.satisfaction(month), 4) for month in plan.span]
    return {str(month): dict(row) for month, row in story.to_dict(orient="index").items()}


def topic_truths(enquiries: pd.DataFrame) -> Truths:
    """Return each topic's enquiries, and which labels are there and which of them are wrong."""
    labelled = enquiries[enquiries["topic"].notna()]
    wrong = labelled["topic"] != labelled["true_topic"]
    return {
        "topics": {
            topic.title: enquiries.loc[
                enquiries["true_topic"].eq(topic.title).fillna(value=False), "enquiry_id"
            ].tolist()
            for topic in TOPICS
        },
        "unsorted": enquiries.loc[enquiries["true_topic"].isna(), "enquiry_id"].tolist(),
        "labelled": labelled["enquiry_id"].tolist(),
        "wrong_labels": labelled.loc[wrong, "enquiry_id"].tolist(),
    }


def personal_truths(texts: "list[pd.Series[str]]") -> dict[str, list[str]]:
    """Return the personal data that stand in `texts`, by kind, each once.

    ``signed_names`` stand below a sign-off and nowhere else; ``other_names`` elsewhere too,
    where only a list of names could find them.
    """
    whole = pd.concat(texts, ignore_index=True).astype("string").dropna()
    found = {kind: _found(whole, pattern) for kind, pattern in PERSONAL.items()}
    elsewhere = _found(whole.str.replace(SIGNED, "\n", regex=True), NAME)
    signed = sorted(set(_found(whole, SIGNED)) - set(elsewhere))
    return found | {"signed_names": signed, "other_names": elsewhere}


def _found(texts: "pd.Series[str]", pattern: str) -> list[str]:
    found: list[str] = texts.str.findall(pattern).explode().dropna().unique().tolist()
    return sorted(found)


def file_truths(batches: list[Batch]) -> dict[str, dict[str, dict[str, int]]]:
    """Return the row account of each file, by source.

    Wide surveys are left out: their account counts answers, and blanks are not broken.
    """
    wide = {"planning-survey", "customer-services-survey"}
    return {b.export.source: row_accounts(b) for b in batches if b.export.source not in wide}


def hostile_truths() -> list[str]:
    """Return the texts that must never run, as script or as formula."""
    return list(HOSTILE)
