"""What is really in the borough's files, for tests to hold the system to."""

import re
from collections.abc import Hashable, Sequence

import pandas as pd

from insight.borough.accounts import Account, row_accounts
from insight.borough.broken import Oddity
from insight.borough.cases import backlog
from insight.borough.comments import HOSTILE, SILENT_MONTHS
from insight.borough.complaints import LAG_MONTHS
from insight.borough.contacts import DEFAULTED
from insight.borough.counts import make_visits
from insight.borough.enquiries import TOPICS
from insight.borough.files import Batch
from insight.borough.ground import Ground
from insight.borough.plan import RECOVERY, RECOVERY_MONTHS, Plan
from insight.borough.street_reports import Spot
from insight.borough.surveys import RENAMED
from insight.borough.unplanned import UNPLANNED_TITLE
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
    first = received[received["stage"].isin(["Service request", "Stage 1"])]
    story["chasing"] = chasing["contacted_at"].dt.strftime("%Y-%m").value_counts()
    story["complaints"] = received["received_at"].dt.strftime("%Y-%m").value_counts()
    story["first_complaints"] = first["received_at"].dt.strftime("%Y-%m").value_counts()
    story = story.fillna(0).astype("int64").astype("object")
    story["satisfied_share"] = [round(plan.satisfaction(month), 4) for month in plan.span]
    return {str(month): dict(row) for month, row in story.to_dict(orient="index").items()}


def story_truths(plan: Plan) -> Truths:
    """Return when planning was short of officers, and what followed how long after."""
    first, last = plan.gap
    return {
        "short_of_officers": [month_key(plan.month(first)), month_key(plan.month(last))],
        "complaints_follow_chasing_by_months": LAG_MONTHS,
        "satisfaction_trough": month_key(plan.month(last)),
        "satisfaction_recovered": month_key(plan.month(max(last - RECOVERY_MONTHS, 0))),
        "satisfaction_rises_by": RECOVERY,
    }


def billing_truths(plan: Plan, contacts: pd.DataFrame, enquiries: pd.DataFrame) -> Truths:
    """Return by month what came in about council tax, which peaks when bills go out."""
    months = [month_key(month) for month in plan.span]
    logged = contacts.loc[contacts["service"] == "council-tax", "contacted_at"]
    mails = enquiries["service"].eq("council-tax") & enquiries["kind"].eq("person")
    views = {month_key(month): _tax_views(make_visits(plan, month)) for month in plan.span}
    counts = {
        "contacts": _by_month(logged, months),
        "emails": _by_month(enquiries.loc[mails, "received_at"], months),
        "web_views": views,
    }
    return {
        "peak_months": [month for month in months if month[-2:] in {"03", "04"}],
        "by_month": {month: {k: count[month] for k, count in counts.items()} for month in months},
    }


def _by_month(times: "pd.Series[pd.Timestamp]", months: list[str]) -> dict[str, int]:
    counts = times.dt.strftime("%Y-%m").value_counts()
    return {month: int(counts.get(month, 0)) for month in months}


def _tax_views(visits: pd.DataFrame) -> int:
    return int(visits.loc[visits["service"] == "council-tax", "views"].astype("int64").sum())


def defaulted_truths(contacts: pd.DataFrame) -> Truths:
    """Return which contacts have a customer that stands for nobody, by what stands there."""
    nobody = contacts[contacts["customer"].isin(list(DEFAULTED))]
    by_key = {key: rows["contact_id"].tolist() for key, rows in nobody.groupby("customer")}
    return {
        "share_of_contacts": round(len(nobody) / len(contacts), 4),
        "contacts": {key: by_key.get(key, []) for key in DEFAULTED},
    }


def unplanned_truths(plan: Plan, enquiries: pd.DataFrame) -> Truths:
    """Return the enquiries about what nobody planned for, and since when they come."""
    asked = enquiries["true_topic"].eq(UNPLANNED_TITLE).fillna(value=False)
    return {
        "title": UNPLANNED_TITLE,
        "service": "council-tax",
        "since": month_key(plan.unplanned_since),
        "enquiry_ids": enquiries.loc[asked, "enquiry_id"].tolist(),
    }


def mail_truths(enquiries: pd.DataFrame) -> Truths:
    """Return what the council-tax mailbox holds: conversations, attachments, automatic answers."""
    mails = enquiries[enquiries["service"] == "council-tax"]
    people = mails[mails["kind"] == "person"]
    answers = people[people["replies_to"] != ""]
    return {
        "messages": len(mails),
        "automatic": mails.loc[mails["kind"] == "automatic", "enquiry_id"].tolist(),
        "replies": dict(zip(answers["enquiry_id"], answers["replies_to"], strict=True)),
        "attachments": int(people["attachments"].sum()),
    }


def drift_truths(plan: Plan) -> dict[str, list[Truths]]:
    """Return which sources are not as they were: what changed, and since when."""
    if not plan.drifts:
        return {"stopped": [], "volume": [], "headings": []}
    last = month_key(plan.last_month)
    ((before, after),) = RENAMED.items()
    return {
        "stopped": [
            {
                "source": "comments",
                "last_month": month_key(plan.month(SILENT_MONTHS)),
                "silent_since": month_key(plan.month(SILENT_MONTHS - 1)),
            }
        ],
        "volume": [{"source": "customer-services-survey", "month": last, "share_of_usual": 0.5}],
        "headings": [
            {"source": "residents-panel", "month": last, "gone": before, "new": after},
        ],
    }


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
        "unsorted": enquiries.loc[
            enquiries["true_topic"].isna() & enquiries["kind"].eq("person"), "enquiry_id"
        ].tolist(),
        "labelled": labelled["enquiry_id"].tolist(),
        "wrong_labels": labelled.loc[wrong, "enquiry_id"].tolist(),
    }


def personal_truths(texts: "list[pd.Series[str]]") -> dict[str, list[str]]:
    """Return the personal data that stand in `texts`, by kind, each once.

    ``signed_names`` stand below a sign-off and nowhere else; ``other_names`` elsewhere too,
    where only a list of names could find them.
    """
    # As one text, which is searched many times faster; nothing is found across two.
    whole = "\n\0\n".join(pd.concat(texts, ignore_index=True).dropna())
    found = {kind: _found(whole, pattern) for kind, pattern in PERSONAL.items()}
    elsewhere = _found(re.sub(SIGNED, "\n", whole), NAME)
    signed = sorted(set(_found(whole, SIGNED)) - set(elsewhere))
    return found | {"signed_names": signed, "other_names": elsewhere}


def _found(whole: str, pattern: str) -> list[str]:
    return sorted(set(re.findall(pattern, whole)))


def file_truths(
    batches: Sequence[Batch], oddities: Sequence[Oddity]
) -> dict[str, dict[str, Account]]:
    """Return the row account of each file that is taken in, by source.

    A wide survey's counts its answers. What is seen before counts all its rows as duplicates.
    """
    told = {batch.export.source: row_accounts(batch) for batch in batches}
    nothing = dict.fromkeys(
        ["read", "accepted", "quarantined", "duplicates", "filtered", "corrections"], 0
    )
    for odd in oddities:
        if odd.ends == "accepted":
            told[odd.source][odd.name] = nothing
        elif odd.ends == "seen before" and odd.copy_of is not None:
            rows = told[odd.source][odd.copy_of]["read"]
            told[odd.source][odd.name] = nothing | {"read": rows, "duplicates": rows}
    return told


def hostile_truths() -> list[str]:
    """Return the texts that must never run, as script or as formula."""
    return list(HOSTILE)
