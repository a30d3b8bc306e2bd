"""Reports against people, streets, deprivation and wardens' findings."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, box

from insight.hotspots.exposure import (
    deprivation_rates,
    deprivation_words,
    findings_words,
    residents_by_ward,
    street_findings,
    street_km,
    ward_rates,
)
from insight.hotspots.segments import street_pieces

GRID = "EPSG:27700"
WARDS = gpd.GeoDataFrame(
    {"ward": ["East", "West"]},
    geometry=[box(1_000, 0, 2_000, 1_000), box(0, 0, 1_000, 1_000)],
    crs=GRID,
)
AREAS = gpd.GeoDataFrame(
    {"area": ["a", "b", "c"], "population": [500.0, 700.0, 1_500.0], "decile": [1.0, 4.0, 9.0]},
    geometry=[box(0, 0, 500, 1_000), box(500, 0, 1_000, 1_000), box(1_000, 0, 2_000, 1_000)],
    crs=GRID,
)
STREETS = gpd.GeoDataFrame(
    {"street": ["Ash Road", "Mill Lane", "Quiet Way"]},
    geometry=[
        LineString([(500, 100), (1_500, 100)]),
        LineString([(100, 500), (300, 500)]),
        LineString([(100, 900), (300, 900)]),
    ],
    crs=GRID,
)


def patrols(*rows):
    return pd.DataFrame(rows, columns=["place", "found"]).astype("string")


def test_people_and_streets_of_each_ward_add_up():
    assert residents_by_ward(AREAS, WARDS).to_dict() == {"East": 1_500, "West": 1_200}
    assert street_km(STREETS, WARDS).to_dict() == pytest.approx({"East": 0.5, "West": 0.9})


def test_rates_stand_beside_their_base_and_interval():
    counts = pd.Series({"East": 30, "West": 0})
    table = ward_rates(counts, residents_by_ward(AREAS, WARDS), street_km(STREETS, WARDS))
    east, west = table.set_index("ward").T.to_dict().values()
    assert (east["people_rate"], east["km_rate"]) == (20, 60)
    assert east["people_lower"] < 20 < east["people_upper"]
    assert west["people_rate"] == west["people_lower"] == 0 < west["people_upper"]
    assert list(ward_rates(counts, None, None)) == ["ward", "reports"]


def test_deprived_areas_that_report_less_are_said_to_be_silent_not_clean():
    east = np.r_[np.full(5, 250.0), np.full(150, 1_500.0)]
    rates = deprivation_rates(east, np.full(155, 500.0), AREAS)
    assert rates[["fifth", "areas", "reports", "exposure"]].to_numpy().tolist() == [
        [1, 1, 5, 500], [2, 1, 0, 700], [5, 1, 150, 1_500],
    ]  # fmt: skip
    words = deprivation_words(rates)
    assert "sent 0.0 times as many reports" in words
    assert "5 and 150 reports from 1,200 and 1,500 residents" in words
    assert "silence there is no sign of clean streets" in words


def test_few_reports_or_one_kind_of_area_say_nothing_of_deprivation():
    few = deprivation_rates(np.full(3, 250.0), np.full(3, 500.0), AREAS)
    assert "too few reports (3)" in deprivation_words(few)
    alike = deprivation_rates(np.full(30, 250.0), np.full(30, 500.0), AREAS.iloc[:1])
    assert "nothing to compare" in deprivation_words(alike)


def test_findings_stand_beside_reports_street_by_street():
    seen = patrols(
        *[("Ash Road", "fouling")] * 20, *[("Ash Road (SK 000 001)", "nothing")] * 20,
        *[("Quiet Way", "Nothing")] * 38, *[("Quiet Way", "fouling")] * 2,
        ("Mill Lane", ""), ("Mill Lane", None), ("Elsewhere", "fouling"),
    )  # fmt: skip
    table = street_findings(np.array([700.0, 710.0, 200.0]), np.array([110.0, 90.0, 480.0]), seen,
                            street_pieces(STREETS))  # fmt: skip
    rows = table.set_index("street")
    assert table["street"].tolist()[:2] == ["Quiet Way", "Ash Road"]
    assert rows.loc["Ash Road", ["reports", "visits", "found"]].tolist() == [2, 40, 20]
    assert rows["says"].to_dict() == {
        "Quiet Way": "found, not reported", "Ash Road": "reported and found",
        "Mill Lane": "not visited",
    }  # fmt: skip
    assert rows.loc["Ash Road", "lower"] < 0.5 < rows.loc["Ash Road", "upper"]
    words = findings_words(table)
    assert "on 50% of 40 visits to streets with reports and on 5% of 40" in words
    assert "Reports point the right way" in words


def test_reports_that_point_away_or_nowhere_are_said_to():
    away = patrols(*[("Ash Road", "nothing")] * 40, *[("Quiet Way", "fouling")] * 40)
    reported = np.array([700.0]), np.array([100.0])
    pieces = street_pieces(STREETS)
    assert "point away" in findings_words(street_findings(*reported, away, pieces))
    few = patrols(("Ash Road", "fouling"))
    assert "too few visits" in findings_words(street_findings(*reported, few, pieces))
    none = findings_words(street_findings(*reported, patrols(), pieces))
    assert "No visit with a finding" in none


def test_a_visit_on_which_nobody_looked_is_no_finding():
    seen = patrols(("Ash Road", "Not looked"), ("Ash Road", " "), ("Ash Road", "litter"))
    table = street_findings(np.array([700.0]), np.array([100.0]), seen, street_pieces(STREETS))
    ash = table.set_index("street").loc["Ash Road"]
    assert ash[["visits", "found"]].tolist() == [1, 1]
