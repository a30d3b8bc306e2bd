"""What each service's page prints, number by number, against figures worked out by hand."""

from datetime import timedelta

import pandas as pd
import pytest

from pipelines.edge.manager_views import STATS
from tests.pipelines.pages import demand_by_hand as demand
from tests.pipelines.pages import made_council as made
from tests.pipelines.pages.all_by_hand import MONTHS, TITLES, UNITS, by_hand
from tests.pipelines.pages.reading import Page, figures_in_table, same_numbers, same_share

EVERY = [*made.SERVICES, "all"]
NOW = made.PERIOD
DASH = "\N{EN DASH}"


@pytest.fixture(scope="module")
def page(outputs):
    folder = outputs / "2026-12" / "service-managers"
    return {service: Page(folder / f"{service}.html") for service in EVERY}


def month_title(period):
    return pd.Period(period).strftime("%B %Y")


def same(measure, text, *numbers):
    (same_share if UNITS[measure] == "share" else same_numbers)(text, *numbers)


@pytest.mark.parametrize("service", EVERY)
def test_tiles_give_the_months_figures_with_their_range_and_base(page, service):
    hand, told = by_hand(service), []
    for above, title, said in page[service].tiles:
        measure = TITLES.get(title)
        figure = hand.get((measure, NOW, ""))
        if above != month_title(NOW) or measure.startswith("enquiries"):
            continue
        value, rest = said[0], said[1] if len(said) > 1 else ""
        same(measure, value, figure.value)
        range_, _, base = rest.partition("; based on ")
        same(measure, range_, figure.lower, figure.upper)
        if base:
            same_numbers(base, figure.base)
        assert bool(base) == (UNITS[measure] == "share" and measure != "contacts_change")
        told.append(measure)
    assert told == [measure for measure in STATS if (measure, NOW, "") in hand]


@pytest.mark.parametrize("service", EVERY)
def test_months_are_told_with_the_range_of_each_figure(page, service):
    hand = by_hand(service)
    for name in ("contacts by month", "calls, complaints, satisfaction by month"):
        tables = [t for t in page[service].tables if f": {name};" in t.caption]
        assert tables or (service == "council-tax" and name.startswith("calls"))
        for table in tables:
            assert [row[0] for row in table.rows] == sorted(
                (month_title(p) for p in MONTHS if month_title(p) in table.column(table.head[1])),
                key=pd.Period, reverse=True,
            )  # fmt: skip
            for title in table.head[1:]:
                measure = TITLES[title]
                for label, cell in table.column(title).items():
                    same_cell(measure, cell, hand.get((measure, str(pd.Period(label)), "")))


def same_cell(measure, cell, figure):
    if figure is None:
        assert cell == DASH
    else:
        same(measure, cell, figure.value, figure.lower, figure.upper)


@pytest.mark.parametrize("service", EVERY)
@pytest.mark.parametrize("by", ["channel", "ward"])
def test_channels_and_wards_have_their_own_figures(page, service, by):
    hand = by_hand(service)
    tables = [t for t in page[service].tables if f": by {by}, " in t.caption]
    if not tables:
        assert (service, by) == ("council-tax", "ward")
    for table in tables:
        for title in table.head[1:]:
            measure = TITLES[title]
            for label, cell in table.column(title).items():
                value = label if by == "ward" else label.lower()
                same_cell(measure, cell, hand.get((measure, NOW, f"{by}={value}")))
        of = {key[2] for key in hand if key[0] in map(TITLES.get, table.head) and key[1] == NOW}
        assert len(table.rows) == sum(each.startswith(f"{by}=") for each in of)


@pytest.mark.parametrize("service", EVERY)
@pytest.mark.parametrize(
    ("caption", "measure", "by"),
    [
        ("contacts by channel", "contacts", "channel"),
        ("chasing contacts by evidence", "chasing_contacts", "evidence"),
        ("avoidable contacts by class", "avoidable_contacts", "class"),
        ("complaints by stage", "complaints_received", "stage"),
        ("complaints by outcome", "complaints_received", "outcome"),
    ],
)
def test_bars_are_counts_and_their_share_of_the_whole(page, service, caption, measure, by):
    parts = {
        key[2].partition("=")[2].capitalize(): figure.value
        for key, figure in by_hand(service).items()
        if key[0] == measure and key[1] == NOW and key[2].startswith(f"{by}=")
    }
    tables = [t for t in page[service].tables if f": {caption} (" in t.caption]
    assert len(tables) == bool(parts)
    for table in tables:
        whole = sum(parts.values())
        same_numbers(table.caption.partition("(")[2], whole)
        assert set(table.column("Number")) == set(parts)
        for label, number in parts.items():
            same_numbers(table.column("Number")[label], number)
            same_share(table.column("Share")[label], number / whole)


@pytest.mark.parametrize("service", EVERY)
def test_weeks_stand_beside_the_same_weeks_last_year_with_their_bank_holidays(page, service):
    table = page[service].table("Contacts by week")
    notes = table.column("Note") if "Note" in table.head else {}
    pairs = {
        day: (now, then) for day, now, then in demand.week_pairs(service)
        if (day + timedelta(days=3)).strftime("%Y-%m") == NOW
    }  # fmt: skip
    assert len(table.rows) == len(pairs) >= 4
    for day, (now, then) in pairs.items():
        label = f"From {day.day} {day:%B %Y}"
        same_numbers(table.column("This year")[label], now)
        last = table.column("Last year")[label]
        same_numbers(last.replace(DASH, ""), then)
        held, before = (demand.holidays_in(each) for each in (day, demand.last_year(day)))
        other = then is not None and held != before
        assert bool(notes.get(label)) == other
        if other:
            same_numbers(notes[label], held, before)


@pytest.mark.parametrize("service", EVERY)
@pytest.mark.parametrize(
    ("caption", "measure"),
    [
        ("Share of contacts that chase, month by month", "chasing_contact_share"),
        ("Satisfied customers, month by month", "satisfaction_share"),
        ("Satisfied, three months at a time", "satisfaction_share_quarter"),
    ],
)
def test_charts_and_their_tables_have_every_month(page, service, caption, measure):
    hand = by_hand(service)
    months = {p: hand[measure, p, ""] for p in MONTHS if (measure, p, "") in hand}
    tables = [t for t in page[service].tables if t.caption.startswith(caption)]
    shown = len(months) >= 2 and not (service == "waste" and measure != "chasing_contact_share")
    assert len(tables) == shown
    if shown:
        figures_in_table(page[service], caption, months)
