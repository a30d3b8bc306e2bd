"""All demand figures of some months from whatever sources there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from insight.demand.calls import call_results, call_rows
from insight.demand.chasing import link_contacts, look_back
from insight.demand.customers import nobody_keys
from insight.demand.digital import form_completion_results, take_up_results
from insight.demand.effort import effort_results, unpriced_channels
from insight.demand.last_year import gap_months, week_results, weekly_contacts
from insight.demand.links_figures import link_results
from insight.demand.method import DemandMethod
from insight.demand.volume import cell_results, contact_cells, single_records
from insight.periods import add_months, month_key, period_title
from insight.results import join_results

LAST_YEAR = 12


@dataclass(frozen=True, slots=True)
class Sources:
    """Rows of the contracts of the same names; any may be absent or empty."""

    contacts: pd.DataFrame | None = None
    enquiries: pd.DataFrame | None = None
    counts: pd.DataFrame | None = None
    web_counts: pd.DataFrame | None = None
    cases: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """The figures, what they were made from, and what a person should know of it.

    ``cells`` are the contacts by day, channel and service, the months before `months` included;
    ``links`` the single contacts (`insight.demand.chasing.link_contacts`); ``nobody`` the
    customer keys left out of repeats; ``problems`` sentences.
    """

    results: pd.DataFrame
    cells: pd.DataFrame
    links: pd.DataFrame
    nobody: pd.DataFrame
    problems: list[str]


def demand_figures(
    months: Sequence[date],
    sources: Sources,
    method: DemandMethod,
    closed: pd.DatetimeIndex,
    *,
    earliest: date | None = None,
) -> Demand:
    """Compute every figure of `months` that the sources allow.

    Parameters
    ----------
    months
        First days of consecutive months, oldest first.
    sources
        Rows, those of the year before the first month included where there are some.
    method
        The settings' choices.
    closed
        Bank holidays.
    earliest
        First day of the cells given back, when earlier than a year before the first month.
    """
    first = min(earliest or months[0], add_months(months[0], -LAST_YEAR))
    span = [first, months[-1]]
    cells = contact_cells(
        span, contacts=sources.contacts, enquiries=sources.enquiries, counts=sources.counts
    )
    keys = [month_key(month) for month in months]
    now = cells[cells["day"].ge(pd.Timestamp(months[0]))]
    records = single_records(
        look_back(months, method), contacts=sources.contacts, enquiries=sources.enquiries
    )
    nobody = nobody_keys(records, method)
    cases = pd.DataFrame() if sources.cases is None else sources.cases
    links = link_contacts(records, cases, method, nobody=nobody["customer"])
    recent = records[records["period"].isin(keys)]
    parts = [
        cell_results(now),
        week_results(weekly_contacts(cells, closed), months),
        link_results(links, months),
        effort_results(now, method),
        take_up_results(recent, sources.web_counts, months, method),
    ]
    if sources.counts is not None:
        parts.append(call_results(sources.counts, months))
    if sources.web_counts is not None:
        parts.append(form_completion_results(sources.web_counts, months))
    problems = [
        *_nobody_said(nobody),
        *_gaps_said(now),
        *_calls_said(sources.counts, months[-1]),
        *_unpriced_said(cells[cells["day"].ge(pd.Timestamp(months[-1]))], method),
    ]
    return Demand(join_results(parts), cells, links, nobody, problems)


def _nobody_said(nobody: pd.DataFrame) -> list[str]:
    if nobody.empty:
        return []
    several = len(nobody) > 1
    return [
        f"{len(nobody)} customer number{'s' if several else ''} stand{'' if several else 's'} for "
        f"nobody in particular: {nobody['contacts'].sum():,} contacts, "
        f"{nobody['share'].sum():.1%} of all. They are left out of repeat contacts and first "
        "contacts. Ask whoever runs the system to leave the customer blank where it isn't known, "
        "or name the number under demand, customers_that_are_nobody in council.yaml."
    ]


def _gaps_said(cells: pd.DataFrame) -> list[str]:
    return [
        f"No contacts at all are on record for {period_title(month)}, between months that have "
        "some: is a file missing from the inbox?"
        for month in gap_months(cells)
    ]


def _calls_said(counts: pd.DataFrame | None, month: date) -> list[str]:
    if counts is None or counts.empty:
        return []
    rows = call_rows(counts, [month])
    wrong = int(rows["wrong"].sum())
    if not wrong:
        return []
    which = ", ".join(sorted(rows.loc[rows["wrong"], "day"].dt.strftime("%d/%m/%Y").unique())[:5])
    return [
        f"The telephone counts of {period_title(month_key(month))} have {wrong} row"
        f"{'s' if wrong > 1 else ''} with more calls answered, or given up, than were offered "
        f"({which}); they are left out of the shares. Correct the file and send it again."
    ]


def _unpriced_said(cells: pd.DataFrame, method: DemandMethod) -> list[str]:
    lacking = unpriced_channels(cells, method)
    if not lacking or not method.minutes:
        return []
    return [
        f"Staff hours leave out contacts by {', '.join(lacking)}: council.yaml, contact_costs, "
        "minutes gives none for them."
    ]
