import pytest
import shapely

from insight.borough.ground import AREA_M2, PEOPLE, make_wards
from insight.borough.plan import Plan

REAL_WARDS = {
    "Oadby Brocks Hill", "Oadby Grange", "Oadby St Peter's", "Oadby Uplands", "Oadby Woodlands",
    "South Wigston", "Wigston All Saints", "Wigston Fields", "Wigston Meadowcourt",
    "Wigston St Wolstan's",
}  # fmt: skip


def test_ten_wards_cover_the_borough_without_gap_or_overlap(ground):
    wards = ground.wards
    assert len(wards) == 10
    assert wards.crs == "EPSG:27700"
    assert wards.geometry.is_valid.all()
    assert (wards.geom_type == "Polygon").all()
    assert shapely.coverage_is_valid(wards.geometry.to_numpy())
    whole = wards.union_all()
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert whole.area == pytest.approx(AREA_M2, rel=0.03)


@pytest.mark.parametrize("seed", range(20))
def test_every_seed_gives_ten_sound_wards(seed, plan):
    wards = make_wards(Plan(plan.last_month, seed=seed).stream("wards"))
    assert len(wards) == 10
    assert shapely.coverage_is_valid(wards.geometry.to_numpy())
    assert wards["population"].sum() == PEOPLE
    assert wards["population"].min() > 2000


def test_the_borough_lies_inside_great_britain(ground):
    west, south, east, north = ground.wards.to_crs("EPSG:4326").total_bounds
    assert -6 < west < east < 2
    assert 50 < south < north < 58


def test_names_are_not_those_of_the_first_real_user(ground):
    names = set(ground.wards["ward_name"])
    assert not names & REAL_WARDS
    assert not any("Oadby" in name or "Wigston" in name for name in names)


def test_streets_have_names_of_their_own_and_lie_in_their_wards(ground):
    streets = ground.streets
    assert len(streets) == 120
    assert streets["street"].is_unique
    wards = ground.wards.set_index("ward_name").geometry
    assert wards.loc[streets["ward"]].reset_index(drop=True).covers(streets.geometry).all()
    assert streets["homes"].sum() * 2.35 == pytest.approx(PEOPLE, rel=0.01)


def test_postcodes_are_well_formed_unique_and_unassigned(ground):
    postcodes = ground.postcodes
    assert postcodes["postcode"].str.fullmatch(r"TD9[12] [1-5][ABD-HJLNP-UW-Z]{2}").all()
    assert postcodes["postcode"].is_unique
    points = shapely.points(postcodes["easting"], postcodes["northing"])
    wards = ground.wards.set_index("ward_name").geometry.loc[postcodes["ward"]]
    assert shapely.contains(wards.to_numpy(), points).all()


def test_the_offices_stand_in_the_market(ground):
    market = ground.wards.set_index("ward_name").geometry["Tessenby Market"]
    assert market.contains(shapely.Point(ground.offices))
