from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from scipy import stats
from shapely.geometry import box

from insight.hotspots.by_ward import month_maps, ward_summary

MONTH = date(2026, 10, 1)
WARDS = pd.Series(["A", "B", "C"])


def reports(counts):
    """Reports by (ward, month)."""
    rows = [
        {"ward": ward, "reported_at": pd.Timestamp(f"{month}-15", tz="Europe/London")}
        for (ward, month), number in counts.items()
        for _ in range(number)
    ]
    return pd.DataFrame(rows).astype({"ward": "string"})


def test_a_year_is_compared_with_the_one_before_by_an_exact_interval():
    made = reports({("A", "2026-10"): 40, ("A", "2024-11"): 10, ("B", "2026-09"): 6,
                    ("B", "2025-10"): 5, ("A", "2024-10"): 99})  # fmt: skip
    table = ward_summary(made, WARDS, MONTH).set_index("ward")
    assert table.loc["A", ["month", "year", "year_before"]].tolist() == [40, 40, 10]
    share = stats.binomtest(40, 50).proportion_ci(method="exact")
    assert table.loc["A", "lower"] == pytest.approx(share.low / (1 - share.low) - 1)
    assert table.loc["A", "upper"] == pytest.approx(share.high / (1 - share.high) - 1)
    assert table.loc["A", "words"].startswith("more: +300%")
    assert table.loc["B", "words"].startswith("about the same")
    assert table.loc["C", "words"] == "too few to say"


def test_a_year_that_is_not_whole_is_not_compared():
    table = ward_summary(reports({("A", "2026-10"): 40, ("A", "2025-01"): 10}), WARDS, MONTH)
    assert table["change"].isna().all()
    assert table["words"].str.startswith("no whole year").all()


def test_rates_are_by_thousand_residents():
    table = ward_summary(
        reports({("A", "2026-10"): 30}), WARDS, MONTH, population=pd.Series({"A": 6000})
    )
    assert table["per_1000"].tolist()[0] == 5.0
    assert table["per_1000"].isna().tolist() == [False, True, True]


def test_the_small_maps_count_every_month_and_ward():
    wards = gpd.GeoDataFrame(
        {"ward": ["A", "B"]}, geometry=[box(0, 0, 9, 9), box(9, 0, 18, 9)], crs="EPSG:27700"
    )
    made = reports({("A", "2026-10"): 3, ("B", "2025-11"): 2, ("B", "2025-10"): 7})
    figure, counts = month_maps(made, wards, MONTH)
    assert counts.shape == (2, 12)
    assert counts.loc["A", "2026-10"] == 3
    assert counts.to_numpy().sum() == 5
    titles = [axes.get_title("center") for axes in figure.axes]
    assert titles == [pd.Period(key, "M").strftime("%b %Y") for key in counts.columns]


def test_no_reports_at_all_still_draw():
    wards = gpd.GeoDataFrame({"ward": ["A"]}, geometry=[box(0, 0, 9, 9)], crs="EPSG:27700")
    none = reports({("A", "2020-01"): 1}).iloc[:0]
    _, counts = month_maps(none, wards, MONTH)
    assert counts.to_numpy().sum() == 0
    assert ward_summary(none, WARDS, MONTH)["year"].tolist() == [0, 0, 0]
