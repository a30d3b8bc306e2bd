"""The page that wardens carry: no signal, ticks kept, and a CSV that the inbox takes back."""

import csv
from io import StringIO

import geopandas as gpd
import pytest
from shapely.geometry import LineString, box

from pipelines.edge.patrol_map import COLUMNS, patrol_page

ATTACK = '</script><img src=x onerror="window.harmed = true">'
MOST_BYTES = 3_000_000


def stop(number, place, shift="Shift 1, Monday 7 December 2026"):
    return {
        "reference": f"2026-12-07-1-{number}",
        "number": number,
        "place": place,
        "cell": f"{number}_0",
        "ward": "North",
        "shift": shift,
        "word": "More here",
        "reason": "12 reports in the last year.",
        "latitude": 52.59 + number / 1000,
        "longitude": -1.1,
    }


PAGE = {
    "title": "Where to patrol",
    "summary": "Three visits.",
    "legend": "Numbers are places.",
    "notes": ["Reports aren't the state of a street."],
    "footer": "Invented",
    "nothing": "",
    "key": "patrol-test",
    "file": "patrol-ticks.csv",
    "minutes": 15.0,
    "finding": "fouling",
}


@pytest.fixture
def patrol_file(tmp_path):
    wards = gpd.GeoDataFrame({"ward": [ATTACK]}, geometry=[box(460_000, 298_000, 464_000, 302_000)],
                             crs="EPSG:27700")  # fmt: skip
    streets = gpd.GeoDataFrame(
        {"street": ["A"]}, geometry=[LineString([(460_500, 299_000), (462_000, 299_500)])],
        crs="EPSG:27700",
    )  # fmt: skip
    stops = [stop(1, ATTACK), stop(2, "Blaby Road"), stop(3, "=1+1", "Shift 2, Tuesday")]
    path = tmp_path / "map.html"
    html = patrol_page(PAGE, stops, wards=wards, streets=streets)
    assert len(html.encode()) < MOST_BYTES
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture
def opened(page, patrol_file):
    page.context.set_offline(True)
    page.goto(patrol_file.as_uri())
    page.wait_for_selector(".pin")
    return page


def saved(opened, tmp_path):
    with opened.expect_download() as download:
        opened.get_by_role("button", name="Save what I ticked").click()
    path = tmp_path / "ticks.csv"
    download.value.save_as(path)
    return list(csv.DictReader(StringIO(path.read_bytes().decode("utf-8"))))


def test_with_no_network_the_map_is_drawn_and_a_tick_comes_out_as_csv(
    opened, tmp_path, blocked, console_errors
):
    assert opened.locator(".pin").count() == 3
    assert opened.locator(".leaflet-tooltip.ward").inner_text() == ATTACK
    second = opened.locator("li[data-at='1']")
    second.get_by_label("Found it").check()
    assert opened.locator("#count").inner_text() == "1 of 3 visits made."
    (row,) = saved(opened, tmp_path)
    assert tuple(row) == COLUMNS
    assert [row[name] for name in ("Reference", "Visited", "Place", "Square", "Done", "Found")] == [
        "2026-12-07-1-2", "Yes", "Blaby Road", "2_0", "patrol", "fouling",
    ]  # fmt: skip
    assert blocked == []
    assert console_errors == []
    assert opened.evaluate("window.harmed") is None


def test_ticks_are_kept_until_they_are_cleared(opened, patrol_file, tmp_path):
    first = opened.locator("li[data-at='0']")
    first.get_by_label("Been there").check()
    first.get_by_label("What was done at 1").select_option("sign")
    opened.goto(patrol_file.as_uri())
    assert opened.locator("#count").inner_text() == "1 of 3 visits made."
    (row,) = saved(opened, tmp_path)
    assert row["Done"] == "sign"
    opened.on("dialog", lambda dialog: dialog.accept())
    opened.get_by_role("button", name="Clear all ticks").click()
    assert opened.locator("#count").inner_text() == "0 of 3 visits made."


def test_without_storage_or_position_it_says_so_and_still_serves(page, patrol_file, tmp_path):
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }});"
        "Object.defineProperty(navigator, 'geolocation', {value: undefined});"
    )
    page.goto(patrol_file.as_uri())
    assert "doesn't keep ticks" in page.locator("#keeping").inner_text()
    page.get_by_role("button", name="Where am I?").click()
    assert "gives no position" in page.locator("#status").inner_text()
    page.locator("li[data-at='2']").get_by_label("Been there").check()
    (row,) = saved(page, tmp_path)
    assert row["Place"] == "=1+1"
    assert "2026-12-07-1-3" in page.locator("textarea").input_value()


@pytest.mark.parametrize("width", [1280, 320])
def test_the_page_has_no_accessibility_faults(opened, axe, width):
    opened.set_viewport_size({"width": width, "height": 800})
    assert axe(opened) == []
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


def test_touch_targets_are_big(opened):
    for name in ("button", "label.touch", "select"):
        heights = opened.locator(name).evaluate_all(
            "nodes => nodes.filter(n => n.offsetParent).map(n => n.getBoundingClientRect().height)"
        )
        assert min(heights) >= 44


def test_online_tiles_stay_off_until_switched_on(page, patrol_file, blocked):
    html = patrol_page(
        PAGE,
        [stop(1, "A")],
        wards=None,
        streets=None,
        tiles="https://tiles.invalid/{z}/{x}/{y}.png",
    )
    patrol_file.write_text(html, encoding="utf-8")
    page.goto(patrol_file.as_uri())
    page.wait_for_selector(".pin")
    assert blocked == []
    with page.expect_request("https://tiles.invalid/**"):
        page.get_by_label("Show the online map behind").check()
    assert blocked
