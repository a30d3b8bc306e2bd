"""Complaints on the services' pages and in their files, worked out again from the made rows."""

import pytest

from tests.pipelines.pages import made_council as made
from tests.pipelines.pages.all_by_hand import by_hand, hand_of
from tests.pipelines.pages.reading import (
    Page,
    figures_of,
    same_figures,
    same_numbers,
    same_share,
    table_of,
)

EVERY = ["housing", "planning", "waste", "all"]


@pytest.mark.parametrize("service", EVERY)
def test_complaints_received_and_upheld_are_plain_counts(outputs, service):
    wanted = ["complaints_received", "complaints_upheld_share"]
    same_figures(figures_of(outputs, service, wanted), hand_of(service, wanted))


@pytest.mark.parametrize("service", EVERY)
def test_complaints_in_time_and_overdue_follow_a_count_of_working_days(outputs, service):
    wanted = ["complaints_on_time_share", "complaints_overdue"]
    same_figures(figures_of(outputs, service, wanted), hand_of(service, wanted))


@pytest.mark.parametrize("service", EVERY)
def test_the_file_of_complaints_has_what_the_rows_have(outputs, service):
    told = table_of(outputs, "complaint_figures", service, ["stage", "outcome"])
    found = {
        key: figure for key, figure in by_hand(service).items()
        if key[0].startswith("complaint") and key[0] != "complaints_overdue"
        and {part.split("=")[0] for part in key[2].split(";") if part} <= {"stage", "outcome"}
    }  # fmt: skip
    same_figures(told, found)


@pytest.mark.parametrize("service", EVERY)
def test_the_sentence_of_those_upheld_has_its_interval_and_base(outputs, service):
    page = Page(outputs / "2026-12" / "service-managers" / f"{service}.html")
    figure = by_hand(service)["complaints_upheld_share", made.PERIOD, ""]
    (said,) = [text for _, text in page.sentences if text.startswith("Upheld or partly upheld")]
    shares, _, base = said.partition(";")
    same_share(shares, figure.value, figure.lower, figure.upper)
    same_numbers(base, figure.base)
