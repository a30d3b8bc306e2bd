"""What a page says first is drawn from its figures, and only from what is there."""

from dataclasses import replace

import pytest

from pipelines.edge import in_short
from pipelines.edge.pages import render_page
from pipelines.edge.service_views import wait_mark
from tests.page_month import page_month
from tests.page_reading import Reading


def text_of(page):
    return Reading(page).words


def says(lines):
    return [each["says"] for each in lines]


def wait(case_type, typical, standard=56.0):
    row = {"case_type": case_type, "typical_days": typical, "standard_days": standard,
           "slowest_tenth_days": typical}  # fmt: skip
    return row | {"mark": wait_mark(row)}


def test_the_performance_page_begins_with_the_measures_and_what_needs_putting_right():
    page = text_of(render_page(page_month(), "performance"))
    first = page[page.index("In short") : page.index("Every row accounted for")]
    counted = page_month().scorecard["rag"].value_counts()
    assert f"Of {len(page_month().scorecard)} measures: {counted['red']} red" in first
    refused = int(page_month().row_account["quarantined"].sum())
    assert f"{refused:,} of" in first
    assert page.index("Scorecard") < page.index("Every row accounted for")


def test_a_month_without_anything_has_no_news():
    data = page_month()
    empty = replace(
        data, scorecard=data.scorecard.iloc[:0], row_account=data.row_account.iloc[:0],
        freshness=None, changes=(), new_topics=(), hotspots=data.hotspots.iloc[:0],
    )  # fmt: skip
    assert "In short" not in text_of(render_page(empty, "performance"))
    assert "In short" not in text_of(render_page(empty, "wardens"))


def test_wardens_are_told_where_to_start_and_how_much_is_sure():
    page = text_of(render_page(page_month(), "wardens"))
    assert "Start with" in page
    place = {"place": "Elm Road", "ward": "Oxlode", "reports": 12, "expected": 0.3,
             "evidence": "strong", "crs": "EPSG:32630", "cell": "x"}  # fmt: skip
    told = says(in_short.of_places([place, place | {"evidence": "weak", "expected": None}]))
    assert told == [
        "Start with Elm Road, Oxlode: 12 reports, where about 0.3 would be usual.",
        "1 of the 2 places below has strong or some evidence; at the others it may be chance.",
    ]
    assert len(in_short.of_places([place])) == 1
    assert "None of the places" in says(in_short.of_places([place | {"evidence": "weak"}]))[1]


def test_waits_longer_than_the_standard_are_named_and_nothing_is_said_without_one():
    planning = {"name": "Planning", "rows": [wait("householder", 63), wait("major", 40)]}
    tax = {"name": "Council tax", "rows": [wait("new claim", 70), wait("other", 9, None)]}
    assert says(in_short.of_waits([planning])) == [
        "1 of 2 kinds of case typically takes longer than the standard: householder."
    ]
    assert says(in_short.of_waits([planning, tax])) == [
        "2 of 3 kinds of case typically take longer than the standard: Planning, householder; "
        "Council tax, new claim."
    ]
    assert says(in_short.of_waits([{"name": "Planning", "rows": [wait("major", 40)]}])) == [
        "The 1 kind of case with a standard typically keeps it."
    ]
    assert in_short.of_waits([{"name": "Planning", "rows": [wait("major", 40, None)]}]) == []


@pytest.mark.parametrize(
    ("open_now", "words"), [(9, "3 fewer than"), (12, "as many as"), (13, "1 more than")]
)
def test_the_queue_is_compared_with_a_month_before(open_now, words):
    flows = [{"period": "2026-09", "open": 12.0}, {"period": "2026-10", "open": open_now}]
    view = {"survey": {"headline": ""}, "flows": flows, "waits": []}
    assert says(in_short.of_planning(view)) == [
        f"{open_now} cases were open at the end of October 2026, {words} a month before."
    ]


def test_each_online_list_says_its_first_topic_and_what_it_could_save():
    row = {"topic": "Moving home", "service": "council-tax", "enquiries": 723, "saved": 181.0,
           "saved_lower": 67.0, "saved_upper": 311.0}  # fmt: skip
    lists = [{"title": "Mend", "code": "mend", "rows": [row]}, {"title": "Build", "rows": []}]
    assert says(in_short.of_gaps(lists, lambda code: "Council tax", 12)) == [
        "Mend first: Moving home (Council tax). It could save about 181 of 723 enquiries in "
        "12 months (67 to 311)."
    ]


def test_leaders_are_told_which_measures_still_await_their_figure():
    page = text_of(render_page(page_month(), "senior-leadership"))
    awaited = int(page_month().scorecard["rag"].eq("awaited").sum())
    assert awaited
    assert f"and {awaited} await" in page


def test_wards_that_changed_beyond_chance_are_named():
    rows = [{"ward": "Oxlode", "words": "about the same: +3%"},
            {"ward": "Pellgate", "words": "fewer: -49%"}]  # fmt: skip
    assert says(in_short.of_wards(rows)) == [
        "Clearly fewer reports than the year before: Pellgate."
    ]
    assert says(in_short.of_wards(rows[:1])) == [
        "No ward's reports have changed beyond chance since the year before."
    ]
    untold = [{"ward": "Oxlode", "words": "no whole year before to compare with"}]
    assert in_short.of_wards(untold) == []
