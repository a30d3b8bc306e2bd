import re
from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest

from insight.errors import MissingColumnsError
from insight.public import PublicView
from pipelines.edge.pages import AUDIENCES, render_page, render_site
from tests.page_month import page_month, public_view, scorecard
from tests.page_reading import Reading, words

PAGES = ["index.html", *(audience.href for audience in AUDIENCES)]
ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>=cmd|'/C calc'!A0{{7*7}}"


def test_there_is_a_page_for_every_reader(site):
    own = {
        path for path in site if re.fullmatch(r"service-managers/[a-z-]+(\.html|/\w+\.csv)", path)
    }
    assert {*PAGES, "wardens/map.html"} == set(site) - own | {"service-managers/index.html"}


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
    assert links == {"#main", "#not-shown"}


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
        month, **spoilt, results=answers, wards=outlines, council=ATTACK, hotspot_notes=(ATTACK,),
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
    seen = public_view().figures.assign(service=ATTACK)
    month = replace(
        month,
        scorecard=rows,
        waits=month.waits.assign(service=ATTACK),
        public=PublicView("2026-27 Q2", "Head", seen, seen),
    )
    for folder in ("public", "customer-services", "senior-leadership"):
        page = Reading(render_page(month, folder))
        assert page.all("script") == []
        assert "<script>alert(1)</script>" in page.words


def test_a_suppressed_figure_appears_on_no_page_even_if_a_value_slipped_through():
    frame = scorecard()
    hidden = frame["rag"].eq("suppressed")
    frame.loc[hidden, ["value", "lower", "upper", "previous"]] = 0.3719
    site = render_site(page_month(scorecard=frame))
    assert not any("37.19" in page or "37%" in page for page in site.values())


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
    nothing = words(render_site(replace(month, public=None)), "public")
    assert "No figures have been released yet" in nothing
    assert "Harrowby" in nothing
    assert not any(word in nothing for word in ("Bins", "Green", "five files"))


def test_a_frame_without_a_column_is_refused_by_name():
    with pytest.raises(MissingColumnsError, match="frame waits has no column what_to_say"):
        render_site(page_month(waits=page_month().waits.drop(columns="what_to_say")))
