"""Next month's contacts by day, shown only where the forecast has beaten last week and last year.

All series share one calendar, so one ridge regression of scikit-learn with many targets fits them
together: a hundred series and thirteen origins take about a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from insight.demand.calendar import EVENTS, Event
from insight.periods import add_months

Floats = NDArray[np.float64]
WEEK, YEAR = 7, 364
HORIZON = 28
QUANTILES = (0.1, 0.5, 0.9)
_SEED_COUNTS = 10.0  # keeps the level of a rare series from jumping


@dataclass(frozen=True, slots=True)
class ForecastMethod:
    """How a forecast is made and judged.

    Parameters
    ----------
    half_life_days
        A day so far back counts half.
    level_days
        Over so many last days the forecast's level is set to what came in.
    train_days
        Days needed before the first origin: a whole year, to know one season.
    fewest_contacts
        Contacts in the mean past month below which there is nothing to forecast.
    origins, fewest_origins
        Past months forecast to judge it, each `HORIZON` days after the one before; and the fewest
        on which a forecast is shown.
    confidence
        Of the intervals.
    """

    half_life_days: float = 365.0
    level_days: int = 56
    ridge: float = 1.0
    harmonics: int = 2
    train_days: int = YEAR + HORIZON
    origins: int = 39
    fewest_origins: int = 6
    fewest_contacts: float = 10.0
    confidence: float = 0.9
    events: tuple[Event, ...] = EVENTS


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

    A day without a contact is nought from a series' first contact on; before it, missing.
    """
    wide = cells.pivot_table(
        index="day", columns=["service", "channel"], values="counted", aggfunc="sum"
    )
    days = pd.date_range(wide.index.min(), pd.Timestamp(end), freq="D").as_unit("us")
    wide = wide.reindex(days)
    return wide.fillna(0.0).where(wide.notna().cummax())


def calendar_features(days: pd.DatetimeIndex, closed: pd.Index, method: ForecastMethod) -> Floats:
    """Describe each day: weekday, bank holiday, the days beside one, events, time of year."""
    shut = days.isin(closed)
    working = ~shut & (days.day_of_week < 5)
    one = pd.Timedelta(days=1)
    columns = [(days.day_of_week == weekday) & ~shut for weekday in range(WEEK)]
    columns += [shut, (days - one).isin(closed) & working, (days + one).isin(closed) & working]
    columns += [event.covers(days) for event in method.events]
    angle = 2 * np.pi * np.asarray(days.day_of_year, dtype=np.float64) / 365.25
    waves = [f(k * angle) for k in range(1, method.harmonics + 1) for f in (np.sin, np.cos)]
    return np.column_stack([np.asarray(column, np.float64) for column in [*columns, *waves]])


def forecast_demand(
    series: pd.DataFrame, closed: pd.Index, method: ForecastMethod | None = None
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
    features = calendar_features(series.index.append(future), closed, method)
    values = series.to_numpy(np.float64)
    origins = _origins(len(values), method)
    past = [_at_origin(values, features, origin, HORIZON, method) for origin in origins]
    skill = _skill(series, values, origins, past, method)
    shown = skill["shown"].to_numpy(bool)
    if not shown.any():
        return Forecasts(_no_days(), _no_totals(), skill)
    expected = _regress(values, features, len(values), ahead, method)
    actual = np.stack([values[origin : origin + HORIZON] for origin in origins])
    made = np.stack([each[0] for each in past])
    low, high = _day_reach(actual, made, method.confidence)
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
    known = np.nan_to_num(values[:origin])
    model = Ridge(alpha=method.ridge).fit(features[:origin], np.sqrt(known), sample_weight=weight)
    fitted = np.maximum(model.predict(features[: origin + ahead]), 0.0).reshape(-1, values.shape[1])
    counts = fitted**2
    recent = slice(origin - method.level_days, origin)
    level = (known[recent].sum(axis=0) + _SEED_COUNTS) / (counts[recent].sum(axis=0) + _SEED_COUNTS)
    return np.asarray(counts[origin:] * level, dtype=np.float64)


def _skill(
    series: pd.DataFrame,
    values: Floats,
    origins: Sequence[int],
    past: Sequence[tuple[Floats, Floats, Floats]],
    method: ForecastMethod,
) -> pd.DataFrame:
    skill = pd.DataFrame(
        {name: series.columns.get_level_values(name) for name in ("service", "channel")}
    )
    if len(origins) < method.fewest_origins:
        needed = method.train_days + HORIZON * method.fewest_origins
        why = f"needs {needed} days on record and has {len(values)}"
        return skill.assign(origins=len(origins), shown=False, why=why)
    actual = np.stack([values[origin : origin + HORIZON] for origin in origins])
    made = np.stack([np.stack(each) for each in past], axis=1)  # way, origin, day, series
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = np.stack(
            [np.nanmean(np.abs(values[WEEK:o] - values[: o - WEEK]), axis=0) for o in origins]
        )
        # Origin by series; a series that began after an origin's training has no error there.
        scaled = np.abs(made - actual).mean(axis=2) / np.where(scale > 0, scale, np.nan)
    whole = ~np.isnan(scaled).any(axis=0)
    number = whole.sum(axis=0)
    scaled = np.where(whole, scaled, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(scaled, axis=1) / number
        naive = 1 + (mean[2] < mean[1])
        best = np.where(naive == 1, scaled[1], scaled[2])
        difference = scaled[0] - best
        middle = np.nansum(difference, axis=0) / number
        spread = np.sqrt(np.nansum((difference - middle) ** 2, axis=0) / (number - 1))
        reach = student.ppf(0.975, np.maximum(number - 1, 1)) * spread / np.sqrt(number)
    many = np.nanmean(actual.sum(axis=1), axis=0) >= method.fewest_contacts
    enough = (number >= method.fewest_origins) & many
    shown = enough & (middle + reach < 0)
    ours = _judged(actual, made[0], method.confidence)
    theirs = [_judged(actual, made[way], method.confidence)[0] for way in (1, 2)]
    why = np.select(
        [~enough, shown],
        ["has too few days on record or too few contacts", "beats the same weekday last week and "
         "the same weeks last year"],
        "does no better than the same weekday last week or the same weeks last year",
    )  # fmt: skip
    return skill.assign(
        origins=number,
        mase=mean[0],
        mase_naive=np.where(naive == 1, mean[1], mean[2]),
        difference=middle,
        lower=middle - reach,
        upper=middle + reach,
        pinball=ours[0],
        pinball_naive=np.where(naive == 1, theirs[0], theirs[1]),
        coverage=ours[1],
        shown=shown,
        why=why,
    )


def _day_reach(actual: Floats, made: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Quantiles of past errors over the root of what was expected, by series."""
    errors = (actual - made) / np.sqrt(made + 1)
    flat = errors.reshape(-1, errors.shape[-1])
    tail = (1 - confidence) / 2
    # The finite-sample correction of split conformal prediction.
    number = len(flat)
    upper = min(np.ceil((number + 1) * (1 - tail)) / number, 1.0)
    with np.errstate(invalid="ignore"):
        return np.nanquantile(flat, 1 - upper, axis=0), np.nanquantile(flat, upper, axis=0)


def _judged(actual: Floats, made: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Mean pinball loss and coverage of past days, each interval from the errors before it."""
    start = len(actual) // 2
    losses, inside = [], []
    for at in range(start, len(actual)):
        root = np.sqrt(made[at] + 1)
        errors = ((actual[:at] - made[:at]) / np.sqrt(made[:at] + 1)).reshape(-1, made.shape[-1])
        low, high = _day_reach(actual[:at], made[:at], confidence)
        lower, upper = np.maximum(made[at] + low * root, 0), made[at] + high * root
        inside.append((actual[at] >= lower - 1e-9) & (actual[at] <= upper + 1e-9))
        for quantile in QUANTILES:
            guess = np.maximum(made[at] + np.nanquantile(errors, quantile, axis=0) * root, 0)
            off = actual[at] - guess
            losses.append(np.maximum(quantile * off, (quantile - 1) * off).mean(axis=0))
    return np.mean(losses, axis=0), np.concatenate(inside).mean(axis=0)


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
    wide = pd.DataFrame(array, index=days.rename("day"), columns=columns)
    return wide.unstack()  # type: ignore[return-value]


def _no_days() -> pd.DataFrame:
    return pd.DataFrame(columns=["service", "channel", "day", "expected", "lower", "upper"])


def _no_totals() -> pd.DataFrame:
    return pd.DataFrame(columns=["service", "channel", "expected", "lower", "upper", "base"])
