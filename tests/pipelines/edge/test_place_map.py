import pandas as pd
import pytest

from pipelines.edge.place_map import grid_reference, place_map
from tests.page_month import hotspots, wards


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


def test_grid_lines_carry_the_figures_of_the_references_and_lie_where_they_say():
    spots = pd.DataFrame({"rank": [1, 2, 3], "crs": "EPSG:27700",
                          "easting": [461_000.0, 464_000.0, 462_500.0],
                          "northing": [299_000.0, 302_000.0, 300_500.0]})  # fmt: skip
    drawn = place_map(spots, None, source="dog-fouling")
    across = {figures: x for figures, x, y in drawn.grid_labels if y < 28}
    assert sorted(across) == ["61", "62", "63", "64"]
    assert across["61"] == drawn.pins[0].x
    assert across["64"] == drawn.pins[1].x
    assert place_map(spots.assign(crs="EPSG:26986"), None, source="dog-fouling").grid == ""
    near = spots.assign(easting=spots["easting"] / 10 + 415_000, northing=299_000.0)
    labels = place_map(near, None, source="dog-fouling", around_m=150).grid_labels
    assert {len(figures) for figures, _, _ in labels} == {3}


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
