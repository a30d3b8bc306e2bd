"""What has changed, and what is expected: worked out again with statsmodels and plain algebra."""

import re
from datetime import date, timedelta
from functools import cache
from math import cos, exp, log, pi, sin, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from scipy.stats import t as student
from statsmodels.stats.multitest import multipletests

from insight.demand.headlines import SHARES
from tests.pipelines.pages import made_council as made
from tests.pipelines.pages import surveys_by_hand as surveys
from tests.pipelines.pages.all_by_hand import by_hand
from tests.pipelines.pages.reading import Page, same_numbers, same_share

NOW, EARLIER = made.PERIOD, ("2026-11", "2026-06", "2025-12")
EVERY = [*made.SERVICES, "all"]
CLOSED = {*made.HOLIDAYS, date(2026, 12, 26)}  # Boxing Day itself, beside the Monday for it
WORDS = {
    "chasing_contact_share": "Contacts that chase",
    "repeat_contact_share": "Repeat contacts",
    "first_contact_resolution_share": "Contacts resolved the first time",
    "avoidable_contact_share": "Avoidable contacts",
    "digital_take_up_share": "Transactions completed online",
    "satisfaction_share": "Satisfied customers",
    "complaints_upheld_share": "Complaints upheld",
    "calls_answered_share": "Calls answered",
    "calls_abandoned_share": "Calls given up",
    "service_level_share": "Calls answered within the target time",
    "complaints_received": "Complaints",
    "contacts_change": "Contacts",
}


@cache
def compared():
    """Work out every comparison: service, measure, month before, change, its ends and its p."""
    found = []
    for service in [*EVERY, "not recorded"]:
        hand = by_hand(service) if service in EVERY else _residents()
        change = hand.get(("contacts_change", NOW, ""))
        if change and change.lower is not None:
            spread = (log(1 + change.upper) - log(1 + change.lower)) / (2 * norm.ppf(0.975))
            p = 2 * norm.sf(abs(log(1 + change.value)) / spread)
            found.append((service, "contacts_change", "", change.value, *change[1:3], p))
        for then in EARLIER:
            for measure in (*SHARES, "complaints_received"):
                new, old = hand.get((measure, NOW, "")), hand.get((measure, then, ""))
                if new and old:
                    found.append((service, measure, then, *_tested(measure, new, old)))
    return [row for row in found if row[-1] is not None]


def _tested(measure, new, old):
    if measure == "complaints_received":
        ratio, spread = log(new.value / old.value), sqrt(1 / new.value + 1 / old.value)
        ends = (exp(ratio + way * norm.ppf(0.975) * spread) - 1 for way in (-1, 1))
        return (exp(ratio) - 1, *ends, 2 * norm.sf(abs(ratio) / spread))
    change = new.value - old.value
    low = change - sqrt((new.value - new.lower) ** 2 + (old.upper - old.value) ** 2)
    high = change + sqrt((new.upper - new.value) ** 2 + (old.value - old.lower) ** 2)
    reach = (change - low if change > 0 else high - change) / norm.ppf(0.975)
    return change, low, high, 2 * norm.sf(abs(change) / reach)


def _residents():
    found = {}
    for month in (NOW, *EARLIER):
        found |= surveys.monthly("not recorded", month)
    return found


@cache
def standing():
    """Give by service the changes that stand after Benjamini and Hochberg, the surest first."""
    rows = compared()
    stands = multipletests([row[-1] for row in rows], alpha=0.05, method="fdr_bh")[0]
    kept = [row for row, good in zip(rows, stands, strict=True)
            if good and (row[4] > 0 or row[5] < 0)]  # fmt: skip
    best = {}
    for row in sorted(kept, key=lambda row: row[-1]):
        best.setdefault((row[0], row[1]), row)
    return best


def same_news(text, row):
    service, measure, then, change, low, high, _ = row
    assert text.startswith(f"{WORDS[measure]} {'rose' if change > 0 else 'fell'} ")
    hand = by_hand(service)
    new = hand[measure, NOW, ""]
    if measure == "contacts_change":
        by, _, rest = text.partition(" on the same weeks")
        same_share(by, abs(change))
        numbers, _, ends = rest.partition("(likely")
        same_numbers(numbers, *_weeks(service))
        same_share(ends, *sorted((abs(low), abs(high))))
        return
    old = hand[measure, then, ""]
    assert f"in {pd.Period(then):%B %Y}" in text
    numbers, _, ends = text.replace(f"{pd.Period(then):%B %Y}", "").partition("(")
    same = same_share if measure in SHARES else same_numbers
    same(numbers, new.value, old.value)
    if measure in SHARES:
        same_share(ends, *sorted((abs(low), abs(high))))


def _weeks(service):
    from tests.pipelines.pages import demand_by_hand as demand

    pairs = [
        (now, then) for day, now, then in demand.week_pairs(service)
        if (day + timedelta(days=3)).strftime("%Y-%m") == NOW and then is not None
        and demand.holidays_in(day) == demand.holidays_in(demand.last_year(day))
    ]  # fmt: skip
    return [sum(each) for each in zip(*pairs, strict=True)]


@pytest.mark.parametrize("service", EVERY)
def test_what_has_changed_is_what_stands_after_all_that_was_looked_at(outputs, service):
    page = Page(outputs / "2026-12" / "service-managers" / f"{service}.html")
    told = [text for above, text in page.sentences if above == "What has changed"]
    *news, looked = [text for text in told if text != "All services"]
    same_numbers(looked.partition(":")[0], len(compared()))
    mine = sorted((r for (s, _), r in standing().items() if s == service), key=lambda r: r[-1])
    if not mine:
        assert news == ["No change this month is more than chance explains."]
        return
    for text, row in zip(news, mine, strict=True):
        same_news(text, row)


def test_the_services_together_show_each_ones_surest_change(outputs):
    page = Page(outputs / "2026-12" / "service-managers" / "index.html")
    told = [text for above, text in page.sentences if above == "What has changed"]
    surest = {}
    for (service, _), row in standing().items():
        surest.setdefault(service, row)
    names = made.SERVICES | {"all": "All services"}
    *news, looked = told
    same_numbers(looked.partition(":")[0], len(compared()))
    assert len(news) == len(surest) >= 3
    for service, row in surest.items():
        (text,) = [each for each in news if re.match(rf"{names[service]} ?: ", each)]
        same_news(text.partition(": ")[2], row)


def features(day):
    """Describe one day: weekday, bank holiday, beside one, the settings' events, time of year."""
    shut = day in CLOSED
    open_ = not shut and day.weekday() < 5
    beside = [open_ and day + timedelta(days=n) in CLOSED for n in (-1, 1)]
    at = (day.month, day.day)
    billing, after = (3, 5) <= at <= (4, 10), at >= (12, 27) or at <= (1, 12)
    angle = 2 * pi * day.timetuple().tm_yday / 365.25
    waves = [f(k * angle) for k in (1, 2) for f in (sin, cos)]
    weekday = [day.weekday() == n and not shut for n in range(7)]
    return [*weekday, shut, *beside, billing, after, *waves]


def forecast(counts, x, ahead):
    """Fit roots of counts by weighted ridge regression, its normal equations written out."""
    n = len(counts)
    w = 0.5 ** (np.arange(n)[::-1] / 365.0)
    root, known, future = np.sqrt(counts), x[:n], x[n : n + ahead]
    middle, level = w @ known / w.sum(), w @ root / w.sum()
    centred = known - middle
    a = centred.T @ (centred * w[:, None]) + np.eye(x.shape[1])
    slope = np.linalg.solve(a, centred.T @ (w * (root - level)))
    fitted = np.maximum(level + (known - middle) @ slope, 0) ** 2
    made_ = np.maximum(level + (future - middle) @ slope, 0) ** 2
    return made_ * (counts[-56:].sum() + 10) / (fitted[-56:].sum() + 10)


def test_next_months_calls_are_a_ridge_regression_with_the_scatter_of_its_past(outputs):
    counts = made.counts()["offered"].to_numpy(float)
    first = date(2024, 6, 1)
    days = [first + timedelta(days=n) for n in range(len(counts) + 31)]
    x = np.array([features(day) for day in days], dtype=float)
    total = forecast(counts, x, 31).sum()
    origins = range(len(counts) - 28, 364 + 28 - 1, -28)
    errors, ours, last_week, last_year = [], [], [], []
    for origin in origins:
        actual, past = counts[origin : origin + 28], counts[:origin]
        guess = forecast(past, x, 28)
        errors.append(log((actual.sum() + 1) / (guess.sum() + 1)))
        ours.append(np.abs(actual - guess).mean())
        last_week.append(np.abs(actual - np.resize(past[-7:], 28)).mean())
        last_year.append(np.abs(actual - counts[origin - 364 : origin - 336]).mean())
    assert np.mean(ours) < min(np.mean(last_week), np.mean(last_year))
    n = len(errors)
    reach = student.ppf(0.95, n) * sqrt(np.mean(np.square(errors)) * (1 + 1 / n))
    page = Page(outputs / "2026-12" / "service-managers" / "waste.html")
    table = page.table("Contacts expected in January 2027")
    assert [row[0] for row in table.rows] == ["Phone"]
    same_numbers(table.column("Expected")["Phone"], total)
    ends = ((total + 1) * exp(way * reach) - 1 for way in (-1, 1))
    same_numbers(table.column("Nine in ten between")["Phone"], *ends)
