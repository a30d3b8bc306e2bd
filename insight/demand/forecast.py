"""Next month's contacts by day, shown only where the forecast has beaten last week and last year.

All series share one calendar, so one ridge regression of scikit-learn with many targets fits them
together: a hundred series and thirteen origins take about a second.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.stats import t as student

from insight.demand.calendar import SATURDAY
from insight.demand.forecast_skill import (
    HORIZON,
    SEED_COUNTS,
    WEEK,
    YEAR,
    Floats,
    ForecastMethod,
    day_reach,
    judge,
)
from insight.periods import add_months


@dataclass(frozen=True, slots=True)
class Forecasts:
    """What is expected, and how good such forecasts have been.

    Parameters
    ----------
    days
        ``service``, ``channel``, ``day``, ``expected``, ``lower``, ``upper``; shown series only.
    totals
        The same for the whole month, with ``base`` (past origins).
    skill
        One row per series: ``origins``, ``mase``, ``mase_naive`` (the better of the same weekday
        last week and the same week last year), ``difference`` with ``lower`` and ``upper``,
        ``pinball``, ``pinball_naive``, ``coverage`` (share of past days inside their interval,
        each from errors before it), ``shown`` and ``why``.
    """

    days: pd.DataFrame
    totals: pd.DataFrame
    skill: pd.DataFrame


def daily_series(cells: pd.DataFrame, end: date) -> pd.DataFrame:
    """Count contacts by day: rows are all days to `end`, columns service and channel.

    A day without a contact is nought from a series' first contact on; before it, missing. So are
    all days of a week or more without a contact of any series: a gap in the record.
    """
    wide = cells.pivot_table(
        index="day", columns=["service", "channel"], values="counted", aggfunc="sum"
    )
    days = pd.date_range(wide.index.min(), pd.Timestamp(end), freq="D").as_unit("us")
    wide = wide.reindex(days)
    silent = wide.isna().all(axis=1)
    run = silent.groupby((~silent).cumsum()).transform("sum")
    gap = silent & run.ge(WEEK)
    return wide.fillna(0.0).where(wide.notna().cummax()).mask(gap)


def calendar_features(
    days: pd.DatetimeIndex, closed: pd.DatetimeIndex, method: ForecastMethod
) -> Floats:
    """Describe each day: weekday, bank holiday, the days beside one, events, time of year."""
    shut = days.isin(closed)
    working = ~shut & (days.day_of_week < SATURDAY)
    one = pd.Timedelta(days=1)
    columns = [(days.day_of_week == weekday) & ~shut for weekday in range(WEEK)]
    columns += [shut, (days - one).isin(closed) & working, (days + one).isin(closed) & working]
    columns += [event.covers(days) for event in method.events]
    angle = 2 * np.pi * np.asarray(days.day_of_year, dtype=np.float64) / 365.25
    waves = [f(k * angle) for k in range(1, method.harmonics + 1) for f in (np.sin, np.cos)]
    return np.column_stack([np.asarray(column, np.float64) for column in [*columns, *waves]])


def forecast_demand(
    series: pd.DataFrame, closed: pd.DatetimeIndex, method: ForecastMethod | None = None
) -> Forecasts:
    """Forecast the month after the last day of `series`, and judge such forecasts of the past.

    Parameters
    ----------
    series
        As `daily_series` gives, its last day that of a month.
    closed
        Bank holidays, the next month's included.
    method
        How.

    Notes
    -----
    The regression is on square roots of counts, whose chance variation does not depend on their
    size. The interval of a day is that of past errors over the root of what was expected (split
    conformal, over all days of the past origins); that of the month is Student's t on the logs of
    past months' errors. A series is shown where the mean difference of its scaled errors from
    those of the better naive forecast is below nought with 95% confidence.
    """
    method = method or ForecastMethod()
    last = pd.Timestamp(series.index[-1])
    following = add_months(date(last.year, last.month, 1), 1)
    ahead = (add_months(following, 1) - following).days
    future = pd.date_range(last + pd.Timedelta(days=1), periods=ahead, freq="D").as_unit("us")
    every = pd.DatetimeIndex(series.index).append(future)
    features = calendar_features(pd.DatetimeIndex(every), closed, method)
    values = series.to_numpy(np.float64)
    origins = _origins(len(values), method)
    past = [_at_origin(values, features, origin, HORIZON, method) for origin in origins]
    skill = judge(series, values, origins, past, method)
    shown = skill["shown"].to_numpy(bool)
    if not shown.any():
        return Forecasts(_no_days(), _no_totals(), skill)
    expected = _regress(values, features, len(values), ahead, method)
    actual = np.stack([values[origin : origin + HORIZON] for origin in origins])
    made = np.stack([each[0] for each in past])
    low, high = day_reach(actual, made, method.confidence)
    root = np.sqrt(expected + 1)
    days = pd.concat(
        [
            _long(array, future, series.columns).rename(name)
            for name, array in (
                ("expected", expected),
                ("lower", np.maximum(expected + low * root, 0)),
                ("upper", expected + high * root),
            )
        ],
        axis=1,
    ).reset_index()
    told = skill.loc[shown, ["service", "channel"]]
    totals = _totals(expected, actual, made, series.columns, method)
    return Forecasts(
        days.merge(told, on=["service", "channel"]),
        totals.merge(told, on=["service", "channel"]),
        skill,
    )


def _origins(length: int, method: ForecastMethod) -> list[int]:
    """Return the days at which past forecasts begin, oldest first, the last just before the end."""
    every = range(length - HORIZON, method.train_days - 1, -HORIZON)
    return sorted(list(every)[: method.origins])


def _at_origin(
    values: Floats, features: Floats, origin: int, ahead: int, method: ForecastMethod
) -> tuple[Floats, Floats, Floats]:
    """Forecast from `origin` three ways: ours, the last week again, the same weeks last year."""
    days = np.arange(ahead)
    last_week = values[origin - WEEK + days % WEEK]
    last_year = values[origin - YEAR + days]
    return _regress(values, features, origin, ahead, method), last_week, last_year


def _regress(
    values: Floats, features: Floats, origin: int, ahead: int, method: ForecastMethod
) -> Floats:
    from sklearn.linear_model import Ridge

    age = np.arange(origin)[::-1]
    weight = 0.5 ** (age / method.half_life_days)
    there = ~np.isnan(values[:origin])
    recorded = there.any(axis=1)
    if not recorded.any():
        return np.full((ahead, values.shape[1]), np.nan)
    weight = weight * recorded
    known = np.nan_to_num(values[:origin])
    model = Ridge(alpha=method.ridge).fit(features[:origin], np.sqrt(known), sample_weight=weight)
    fitted = np.maximum(model.predict(features[: origin + ahead]), 0.0).reshape(-1, values.shape[1])
    counts = fitted**2
    recent = slice(origin - method.level_days, origin)
    made = np.where(there[recent], counts[recent], 0.0).sum(axis=0)
    level = (known[recent].sum(axis=0) + SEED_COUNTS) / (made + SEED_COUNTS)
    return np.asarray(counts[origin:] * level, dtype=np.float64)


def _totals(
    expected: Floats, actual: Floats, made: Floats, columns: pd.Index, method: ForecastMethod
) -> pd.DataFrame:
    total = expected.sum(axis=0)
    errors = np.log((actual.sum(axis=1) + 1) / (made.sum(axis=1) + 1))
    number = (~np.isnan(errors)).sum(axis=0)
    # About nought, not about the past mean: a forecast that runs low isn't corrected by its luck.
    spread = np.sqrt(np.nansum(errors**2, axis=0) / number)
    reach = student.ppf((1 + method.confidence) / 2, number) * spread * np.sqrt(1 + 1 / number)
    return pd.DataFrame(
        {
            "service": columns.get_level_values("service"),
            "channel": columns.get_level_values("channel"),
            "expected": total,
            "lower": np.maximum((total + 1) * np.exp(-reach) - 1, 0),
            "upper": (total + 1) * np.exp(reach) - 1,
            "base": number,
        }
    )


def _long(array: Floats, days: pd.DatetimeIndex, columns: pd.Index) -> pd.Series:
    wide = pd.DataFrame(array.T, index=columns, columns=days.rename("day"))
    long = wide.reset_index().melt(["service", "channel"], var_name="day")
    return long.set_index(["service", "channel", "day"])["value"]


def _no_days() -> pd.DataFrame:
    return pd.DataFrame(columns=["service", "channel", "day", "expected", "lower", "upper"])


def _no_totals() -> pd.DataFrame:
    return pd.DataFrame(columns=["service", "channel", "expected", "lower", "upper", "base"])
