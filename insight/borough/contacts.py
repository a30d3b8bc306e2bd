"""Single contacts at the contact centre and reception, chasing ones among them."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.borough.clock import OFFICE_DAYS, times_in
from insight.borough.enquiries import ANNUAL_BILLING
from insight.borough.files import Batch, Export, Form, by_month, pack
from insight.borough.grammar import write
from insight.borough.plan import Plan

MONTHLY = {
    "council-tax": 640, "waste": 430, "planning": 150, "housing": 270, "street-cleaning": 120,
    "dog-warden": 55, "customer-services": 110,
}  # fmt: skip
"""Mean contacts a month that somebody logs, chasing planning apart."""

REASONS = {
    "council-tax": ["Moving home", "Payment", "Discount", "Support claim", "Reminder", "Refund"],
    "waste": ["Missed bin", "Bulky waste", "Garden waste", "New bin", "Collection day"],
    "planning": ["Permission needed?", "Comment on application", "Fees", "Breach"],
    "housing": ["Homelessness", "Housing register", "Repair", "Rent"],
    "street-cleaning": ["Litter", "Fly-tipping", "Street sweeping"],
    "dog-warden": ["Dog fouling", "Stray dog", "Noise from dogs"],
    "customer-services": ["Opening hours", "Switchboard", "Complaint advice"],
}
CHASING = "Chasing progress"
AFTER_CHRISTMAS = {12: 1.1, 1: 1.5}
"""Waste contact by calendar month: collections slip after Christmas."""

DEFAULTED = {"0000000": 0.35, "UNKNOWN": 0.25, "99999999": 0.2, "01632 960000": 0.2}
"""What stands in the customer's place when nobody asked; the last is the centre's own number."""
DEFAULTED_SHARE = 0.06
"""Share of contacts, chasing ones apart, whose customer is one of these."""

PHONE_WORDS = ("Tel.", "Telephone", "Phone", "phone call")
OTHER_WORDS = ("Face-to-face", "Counter", "E-mail", "Online form", "Webchat", "Letter")

PHONE_LOG = Export(
    source="phone-log",
    form=Form("csv", "cp1252", ";"),
    key=("Call ref",),
    spoilers=(
        ("Start time", "31/02/2026 09:99"),
        ("Contact type", "pigeon"),
        ("Service", ""),
        ("Queue secs", "-15"),
    ),
    fresh="Call ref",
)
CRM = Export(
    source="crm",
    form=Form("csv", "utf-8"),
    key=("contact_id",),
    spoilers=(("contacted_at", "soon"), ("channel", "telepathy")),
    fresh="contact_id",
)

NOTES = {
    "note": ["{reason-words}. {detail}", "{who} {detail}", "{detail} {who}", "{reason-words}."],
    "chase": [
        "{who} any update on {case}?", "Chasing {case}, still waiting. {detail}",
        "{who} rang again about {case}, no reply to e-mails.", "When will {case} be decided? {who}",
    ],
    "reason-words": ["{reason}", "{reason} query", "Re {reason}", "{reason}, 2nd call"],
    "who": ["{name}.", "Mr/Mrs {surname}.", "Caller.", "Cust.", "{name}, {phone}.", "Resident."],
    "detail": [
        "Advised to use website.", "Passed to back office.", "Asked for call back on {phone}.",
        "Sent form to {email}.", "Resolved on call.", "Customer upset, we couldn\u2019t help.",
        "Lives at {address}, {postcode}.", "Could not pass security.", "Owes £45, will pay Friday.",
    ],
}  # fmt: skip


def make_contacts(
    plan: Plan,
    people: pd.DataFrame,
    applications: pd.DataFrame,
    chased: dict[date, NDArray[np.intp]],
) -> pd.DataFrame:
    """Return all logged contacts of all months, ordered by time.

    Returns
    -------
    pandas.DataFrame
        One row per contact: contact_id, contacted_at, service, reason, by_phone, channel (as
        the system spells it), customer, outcome, wait_seconds, duration_seconds, case_id,
        text.
    """
    parts = [_month(plan, people, applications, chased[month], month) for month in plan.span]
    contacts = pd.concat(parts, ignore_index=True)
    contacts.insert(0, "contact_id", "C" + (700_000 + contacts.index).astype("string"))
    return contacts


def demand(service: str, month: date) -> float:
    """Return how a service's demand in a calendar month compares with its usual one."""
    if service == "council-tax":
        return ANNUAL_BILLING.get(month.month, 1.0)
    return AFTER_CHRISTMAS.get(month.month, 1.0) if service == "waste" else 1.0


def _month(
    plan: Plan,
    people: pd.DataFrame,
    applications: pd.DataFrame,
    chased: NDArray[np.intp],
    month: date,
) -> pd.DataFrame:
    rng = plan.stream("contacts", month)
    amounts = {name: int(rng.poisson(n * demand(name, month))) for name, n in MONTHLY.items()}
    usual = sum(amounts.values())
    count = usual + chased.size
    service = np.repeat([*amounts, "planning"], [*amounts.values(), chased.size]).astype(object)
    reason = np.concatenate(
        [rng.choice(REASONS[name], size=n) for name, n in amounts.items()]
        + [np.full(chased.size, CHASING)]
    ).astype(object)
    case = np.full(count, None, dtype=object)
    case[usual:] = applications["case_id"].to_numpy(dtype=object)[chased]
    weight = rng.pareto(2.0, len(people)) + 0.2
    who = people.iloc[rng.choice(len(people), size=count, p=weight / weight.sum())]
    who = who.reset_index(drop=True)
    by_phone = rng.random(count) < 0.7
    channel = np.where(
        by_phone,
        rng.choice(PHONE_WORDS, size=count, p=[0.4, 0.3, 0.25, 0.05]),
        rng.choice(OTHER_WORDS, size=count, p=[0.24, 0.12, 0.3, 0.22, 0.08, 0.04]),
    )
    busy = demand("council-tax", month)
    # The same person chases the same application, under the same customer number.
    person = who["person"].to_numpy().copy()
    person[usual:] = 20_000 + chased
    texts = _notes(who, reason, case, rng)
    contacts = pd.DataFrame(
        {
            "contacted_at": times_in(month, count, rng, days=OFFICE_DAYS),
            "by_phone": by_phone,
            "channel": channel,
            "wait_seconds": np.minimum(rng.exponential(95 * busy, count), 2400).astype(np.int64),
            "duration_seconds": np.clip(rng.lognormal(5.5, 0.6, count), 20, 3600).astype(np.int64),
        }
    )
    about = pd.DataFrame(
        {
            "service": service,
            "reason": reason,
            "customer": "CRM" + pd.Series(1_000_000 + person).astype("string"),
            "outcome": rng.choice(
                ["Resolved", "Passed on", "Call back"], count, p=[0.7, 0.22, 0.08]
            ),
            "case_id": case,
            "text": texts,
        }
    )
    about["customer"] = _defaulted(plan, month, about["customer"], case)
    shuffled = about.iloc[rng.permutation(count)].reset_index(drop=True)
    return pd.concat([contacts, shuffled], axis="columns")


def _defaulted(
    plan: Plan, month: date, customer: "pd.Series[str]", case: NDArray[np.object_]
) -> "pd.Series[str]":
    """Return customers, some of them replaced by what the system makes of a blank."""
    rng = plan.stream("defaulted customers", month)
    blank = (rng.random(len(customer)) < DEFAULTED_SHARE) & pd.isna(case)
    keys = rng.choice(list(DEFAULTED), size=len(customer), p=list(DEFAULTED.values()))
    return customer.mask(blank, pd.Series(keys, dtype="string"))


def _notes(
    who: pd.DataFrame,
    reason: NDArray[np.object_],
    case: NDArray[np.object_],
    rng: np.random.Generator,
) -> NDArray[np.object_]:
    """Return call notes: always where somebody chases, else for a third."""
    chasing = reason == CHASING
    noted = np.flatnonzero(chasing | (rng.random(reason.size) < 0.33))
    columns = ("name", "surname", "phone", "email", "address", "postcode")
    slots = {name: who[name].to_numpy(dtype=object) for name in columns}
    slots |= {"reason": reason, "case": case}
    notes = np.full(reason.size, "", dtype=object)
    for symbol, rows in (("note", noted[~chasing[noted]]), ("chase", noted[chasing[noted]])):
        own = {name: values[rows] for name, values in slots.items()}
        notes[rows] = write(NOTES, symbol, rows.size, rng, own)
    return notes


def contact_files(plan: Plan, contacts: pd.DataFrame) -> list[Batch]:
    """Return the telephone log and the other contacts, two exports of two systems."""
    phone = by_month(contacts[contacts["by_phone"]], plan, "contacted_at")
    other = by_month(contacts[~contacts["by_phone"]], plan, "contacted_at")
    return [
        pack(plan, PHONE_LOG, {month: _phone_log(rows) for month, rows in phone.items()}),
        pack(plan, CRM, {month: _crm(rows) for month, rows in other.items()}),
    ]


def _phone_log(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Call ref": rows["contact_id"],
            "Start time": rows["contacted_at"].dt.strftime("%d/%m/%Y %H:%M:%S"),
            "Contact type": rows["channel"],
            "Service": rows["service"],
            "Customer no": rows["customer"],
            "Reason": rows["reason"],
            "Outcome": rows["outcome"],
            "Queue secs": rows["wait_seconds"],
            "Talk secs": rows["duration_seconds"],
            "Case": rows["case_id"],
            "Notes": rows["text"],
        }
    ).astype("string")


def _crm(rows: pd.DataFrame) -> pd.DataFrame:
    columns = ["contact_id", "contacted_at", "channel", "service", "customer", "reason", "outcome"]
    when = rows["contacted_at"].dt.strftime("%m/%d/%Y %I:%M %p")  # made in America
    return rows[[*columns, "case_id", "text"]].assign(contacted_at=when).astype("string")
