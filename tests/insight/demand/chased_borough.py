"""The invented borough's contacts with what is true of each, for whoever judges what chases.

All of it is synthetic: who chases was decided before the words were chosen.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from insight.borough.cases import backlog, chases, make_applications
from insight.borough.contacts import CHASING, make_contacts
from insight.borough.enquiries import make_enquiries
from insight.borough.ground import make_ground
from insight.borough.people import make_people
from insight.borough.plan import Plan
from insight.demand import DemandMethod, link_contacts
from insight.demand.volume import single_records

SECOND = r"(?i)2nd call|second time of writing"
"""What is noted of a second call, and what a second e-mail begins with."""


@dataclass(frozen=True, slots=True)
class Chased:
    """What `insight.demand.link_contacts` found beside what is true; rows of both agree."""

    found: pd.DataFrame
    chases: pd.Series
    """Somebody asks after their application, by telephone, at a desk or by e-mail."""
    again: pd.Series
    """It was noted as the second call, or begins by saying that it is the second e-mail."""
    logged: pd.Series
    """Noted by the contact centre, rather than written in an e-mail."""


def chased_borough(months: int = 6, seed: int = 2026) -> Chased:
    """Invent contacts, e-mails and applications, and find who chases among them."""
    plan = Plan(date(2026, 10, 1), months=months, seed=seed)
    ground = make_ground(plan)
    people = make_people(plan, ground)
    applications = make_applications(plan, people, ground.wards["ward_name"].tolist())
    overdue = dict(zip(plan.span, backlog(plan, applications)["overdue"], strict=True))
    contacts = make_contacts(plan, people, applications, chases(plan, applications))
    enquiries = make_enquiries(plan, people, applications, overdue)
    enquiries = enquiries[enquiries["kind"].eq("person") & enquiries["replies_to"].eq("")]
    cases = applications.assign(
        service="planning",
        customer=pd.NA,
        received_at=_local(applications["received_at"]),
        decided_at=_local(applications["decided_at"]),
        outcome=applications["outcome"].astype("string").str.casefold(),
    )
    records = single_records(
        list(plan.span),
        contacts=contacts.assign(
            contacted_at=_local(contacts["contacted_at"]),
            channel=np.where(contacts["by_phone"], "phone", "face to face"),
        ),
        enquiries=enquiries.assign(
            received_at=_local(enquiries["received_at"]),
            channel="email",
            case_id=pd.NA,
            reason=enquiries["true_topic"],
        ),
    )
    reason = records["reason"]
    # The reasons told the truth apart; the system is shown none of those of e-mails.
    shown = records.assign(reason=reason.mask(records["channel"].astype("string").eq("email")))
    logged = records["channel"].astype("string").ne("email")
    return Chased(
        found=link_contacts(shown, cases, DemandMethod()),
        chases=reason.isin([CHASING, "Progress of an application"]),
        again=records["text"].str.contains(SECOND).fillna(False).astype(bool),
        logged=logged,
    )


def _local(times: pd.Series) -> pd.Series:
    return pd.to_datetime(times).dt.tz_localize(
        "Europe/London", ambiguous=True, nonexistent="shift_forward"
    )
