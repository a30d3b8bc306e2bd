import numpy as np
import pandas as pd
import pytest

from insight.hotspots.bias import (
    by_deprivation,
    by_exposure,
    concentration,
    inspected,
    one_vote_each,
)
from insight.hotspots.grid import grid_over
from insight.hotspots.method import HotspotMethod


def test_the_share_of_the_most_active_is_told_and_anonymous_reports_stand_apart():
    told = concentration(pd.Series(["a"] * 30 + list("bcdefghijk") + [None] * 10))
    assert told.reporters == 11
    assert told.top_one == told.top_tenth == 30 / 40
    assert told.anonymous == 0.2
    assert concentration(pd.Series([None, None], dtype="string")) is None


def test_a_place_that_one_person_made_does_not_stand_out_by_votes(borough):
    points, _ = borough(1, 900)
    spots = np.concatenate([np.full((40, 2), 1_050.0), np.full((40, 2), 3_050.0)])
    both = np.concatenate([points, spots])
    reporter = [f"p{n}" for n in range(len(points))] + ["one"] * 40 + [f"q{n}" for n in range(40)]
    reports = pd.DataFrame({"easting": both[:, 0], "northing": both[:, 1], "reporter": reporter})
    grid = grid_over(both[:, 0], both[:, 1], cell_m=100)
    votes = one_vote_each(reports, grid, HotspotMethod())
    row, column = grid.cells(np.array([1_050.0, 3_050.0]), np.array([1_050.0, 3_050.0]))
    assert votes[row, column].tolist() == [False, True]


def test_rates_have_a_base_for_every_area_and_an_interval():
    rates = by_exposure(pd.Series({"a": 10}), pd.Series({"a": 1_000, "b": 500, "c": 0}))
    assert rates.loc["a", "rate"] == 10
    assert rates.loc["a", ["lower", "upper"]].tolist() == pytest.approx([4.795, 18.390], abs=1e-3)
    assert rates.loc["b", "rate"] == 0 < rates.loc["b", "upper"]
    assert np.isnan(rates.loc["c", "rate"])


def test_the_boroughs_reports_by_deprivation_add_up(real_data):
    folder = real_data / "fixmystreet-counts"
    counts = pd.read_csv(folder / "lsoa_month_cleanliness_2007_2018.csv.gz")
    fouling = counts[counts["category"].eq("Dog Fouling")].groupby("lsoa")["reports"].sum()
    geography = real_data / "oadby-wigston-geography"
    imd = pd.read_csv(geography / "imd2019_domains_leicestershire_lsoa.csv")
    people = pd.read_csv(geography / "population_mid2015_leicestershire_lsoa.csv", thousands=",")
    code = next(name for name in imd if name.lower().startswith("lsoa code"))
    decile = next(n for n in imd if "Multiple Deprivation" in n and "Decile" in n)
    total = next(name for name in people if "Total" in name)
    population = people.set_index(people.columns[0])[total]
    table = by_deprivation(fouling, population, imd.set_index(code)[decile])
    ours = fouling[fouling.index.isin(imd[code])]
    assert table["reports"].sum() == ours.sum()
    assert table["exposure"].sum() == population.sum()


def test_what_wardens_found_stands_beside_what_was_reported():
    told = inspected(*np.array([[5, 5, 0, 0, 2], [2, 0, 1, 0, 0], [4, 3, 2, 1, 0]], dtype=float))
    assert told["says"].tolist() == [
        "reported and found", "reported, not found", "found, not reported", "neither",
        "not visited",
    ]  # fmt: skip
    assert told["found_share"].tolist()[:2] == [0.5, 0.0]
