from itertools import combinations

import numpy as np
import pytest

from insight.borough.plan import Plan
from insight.borough.street_reports import COUNTY, make_reports, make_spots


@pytest.fixture(scope="module")
def spots(plan, ground):
    return make_spots(plan, ground)


@pytest.fixture(scope="module")
def reports(plan, ground, people, spots):
    return make_reports(plan, ground, people, spots)


def test_three_hotspots_lie_apart_in_wards_of_their_own(spots, ground):
    assert [spot.kind for spot in spots] == ["steady"] * 3
    assert len({spot.ward for spot in spots}) == 3
    points = [ground.offices, *((spot.easting, spot.northing) for spot in spots)]
    assert min(np.hypot(*np.subtract(a, b)) for a, b in combinations(points, 2)) >= 800


def test_a_year_or_more_also_has_an_emerging_and_a_cooling_one(long_plan, ground):
    kinds = {spot.kind: spot for spot in make_spots(long_plan, ground)}
    assert kinds["emerging"].share(0) > kinds["emerging"].share(3) == 0
    assert kinds["cooling"].share(12) > kinds["cooling"].share(0)


def test_fouling_is_as_rare_as_in_a_small_borough(reports):
    fouling = reports[reports["category"] == "Dog fouling"]
    assert 90 <= len(fouling) <= 190  # six months of about 300 a year


def test_the_switch_makes_it_a_hundred_times_as_many(plan, ground, people, spots):
    busy = Plan(plan.last_month, months=1, fouling_a_year=30_000)
    reports = make_reports(busy, ground, people, spots)
    assert reports["category"].eq("Dog fouling").sum() > 2000


def test_planted_reports_lie_around_their_hotspot(reports, spots):
    for number, spot in enumerate(spots, start=1):
        planted = reports[reports["planted"] == f"spot {number}"]
        assert len(planted) >= 12
        assert planted["category"].eq("Dog fouling").all()
        away = np.hypot(planted["easting"] - spot.easting, planted["northing"] - spot.northing)
        assert away.max() < 5 * spot.spread_m


def test_reports_without_a_place_share_one_exact_point(reports, ground):
    lost = reports[reports["planted"] == "fallback"]
    assert set(zip(lost["easting"], lost["northing"], strict=True)) == {ground.offices}
    fouling = lost["category"].eq("Dog fouling").sum()
    spots = reports["planted"].str.startswith("spot").sum() / 3
    assert fouling > spots  # by count alone it would be the worst hotspot
    easting, northing = ground.offices
    assert (reports["easting"].eq(easting) & reports["northing"].eq(northing)).sum() == len(lost)


def test_every_report_lies_in_a_ward_and_has_its_degrees(reports):
    assert reports["ward"].notna().mean() > 0.98
    assert reports["latitude"].between(55, 56).all()
    assert reports["longitude"].between(-2.5, -2).all()


def test_nothing_is_closed_before_it_is_reported(reports):
    closed = reports.dropna(subset="closed_at")
    assert (closed["closed_at"] > closed["reported_at"]).all()
    assert 0.9 < len(closed) / len(reports) < 1


def test_the_county_s_business_is_there_to_be_left_out(borough):
    (batch,) = [b for b in borough.batches if b.export.source == "fixmystreet"]
    for file in batch.files:
        left_out = file.frame["Category"].isin(COUNTY)
        assert left_out.any()
        assert (left_out.to_numpy() == file.filtered).all()
