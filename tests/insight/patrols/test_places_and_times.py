from datetime import date
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, box

from insight.hotspots import Hotspots
from insight.hotspots.by_street import Streets
from insight.hotspots.segments import street_pieces
from insight.patrols.effects import effects
from insight.patrols.places import (
    in_wards,
    quiet_streets,
    ranked_places,
    walked_together,
    ward_places,
    whole_streets,
)
from insight.patrols.times import season_elsewhere, visit_times

LONDON = ZoneInfo("Europe/London")
GRID = "EPSG:27700"


def squares(*rows):
    columns = ["cell", "place", "easting", "northing", "score", "reports", "expected", "evidence"]
    return pd.DataFrame(rows, columns=columns).assign(ward="North")


def test_touching_squares_of_one_street_are_one_place():
    cells = squares(
        ("0_0", "High Street (A)", 50.0, 50.0, 9.0, 9, 1.0, "weak"),
        ("100_0", "High Street (B)", 150.0, 50.0, 5.0, 5, 1.0, "strong"),
        ("100_100", "Low Street (C)", 150.0, 150.0, 4.0, 4, 1.0, "weak"),
        ("900_0", "High Street (D)", 950.0, 50.0, 3.0, 3, 1.0, "weak"),
    )
    assert walked_together(cells, 100).tolist() == ["0_0", "0_0", "100_100", "900_0"]
    recent = pd.Series(["0_0", "100_0", pd.NA, "500_500"], dtype="string")
    places, part_of = ranked_places(cells, recent, cell_m=100)
    assert places["cell"].tolist() == ["0_0", "100_100", "900_0"]
    assert places.loc[0, ["score", "reports", "recent", "expected"]].tolist() == [14, 14, 2, 2]
    assert places.loc[0, "evidence"] == "strong"
    assert part_of["100_0"] == "0_0"


def test_a_report_on_an_edge_is_in_one_square():
    reports = pd.DataFrame({"easting": [100.0, 99.999, np.nan], "northing": [0.0, 0.0, 1.0]})
    found = Hotspots(pd.DataFrame(), pd.DataFrame(), (), cell_m=100.0)
    assert found.cells_of(reports).tolist() == ["100_0", "0_0", pd.NA]


def test_a_report_known_only_roughly_is_in_no_square():
    reports = pd.DataFrame(
        {"easting": [10.0, 10.0], "northing": [10.0, 10.0], "place_error_m": [50.0, 51.0]}
    )
    found = Hotspots(pd.DataFrame(), pd.DataFrame(), (), cell_m=100.0)
    assert found.cells_of(reports).tolist() == ["0_0", pd.NA]


def test_streets_without_reports_near_are_quiet():
    streets = gpd.GeoDataFrame(
        {"street": ["Busy Road", "Quiet Road"]},
        geometry=[LineString([(0, 0), (100, 0)]), LineString([(0, 5000), (100, 5000)])],
        crs=GRID,
    )
    reported = pd.DataFrame({"easting": [50.0], "northing": [10.0]})
    quiet = quiet_streets(reported, streets, GRID)
    assert quiet["place"].str.startswith("Quiet Road").tolist() == [True]
    assert quiet[["reports", "score"]].to_numpy().tolist() == [[0, 0.0]]


def test_every_piece_of_street_belongs_to_a_place():
    streets = gpd.GeoDataFrame(
        {"street": ["Busy Road", "Quiet Road"]},
        geometry=[LineString([(0, 0), (300, 0)]), LineString([(0, 5000), (200, 5000)])],
        crs=GRID,
    )
    pieces = street_pieces(streets)
    share = np.array([0.5, 0.2, 0.1, 0.05, 0.05])
    ground = Streets(pieces, None, 0, pieces.cell.iloc[:0], share)
    reported = squares((pieces.cell[0], "Busy Road (A)", 50.0, 0.0, 0.5, 9, 1.0, "strong"))
    places, part_of = ranked_places(reported, reported["cell"], cell_m=100)
    places, part_of = whole_streets(places, part_of, ground, GRID)
    assert places["cell"].tolist() == [pieces.cell[0], "street Quiet Road"]
    assert places["score"].tolist() == pytest.approx([0.8, 0.1])
    assert places["reports"].tolist() == [9, 0]
    assert part_of[pieces.cell].tolist() == [pieces.cell[0]] * 3 + ["street Quiet Road"] * 2


def test_wards_stand_in_where_there_is_too_little():
    wards = gpd.GeoDataFrame(
        {"ward": ["A", "B"]}, geometry=[box(0, 0, 10, 10), box(10, 0, 20, 10)], crs=GRID
    )
    reports = pd.DataFrame({"ward": ["B", "B", None]})
    places = ward_places(wards, reports, reports.iloc[:1])
    assert places["ward"].tolist() == ["B", "A"]
    assert places["score"].tolist() == [3, 1]
    blank = places.assign(ward=pd.Series([pd.NA, pd.NA], dtype="string"))
    assert in_wards(blank, wards)["ward"].tolist() == ["B", "A"]


def reported(*months, count=30):
    days = [pd.Timestamp(month, tz="Europe/London") for month in months for _ in range(count)]
    return pd.Series(days)


def test_the_dark_months_are_told_only_over_whole_years():
    monday = date(2026, 12, 7)
    every = ["2025-12-15", *(f"2026-{month:02}-15" for month in range(1, 12))]
    flat = reported("2025-11-20", *every, count=20)
    few = reported("2026-11-20", count=20)
    dark = pd.concat([flat, reported("2026-01-10", "2025-12-11", count=60)])

    def season(when):
        return visit_times(
            when, monday=monday, latitude=52.6, longitude=-1.1, zone=LONDON
        ).season  # fmt: skip

    assert season(few).startswith("Too few")
    assert season(flat).startswith("No clear season")
    assert season(dark).startswith("More in the dark months")


def test_winter_dusk_is_within_a_shift_and_summer_dusk_is_not():
    def times(monday):
        none = pd.Series([], dtype="datetime64[us, Europe/London]")
        return visit_times(none, monday=monday, latitude=52.6, longitude=-1.1, zone=LONDON)

    winter, summer = times(date(2026, 12, 7)), times(date(2026, 6, 15))
    # Leicester, 9 December: the almanac has sunrise 08:05 and sunset 15:50 to a few minutes.
    assert abs(winter.sunset.hour * 60 + winter.sunset.minute - (15 * 60 + 50)) <= 6
    assert winter.windows == ("07:15 to 08:45", "15:00 to 16:30")
    assert summer.windows == ("07:00 to 08:00", "18:00 to 19:00")


def test_a_busy_day_has_to_stand_out():
    days = pd.date_range("2026-01-05", periods=140, freq="D", tz="Europe/London").to_series()
    mondays = pd.Series([pd.Timestamp("2026-01-05", tz="Europe/London")] * 60)
    flat = visit_times(days, monday=date(2026, 12, 7), latitude=52, longitude=-1, zone=LONDON)
    busy = visit_times(
        pd.concat([days, mondays]), monday=date(2026, 12, 7), latitude=52, longitude=-1, zone=LONDON
    )
    assert flat.busy_days == ()
    assert busy.busy_days == ("Monday",)


def acted(rng, kept, *, after_share=1.0):
    """Reports of 200 days at ten treated places and elsewhere; the action is on day 100."""
    day = np.sort(rng.uniform(0, 200, kept))
    at = rng.random(kept) < 0.5
    stays = (day < 100) | ~at | (rng.random(kept) < after_share)
    place = rng.integers(0, 10, kept)
    east = np.where(at, place * 5_000.0 + rng.uniform(-50, 50, kept), rng.uniform(0, 9e4, kept))
    north = np.where(at, rng.uniform(-50, 50, kept), 20_000 + rng.uniform(0, 9e4, kept))
    start = pd.Timestamp("2026-01-01", tz="Europe/London")
    reports = pd.DataFrame(
        {
            "reported_at": start + pd.to_timedelta(day, unit="D"),
            "easting": east,
            "northing": north,
        }
    )[stays]
    actions = pd.DataFrame(
        {
            "action": "stencil",
            "started_at": start + pd.Timedelta(days=100),
            "easting": np.arange(10) * 5_000.0,
            "northing": 0.0,
        }
    )
    return reports, actions


def test_an_effect_is_found_where_there_is_one():
    held = 0
    for seed in range(40):
        reports, actions = acted(np.random.default_rng(seed), 2_000, after_share=0.5)
        (effect,) = effects(reports, actions, days=91, until=date(2026, 8, 1))
        held += effect.lower < 0.5 < effect.upper
        assert effect.upper < 0.8
        assert "more than chance" in effect.words
    assert effect.places == 10
    assert held >= 34  # 95% of 40 is 38; fewer than 34 is 1 in 100


def test_no_effect_is_claimed_where_nothing_was_done():
    claimed = 0
    for seed in range(60):
        reports, actions = acted(np.random.default_rng(seed), 400)
        (effect,) = effects(reports, actions, days=91, until=date(2026, 8, 1))
        claimed += not effect.lower <= 1 <= effect.upper
    assert claimed <= 7  # 5% of 60 is 3; eight or more is 1 in 100


def test_too_few_reports_or_too_short_a_time_say_so():
    reports, actions = acted(np.random.default_rng(1), 30)
    (effect,) = effects(reports, actions, days=91, until=date(2026, 8, 1))
    assert effect.ratio is None
    assert "Too few" in effect.words
    assert effects(reports, actions, days=91, until=date(2026, 5, 1)) == []


def test_an_action_before_reports_were_kept_shows_no_rise():
    reports, actions = acted(np.random.default_rng(1), 2_000)
    kept = reports[reports["reported_at"] >= pd.Timestamp("2026-03-01", tz="Europe/London")]
    assert effects(reports, actions, days=91, until=date(2026, 8, 1))
    assert effects(kept, actions, days=91, until=date(2026, 8, 1)) == []


def test_effects_count_by_hand():
    start = pd.Timestamp("2026-07-01", tz="Europe/London")  # no change of clocks on either side
    offsets = [-5, -91, -92, 0, 90, 91]
    reports = pd.DataFrame(
        {
            "reported_at": [start + pd.Timedelta(days=each) for each in offsets],
            "easting": 0.0,
            "northing": 99.0,
        }
    )
    action = pd.DataFrame(
        {"action": ["bin"], "started_at": [start], "easting": [0.0], "northing": [0.0]}
    )
    (effect,) = effects(reports, action, days=91, until=date(2026, 11, 1))
    assert (effect.before, effect.after, effect.elsewhere_before) == (2, 2, 0)


def test_what_lies_off_a_street_is_walked_with_it_and_called_by_it():
    cells = squares(
        ("100_0", "Off High Street (B)", 150.0, 50.0, 9.0, 9, 1.0, "weak"),
        ("High Street 50_50", "High Street (A)", 50.0, 50.0, 5.0, 5, 1.0, "strong"),
    )
    places, _ = ranked_places(cells, pd.Series([], dtype="string"), cell_m=100)
    assert places[["place", "reports"]].to_numpy().tolist() == [["High Street (A)", 14]]


def test_reports_dated_by_month_alone_make_no_day_busy():
    months = pd.Series(pd.to_datetime(["2026-06-01", "2026-07-01"] * 60)).dt.tz_localize(LONDON)
    told = visit_times(months, monday=date(2026, 11, 30), latitude=52.6, longitude=-1.1,
                       zone=LONDON, elsewhere="Elsewhere more.")  # fmt: skip
    assert told.busy_days == ()
    assert told.days.startswith("Reports carry their month alone")
    assert told.season.endswith("Elsewhere more.")


def test_a_service_that_grows_makes_no_season_of_itself():
    months = pd.period_range("2014-07", "2018-06", freq="M")
    growing = pd.DataFrame({"month": months.astype(str), "reports": 100 + 10 * np.arange(48)})
    assert "33% of 16,080 came from November to February" in season_elsewhere(growing, "Counts")
    assert "too few" in season_elsewhere(growing.head(11), "Counts")
