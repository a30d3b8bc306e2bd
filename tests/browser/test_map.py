from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from insight.hotspots import HotspotMethod, hotspots
from insight.hotspots.map import hotspot_map
from pipelines.edge.leaflet import leaflet_files

GRID = "EPSG:27700"
ATTACK = '<img src=x onerror="window.harmed = true"></script><script>window.harmed = true'


@pytest.fixture(scope="module")
def map_file(tmp_path_factory):
    """A map of a made-up borough, its ward names hostile, with a default location left out."""
    rng = np.random.default_rng(1)
    hot = rng.uniform(0, 4_000, (6, 2))
    parts = [rng.uniform(0, 4_000, (400, 2)), *(rng.normal(spot, 25, (25, 2)) for spot in hot)]
    parts.append(np.tile([[2_000.0, 2_000.0]], (40, 1)))
    points = np.concatenate(parts).clip(0, 3_999) + np.array([460_000, 298_000])
    when = pd.Timestamp("2026-10-31", tz="Europe/London")
    when = when - pd.to_timedelta(rng.integers(0, 300, len(points)), unit="D")
    frame = {"reported_at": when, "easting": points[:, 0], "northing": points[:, 1]}
    reports = pd.DataFrame(frame).assign(crs=GRID, ward=ATTACK)
    found = hotspots(reports, method=HotspotMethod(), month=date(2026, 10, 1))
    assert len(found.fallback) == 1
    shapes = [box(460_000, 298_000, 462_000, 302_000), box(462_000, 298_000, 464_000, 302_000)]
    wards = gpd.GeoDataFrame({"ward": [ATTACK, "St Ann's"]}, geometry=shapes, crs=GRID)
    script, styles = leaflet_files()
    html = hotspot_map(
        found, wards=wards, crs=GRID, title="Dog fouling", leaflet_js=script, leaflet_css=styles
    )
    path = tmp_path_factory.mktemp("map") / "map.html"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture
def opened(page, map_file):
    page.goto(map_file.as_uri())
    page.wait_for_selector("path.leaflet-interactive")
    return page


def test_the_map_draws_without_a_connection(opened, blocked, console_errors):
    drawn = opened.locator("path.leaflet-interactive").count()
    assert drawn == opened.locator("button.place").count() >= 20
    assert opened.locator(".leaflet-tooltip.ward").count() == 2
    assert opened.locator(".leaflet-tooltip.left-out").count() == 1
    assert blocked == []
    assert console_errors == []


def test_ward_names_are_text_not_markup(opened):
    opened.locator("button.place").first.click()
    assert ATTACK in opened.locator(".leaflet-popup-content").inner_text()
    assert ATTACK in opened.locator(".leaflet-tooltip.ward").all_inner_texts()
    assert opened.evaluate("window.harmed") is None


def test_a_place_opens_from_the_keyboard(opened):
    opened.locator("button.place").nth(2).focus()
    opened.keyboard.press("Enter")
    assert opened.locator(".leaflet-popup-content").inner_text().startswith("Place 3:")
    assert opened.locator("#map-status").inner_text() == "Place 3 is shown on the map."


def test_numbers_past_ten_show_when_near(opened):
    later = opened.locator(".leaflet-tooltip.rank.later").first
    assert not later.is_visible()
    opened.locator("button.place").nth(10).click()
    assert opened.locator(".leaflet-tooltip.rank.later:visible").count() >= 1


@pytest.mark.parametrize("width", [1280, 360])
def test_the_map_has_no_accessibility_faults(opened, axe, width):
    opened.set_viewport_size({"width": width, "height": 800})
    assert [fault["id"] for fault in axe(opened)] == []
    opened.locator("button.place").first.click()
    assert [fault["id"] for fault in axe(opened)] == []


def test_the_page_fits_a_phone(opened):
    opened.set_viewport_size({"width": 360, "height": 740})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360


def test_paper_gets_the_map_and_the_list_without_the_controls(opened):
    opened.emulate_media(media="print")
    assert not opened.locator(".leaflet-control-zoom").is_visible()
    assert opened.locator("table").is_visible()
    assert opened.locator("path.leaflet-interactive").first.is_visible()
