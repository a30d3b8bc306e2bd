"""The forecast beside a small calculation of its own, and on sixteen years of real calls."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from insight.demand import ForecastMethod, bank_holidays, daily_series, forecast_demand
from insight.demand.forecast_skill import HORIZON

DAYS = pd.date_range("2024-05-01", "2026-10-31", freq="D").as_unit("us")
CLOSED = bank_holidays(date(2024, 1, 1), date(2027, 12, 31))


def series(**columns: np.ndarray) -> pd.DataFrame:
    names = pd.MultiIndex.from_tuples([(n, "phone") for n in columns], names=["service", "channel"])
    return pd.DataFrame(np.column_stack(list(columns.values())), index=DAYS, columns=names)


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(2)
    weekday = np.where(DAYS.day_of_week < 5, 30.0, 0.0) * ~DAYS.isin(CLOSED)
    billing = np.where((DAYS.month == 3) & (DAYS.day >= 5), 2.0, 1.0)
    walk = np.abs(np.cumsum(rng.normal(0, 6, len(DAYS)))) + 5
    bins = rng.poisson(weekday).astype(float)
    found = forecast_demand(
        series(
            bins=bins,
            tax=rng.poisson(weekday * billing).astype(float),
            luck=rng.permutation(rng.poisson(20, len(DAYS))).astype(float) * 0 + walk,
            rare=(rng.random(len(DAYS)) < 0.01).astype(float),
        ),
        CLOSED,
    )
    return found, bins


@pytest.fixture
def made(found):
    return found[0]


def test_a_steady_service_is_forecast_and_a_rare_one_is_not(made):
    shown = made.skill.set_index("service")["shown"]
    assert shown["bins"]
    assert shown["tax"]
    assert not shown["rare"]
    assert set(made.totals["service"]) == set(made.skill.loc[made.skill["shown"], "service"])


def test_what_is_shown_beats_both_naive_forecasts_with_its_interval_below_nought(made):
    shown = made.skill[made.skill["shown"]]
    assert (shown["upper"] < 0).all()
    assert (shown["mase"] < shown["mase_naive"]).all()
    assert (shown["pinball"] < shown["pinball_naive"]).all()


def test_next_months_days_are_forecast_one_by_one(made):
    days = made.days[made.days["service"].eq("bins")]
    assert days["day"].min() == pd.Timestamp("2026-11-01")
    assert days["day"].max() == pd.Timestamp("2026-11-30")
    total = made.totals.set_index("service").loc["bins"]
    assert total["expected"] == pytest.approx(days["expected"].sum())
    assert total["lower"] < 21 * 30 < total["upper"]


def test_seasonal_naive_is_what_a_loop_says(found):
    made, values = found
    method = ForecastMethod()
    origins = list(range(len(values) - HORIZON, method.train_days - 1, -HORIZON))[::-1]
    errors = {7: [], 364: []}
    for origin in origins[-method.origins :]:
        scale = np.mean([abs(values[t] - values[t - 7]) for t in range(7, origin)])
        for season in errors:
            off = []
            for step in range(HORIZON):
                back = values[origin - 7 + step % 7] if season == 7 else values[origin + step - 364]
                off.append(abs(values[origin + step] - back))
            errors[season].append(np.mean(off) / scale)
    best = min(np.mean(each) for each in errors.values())
    assert made.skill.set_index("service").loc["bins", "mase_naive"] == pytest.approx(best)


def test_too_short_a_record_gives_no_forecast_and_says_how_long_it_must_be():
    short = series(bins=np.full(len(DAYS), 5.0)).iloc[-400:]
    found = forecast_demand(short, CLOSED)
    assert found.totals.empty
    assert found.skill["why"].tolist() == ["needs 560 days on record and has 400"]


def test_a_series_that_begins_late_is_not_judged_on_days_before_it_began(made):
    values = np.where(pd.Timestamp("2026-09-01") <= DAYS, 20.0, np.nan)
    found = forecast_demand(series(new=values), CLOSED)
    assert not found.skill["shown"].any()
    assert found.skill["why"].str.contains("too few days").all()


def test_vancouvers_calls_are_forecast_better_than_last_week_or_last_year(real_data):
    raw = pd.read_csv(
        real_data / "vancouver-311-calls" / "contact_centre_daily_to_2019.csv",
        sep=";",
        encoding="utf-8-sig",
    )
    day = pd.to_datetime(raw["Date"]).dt.tz_localize(None).dt.normalize()
    cells = pd.DataFrame(
        {"day": day, "service": "all", "channel": "phone", "counted": raw["CallsOffered"] * 1.0}
    )
    closed = bank_holidays(date(2009, 1, 1), date(2020, 12, 31), country="CA", part="BC")
    whole = forecast_demand(daily_series(cells, date(2019, 12, 31)), closed)
    row = whole.skill.iloc[0]
    assert row["origins"] == 39
    assert row["mase"] < 0.8 < 1.0 < row["mase_naive"]
    assert row["upper"] < 0
    assert 0.85 < row["coverage"] < 0.95, "nine days in ten are promised"
    inside = []
    for start in pd.date_range("2013-06-01", "2019-12-01", freq="5MS"):
        part = daily_series(cells[cells["day"] < start], (start - pd.Timedelta(days=1)).date())
        ahead = forecast_demand(part, closed).totals
        month = cells["day"].dt.strftime("%Y-%m").eq(f"{start:%Y-%m}")
        true = cells.loc[month, "counted"].sum()
        inside += [
            low <= true <= high for low, high in zip(ahead["lower"], ahead["upper"], strict=True)
        ]
    assert len(inside) >= 12
    assert 0.75 <= np.mean(inside) <= 1, "nine in ten are promised; the benchmark has all"
