"""The whole borough: every file, every setting and the truth about them."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from insight.borough import truths
from insight.borough.areas import make_areas
from insight.borough.broken import Oddity, late_correction, make_oddities, oddity_truths
from insight.borough.cases import backlog, case_files, chases, make_applications, make_claims
from insight.borough.comments import comment_files
from insight.borough.complaints import complaint_files, make_complaints
from insight.borough.contacts import contact_files, make_contacts
from insight.borough.counts import count_files
from insight.borough.enquiries import make_enquiries
from insight.borough.files import Batch, with_files
from insight.borough.ground import make_ground
from insight.borough.mailboxes import enquiry_files
from insight.borough.measures import Yaml, make_measures
from insight.borough.online import make_topics
from insight.borough.patrols import patrol_files
from insight.borough.people import make_people
from insight.borough.plan import Plan
from insight.borough.returns import return_files
from insight.borough.settings import make_council, make_mappings, make_services, make_sources
from insight.borough.street_reports import make_reports, make_spots, report_files
from insight.borough.surveys import survey_files
from insight.borough.words import BOROUGH

INVENTED = (
    f"{BOROUGH} is invented: its wards, streets, people, telephone numbers, applications and "
    "figures are made by code from a seed."
)


@dataclass(frozen=True, slots=True)
class Borough:
    """Everything that makes a workspace of the invented borough.

    `settings` maps each settings file's name to its content, `mappings` each source's name to
    its mapping; `oddities` lie among the files of `batches`; `wards` and `streets` are in
    British National Grid metres.
    """

    batches: tuple[Batch, ...]
    oddities: tuple[Oddity, ...]
    settings: dict[str, Yaml]
    mappings: dict[str, Yaml]
    wards: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    postcodes: pd.DataFrame
    areas: pd.DataFrame
    truths: truths.Truths


def make_borough(plan: Plan) -> Borough:
    """Return the borough of `plan`; equal plans give equal boroughs."""
    ground = make_ground(plan)
    people = make_people(plan, ground)
    spots = make_spots(plan, ground)
    reports = make_reports(plan, ground, people, spots)
    applications = make_applications(plan, people, ground.wards["ward_name"].tolist())
    claims = make_claims(plan, people)
    chased = chases(plan, applications)
    chase_counts = {month: len(cases) for month, cases in chased.items()}
    overdue = dict(zip(plan.span, backlog(plan, applications)["overdue"], strict=True))
    contacts = make_contacts(plan, people, applications, chased)
    enquiries = make_enquiries(plan, people, applications, overdue)
    complaints = make_complaints(plan, people, chase_counts)
    surveys = survey_files(plan, people, applications)
    complained = complaint_files(plan, complaints)
    correction = late_correction(plan, complained)
    batches = [
        report_files(plan, reports),
        *enquiry_files(plan, enquiries),
        *contact_files(plan, contacts),
        *count_files(plan, chase_counts),
        *case_files(plan, applications, claims),
        with_files(complained, [correction]),
        comment_files(plan, people),
        *surveys,
        *return_files(plan),
        patrol_files(plan, ground, spots),
    ]
    oddities = make_oddities(plan, batches)
    texts = [enquiries["text"], contacts["text"], complaints["description"]]
    return Borough(
        batches=tuple(batches),
        oddities=tuple(oddities),
        settings={
            "council.yaml": make_council(),
            "services.yaml": {"services": make_services()},
            "sources.yaml": {"sources": make_sources()},
            "measures.yaml": {"measures": make_measures(plan)},
            "topics.yaml": make_topics(),
        },
        mappings=make_mappings(),
        wards=ground.wards,
        streets=ground.streets,
        postcodes=ground.postcodes,
        areas=make_areas(plan, ground),
        truths={
            "invented": INVENTED,
            "last_month": f"{plan.last_month:%Y-%m}",
            "months": plan.months,
            "seed": plan.seed,
            **truths.hotspot_truths(plan, ground, reports, spots),
            "planning": truths.planning_truths(plan, applications, contacts, complaints),
            "story": truths.story_truths(plan),
            "annual_billing": truths.billing_truths(plan, contacts, enquiries),
            "defaulted_customers": truths.defaulted_truths(contacts),
            **truths.topic_truths(enquiries),
            "unplanned_topic": truths.unplanned_truths(plan, enquiries),
            "mail": truths.mail_truths(enquiries),
            "personal_data": truths.personal_truths(texts),
            "hostile": truths.hostile_truths(),
            "files": truths.file_truths(batches, oddities),
            "broken_files": oddity_truths(oddities, correction),
            "drift": truths.drift_truths(plan),
        },
    )
