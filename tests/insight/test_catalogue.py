import re

import pytest

from insight.catalogue import FIGURES

PROMISED = [
    "satisfaction_share",
    "satisfaction_net",
    "complaints_received",
    "complaints_upheld_share",
    "contacts",
    "calls_answered_share",
    "enquiries",
    "enquiries_classified_share",
    "street_reports",
    "hotspots_significant",
    "cases_received",
    "cases_decided",
    "cases_open",
    "case_wait_days_typical",
    "case_wait_days_slowest_tenth",
    "cases_in_time_share",
    "form_completion_share",
]


def test_every_promised_figure_is_described_under_its_code():
    assert set(PROMISED) <= set(FIGURES)
    assert all(code == figure.code for code, figure in FIGURES.items())


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_definition_is_one_public_sentence(figure):
    assert re.fullmatch(r"[A-Z][^.]*\.", figure.definition)


@pytest.mark.parametrize(
    "figure", [f for f in FIGURES.values() if f.unit == "share"], ids=lambda f: f.code
)
def test_a_share_says_what_it_is_divided_by(figure):
    assert "divided by" in figure.definition


@pytest.mark.parametrize("code", ["satisfaction_share", "satisfaction_net"])
def test_satisfaction_says_what_becomes_of_dont_know(code):
    assert "'don't know'" in FIGURES[code].definition
