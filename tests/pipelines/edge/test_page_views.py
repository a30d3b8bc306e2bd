from dataclasses import replace

import pandas as pd
import pytest

from pipelines.edge.page_data import split_by
from pipelines.edge.page_views import measures
from pipelines.edge.service_views import wait_mark, waits
from tests.page_month import hotspots, page_month, results, scorecard
from tests.page_reading import Reading, said_by, words


def test_performance_accounts_for_every_row(site):
    said = words(site, "performance")
    assert "All 5 6,003 5,702 78 13 210 ✓ Yes" in said
    assert "contacts 1 4,210 4,188 12 10 0 ✓ Yes" in said
    assert "contacts contacts-2026-10.csv 4,210 4,188 12 10 0 ✓ Yes Accepted" in said
    assert "1 file was refused whole. Nothing of it is stored" in said
    assert "run the month again. complaints.csv" in said
    assert "contacted_at Not a date. Write the date as 31/10/2026 or 2026-10-31. 12" in said


def test_a_rules_refusals_are_added_up_over_files_and_said_once():
    rows = pd.DataFrame(
        [("crm", "must not be blank", "service", n, "service must not be blank") for n in (4, 5)],
        columns=["source", "rule", "column", "rows", "message"],
    )
    said = said_by(page_month(quarantine=rows), "performance")
    assert "crm service service must not be blank 9" in said


def test_an_account_that_does_not_add_up_is_shouted():
    month = page_month()
    wrong = month.row_account.assign(accepted=month.row_account["accepted"] + 1)
    said = said_by(replace(month, row_account=wrong), "performance")
    assert "Rows are missing from the account" in said
    assert "✗ No" in said


def test_performance_shows_value_interval_base_target_and_direction(site):
    said = words(site, "performance")
    assert (
        "■ Red Reported fouling removed in one working day Street cleansing · Priya Nair "
        "October 2026 87% likely 80% to 92%; based on 131 Target 95% Direction ↗ Getting better"
    ) in said


def test_downloads_are_linked_from_their_own_page_only(site):
    links = {tag["href"] for tag in Reading(site["performance/index.html"]).all("a")}
    assert {"scorecard.xlsx", "row_account.csv"} <= links
    wardens = {tag["href"] for tag in Reading(site["wardens/index.html"]).all("a")}
    assert "hotspots.csv" in wardens
    assert "scorecard.xlsx" not in wardens


def test_service_pages_say_what_their_figures_mean(site):
    assert "Answers that are very or fairly satisfied" in words(site, "service-managers")
    assert "Cases decided by their target date" in words(site, "planning")
    assert "What each figure means" not in words(site, "wardens")
    bare = said_by(page_month(catalogue={}), "planning")
    assert "What each figure means" not in bare


def test_wardens_see_places_in_order_with_evidence_and_grid_reference(site):
    said = words(site, "wardens")
    assert "Mill Lane Abbey · SP 611 993 · a square of 250 metres 14 reports" in said
    assert "14 reports , where about 2.1 would be usual" in said
    assert said.index("Mill Lane") < said.index("Canal towpath") < said.index("Priory Walk")
    assert "Eastfield: Unnamed place SK 630 001" in said
    assert "Two places stand out beyond chance" in said


def test_wardens_see_this_months_places_only():
    old = hotspots().assign(period="2026-09", place="Last month's lane")
    month = page_month(hotspots=pd.concat([hotspots(), old]))
    assert "Last month" not in said_by(month, "wardens")


def test_reports_by_ward_are_not_counted_twice(site):
    assert "All street reports by ward, October 2026 (85 reports)" in words(site, "wardens")


def test_all_services_come_last_and_unknown_ones_are_kept(site):
    said = words(site, "service-managers")
    named = ["Bins and recycling", "Council tax", "Planning", "Service not recorded"]
    rows = said[said.index("Each service, October 2026; the smaller") :]
    found = [rows.index(f"{name} ") for name in [*named, "All services"]]
    assert found == sorted(found)


def test_a_long_list_of_places_is_cut_and_says_so():
    places = pd.concat([hotspots()] * 3, ignore_index=True).assign(rank=range(1, 19))
    said = said_by(page_month(hotspots=places), "wardens")
    assert "8 more places, further down the order, are left off" in said


def test_service_managers_see_shares_and_coverage(site):
    bins = Reading(site["service-managers/bins.html"]).words
    assert "Missed bin 217 41%" in bins
    assert "Too unclear to sort" in bins
    assert "Sorted into topics: 80% (likely 77% to 83%; 1,240 enquiries)" in bins
    assert (
        "Satisfied customers too few 9 records"
        in Reading(site["service-managers/council-tax.html"]).words
    )
    assert "service-managers/street-cleansing.html" not in site, "without figures, no page"


def test_planning_follows_the_services_it_is_told():
    said = said_by(page_month(planning_service="bins"), "planning")
    assert "of applicants satisfied 82% likely 79% to 85%; 640 answers" in said
    assert "cases received awaited" in said


def test_customer_services_read_what_to_say(site):
    said = words(site, "customer-services")
    assert "You can say It takes about 9 weeks at the moment" in said
    assert "Typical wait 49 days 1 in 10 waits longer than 71 days" in said
    assert "say yet how long this takes." in said


@pytest.mark.parametrize(
    ("typical", "slowest", "standard", "says"),
    [
        (10, 20, 20, "Within the standard"),
        (10, 21, 20, "Mostly within the standard"),
        (21, 40, 20, "Longer than the standard"),
        (10, 20, None, "No published standard"),
        (None, None, 20, "Too few decided to say"),
        (10, None, 20, "Within the standard"),
    ],
)
def test_a_wait_is_judged_by_its_typical_case_then_its_slowest(typical, slowest, standard, says):
    row = {"typical_days": typical, "slowest_tenth_days": slowest, "standard_days": standard}
    assert wait_mark(row).word == says


def test_senior_leaders_read_red_first_and_who_owes_commentary(site):
    said = words(site, "senior-leadership")
    assert "3 of 11 measures are off target" in said
    assert said.index("housing benefit claim") < said.index("Applicants satisfied")
    assert "No commentary yet from Marcus Webb" in said
    assert "One of two crews was off sick" in said


def test_families_are_counted_in_the_order_residents_meet_them():
    rows = measures(scorecard())
    order = list(dict.fromkeys(row["family"] for row in rows))
    assert order[0] == "service standard"
    assert order[-1] == "corporate strategy"


def test_the_public_page_shows_what_was_released_and_says_what_was_not(site):
    said = words(site, "public")
    assert "Bins collected on the day" in said
    assert "garden bin" not in said, "not published"
    assert "1 published measure is not shown" in said
    assert "Major applications decided in time, July to September 2026" in said
    assert "somebody might be recognised" in said
    assert "released by Head of Policy" in said
    assert "Priya Nair" not in said
    assert "Agency cover" not in said, "commentary isn't released here"
    assert "October" not in said, "not released yet"


def test_one_dimension_is_not_mixed_with_two():
    frame = results().head(1)
    rows = pd.concat([frame] * 3).assign(breakdown=["channel=phone", "channel=web;topic=x", ""])
    assert list(split_by(rows, "contacts", "channel")["label"]) == ["phone"]
    assert split_by(rows, "contacts", "ward").empty


def test_waits_are_in_the_services_own_names():
    assert [part["name"] for part in waits(page_month())] == ["Council tax", "Planning"]


def test_a_change_that_chance_could_make_says_so(site):
    said = words(site, "performance")
    assert "Getting better, but perhaps by chance" in said


def test_a_place_called_by_its_grid_reference_says_it_once():
    named = hotspots().head(1).assign(place="SP 611 993")
    said = said_by(page_month(hotspots=named), "wardens")
    assert "Abbey: SP 611 993 a square of 250 metres" in said
