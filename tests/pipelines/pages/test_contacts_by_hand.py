"""Contacts in the services' files, worked out again from the made rows, every month of them."""

from datetime import date, timedelta

import pandas as pd
import pytest

from tests.pipelines.pages import demand_by_hand as demand
from tests.pipelines.pages import made_council as made
from tests.pipelines.pages.all_by_hand import by_hand, hand_of
from tests.pipelines.pages.arithmetic import plain_share
from tests.pipelines.pages.reading import figures_of, same_figures, table_of

EVERY = [*made.SERVICES, "all"]
GROWN = [service for service in EVERY if service != "housing"]
VOLUMES = ["contacts", "contact_hours", "contact_pounds"]
LINKED = [
    "chasing_contacts", "chasing_contact_share", "repeat_contact_share",
    "first_contact_resolution_share", "avoidable_contacts", "avoidable_contact_share",
]  # fmt: skip
CALLS = ["calls_answered_share", "calls_abandoned_share", "service_level_share",
         "wait_seconds_mean"]  # fmt: skip


def recent(figures):
    """Leave out the months before any single contact: only the telephone's count has them."""
    return {key: figure for key, figure in figures.items() if key[1] >= "2025-10"}


@pytest.mark.parametrize("service", EVERY)
def test_contacts_hours_and_pounds_are_sums_of_the_rows(outputs, service):
    told = recent(figures_of(outputs, service, VOLUMES))
    same_figures(told, hand_of(service, VOLUMES))


@pytest.mark.parametrize("service", EVERY)
def test_chasing_repeat_first_and_avoidable_contacts_are_what_a_pass_over_the_rows_finds(
    outputs, service
):
    same_figures(figures_of(outputs, service, LINKED), hand_of(service, LINKED))


@pytest.mark.parametrize("service", GROWN)
def test_digital_take_up_is_what_was_completed_on_line_over_all_that_was(outputs, service):
    measure = ["digital_take_up_share"]
    same_figures(figures_of(outputs, service, measure), hand_of(service, measure))


@pytest.mark.parametrize("service", ["waste", "all"])
def test_calls_are_sums_over_days_with_the_scatter_of_days(outputs, service):
    same_figures(recent(figures_of(outputs, service, CALLS)), hand_of(service, CALLS))


@pytest.mark.parametrize("service", GROWN)
def test_the_change_on_last_year_pairs_weeks_of_the_same_number(outputs, service):
    told = recent(figures_of(outputs, service, ["contacts_change"]))
    same_figures(told, hand_of(service, ["contacts_change"]))


def test_a_service_of_three_calls_has_no_change_and_no_take_up(outputs):
    assert figures_of(outputs, "housing", ["contacts_change", "digital_take_up_share"]) == {}


@pytest.mark.parametrize("service", EVERY)
def test_the_file_of_demand_has_the_same_figures_by_channel(outputs, service):
    told = recent(table_of(outputs, "demand", service, ["channel"]))
    forms = {key: told.pop(key) for key in [*told] if key[0] == "form_completion_share"}
    wanted = {*VOLUMES, *LINKED, *CALLS, "contacts_change", "digital_take_up_share"}
    wanted -= {"contact_pounds"}  # the council's own costs leave on the service's page alone
    found = {
        key: figure for key, figure in by_hand(service).items()
        if key[0] in wanted and key[2].split("=")[0] in ("", "channel")
    }  # fmt: skip
    same_figures(told, found)
    assert bool(forms) == (service in ("waste", "all"))


def test_the_forms_completed_are_a_share_of_those_begun(outputs):
    rows = made.web()[made.web()["page"].eq("/missed-bin")]
    months = pd.to_datetime(rows["date"]).dt.strftime("%Y-%m")
    for service in ("waste", "all"):
        told = table_of(outputs, "demand", service, ["channel", "page"])
        told = {key: figure for key, figure in told.items() if key[0] == "form_completion_share"}
        found = {}
        for month, own in rows.groupby(months):
            figure = plain_share(own["form_completions"].sum(), own["form_starts"].sum())
            for page in ("", "page=/missed-bin"):
                found["form_completion_share", month, page] = figure
        same_figures(told, found)


def test_weeks_begin_on_the_monday_that_the_calendar_has():
    assert demand.last_year(date(2026, 12, 28)) == date(2025, 12, 29)  # week 53 has no twin
    assert demand.holidays_in(date(2026, 12, 21)) == 1
    assert demand.holidays_in(date(2025, 12, 22)) == 2
    first = demand.week_pairs("waste")[0][0]
    assert first - timedelta(days=first.weekday()) == first
