"""Every reader's page in a real browser: no finding of axe's, at two widths and on paper."""

import pytest

from pipelines.edge.pages import AUDIENCES, render_site
from tests.page_month import page_month

PAGES = ["index.html", *(audience.href for audience in AUDIENCES), "service-managers/bins.html"]
WIDTHS = {"phone": 320, "desk": 1280}
SMALLEST_TARGET = 24  # CSS pixels, WCAG 2.2's 2.5.8


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    for path, content in render_site(page_month()).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8", newline="")
    return root


def show(page, folder, path, width=1280):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((folder / path).as_uri())


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_axe_finds_nothing(page, axe, folder, blocked, console_errors, path, width):
    show(page, folder, path, width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = axe(page)
    assert [(f["id"], [n["html"] for n in f["nodes"]][:3]) for f in found] == []
    assert blocked == []
    assert console_errors == []


@pytest.mark.parametrize("path", PAGES)
def test_the_page_itself_never_scrolls_sideways(page, folder, path):
    show(page, folder, path, 320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", PAGES)
def test_targets_are_big_enough_for_a_gloved_thumb(page, folder, path):
    show(page, folder, path, 375)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll("a, summary")]
            .filter(e => !e.matches(".skip"))
            .map(e => [e.textContent, e.getBoundingClientRect().height])"""
    )
    assert [text for text, height in sizes if height < SMALLEST_TARGET] == []


@pytest.mark.parametrize("path", PAGES)
def test_the_keyboard_reaches_the_content_first_and_sees_where_it_is(page, folder, path):
    show(page, folder, path)
    page.keyboard.press("Tab")
    skip = page.evaluate("document.activeElement.textContent")
    assert skip == "Skip to the content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert page.evaluate("document.activeElement === document.body") or outline == "solid"


def test_every_link_of_the_site_leads_to_a_file(page, folder):
    beside = {item.href for item in page_month().downloads}  # whoever publishes puts them there
    for path in PAGES:
        show(page, folder, path)
        links = page.evaluate("[...document.links].map(a => a.getAttribute('href'))")
        files = {link for link in links if not link.startswith("#")} - beside
        assert [link for link in files if not ((folder / path).parent / link).exists()] == []


def test_the_wardens_sheet_prints_its_tick_boxes_and_not_its_button(page, folder):
    show(page, folder, "wardens/index.html")
    button, tick = page.locator(".button"), page.locator(".place .print-only").first
    assert button.is_visible()
    assert not tick.is_visible()
    page.emulate_media(media="print")
    assert not button.is_visible()
    assert tick.is_visible()


def test_the_wardens_sheet_is_two_sides_of_a4(page, folder):
    show(page, folder, "wardens/index.html")
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") <= 2


def test_no_script_runs_and_the_figures_still_open(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "planning/index.html").as_uri())
    page.locator("summary").first.click()
    assert page.locator("details[open] table").first.is_visible()
    context.close()
