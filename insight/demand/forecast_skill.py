"""How good forecasts of contacts have been: errors on past months beside two naive forecasts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from insight.demand.calendar import EVENTS, Event

Floats = NDArray[np.float64]
WEEK, YEAR = 7, 364
HORIZON = 28
QUANTILES = (0.1, 0.5, 0.9)
SEED_COUNTS = 10.0  # keeps the level of a rare series from jumping


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


def judge(
    series: pd.DataFrame,
    values: Floats,
    origins: Sequence[int],
    past: Sequence[tuple[Floats, Floats, Floats]],
    method: ForecastMethod,
) -> pd.DataFrame:
    """Judge past forecasts beside two naive ones; see `insight.demand.forecast.Forecasts.skill`.

    `past` holds for each origin our forecast, last week again, and the same weeks last year, each
    as days by series.
    """
    skill = pd.DataFrame(
        {name: series.columns.get_level_values(name) for name in ("service", "channel")}
    )
    if len(origins) < method.fewest_origins:
        needed = method.train_days + HORIZON * method.fewest_origins
        few = f"needs {needed} days on record and has {len(values)}"
        return skill.assign(origins=len(origins), shown=False, why=few)
    actual = np.stack([values[origin : origin + HORIZON] for origin in origins])
    made = np.stack([np.stack(each) for each in past], axis=1)  # way, origin, day, series
    with np.errstate(invalid="ignore", divide="ignore"):
        scale = np.stack([_mean_step(values[:origin]) for origin in origins])
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
    past_total = np.nansum(actual.sum(axis=1), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        many = past_total / (~np.isnan(actual.sum(axis=1))).sum(axis=0) >= method.fewest_contacts
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


def _mean_step(values: Floats) -> Floats:
    """Mean absolute difference from the same weekday a week before, NaN where there is none."""
    steps = np.abs(values[WEEK:] - values[:-WEEK])
    number = (~np.isnan(steps)).sum(axis=0)
    return np.asarray(np.nansum(steps, axis=0) / number, dtype=np.float64)


def quantile(errors: Floats, share: float) -> Floats:
    """Quantile of each column's known errors, NaN where none is known."""
    empty = np.isnan(errors).all(axis=0)
    found = np.nanquantile(np.where(empty, 0.0, errors), share, axis=0)
    return np.asarray(np.where(empty, np.nan, found), dtype=np.float64)


def day_reach(actual: Floats, made: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Quantiles of past errors over the root of what was expected, by series."""
    errors = (actual - made) / np.sqrt(made + 1)
    flat = errors.reshape(-1, errors.shape[-1])
    tail = (1 - confidence) / 2
    # The finite-sample correction of split conformal prediction.
    number = len(flat)
    upper = min(np.ceil((number + 1) * (1 - tail)) / number, 1.0)
    return quantile(flat, 1 - upper), quantile(flat, upper)


def _judged(actual: Floats, made: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Mean pinball loss and coverage of past days, each interval from the errors before it."""
    start = len(actual) // 2
    losses, inside = [], []
    for at in range(start, len(actual)):
        root = np.sqrt(made[at] + 1)
        errors = ((actual[:at] - made[:at]) / np.sqrt(made[:at] + 1)).reshape(-1, made.shape[-1])
        low, high = day_reach(actual[:at], made[:at], confidence)
        lower, upper = np.maximum(made[at] + low * root, 0), made[at] + high * root
        inside.append((actual[at] >= lower - 1e-9) & (actual[at] <= upper + 1e-9))
        for share in QUANTILES:
            guess = np.maximum(made[at] + quantile(errors, share) * root, 0)
            off = actual[at] - guess
            losses.append(np.maximum(share * off, (share - 1) * off).mean(axis=0))
    return np.mean(losses, axis=0), np.concatenate(inside).mean(axis=0)
