"""Complaints worked out again from the made rows: how many, upheld, in time, late, due."""

from collections.abc import Iterable
from datetime import date, timedelta
from math import sqrt

import pandas as pd
from scipy.stats import t as student

from tests.pipelines.pages import made_council as made
from tests.pipelines.pages.arithmetic import Hand, counted, plain_share

Figures = dict[tuple[str, str, str], Hand]
DAYS = {"stage 1": 10, "stage 2": 20}
DECIDED = ("upheld", "partly upheld", "not upheld")


def working(day: date, number: int) -> date:
    """Go so many working days on, a day at a time."""
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5 and day not in made.HOLIDAYS
    return day


def working_days_to(day: date, until: date) -> int:
    """Count the working days after `day` up to `until`; below nought where `until` is past."""
    if until < day:
        return -working_days_to(until, day)
    days = (day + timedelta(days=n + 1) for n in range((until - day).days))
    return sum(each.weekday() < 5 and each not in made.HOLIDAYS for each in days)


def complaints(service: str = "all") -> list[dict]:
    """Give complaints (not requests) with the days that the Code gives."""
    rows = made.complaints()
    rows = rows[rows["stage"].ne("request") & (rows["service"].eq(service) | (service == "all"))]
    found = []
    for row in rows.to_dict("records"):
        row = {name: None if pd.isna(value) else value for name, value in row.items()}
        if days := DAYS.get(row["stage"]):
            row["see_by"] = working(row["received_at"], 5)
            start = row["acknowledged_at"] or row["see_by"]
            row["by"], latest = working(start, days), working(start, 2 * days)
            longer = min(row["extended_to"] or date.min, latest)
            row["at_the_latest"] = max(row["by"], longer)
        found.append(row)
    return found


def month_of(day: date | None) -> str:
    return f"{day:%Y-%m}" if day else ""


def split(rows: list[dict], *names: str) -> Iterable[tuple[str, list[dict]]]:
    """Give the rows whole, and by each value of each dimension."""
    yield "", rows
    for name in names:
        for value in sorted({row[name] for row in rows}):
            yield f"{name}={value}", [row for row in rows if row[name] == value]


def received_and_upheld(service: str, period: str) -> Figures:
    rows = complaints(service)
    came = [row for row in rows if month_of(row["received_at"]) == period]
    found: Figures = {
        ("complaints_received", period, key): counted(len(own))
        for key, own in split(came, "stage", "outcome", "ward", "category") if own
    }  # fmt: skip
    ended = [row for row in rows if month_of(row["responded_at"]) == period]
    decided = [row for row in ended if row["outcome"] in DECIDED]
    for key, own in split(decided, "stage", "ward", "category"):
        if own:
            hits = sum(row["outcome"] != "not upheld" for row in own)
            found["complaints_upheld_share", period, key] = plain_share(hits, len(own))
    for key, own in split(decided, "stage", "outcome", "ward", "category"):
        if own:
            found["complaints_closed", period, key] = counted(len(own))
    for stage in DAYS | {"ombudsman": 0}:
        for outcome in DECIDED:
            number = sum(row["stage"] == stage and row["outcome"] == outcome for row in decided)
            if number:
                key = f"outcome={outcome};stage={stage}"
                found["complaints_closed", period, key] = counted(number)
    refused = [row for row in ended if row["outcome"] == "refused"]
    for key, own in split(refused, "stage"):
        if own:
            found["complaints_refused", period, key] = counted(len(own))
    return found


def in_time(service: str, period: str) -> Figures:
    """On time with and without the later date, acknowledged on time, days, overdue."""
    rows = complaints(service)
    timed = [
        row for row in rows
        if month_of(row["responded_at"]) == period and row["outcome"] in DECIDED and "by" in row
    ]  # fmt: skip
    found: Figures = {}
    for key, own in split(timed, "stage", "regime", "category"):
        if own:
            late = sum(row["responded_at"] <= row["at_the_latest"] for row in own)
            found["complaints_on_time_share", period, key] = plain_share(late, len(own))
    for key, own in split(timed, "stage"):
        if own:
            strict = sum(row["responded_at"] <= row["by"] for row in own)
            name = ";".join(each for each in ("extensions=not counted", key) if each)
            found["complaints_on_time_share", period, name] = plain_share(strict, len(own))
            days = [working_days_to(row["received_at"], row["responded_at"]) for row in own]
            mean, n = sum(days) / len(days), len(days)
            reach = None
            if n > 1:
                spread = sum((each - mean) ** 2 for each in days) / (n - 1)
                reach = student.ppf(0.975, n - 1) * sqrt(spread / n)
            ends = (None, None) if reach is None else (max(mean - reach, 0), mean + reach)
            found["complaint_working_days", period, key] = Hand(mean, *ends, n)
    due = [
        row for row in rows
        if "by" in row and month_of(row["see_by"]) == period
        and (row["acknowledged_at"] or not row["responded_at"])
    ]  # fmt: skip
    for key, own in split(due, "stage"):
        if own:
            seen = sum((row["acknowledged_at"] or date.max) <= row["see_by"] for row in own)
            measure = "complaints_acknowledged_on_time_share"
            found[measure, period, key] = plain_share(seen, len(own))
    end = (pd.Period(period) + 1).start_time.date() - timedelta(days=1)
    late = [
        row for row in rows
        if "by" in row and row["received_at"] <= end < (row["responded_at"] or date.max)
        and row["at_the_latest"] < end
    ]  # fmt: skip
    for key, own in split(late, "stage"):
        if own:
            found["complaints_overdue", period, key] = counted(len(own))
    return found
