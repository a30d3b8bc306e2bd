"""Counts by day: the telephone system's and the website's."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from insight.borough.clock import days_of, working_days_of
from insight.borough.contacts import MONTHLY, demand
from insight.borough.files import Batch, Export, Form, pack
from insight.borough.plan import Plan
from insight.borough.words import COUNCIL
from insight.periods import add_months

QUEUES = {
    "Council Tax": "council-tax", "Bins and Recycling": "waste", "Planning": "planning",
    "Housing Options": "housing", "Streets": "street-cleaning", "Switchboard": "customer-services",
}  # fmt: skip
CALLS_FOR_EACH_LOGGED = 2.2

PAGES = {
    "/": ("customer-services", 1_180, 0.0, 0.0),
    "/council-tax/moving-home": ("council-tax", 46, 0.55, 0.42),
    "/council-tax/pay": ("council-tax", 95, 0.62, 0.81),
    "/council-tax/support": ("council-tax", 31, 0.4, 0.47),
    "/bins/collection-day": ("waste", 140, 0.0, 0.0),
    "/bins/report-missed-bin": ("waste", 38, 0.7, 0.78),
    "/bins/garden-waste": ("waste", 44, 0.5, 0.74),
    "/planning/search-applications": ("planning", 120, 0.0, 0.0),
    "/planning/comment": ("planning", 22, 0.6, 0.58),
    "/streets/report-dog-fouling": ("dog-warden", 6, 0.6, 0.66),
    "/streets/report-fly-tipping": ("street-cleaning", 9, 0.6, 0.69),
    "/housing/apply": ("housing", 27, 0.45, 0.38),
    "/contact-us": ("customer-services", 85, 0.2, 0.7),
}
"""Page: service, views a day, share of views that begin the form, share of those that send it."""

TELEPHONY = Export(
    source="telephony",
    form=Form("xlsx", sheet="Daily"),
    key=("Day", "Queue"),
    spoilers=(("Day", "31/02/2026"), ("Within target", "842%")),
)
WEB = Export(
    source="web-analytics",
    form=Form("csv", "utf-8", archive=True),
    key=("date", "page"),
    spoilers=(("date", "(not set)"),),
)


def make_calls(plan: Plan, month: date, chased: int) -> pd.DataFrame:
    """Return a month's calls by working day and queue, as the telephone system counts them.

    `chased` contacts about planning come on top of the usual ones.
    """
    rng = plan.stream("calls", month)
    days = working_days_of(month)
    day = np.repeat(days, len(QUEUES))
    service = np.tile(list(QUEUES.values()), days.size)
    usual = {
        s: (MONTHLY[s] * demand(s, month) + (chased if s == "planning" else 0))
        * CALLS_FOR_EACH_LOGGED / 21
        for s in QUEUES.values()
    }  # fmt: skip
    monday = np.where(pd.DatetimeIndex(day).day_of_week == 0, 1.3, 0.95)
    offered = rng.poisson(pd.Series(service).map(usual).to_numpy() * monday)
    shut = (service == "housing") & (day == rng.choice(days))  # the team is away to train
    offered[shut] = 0
    strain = pd.Series(service).map({s: demand(s, month) - 1 for s in QUEUES.values()}).to_numpy()
    reach = np.clip(rng.normal(0.925 - 0.16 * strain, 0.03), 0.5, 1.0)
    answered = rng.binomial(offered, reach)
    wait = np.maximum(rng.normal(95 * (1 + strain), 22), 4).round(1)
    within = np.clip(rng.normal(0.84 - 0.35 * strain, 0.06), 0, 1).round(3)
    return pd.DataFrame(
        {
            "Day": day.astype("M8[s]"),
            "Queue": np.tile(list(QUEUES), days.size),
            "Offered": offered,
            "Answered": answered,
            "Abandoned": offered - answered,
            "Average wait (s)": wait,
            "Within target": within,
        }
    )


def make_visits(plan: Plan, month: date) -> pd.DataFrame:
    """Return a month's page views and uses of forms, by day and page."""
    rng = plan.stream("visits", month)
    days = days_of(month)
    pages = pd.DataFrame.from_dict(
        PAGES, orient="index", columns=["service", "views", "starts", "sends"]
    )
    weekday = np.where(pd.DatetimeIndex(days).day_of_week.to_numpy() >= 5, 0.6, 1.15)
    busy = pages["service"].map({s: demand(s, month) for s in MONTHLY}).to_numpy()
    views = rng.poisson(np.outer(weekday, pages["views"] * busy))
    starts = rng.binomial(views, pages["starts"].to_numpy())
    sends = rng.binomial(starts, pages["sends"].to_numpy())
    return pd.DataFrame(
        {
            "date": np.repeat(np.datetime_as_string(days), len(pages)),
            "page": np.tile(pages.index, days.size),
            "service": np.tile(pages["service"], days.size),
            "views": views.ravel(),
            "form_starts": starts.ravel(),
            "form_completions": sends.ravel(),
        }
    ).astype("string")


def count_files(plan: Plan, chased: dict[date, int]) -> list[Batch]:
    """Return the telephone system's workbooks and the website's counts."""
    calls = {month: make_calls(plan, month, chased[month]) for month in plan.span}
    telephony = pack(plan, TELEPHONY, {m: _daily(rows) for m, rows in calls.items()})
    reports = [
        replace(file, above=_title(month), below=_totals(rows))
        for file, (month, rows) in zip(telephony.files, calls.items(), strict=True)
    ]
    visits = {month: _pages(make_visits(plan, month)) for month in plan.span}
    return [replace(telephony, files=tuple(reports)), pack(plan, WEB, visits)]


def _daily(calls: pd.DataFrame) -> pd.DataFrame:
    """Return the calls as the system prints them: shares in per cent, n/a where nobody rang."""
    none = calls["Offered"] == 0
    wait = calls["Average wait (s)"].map("{:,.1f}".format)
    share = calls["Within target"].map("{:.1%}".format)
    return calls.assign(
        **{"Average wait (s)": wait.mask(none, "n/a"), "Within target": share.mask(none, "n/a")}
    )


def _title(month: date) -> tuple[str, ...]:
    printed = f"Printed {add_months(month, 1):%d/%m/%Y} 06:00"
    return (COUNCIL, f"Calls by day and queue, {month:%B %Y}", printed, "")


def _totals(calls: pd.DataFrame) -> tuple[object, ...]:
    sums = [f"{calls[heading].sum():,}" for heading in ("Offered", "Answered", "Abandoned")]
    return ("Total", None, *sums, None, None)


def _pages(visits: pd.DataFrame) -> pd.DataFrame:
    """Return the counts with commas between thousands, as the website's report has them."""
    counts = ["views", "form_starts", "form_completions"]
    return visits.assign(
        **{name: visits[name].astype("int64").map("{:,}".format) for name in counts}
    )
