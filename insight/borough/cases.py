"""Planning applications in a queue that officers clear too slowly for a while; benefit claims."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight.borough.clock import Times, add_working_days, at_seconds, times_in, working_days_of
from insight.borough.files import Batch, Export, Form, monthly_extracts, pack
from insight.borough.plan import Plan
from insight.periods import add_months

APPLICATIONS_A_DAY = 3.0
CAPACITY_A_DAY = 3.3
"""Decisions a working day when nobody is missing; just above what comes in."""
WARM_UP_MONTHS = 8
"""Months run before the first, so that the queue is a real one by then."""

CHASES_IN_TIME, CHASES_WHEN_LATE = 0.15, 1.2
"""Contacts that a month's wait brings, within the target and past it."""
DAYS_A_MONTH = 30.4

KINDS = (
    "householder",
    "minor",
    "tree works",
    "discharge of conditions",
    "major",
    "listed building",
)
KIND_SHARES = (0.5, 0.2, 0.12, 0.1, 0.04, 0.04)
SUFFIXES = {
    "householder": "HH", "minor": "FUL", "tree works": "TPO", "discharge of conditions": "DOC",
    "major": "MAJ", "listed building": "LBC",
}  # fmt: skip
TARGET_DAYS = {"major": 91}
USUAL_TARGET_DAYS = 56

PLANNING = Export(
    source="planning-register",
    form=Form("csv", "utf-8-sig", ";"),
    key=("Application no",),
    spoilers=(("Received", "00/01/1900"), ("Decision", "maybe"), ("Type", "")),
    fresh="Application no",
)
BENEFITS = Export(
    source="benefits-system",
    form=Form("csv", "utf-16", "\t", gzipped=True),
    key=("case_id",),
    spoilers=(("received_at", "not known"), ("service", "")),
    fresh="case_id",
)


def make_applications(plan: Plan, people: pd.DataFrame, wards: list[str]) -> pd.DataFrame:
    """Return planning applications, from some months before the first so that a queue stands.

    Returns
    -------
    pandas.DataFrame
        One row per application: case_id, case_type, applicant_kind, customer, ward,
        received_at, valid_at, target_at, extended_to, decided_at (missing where still open at
        the end), outcome and last_update_sent_at.
    """
    rng = plan.stream("applications")
    months = [add_months(plan.span[0], -n) for n in range(WARM_UP_MONTHS, 0, -1)] + [*plan.span]
    received = np.concatenate([_arrivals(plan, month) for month in months])
    count = received.size
    kind = rng.choice(KINDS, size=count, p=KIND_SHARES)
    valid = add_working_days(received, rng.integers(1, 8, size=count))
    target = valid + pd.Series(kind).map(TARGET_DAYS).fillna(USUAL_TARGET_DAYS).to_numpy("m8[D]")
    decided = _decided(plan, months, valid, kind, rng)
    late = decided > target
    agreed = late & (rng.random(count) < 0.4)
    longer = rng.integers(0, 6, size=count).astype("m8[D]")
    extended = np.where(agreed, decided + longer, np.datetime64("NaT", "D"))
    end = np.datetime64(add_months(plan.last_month, 1))
    outcome = rng.choice(["Granted", "Refused", "Withdrawn"], size=count, p=[0.84, 0.11, 0.05])
    agent = rng.random(count) < np.where(kind == "householder", 0.45, 0.6)
    other = np.where(kind == "householder", "Householder", "Developer")
    who = people.iloc[rng.integers(len(people), size=count)]
    number = pd.Series(np.arange(count) + 101).astype("string").str.zfill(5)
    year = pd.Series(received).dt.strftime("%y").astype("string")
    suffix = pd.Series(kind).map(SUFFIXES).astype("string")
    return pd.DataFrame(
        {
            "case_id": year + "/" + number + "/" + suffix,
            "case_type": kind,
            "applicant_kind": np.where(agent, "Agent", other),
            "customer": who["email"].to_numpy(),
            "ward": rng.choice(wards, size=count),
            "received_at": received.astype("M8[s]"),
            "valid_at": valid.astype("M8[s]"),
            "target_at": target.astype("M8[s]"),
            "extended_to": extended.astype("M8[s]"),
            "decided_at": np.where(decided < end, decided, np.datetime64("NaT", "D")).astype(
                "M8[s]"
            ),
            "outcome": outcome,
            "last_update_sent_at": _last_update(plan, valid, np.minimum(decided, end), rng),
        }
    )


def _arrivals(plan: Plan, month: date) -> Times:
    rng = plan.stream("planning arrivals", month)
    days = working_days_of(month)
    return np.sort(rng.choice(days, size=rng.poisson(APPLICATIONS_A_DAY * days.size)))


def _decided(
    plan: Plan, months: list[date], valid: Times, kind: NDArray[np.str_], rng: np.random.Generator
) -> Times:
    """Return when each application is decided: once ready, in turn, as fast as officers can.

    A queue of one server whose speed varies: with time counted in decisions that capacity
    allows, each decision takes one, so the n-th ends at n plus the greatest lead so far of
    ready time over turn.
    """
    handling = np.where(kind == "major", 60, 34) * rng.lognormal(0, 0.22, size=valid.size)
    ready = valid.astype("M8[D]").astype(np.float64) + handling
    later = [add_months(plan.last_month, n) for n in range(1, 13)]
    days = np.concatenate([working_days_of(month) for month in [*months, *later]])
    pace = np.concatenate(
        [np.full(working_days_of(m).size, plan.capacity(m)) for m in [*months, *later]]
    )
    day_number = days.astype(np.float64)
    done = np.cumsum(pace * CAPACITY_A_DAY)
    turn = np.argsort(ready, kind="stable")
    lead = np.interp(ready[turn], day_number, done) - np.arange(turn.size)
    finished = np.interp(
        np.maximum.accumulate(lead) + np.arange(1, turn.size + 1), done, day_number
    )
    decided = np.empty_like(finished)
    decided[turn] = np.maximum(finished, ready[turn])
    return add_working_days(np.ceil(decided).astype("M8[D]"), np.zeros(decided.size, np.int64))


def _last_update(plan: Plan, valid: Times, until: Times, rng: np.random.Generator) -> Times:
    """Return when applicants were last told anything: since the fix, every fortnight."""
    fixed = np.datetime64(plan.month(plan.gap[1] - 1))
    gap = np.where(
        until >= fixed, rng.integers(1, 15, until.size), rng.integers(10, 60, until.size)
    )
    told = np.maximum(until - gap.astype("m8[D]"), valid)
    return at_seconds(told, np.full(told.size, 39_600.0))


def backlog(plan: Plan, cases: pd.DataFrame) -> pd.DataFrame:
    """Return, per month of the plan, the applications open and overdue at its end.

    Returns
    -------
    pandas.DataFrame
        Indexed by month: ``open``, ``overdue`` (open past the target), ``decided``.
    """
    ends = np.array([add_months(month, 1) for month in plan.span], dtype="M8[s]")[:, None]
    starts = np.array(plan.span, dtype="M8[s]")[:, None]
    received, target, decided = (
        cases[name].to_numpy()[None] for name in ("received_at", "target_at", "decided_at")
    )
    waiting = (received < ends) & ~(decided < ends)
    return pd.DataFrame(
        {
            "open": waiting.sum(axis=1),
            "overdue": (waiting & (target < ends)).sum(axis=1),
            "decided": ((decided >= starts) & (decided < ends)).sum(axis=1),
        },
        index=list(plan.span),
    )


def chases(plan: Plan, cases: pd.DataFrame) -> dict[date, NDArray[np.intp]]:
    """Return which applications (by position) are chased in each month, once per contact."""
    decided = cases["decided_at"].fillna(pd.Timestamp(add_months(plan.last_month, 1)))
    limits = np.array([cases["valid_at"], cases["target_at"], decided], dtype="M8[D]")
    valid, target, until = np.maximum(limits, limits[0])
    chased = {}
    for month in plan.span:
        start, end = np.datetime64(month), np.datetime64(add_months(month, 1))
        since = np.clip([valid, target], start, end)
        to = np.clip([np.minimum(until, target), until], start, end)
        in_time, late = np.maximum((to - since).astype(np.float64), 0.0)
        rate = CHASES_IN_TIME * in_time + CHASES_WHEN_LATE * late
        count = plan.stream("chases", month).poisson(rate / DAYS_A_MONTH)
        chased[month] = np.repeat(np.arange(len(cases)), count)
    return chased


def make_claims(plan: Plan, people: pd.DataFrame) -> pd.DataFrame:
    """Return claims for council tax support, with columns as `make_applications` has them."""
    rng = plan.stream("claims")
    months = [add_months(plan.span[0], -1), *plan.span]
    parts = [times_in(month, int(rng.poisson(95)), rng) for month in months]
    received = np.concatenate(parts)
    count = received.size
    end = np.datetime64(add_months(plan.last_month, 1), "s")
    days = np.clip(rng.lognormal(np.log(15), 0.55, size=count), 1, 120).astype(np.int64)
    decided = at_seconds(
        add_working_days(received, days * 5 // 7), rng.uniform(32400, 59000, count)
    )
    decided = np.maximum(decided, received + np.timedelta64(3600, "s"))
    who = people.iloc[rng.integers(len(people), size=count)]
    return pd.DataFrame(
        {
            "case_id": "CTS" + pd.Series(50_000 + np.arange(count)).astype("string"),
            "case_type": rng.choice(["new claim", "change of circumstances"], count, p=[0.6, 0.4]),
            "customer": who["email"].to_numpy(),
            "ward": who["ward"].to_numpy(),
            "received_at": received,
            "target_at": received.astype("M8[D]").astype("M8[s]") + np.timedelta64(21, "D"),
            "decided_at": np.where(decided < end, decided, np.datetime64("NaT", "s")),
            "outcome": rng.choice(["Awarded", "Refused", "Withdrawn"], count, p=[0.72, 0.22, 0.06]),
        }
    )


def case_files(plan: Plan, applications: pd.DataFrame, claims: pd.DataFrame) -> list[Batch]:
    """Return month-end extracts: what was open in the month, so that open cases come again."""
    later: Mapping[str, tuple[str, ...]] = {
        "decided_at": ("outcome",), "extended_to": (), "last_update_sent_at": (),
        "valid_at": ("target_at",),
    }  # fmt: skip
    register = monthly_extracts(
        applications, plan, opened="received_at", changed="decided_at", later=later, snapshot=True
    )
    benefits = monthly_extracts(
        claims, plan, opened="received_at", changed="decided_at", later={"decided_at": ("outcome",)}
    )
    return [
        pack(plan, PLANNING, {month: _register(rows) for month, rows in register.items()}),
        pack(plan, BENEFITS, {month: _benefits(rows) for month, rows in benefits.items()}),
    ]


def _register(rows: pd.DataFrame) -> pd.DataFrame:
    dates = {
        "Received": "received_at",
        "Valid": "valid_at",
        "Target date": "target_at",
        "Extension agreed to": "extended_to",
        "Decided": "decided_at",
        "Applicant last updated": "last_update_sent_at",
    }
    return pd.DataFrame(
        {
            "Application no": rows["case_id"],
            "Type": rows["case_type"],
            "Applicant is": rows["applicant_kind"],
            "Contact e-mail": rows["customer"],
            "Ward": rows["ward"],
            **{heading: rows[name].dt.strftime("%d/%m/%Y") for heading, name in dates.items()},
            "Decision": rows["outcome"].fillna("Pending"),
        }
    ).astype("string")


def _benefits(rows: pd.DataFrame) -> pd.DataFrame:
    times = {
        name: rows[name].dt.strftime("%Y-%m-%dT%H:%M:%S")
        for name in ("received_at", "target_at", "decided_at")
    }
    return rows.assign(service="council-tax", **times).astype("string")
