"""Complaints through their stages, to one Ombudsman's Code or the other's."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.borough.clock import Times, add_working_days, at_seconds, times_in
from insight.borough.files import Batch, Export, Form, monthly_extracts, pack
from insight.borough.grammar import write
from insight.borough.plan import Plan
from insight.periods import add_months

MONTHLY = {
    "council-tax": 5.0, "waste": 6.0, "housing": 4.0, "street-cleaning": 2.0, "dog-warden": 1.0,
    "customer-services": 1.5, "planning": 2.0,
}  # fmt: skip
COMPLAINTS_A_CHASE = 0.3
"""Planning complaints for each chasing contact two months before."""
LAG_MONTHS = 2
OUTCOMES = ("Upheld", "Partly upheld", "Not upheld", "Withdrawn", "Refused")
STAGE_2_SHARE = 0.2
OMBUDSMAN_SHARE = 0.15
REQUEST_SHARE = 0.1

EXPORT = Export(
    source="complaints",
    form=Form("xlsx", sheet="Complaints", day_numbers=("Acknowledged", "Responded")),
    key=("Reference", "Stage"),
    spoilers=(("Date received", "tbc"), ("Stage", "Stage 9"), ("Service", "")),
    fresh="Reference",
)

WORDS = {
    "complaint": ["{trouble}", "{trouble} {effect}", "{before} {trouble}", "{trouble} {wish}"],
    "council-tax": [
        "Sent to court although I had paid.", "Three wrong bills in a row.",
        "On hold for {n} minutes.",
    ],
    "waste": [
        "Bin missed {n} times although reported.", "Crew left rubbish all over {street}.",
        "No bin delivered after {n} weeks.",
    ],
    "housing": [
        "Damp reported {n} times and nobody came.", "Told nothing about my place on the list.",
    ],
    "street-cleaning": [
        "{street} has not been swept for {n} months.", "Rubbish reported {n} times is still there.",
    ],
    "dog-warden": ["Fouling on {street} reported {n} times, no patrol.", "Warden was rude to me."],
    "customer-services": [
        "Passed from one person to another {n} times.", "Promised call back never came.",
    ],
    "planning": [
        "No decision and no reply for {n} weeks.", "My application is months late.",
        "Objection was ignored.", "Nobody will say who deals with my case.",
    ],
    "before": ["I have complained before.", "As I wrote last month:", "Not good enough."],
    "effect": ["I lost a day's pay.", "It has cost me £{n}0.", "My mother is {n}0 and very upset."],
    "wish": [
        "I want an apology.", "Please ring {name} on {phone}.", "Write to {email}.",
        "Yours sincerely,\n{name}",
    ],
    "n": ["3", "4", "5", "6", "8"],
}  # fmt: skip


def make_complaints(plan: Plan, people: pd.DataFrame, chased: dict[date, int]) -> pd.DataFrame:
    """Return complaints, one row per complaint and stage.

    Parameters
    ----------
    plan
        Which months.
    people
        Who complains.
    chased
        Chasing contacts about planning by month: two months later come the complaints.

    Returns
    -------
    pandas.DataFrame
        complaint_id, stage, regime, service, received_at, acknowledged_at, responded_at (both
        may lie after the plan's end), outcome, refused_reason, category, ward, channel,
        compensation, customer, description.
    """
    usual = min(chased.values())
    firsts = []
    for month in plan.span:
        rng = plan.stream("complaints", month)
        earlier = chased.get(add_months(month, -LAG_MONTHS), usual)
        means = MONTHLY | {
            "planning": MONTHLY["planning"] + COMPLAINTS_A_CHASE * max(earlier - usual, 0)
        }
        amounts = {service: int(rng.poisson(mean)) for service, mean in means.items()}
        service = rng.permutation(np.repeat(list(amounts), list(amounts.values())))
        received = times_in(month, service.size, rng)
        firsts.append(pd.DataFrame({"service": service, "received_at": received}))
    first = pd.concat(firsts, ignore_index=True)
    rng = plan.stream("complaint handling")
    first = _described(first, people, rng)
    request = rng.random(len(first)) < REQUEST_SHARE
    first["stage"] = np.where(request, "Service request", "Stage 1")
    first = _handled(first, rng, days=(5, 14))
    second = _escalated(first[~request], rng, STAGE_2_SHARE, "Stage 2", days=(12, 26))
    third = _escalated(second, rng, OMBUDSMAN_SHARE, "Ombudsman", days=(40, 90))
    complaints = pd.concat([first, second, third], ignore_index=True)
    end = np.datetime64(add_months(plan.last_month, 1), "s")
    kept = complaints[complaints["received_at"] < end]
    return kept.sort_values("received_at", kind="stable", ignore_index=True)


def _described(first: pd.DataFrame, people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    count = len(first)
    who = people.iloc[rng.integers(len(people), size=count)].reset_index(drop=True)
    slots = {n: who[n].to_numpy(dtype=object) for n in ("name", "phone", "email", "street")}
    trouble = np.full(count, "", dtype=object)
    for service in MONTHLY:
        rows = np.flatnonzero(first["service"] == service)
        own = {name: values[rows] for name, values in slots.items()}
        trouble[rows] = write(WORDS, service, rows.size, rng, own)
    housing = first["service"] == "housing"
    return first.assign(
        complaint_id="CMP" + pd.Series(3_000 + np.arange(count)).astype("string"),
        regime=np.where(housing, "Housing Ombudsman", "LGSCO"),
        category=rng.choice(["Delay", "Staff", "Decision", "Quality", "Communication"], count),
        ward=who["ward"],
        channel=rng.choice(["Email", "Web form", "Tel", "Letter", "In person"], count),
        customer=who["email"],
        description=write(WORDS, "complaint", count, rng, slots | {"trouble": trouble}),
    )


def _handled(
    rows: pd.DataFrame, rng: np.random.Generator, *, days: tuple[int, int]
) -> pd.DataFrame:
    """Return complaints with what became of them, `days` working days after acknowledgement."""
    count = len(rows)
    received = rows["received_at"].to_numpy("M8[s]")
    outcome = rng.choice(OUTCOMES, size=count, p=[0.28, 0.17, 0.45, 0.05, 0.05])
    paid = np.where(
        (outcome == "Upheld") & (rng.random(count) < 0.3), rng.integers(1, 9, count) * 25, 0
    )
    acknowledged = _later(received, rng.integers(1, 7, count), rng)
    return rows.assign(
        acknowledged_at=acknowledged,
        responded_at=_later(acknowledged, rng.integers(*days, count), rng),
        outcome=outcome,
        refused_reason=pd.Series("Over twelve months old", rows.index).where(outcome == "Refused"),
        compensation=np.where(paid > 0, paid, np.nan),
    )


def _later(times: Times, working_days: NDArray[np.int64], rng: np.random.Generator) -> Times:
    days = add_working_days(times, working_days)
    return at_seconds(days, rng.uniform(32400, 61000, times.size))


def _escalated(
    rows: pd.DataFrame, rng: np.random.Generator, share: float, stage: str, *, days: tuple[int, int]
) -> pd.DataFrame:
    on = rows[rng.random(len(rows)) < share]
    answered = on["responded_at"].to_numpy("M8[s]")
    again = _later(answered, rng.integers(3, 20, len(on)), rng)
    return _handled(on.assign(received_at=again, stage=stage), rng, days=days)


def complaint_files(plan: Plan, complaints: pd.DataFrame) -> Batch:
    """Return the officer's workbooks: the month's complaints and those answered in it."""
    later = {
        "responded_at": ("outcome", "refused_reason", "compensation"),
        "acknowledged_at": (),
    }
    extracts = monthly_extracts(
        complaints, plan, opened="received_at", changed="responded_at", later=later
    )
    return pack(plan, EXPORT, {month: _export(rows) for month, rows in extracts.items()})


def _export(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Reference": rows["complaint_id"],
            "Date received": rows["received_at"],
            "Service": rows["service"],
            "Stage": rows["stage"],
            "Ombudsman": rows["regime"],
            "Acknowledged": rows["acknowledged_at"],
            "Responded": rows["responded_at"],
            "Outcome": rows["outcome"].fillna("Ongoing"),
            "Reason refused": rows["refused_reason"],
            "Category": rows["category"],
            "Ward": rows["ward"],
            "How received": rows["channel"],
            "Compensation": rows["compensation"],
            "Complainant": rows["customer"],
            "What happened": rows["description"],
        }
    )
