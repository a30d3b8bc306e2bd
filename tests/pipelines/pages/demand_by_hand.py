"""Contacts worked out again from the made rows: how many, who chases, calls, hours, on line."""

from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from math import exp, log, sqrt

import numpy as np
import pandas as pd
from scipy.stats import t as student

from tests.pipelines.pages import made_council as made
from tests.pipelines.pages.arithmetic import (
    Hand,
    clustered_share,
    counted,
    plain_share,
    poisson,
    shares_of_one_person,
)

Figures = dict[tuple[str, str, str], Hand]
REPEAT_DAYS = 14
DIGITAL, RESOLVED = "web", "Resolved"


@cache
def links_of(period: str) -> pd.DataFrame:
    return links()[links()["period"].eq(period)]


def of(rows: pd.DataFrame, service: str) -> pd.DataFrame:
    return rows if service == "all" else rows[rows["service"].eq(service)]


@cache
def records() -> pd.DataFrame:
    """Single contacts and letters, each message once: of two sources the one with more rows."""
    mail = made.enquiries().rename(columns={"sender": "customer"})
    mail = mail.assign(reason="", outcome="", case_id="", source=1)
    both = pd.concat([made.contacts().assign(source=0), mail], ignore_index=True)
    both["day"] = both["at"].dt.normalize()
    cell = [both["day"], both["channel"], both["service"]]
    letters = both["source"].groupby(cell).transform("sum")
    rows = both["source"].groupby(cell).transform("size")
    wins = (letters > rows - letters).astype(int)
    kept = both[both["source"].eq(wins)].sort_values("at", kind="stable")
    known = kept["customer"].ne("") & kept["customer"].ne(made.NOBODY)
    person = kept["customer"].where(known, "nobody " + kept.index.astype(str))
    return kept.assign(period=kept["at"].dt.strftime("%Y-%m"), known=known, person=person)


@cache
def cells() -> pd.DataFrame:
    """Contacts by day, channel and service; the telephone's count goes before single records."""
    keys = ["day", "channel", "service"]
    single = made.contacts().assign(day=made.contacts()["at"].dt.normalize())
    letters = made.enquiries().assign(day=made.enquiries()["at"].dt.normalize())
    sizes = pd.concat([single.groupby(keys).size(), letters.groupby(keys).size()], axis=1)
    found = sizes.max(axis=1).rename("number").reset_index()
    phone = made.counts().assign(day=pd.to_datetime(made.counts()["date"]), channel="phone",
                                 service="waste", number=made.counts()["offered"])  # fmt: skip
    both = pd.concat([found, phone[[*keys, "number"]]], ignore_index=True)
    return both.assign(period=both["day"].dt.strftime("%Y-%m"))


@cache
def links() -> pd.DataFrame:
    """Each contact with what it is: a repeat, chasing and by what, avoidable, the last one."""
    rows = records().copy()
    mine = rows.groupby(["person", "service"])
    before = (rows["day"] - mine["day"].shift()).dt.days
    after = (mine["day"].shift(-1) - rows["day"]).dt.days
    past = mine["reason"].shift().fillna("")
    alike = rows["reason"].eq(past) | rows["reason"].eq("") | past.eq("")
    first, last = rows["day"].min(), rows["day"].max()
    repeat = rows["known"] & before.le(REPEAT_DAYS)
    rows["repeat"], rows["followed"] = repeat, rows["known"] & after.le(REPEAT_DAYS)
    rows["asked"] = rows["known"] & (rows["day"] - first).dt.days.ge(REPEAT_DAYS)
    rows["told"] = rows["asked"] & (last - rows["day"]).dt.days.ge(REPEAT_DAYS)
    found = [_case(row) for row in rows.to_dict("records")]
    is_open = pd.Series([each[0] for each in found], rows.index)
    rows["ward"] = [each[1] for each in found]
    ended = pd.Series([each[2] for each in found], rows.index, dtype=float)
    cue = rows["text"].str.contains("(?i)any update|still waiting")
    again = rows["text"].str.contains("(?i)rang again")
    no_cases = ~rows["service"].isin(["planning", "council-tax"])
    rows["evidence"] = np.select(
        [cue & is_open, cue, (repeat | again) & is_open, no_cases & ~is_open & repeat & alike,
         no_cases & ~is_open & again],
        ["words and an open case", "words", "repeat about an open case",
         "repeat for the same reason", "says it is not the first time"], "",
    )  # fmt: skip
    rows["chasing"] = rows["evidence"].ne("")
    elsewhere = rows[rows["known"] & rows["reason"].ne("")].groupby(["person", "reason"])
    soon = (rows["at"] - elsewhere["at"].shift()) <= timedelta(days=REPEAT_DAYS)
    other = soon & elsewhere["service"].shift().ne(rows["service"])
    shown = np.select(
        [rows["chasing"], ended.le(REPEAT_DAYS), other],
        ["progress chasing", "premature closure", "repeat notification"], "",
    )  # fmt: skip
    said = rows["reason"].map(made.REASONS)
    rows["class"] = said.fillna(pd.Series(shown, rows.index))
    rows["settled"] = ~rows["followed"] & rows["outcome"].isin([RESOLVED, ""])
    return rows


@cache
def _cases() -> tuple[dict[str, list], dict[tuple[str, str], list]]:
    by_reference, by_person = defaultdict(list), defaultdict(list)
    for case in made.cases().to_dict("records"):
        by_reference[case["case_id"]].append(case)
        by_person[case["customer"], case["service"]].append(case)
    return by_reference, by_person


def _case(contact: dict) -> tuple[bool, str, float]:
    """Say whether a case is open for one contact, its ward, and days since a named one ended."""
    by_reference, by_person = _cases()
    at = contact["at"]
    if contact["case_id"]:
        (case,) = by_reference[contact["case_id"]]
        begins, ends = _span(case)
        ago = (at - ends).total_seconds() / 86_400 if ends <= at else np.nan
        return bool(begins <= at < ends), case["ward"], ago
    if not contact["known"]:
        return False, "", np.nan
    mine = by_person[contact["customer"], contact["service"]]
    now = [case for case in mine if _span(case)[0] <= at < _span(case)[1]]
    return bool(now), now[0]["ward"] if len(now) == 1 else "", np.nan


def _span(case: dict) -> tuple[pd.Timestamp, pd.Timestamp]:
    gone = case["decided_at"]
    ends = pd.Timestamp.max if pd.isna(gone) else pd.Timestamp(gone) + timedelta(days=1)
    return pd.Timestamp(case["received_at"]), ends


def contacts(service: str, period: str) -> Figures:
    """Contacts, hours and pounds of one month."""
    rows = of(cells()[cells()["period"].eq(period)], service)
    by = rows.groupby("channel")["number"].sum()
    if not by.sum():
        return {}
    found: Figures = {("contacts", period, ""): counted(by.sum())}
    found |= {("contacts", period, f"channel={name}"): counted(n) for name, n in by.items()}
    hours = {name: (minutes / 60, minutes / 60) for name, minutes in made.MINUTES.items()}
    for measure, costs in (("contact_hours", hours), ("contact_pounds", made.POUNDS)):
        told = by[by.index.isin(list(costs)) & by.gt(0)]
        parts = []
        for name, number in told.items():
            (low, high), (few, most) = costs[name], poisson(number)
            parts.append((number, (low + high) / 2 * number, low * number, high * number,
                          low * (number - few), high * (most - number)))  # fmt: skip
            n, middle, least, dearest, down, up = parts[-1]
            own = Hand(middle, least - down, dearest + up, n)
            found[measure, period, f"channel={name}"] = own
        if parts:
            n, middle, least, dearest, _, _ = (sum(each) for each in zip(*parts, strict=True))
            down, up = (sqrt(sum(part[at] ** 2 for part in parts)) for at in (4, 5))
            found[measure, period, ""] = Hand(middle, least - down, dearest + up, n)
    return found


def chasing(service: str, period: str) -> Figures:
    """Chasing, repeat, first and avoidable contacts of one month, whole and by channel."""
    rows = of(links_of(period), service)
    found: Figures = {}
    enough = rows["class"].ne("").mean() >= 0.8
    for key, own in [("", rows), *((f"channel={c}", r) for c, r in rows.groupby("channel"))]:
        if own.empty:
            continue
        could = own["class"].ne("") & own["class"].ne("not avoidable")
        found["chasing_contacts", period, key] = counted(own["chasing"].sum())
        found["avoidable_contacts", period, key] = counted(could.sum())
        found["chasing_contact_share", period, key] = shares_of_one_person(own, own["chasing"])
        asked = own[own["asked"]]
        if len(asked):
            share = shares_of_one_person(asked, asked["repeat"])
            found["repeat_contact_share", period, key] = share
        first = own[own["told"] & ~own["repeat"]]
        if len(first):
            share = shares_of_one_person(first, first["settled"])
            found["first_contact_resolution_share", period, key] = share
        classed = own[own["class"].ne("")]
        if enough and len(classed):
            share = shares_of_one_person(classed, could[own["class"].ne("")])
            found["avoidable_contact_share", period, key] = share
    for name, number in rows[rows["chasing"]].groupby("evidence").size().items():
        found["chasing_contacts", period, f"evidence={name}"] = counted(number)
    chased = rows[rows["chasing"] & rows["ward"].ne("")]
    for name, number in chased.groupby("ward").size().items():
        found["chasing_contacts", period, f"ward={name}"] = counted(number)
    avoidable = rows[rows["class"].ne("") & rows["class"].ne("not avoidable")]
    for name, number in avoidable.groupby("class").size().items():
        found["avoidable_contacts", period, f"class={name}"] = counted(number)
    return found


def digital(service: str, period: str) -> Figures:
    """Transactions completed online over all that were completed."""
    rows = records()[records()["period"].eq(period)]
    forms = made.web().assign(period=pd.to_datetime(made.web()["date"]).dt.strftime("%Y-%m"))
    online, everything = 0.0, 0.0
    for name in made.SERVICES if service == "all" else [service]:
        ever = records()[records()["service"].eq(name)]["channel"].eq(DIGITAL).any()
        sent = forms[forms["service"].eq(name) & forms["period"].eq(period)]["form_completions"]
        if not ever and not forms[forms["service"].eq(name)]["form_completions"].sum():
            continue
        own = rows[rows["service"].eq(name)]
        logged = own["channel"].eq(DIGITAL)
        done = max(logged.sum(), sent.sum())
        online += done
        everything += done + (~logged & own["outcome"].eq(RESOLVED)).sum()
    if not everything:
        return {}
    return {("digital_take_up_share", period, ""): plain_share(online, everything)}


def calls(period: str) -> Figures:
    """Waste's calls of one month, days as clusters; the day that can't be true left out."""
    days = made.counts()
    days = days[pd.to_datetime(days["date"]).dt.strftime("%Y-%m").eq(period)]
    days = days[days["answered"].le(days["offered"]) & days["offered"].gt(0)]
    served = days["within"] * days["answered"]
    some = days["answered"].gt(0)
    answered = days[some]
    w, x = answered["answered"], answered["wait"]
    mean, n = (w * x).sum() / w.sum(), len(w)
    reach = 1.959963985 * sqrt((w**2 * (x - mean) ** 2).sum() * n / (n - 1)) / w.sum()
    return {
        ("calls_answered_share", period, ""):
            clustered_share(days["answered"], days["offered"], days["date"]),
        ("calls_abandoned_share", period, ""):
            clustered_share(days["abandoned"], days["offered"], days["date"]),
        ("service_level_share", period, ""):
            clustered_share(served[some], w, answered["date"]),
        ("wait_seconds_mean", period, ""): Hand(mean, mean - reach, mean + reach, w.sum()),
    }  # fmt: skip


def holidays_in(monday: date) -> int:
    return sum(monday + timedelta(days=n) in made.HOLIDAYS for n in range(5))


@cache
def week_pairs(service: str, channel: str = "") -> list[tuple[date, float, float | None]]:
    """Give each whole week since the record begins, its contacts and those a year before."""
    found = []
    rows = of(cells(), service)
    rows = rows[rows["channel"].eq(channel)] if channel else rows
    monday = rows["day"] - pd.to_timedelta(rows["day"].dt.day_of_week, unit="D")
    number = rows["number"].groupby(monday.dt.date).sum()
    began = min(number.index)
    day = max(began, date(2024, 6, 3))
    while day + timedelta(days=4) <= date(2026, 12, 31):
        year, week, _ = day.isocalendar()
        then = day - timedelta(days=364) if week == 53 else date.fromisocalendar(year - 1, week, 1)
        told = then >= max(began, date(2024, 6, 3))
        found.append((day, number.get(day, 0), number.get(then, 0) if told else None))
        day += timedelta(days=7)
    return found


def change(service: str, period: str, channel: str = "") -> Figures:
    """Change on the same weeks last year: quasi-Poisson, by the scatter of pairs so far."""
    pairs = [
        ((day + timedelta(days=3)).strftime("%Y-%m"), now, then)
        for day, now, then in week_pairs(service, channel)
        if then is not None and holidays_in(day) == holidays_in(last_year(day))
    ]
    mine = [(now, then) for month, now, then in pairs if month == period]
    a, b = (sum(each) for each in zip(*mine, strict=True)) if mine else (0, 0)
    if not b:
        return {}
    chi, number, freedom = 0.0, 0, 0
    for month in sorted({month for month, _, _ in pairs if month <= period}):
        own = [(now, then) for at, now, then in pairs if at == month]
        all_now, all_of = sum(now for now, _ in own), sum(now + then for now, then in own)
        p = all_now / all_of if all_of else 0
        some = [(now, then) for now, then in own if now + then and 0 < p < 1]
        chi += sum((n - p * (n + m)) ** 2 / ((n + m) * p * (1 - p)) for n, m in some)
        number, freedom = number + len(some), freedom + max(len(some) - 1, 0)
    key = ("contacts_change", period, f"channel={channel}" if channel else "")
    if number < 8 or not freedom or not a:
        return {key: Hand(a / b - 1, None, None, a + b)}
    reach = student.ppf(0.975, freedom) * sqrt(max(chi / freedom, 1) * (1 / a + 1 / b))
    ends = (exp(log(a / b) + way * reach) - 1 for way in (-1, 1))
    return {key: Hand(a / b - 1, *ends, a + b)}


def last_year(day: date) -> date:
    year, week, _ = day.isocalendar()
    return day - timedelta(days=364) if week == 53 else date.fromisocalendar(year - 1, week, 1)
