import numpy as np
import pandas as pd
import pytest

from insight.errors import MissingColumnsError
from insight.hotspots.points import at_points, coordinates_snapped, fallback_points

TOWN_HALL = (2_400.0, 2_400.0)


@pytest.fixture
def town(report_frame):
    """Six hundred reports, all at addresses of their own, and more at given points."""

    def build(*extra, days=365):
        rng = np.random.default_rng(3)
        points = [rng.uniform(0, 4_900, (600, 2))]
        points += [np.tile(point, (count, 1)) for point, count in extra]
        return report_frame(np.concatenate(points), days=days)

    return build


def test_a_town_hall_with_far_more_than_its_neighbours_is_named(town):
    (found,) = fallback_points(town((TOWN_HALL, 40))).to_dict("records")
    assert (found["easting"], found["northing"]) == (462_400, 300_400)
    assert found["reports"] == 40
    assert found["share"] == pytest.approx(40 / 640)
    assert found["reason"].startswith("40 times as many reports as any other point within")


def test_ordinary_addresses_are_not_named(town):
    assert fallback_points(town()).empty


def test_a_trouble_spot_over_several_addresses_is_not_named(town):
    spots = [((2_400.0 + 60 * step, 2_400.0), 20) for step in range(5)]
    assert fallback_points(town(*spots)).empty


def test_too_few_reports_at_a_point_prove_nothing(town):
    assert fallback_points(town((TOWN_HALL, 7))).empty
    assert len(fallback_points(town((TOWN_HALL, 8)))) == 1


def test_one_bad_afternoon_is_not_a_default_location(town):
    reports = town((TOWN_HALL, 40))
    there = reports["easting"].eq(462_400)
    afternoon = reports["reported_at"].mask(there, pd.Timestamp("2026-05-05", tz="Europe/London"))
    assert fallback_points(reports.assign(reported_at=afternoon)).empty


def test_a_placeholder_with_several_reports_on_each_of_many_days_is_named(town):
    reports = town((TOWN_HALL, 400))
    there = reports["easting"].eq(462_400).to_numpy()
    days = pd.Timestamp("2026-05-05", tz="Europe/London") + pd.to_timedelta(
        np.arange(400) % 100, unit="D"
    )
    times = reports["reported_at"].to_numpy(dtype=object)
    times[there] = days.to_numpy(dtype=object)[: there.sum()]
    assert len(fallback_points(reports.assign(reported_at=pd.DatetimeIndex(times)))) == 1


@pytest.fixture
def geocoded(report_frame):
    """Build reports at six hundred addresses, of which some report up to six times."""

    def build(*extra):
        rng = np.random.default_rng(5)
        addresses = rng.uniform(0, 2_000, (600, 2))
        again = np.repeat(addresses[::20], 5, axis=0)
        points = [np.tile(point, (count, 1)) for point, count in extra]
        return report_frame(np.concatenate([addresses, again, *points]))

    return build


def test_where_addresses_repeat_a_lonely_one_could_be_a_park_and_is_left_alone(geocoded):
    assert fallback_points(geocoded(((4_800.0, 4_800.0), 40))).empty
    assert len(fallback_points(geocoded(((4_800.0, 4_800.0), 60)))) == 1


def test_where_addresses_repeat_one_among_neighbours_is_named(geocoded):
    assert len(fallback_points(geocoded(((1_000.0, 1_000.0), 40)))) == 1
    assert fallback_points(geocoded(((1_000.0, 1_000.0), 14))).empty


def test_a_second_spelling_of_the_same_place_is_named_with_it(town):
    # Alone, the 25 would be hidden by the 10 at the next address.
    beside, next_door = (2_430.0, 2_420.0), (2_500.0, 2_420.0)
    assert fallback_points(town((beside, 25), (next_door, 10))).empty
    found = fallback_points(town((TOWN_HALL, 80), (beside, 25), (next_door, 10)))
    assert found["reports"].tolist() == [80, 25]
    assert found["reason"].iloc[1] == "within 50 metres of another default location."


def test_coordinates_without_times_still_tell(town):
    reports = town((TOWN_HALL, 40)).drop(columns="reported_at")
    assert fallback_points(reports)["reports"].tolist() == [40]


def test_a_handful_of_points_has_no_neighbours_to_compare_with(report_frame):
    points = np.concatenate([np.tile(TOWN_HALL, (40, 1)), [[0, 0], [10, 10]]])
    assert fallback_points(report_frame(points)).empty


def test_snapped_coordinates_say_nothing(report_frame):
    rng = np.random.default_rng(7)
    streets = rng.uniform(0, 4_900, (100, 2))
    reports = report_frame(streets[rng.integers(0, 100, 800)], days=30)
    assert coordinates_snapped(reports)
    busy = pd.concat([reports, report_frame(np.tile(streets[0], (300, 1)))])
    assert fallback_points(busy).empty


def test_reports_are_matched_to_points_by_the_metre(town):
    reports = town((TOWN_HALL, 40))
    shifted = reports.assign(easting=reports["easting"] + 0.3)
    assert at_points(shifted, fallback_points(reports)).sum() == 40


def test_no_reports_give_no_points(report_frame):
    assert fallback_points(report_frame(np.empty((0, 2)))).empty
    with pytest.raises(MissingColumnsError, match="easting"):
        fallback_points(pd.DataFrame({"northing": [1.0]}))


def boston(real_data):
    from insight.places import locate

    raw = pd.read_csv(real_data / "boston-animal-311" / "reports_2013_2018.csv.gz")
    times = pd.to_datetime(raw["open_dt"]).dt.tz_localize("America/New_York", ambiguous=True)
    frame = raw[["latitude", "longitude"]].astype("Float64").assign(reported_at=times)
    return locate(frame, crs="EPSG:26986")[0]


def test_bostons_city_hall_and_other_fallbacks_are_named(real_data):
    found = fallback_points(boston(real_data))
    from pyproj import Transformer

    back = Transformer.from_crs("EPSG:26986", "EPSG:4326", always_xy=True)
    longitude, latitude = back.transform(found["easting"], found["northing"])
    named = {
        (round(north, 3), round(west, 3)): reports
        for north, west, reports in zip(latitude, longitude, found["reports"], strict=True)
    }
    assert named[(42.36, -71.058)] >= 37  # city hall, under two spellings
    assert found["reports"].iloc[0] == 100
    assert named[(42.323, -71.111)] == 84  # the animal hospital that finds are taken to
    assert len(found) <= 10


def test_the_polices_snapped_streets_are_not_called_fallbacks(real_data):
    from insight.places import locate

    folder = real_data / "leicestershire-street-crime"
    raw = pd.concat([pd.read_csv(file) for file in sorted(folder.glob("*.csv.gz"))])
    raw = raw.reset_index(drop=True)
    frame = raw.rename(columns=str.lower)[["latitude", "longitude"]].astype("Float64")
    times = pd.to_datetime(raw["Month"]).dt.tz_localize("Europe/London")
    crimes, _ = locate(frame.assign(reported_at=times), crs="EPSG:27700")
    assert coordinates_snapped(crimes)
    assert fallback_points(crimes).empty
    assert not coordinates_snapped(boston(real_data))
