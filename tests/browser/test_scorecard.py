"""The scorecard's pages in a real browser: axe, sorting with mouse and keys, and no script."""

import pytest

from pipelines.edge.pages import render_site
from tests.judged_month import judged
from tests.page_month import page_month

PAGES = [
    "performance/scorecard.html",
    "performance/scorecard-service-bins-and-recycling.html",
    "senior-leadership/index.html",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root, month = tmp_path_factory.mktemp("scorecard"), judged()
    for path, content in render_site(page_month(judged=month, scorecard=month.card)).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8", newline="")
    return root


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(page, axe, folder, blocked, console_errors, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((folder / path).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = axe(page)
    assert [(f["id"], [n["html"] for n in f["nodes"]][:3]) for f in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, summary, button")]
            .filter(e => !e.matches(".skip") && e.getBoundingClientRect().height < 24)
            .map(e => e.textContent)"""
    )
    assert small == []
    assert blocked == []
    assert console_errors == []


def measures(page):
    return page.locator("table.sorts tbody th").all_inner_texts()


def test_a_heading_sorts_both_ways_and_says_so(page, folder):
    page.goto((folder / PAGES[0]).as_uri())
    value = page.locator("table.sorts thead th", has_text="Value")
    value.get_by_role("button").click()
    assert value.get_attribute("aria-sort") == "ascending"
    rising = measures(page)
    assert rising[0] == "The measure <worse>"
    assert rising[-1] == "The measure <hidden>"  # no value comes last, whichever way
    value.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert value.get_attribute("aria-sort") == "descending"
    assert measures(page) == [*rising[-2::-1], rising[-1]]
    assert page.locator("#sorted").inner_text() == "Sorted by Value, descending."
    other = page.locator("table.sorts thead th", has_text="Measure")
    other.get_by_role("button").click()
    assert value.get_attribute("aria-sort") is None
    assert measures(page) == sorted(rising)


def test_without_a_script_the_table_is_there_worst_first(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / PAGES[0]).as_uri())
    assert measures(page)[0] == "The measure <worse>"
    assert page.locator("table.sorts thead button").count() == 0
    context.close()


def test_a_measure_of_the_table_leads_to_its_detail(page, folder):
    page.goto((folder / PAGES[0]).as_uri())
    page.locator("table.sorts tbody th a").first.click()
    assert page.locator("article:target h3").inner_text() == "The measure <worse>"
