import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from insight.errors import MissingColumnsError
from insight.rag import Rag, Travel
from pipelines.edge import page_parts, page_words
from pipelines.edge.page_data import split_by
from pipelines.edge.page_views import measures, public
from pipelines.edge.pages import AUDIENCES, render_page, render_site
from pipelines.edge.place_map import grid_reference, place_map
from pipelines.edge.service_views import wait_mark, waits
from tests.page_month import hotspots, page_month, results, scorecard, wards

PAGES = ["index.html", *(audience.href for audience in AUDIENCES)]
ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>=cmd|'/C calc'!A0{{7*7}}"
VOID = {"area", "br", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Reading(HTMLParser):
    """Collects what a page says and holds, and whether its tags close."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(content)
        self.close()
        assert self.open == [], f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID and self.get_starttag_text()[-2:] != "/>":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.said.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.said).split())

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag == name]


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    return render_site(page_month())


def words(site, name: str) -> str:
    return Reading(site[f"{name}/index.html"]).words


def said_by(data, name: str) -> str:
    return Reading(render_page(data, name)).words


def test_there_is_a_page_for_every_reader(site):
    assert set(site) == {*PAGES, "wardens/map.html"}


def test_without_a_map_no_page_links_to_one():
    site = render_site(page_month(map_html=None))
    assert not any("map.html" in path or "map.html" in site[path] for path in site)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_asks_nothing_of_the_network(site, path):
    page = Reading(site[path])
    (html,) = page.all("html")
    assert html["lang"] == "en-GB"
    assert len(page.all("h1")) == 1
    assert page.all("script") == []
    policy = next(m["content"] for m in page.all("meta") if "http-equiv" in m)
    assert policy.startswith("default-src 'none'")
    links = [tag["href"] for tag in page.all("a")]
    assert not [link for link in links if re.match(r"[a-z]+:|//", link)]
    assert not re.search(r"url\((?!#)", site[path]), "only what is in the page itself"
    assert "@import" not in site[path]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_never_shows_a_computers_word_for_nothing(site, path):
    assert not re.search(r"\b(nan|NaN|NaT|None|inf|Undefined)\b|<NA>", Reading(site[path]).words)


@pytest.mark.parametrize("path", PAGES)
def test_ids_are_unique_and_links_within_a_page_lead_somewhere(site, path):
    page = Reading(site[path])
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    inside = [tag["href"][1:] for tag in page.all("a") if tag["href"].startswith("#")]
    labelled = [a["aria-labelledby"].split() for _, a in page.tags if "aria-labelledby" in a]
    assert {*inside, *(name for names in labelled for name in names)} <= set(ids)


@pytest.mark.parametrize("path", PAGES)
def test_every_table_has_a_caption_and_its_headers_a_scope(site, path):
    page = Reading(site[path])
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(header.get("scope") in {"row", "col"} for header in page.all("th"))


@pytest.mark.parametrize("path", PAGES)
def test_headings_step_down_one_level_at_a_time(site, path):
    levels = [int(tag[1]) for tag, _ in Reading(site[path]).tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_the_index_links_to_every_page_and_says_its_news(site):
    index = Reading(site["index.html"])
    assert {tag["href"] for tag in index.all("a")} >= {audience.href for audience in AUDIENCES}
    assert "6,003 rows read, 78 refused" in index.words
    assert "3 measures off target" in index.words


def test_the_public_page_leads_to_no_internal_page(site):
    links = {tag["href"] for tag in Reading(site["public/index.html"]).all("a")}
    assert links == {"#main"}


def test_equal_data_give_equal_bytes():
    shuffled = page_month()
    for name in ("scorecard", "results", "hotspots", "waits", "row_account", "quarantine"):
        frame = getattr(shuffled, name).sample(frac=1, random_state=3)
        shuffled = replace(shuffled, **{name: frame})
    assert render_site(page_month()) == render_site(shuffled)


def hostile():
    """Put the attack into every text that could come from a file or a person."""
    month = page_month()
    keep = {"period", "rag", "direction", "status", "unit", "crs", "evidence", "code", "service"}

    def spoil(frame):
        texts = [
            name
            for name in frame.columns
            if pd.api.types.is_string_dtype(frame[name]) and name not in keep | {"breakdown"}
        ]
        texts = [name for name in texts if name != "measure" or "title" in frame]
        return frame.assign(**dict.fromkeys(texts, ATTACK))

    answers = month.results.copy()
    split = answers["breakdown"].str.contains("=")
    value = ATTACK.replace("%", "%25").replace(";", "%3B").replace("=", "%3D")
    answers.loc[split, "breakdown"] = (
        answers.loc[split, "breakdown"].str.replace(r"=.*", "=", regex=True) + value
    )
    spoilt = {
        name: spoil(getattr(month, name))
        for name in ("scorecard", "hotspots", "waits", "row_account", "quarantine", "services")
    }
    outlines = month.wards.assign(ward=ATTACK)
    return replace(
        month, **spoilt, results=answers, wards=outlines, council=ATTACK, hotspot_note=ATTACK,
        generated_from=ATTACK, period_label=ATTACK, freshness=spoil(month.freshness),
    )  # fmt: skip


@pytest.fixture(scope="module")
def attacked() -> dict[str, str]:
    return render_site(hostile())


@pytest.mark.parametrize("path", PAGES)
def test_no_text_becomes_markup(attacked, path):
    page = Reading(attacked[path])
    assert page.all("script") == []
    assert page.all("img") == []
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert "<script>alert(1)</script>" in page.words, "the words themselves are shown"
    assert "{{7*7}}" in page.words, "and never evaluated"


def test_unknown_service_codes_are_escaped_too():
    month = page_month()
    rows = month.scorecard.assign(service=ATTACK)
    month = replace(month, scorecard=rows, waits=month.waits.assign(service=ATTACK))
    for folder in ("public", "customer-services", "senior-leadership"):
        page = Reading(render_page(month, folder))
        assert page.all("script") == []
        assert "<script>alert(1)</script>" in page.words


def test_performance_accounts_for_every_row(site):
    said = words(site, "performance")
    assert "All 5 6,003 5,702 78 13 210 ✓ Yes" in said
    assert "contacts 1 4,210 4,188 12 10 0 ✓ Yes" in said
    assert "contacts contacts-2026-10.csv 4,210 4,188 12 10 0 ✓ Yes Accepted" in said
    assert "1 file was refused whole: complaints.csv." in said
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
    assert "Reports by ward, October 2026 (85 reports)" in words(site, "wardens")


def test_all_services_come_last_and_unknown_ones_are_kept(site):
    said = words(site, "service-managers")
    named = ["Bins and recycling", "Council tax", "Planning", "Service not recorded"]
    found = [said.index(f"{name} ") for name in [*named, "All services"]]
    assert found == sorted(found)


def test_a_long_list_of_places_is_cut_and_says_so():
    places = pd.concat([hotspots()] * 3, ignore_index=True).assign(rank=range(1, 19))
    said = said_by(page_month(hotspots=places), "wardens")
    assert "8 places more further down the order are left off" in said


def test_service_managers_see_shares_and_coverage(site):
    said = words(site, "service-managers")
    assert "Missed bin 217 41%" in said
    assert "Too unclear to sort" in said
    assert "Sorted into topics: 80% (likely 77% to 83%; 1,240 enquiries)" in said
    assert "satisfied too few 9 answers" in said
    assert "Manager: not named" not in said, "a service without figures has no section"


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


def test_the_public_page_holds_published_measures_only(site):
    said = words(site, "public")
    assert "Bins collected on the day" in said
    assert "garden bin" not in said, "not published"
    assert "Major applications" not in said, "suppressed"
    assert "1 published measure is not shown this time" in said
    assert "Priya Nair" not in said
    assert "Agency cover" not in said, "commentary isn't released here"


def test_a_suppressed_figure_appears_on_no_page_even_if_a_value_slipped_through():
    frame = scorecard()
    hidden = frame["rag"].eq("suppressed")
    frame.loc[hidden, ["value", "lower", "upper", "previous"]] = 0.3719
    site = render_site(page_month(scorecard=frame))
    assert not any("37.19" in page or "37%" in page for page in site.values())
    titles = [row["title"] for row in public(page_month(scorecard=frame))["rows"]]
    assert "Major applications decided in time" not in titles


def test_pages_of_an_empty_month_say_that_nothing_came():
    month = page_month()
    names = ("scorecard", "results", "hotspots", "waits", "row_account", "quarantine")
    empty = {name: getattr(month, name).iloc[:0] for name in names}
    site = render_site(replace(month, **empty, freshness=None, wards=None, downloads=()))
    assert "No file has arrived for October 2026" in words(site, "performance")
    assert "No places to list" in words(site, "wardens")
    assert "No contacts, enquiries, complaints or survey answers" in words(site, "service-managers")
    assert "No survey answers from applicants have arrived yet" in words(site, "planning")
    assert "No cases have arrived yet" in words(site, "customer-services")
    assert "Nothing is red or amber" in words(site, "senior-leadership")
    assert "No figures are published" in words(site, "public")


def test_a_frame_without_a_column_is_refused_by_name():
    with pytest.raises(MissingColumnsError, match="frame waits has no column what_to_say"):
        render_site(page_month(waits=page_month().waits.drop(columns="what_to_say")))


def test_one_dimension_is_not_mixed_with_two():
    frame = results().head(1)
    rows = pd.concat([frame] * 3).assign(breakdown=["channel=phone", "channel=web;topic=x", ""])
    assert list(split_by(rows, "contacts", "channel")["label"]) == ["phone"]
    assert split_by(rows, "contacts", "ward").empty


def test_waits_are_in_the_services_own_names():
    assert [part["name"] for part in waits(page_month())] == ["Council tax", "Planning"]


# --- Words and numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "written"),
    [
        (0.6642, "share", None, "66%"),
        (0.6642, "share", 1, "66.4%"),
        (0.285, "share", 0, "29%"),
        (-2.5, "days", 0, "−3 days"),  # noqa: RUF001
        (1234567, "count", None, "1,234,567"),
        (-0.0001, "score", 1, "0.0"),
        (-2.5, "score", 1, "−2.5"),  # noqa: RUF001
        (-3, "pounds", 0, "−£3"),  # noqa: RUF001
        (1, "days", 0, "1 day"),
        (1.0, "days", 1, "1.0 days"),
        (pd.NA, "share", 1, "awaited"),
        (np.nan, "count", None, "awaited"),
    ],
)
def test_figures_are_written_in_their_unit(value, unit, decimals, written):
    assert page_parts.figure(value, unit, decimals) == written


def test_dates_and_periods_are_british():
    assert page_parts.day(date(2026, 11, 3)) == "3 November 2026"
    assert page_parts.day(pd.NaT) == "not known"
    assert page_parts.period("2026-10") == "October 2026"
    assert page_parts.period("no period") == "no period"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"status": "awaited", "base": None}, "awaited"),
        ({"status": "final", "base": 4}, "not enough answers"),
        ({"status": "suppressed", "base": 4}, "not shown"),
        ({"status": "final", "rag": "suppressed", "base": 4}, "not shown"),
    ],
)
def test_a_missing_figure_says_why(row, why):
    assert page_words.absence(row) == why
    assert page_words.shown(row | {"value": None, "unit": "share"}) == why


@pytest.mark.parametrize("way", [*Travel, None, "sideways"])
def test_every_direction_has_words(way):
    words = page_parts.direction(way).word
    assert (words == "Nothing to compare with") == (way in {None, "sideways"})


@pytest.mark.parametrize("status", list(Rag))
def test_every_status_has_a_word_and_a_shape_of_its_own(status):
    mark = page_parts.rag(status)
    others = [page_parts.rag(other) for other in Rag if other != status]
    assert mark != page_parts.UNRATED
    assert mark.word not in {other.word for other in others}
    assert mark.shape not in {other.shape for other in others}


def test_a_change_that_chance_could_make_says_so(site):
    said = words(site, "performance")
    assert "Getting better, but perhaps by chance" in said


def test_a_band_is_written_with_both_its_ends():
    row = {"polarity": "band", "unit": "share", "target": None}
    assert page_words.aim(row | {"target_low": 0.8, "target_high": 0.95}) == "80% to 95%"
    assert page_words.aim(row | {"target": "80% to 95%"}) == "80% to 95%"
    assert page_words.aim(row) == "none set"


def test_small_numbers_of_people_are_withheld_from_the_public():
    frame = scorecard().assign(numerator=None, denominator=None)
    frame.loc[frame["measure"].eq("CS-02"), "disclosive"] = True
    said = said_by(page_month(scorecard=frame), "public")
    assert "Fixed penalties" not in said
    assert "2 published measures are not shown this time" in said


def test_an_unknown_status_is_not_rated():
    assert page_parts.rag("mauve").word == "Not rated"


# --- Colours -------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *(("ink", ground) for ground in ("paper", "card", "brand-tint", "red-tint", "focus")),
        *(("muted", ground) for ground in ("paper", "card")),
        *((name, f"{name}-tint") for name in ("red", "amber", "green", "none", "brand")),
        *(("card", ground) for ground in ("red", "amber", "green", "none", "brand")),
        *((ink, "brand-light") for ink in ("card", "mast-quiet", "mast-period")),
        ("brand-deep", "brand-tint"),
        ("map-ink", "map-ground"),
    ],
)
def test_words_stand_out_from_what_is_behind_them(site, ink, ground):
    # axe can't judge gradients, single characters or drawings, so the palette is checked here.
    palette = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", site["index.html"]))
    dark, light = sorted([luminance(palette[ink]), luminance(palette[ground])])
    assert (light + 0.05) / (dark + 0.05) >= 4.5


# --- The map -------------------------------------------------------------------------------------


def test_pins_stand_inside_the_drawing_north_up():
    drawn = place_map(hotspots(), wards(), source="dog-fouling")
    assert len(drawn.outlines) == len(drawn.names) == 8
    assert all(0 < pin.x < drawn.width and 0 < pin.y < drawn.height for pin in drawn.pins)
    south, north = drawn.pins[0], drawn.pins[2]
    assert north.y < south.y


def test_places_too_near_to_tell_apart_share_a_pin():
    crowded = hotspots()
    crowded.loc[[0, 3], ["easting", "northing"]] = 461_125.0, 299_375.0
    drawn = place_map(crowded, wards(), source="dog-fouling")
    assert [pin.numbers for pin in drawn.pins] == ["1, 4", "2", "3", "5", "6"]
    assert drawn.pins[0].width > drawn.pins[1].width
    assert drawn.description.startswith("6 numbered places")


def test_a_place_called_by_its_grid_reference_says_it_once():
    named = hotspots().head(1).assign(place="SP 611 993")
    said = said_by(page_month(hotspots=named), "wardens")
    assert "Abbey: SP 611 993 a square of 250 metres" in said


def test_a_part_that_is_there_is_never_nought_percent():
    assert page_words.part_share(0.004) == "under 1%"
    assert page_words.part_share(0.005) == "1%"
    assert page_words.part_share(0.0) == "0%"


def test_the_map_needs_no_wards_and_nothing_needs_a_map():
    assert place_map(hotspots(), None, source="dog-fouling").outlines == ()
    assert place_map(hotspots().iloc[:0], wards(), source="dog-fouling") is None


def test_one_place_alone_still_makes_a_map():
    drawn = place_map(hotspots().head(1), None, source="dog-fouling")
    assert drawn.width > 0
    assert drawn.bar_words.endswith("m")


def test_wards_in_another_system_are_not_drawn():
    degrees = wards().to_crs("EPSG:4326")
    assert place_map(hotspots(), degrees, source="dog-fouling").outlines == ()


@pytest.mark.parametrize(
    ("easting", "northing", "reference"),
    [
        (530_000, 180_000, "TQ 300 800"),
        (216_677, 771_285, "NN 166 712"),
        (-1, 0, ""),
        (700_000, 0, ""),
    ],
)
def test_grid_references_are_the_ordnance_surveys(easting, northing, reference):
    assert grid_reference(easting, northing) == reference
