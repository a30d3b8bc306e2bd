import re
from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from branca.element import CssLink
from shapely.geometry import box

from insight.hotspots import HotspotMethod, Hotspots, hotspots
from insight.hotspots import map as hotspot_page
from insight.hotspots.map import NotOfflineError, hotspot_map
from pipelines.edge.leaflet import leaflet_files

GRID = "EPSG:27700"
SCRIPT = "</script><script>alert('x')</script>"


@pytest.fixture
def wards():
    shapes = [box(460_000, 298_000, 462_000, 302_900), box(462_000, 298_000, 464_900, 302_900)]
    return gpd.GeoDataFrame({"ward": ["Mill Lane", "St Ann's"]}, geometry=shapes, crs=GRID)


@pytest.fixture
def found(borough, report_frame):
    reports = report_frame(borough(1, 2_000, planted=10)[0])
    hall = report_frame(np.tile([(2_400.0, 2_400.0)], (60, 1)), seed=1)
    both = pd.concat([reports, hall], ignore_index=True)
    return hotspots(both, method=HotspotMethod(), month=date(2026, 10, 1))


def draw(found, wards, **options):
    script, styles = leaflet_files()
    options = {"title": "Dog fouling, October 2026", "crs": GRID, **options}
    return hotspot_map(found, wards=wards, leaflet_js=script, leaflet_css=styles, **options)


def listed(html):
    return re.findall(r'class="place" data-rank="(\d+)"', html)


def test_nothing_outside_is_asked_for(found, wards):
    html = draw(found, wards)
    assert not re.search(r"<(script|link|img|iframe)\b[^>]*(src|href)", html)
    assert "tile" not in re.sub(r"<(script|style)>.*?</\1>", "", html, flags=re.DOTALL)
    assert len(html) < 1_500_000


def test_a_link_that_folium_adds_is_refused(found, wards, monkeypatch):
    def fit(chart, layers):
        chart.get_root().header.add_child(CssLink("https://example.org/a.css"))

    monkeypatch.setattr(hotspot_page, "_fit", fit)
    with pytest.raises(NotOfflineError):
        draw(found, wards)


def test_a_default_location_far_off_does_not_make_the_places_tiny(found, wards):
    away = found.fallback.assign(easting=found.fallback["easting"] + 40_000)
    shown = [
        re.findall(r"fitBounds\([^;]*", draw(each, wards), re.DOTALL)
        for each in (found, replace(found, fallback=away))
    ]
    assert len(found.fallback)
    assert shown[0]
    assert shown[0] == shown[1]


def test_the_same_hotspots_give_the_same_bytes(found, wards):
    assert draw(found, wards) == draw(found, wards)


def test_the_page_has_language_title_and_may_be_zoomed(found, wards):
    html = draw(found, wards)
    assert '<html lang="en-GB">' in html
    assert "<title>Dog fouling, October 2026</title>" in html
    assert "user-scalable" not in html
    assert "maximum-scale" not in html
    assert html.count("</body>") == html.count("</html>") == html.count("<main>") == 1
    assert html.rstrip().endswith("</body></html>")


def test_the_best_places_and_all_significant_ones_are_listed(found, wards):
    cells = found.cells
    expected = cells[(cells["rank"] <= 5) | cells["significant"]]["rank"].astype(str).tolist()
    assert listed(draw(found, wards, shown=5)) == expected
    assert len(expected) >= 5


def test_text_says_what_the_map_shows(found, wards):
    html = draw(found, wards)
    assert found.note.split(".")[0] in html
    assert "A map of the first" in html
    best = found.cells.iloc[0]
    assert f'on the map">{best["place"]}</button>' in html
    assert "Default locations, left out" in html
    assert "60 reports" in html


def test_what_people_wrote_is_text_wherever_it_lands(found, wards):
    cells = found.cells.assign(place=SCRIPT + "{{ 7 * 7 }}", ward=SCRIPT)
    fallback = found.fallback.assign(reason=SCRIPT)
    bad = Hotspots(cells, fallback, (SCRIPT,), found.reports, found.crs, found.cell_m)
    html = draw(bad, wards.assign(ward=SCRIPT), title=SCRIPT, attribution=SCRIPT)
    clean = draw(found, wards)
    assert html.count("<script>") == clean.count("<script>")
    assert html.count("</script>") == clean.count("</script>")
    assert "alert('x')" not in html
    assert "{{ 7 * 7 }}" in html
    assert "49</button>" not in html


def test_only_ward_names_leave_the_ward_file(found, wards):
    secret = wards.assign(officer="Ms Example")
    assert "Ms Example" not in draw(found, secret)


def test_a_map_without_hotspots_or_wards_still_says_why(found, wards):
    none = Hotspots(found.cells.head(0), found.fallback.head(0), ("Too few.",), 3, GRID, 250.0)
    for base in (wards, None):
        html = draw(none, base)
        assert "There are no places to show on it." in html
        assert listed(html) == []
        assert 'class="legend"' not in html


def test_wards_in_degrees_draw_the_same_map(found, wards):
    assert draw(found, wards.to_crs("EPSG:4326")) == draw(found, wards)
