"""When to go: daylight of the week, the season, and the days on which people report."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from astral import LocationInfo
from astral.sun import sun
from scipy import stats

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LEAST_FOR_DAYS = 70  # ten a day, for chi-square
LEAST_FOR_SEASON = 120  # ten a month
SURE = 0.01
EARLY, LATE = 7, 19  # hours between which a council's shifts lie
AROUND = timedelta(minutes=45)
DARK_MONTHS = (11, 12, 1, 2)


@dataclass(frozen=True, slots=True)
class Times:
    """Advice on when to go in one week.

    Parameters
    ----------
    sunrise, sunset
        Of the week's Wednesday, local time.
    windows
        Two stretches of the day, as words: around first light and around dusk.
    season, days
        A sentence each, drawn from the council's own reports, or that they can't tell.
    busy_days
        Days on which clearly more is reported, Monday first; empty where none is.
    """

    sunrise: datetime
    sunset: datetime
    windows: tuple[str, str]
    season: str
    days: str
    busy_days: tuple[str, ...] = ()


def visit_times(
    reported_at: pd.Series, *, monday: date, latitude: float, longitude: float, zone: ZoneInfo
) -> Times:
    """Say when to go in the week that begins on `monday`.

    Parameters
    ----------
    reported_at
        Local times of the reports; those of whole years before `monday` tell the season.
    latitude, longitude
        Of the borough, WGS84 degrees.
    zone
        The council's time zone.

    Notes
    -----
    Reports tell when people report, not when dogs foul; they are used for the season and the
    day, never for the hour. That fouling peaks in the dark hours of winter is what councils and
    Keep Britain Tidy found elsewhere, and is said to be so.
    """
    place = LocationInfo("", "", zone.key, latitude, longitude)
    light = sun(place.observer, date=monday + timedelta(days=2), tzinfo=zone)
    rise, dusk = light["sunrise"], light["sunset"]
    early = _window(rise)
    late = _window(dusk)
    day_words, busy = _days(reported_at)
    return Times(rise, dusk, (early, late), _season(reported_at, monday), day_words, busy)


def _window(middle: datetime) -> str:
    """Name the hour and a half around `middle`, kept within the hours that shifts have."""
    start = max(middle - AROUND, middle.replace(hour=EARLY, minute=0))
    end = min(middle + AROUND, middle.replace(hour=LATE, minute=0))
    if end <= start:  # first light before, or dusk after, any shift
        edge = EARLY if middle.hour < EARLY else LATE
        start = middle.replace(hour=edge if edge == EARLY else edge - 1, minute=0)
        end = start + timedelta(hours=1)
    return f"{_quarter(start):%H:%M} to {_quarter(end):%H:%M}"


def _quarter(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


def _season(reported_at: pd.Series, monday: date) -> str:
    """Compare the dark months with the rest, over whole years."""
    known = reported_at.dropna().dt.tz_localize(None)
    end = pd.Timestamp(monday)
    years = 0
    if len(known):
        years = int((end - known.min()).days // 365)
    whole = known[(known < end) & (known >= end - pd.Timedelta(days=365 * years))]
    if years < 1 or len(whole) < LEAST_FOR_SEASON:
        return "Too few reports over whole years to tell a season of our own."
    dark = int(whole.dt.month.isin(DARK_MONTHS).sum())
    share, fair = dark / len(whole), 120.25 / 365.25
    test = stats.binomtest(dark, len(whole), fair)
    bounds = test.proportion_ci(method="wilson")
    told = (
        f"{share:.0%} of {len(whole):,} reports over {years} whole "
        f"year{'' if years == 1 else 's'} came from November to February "
        f"(95% interval {bounds.low:.0%} to {bounds.high:.0%}; {fair:.0%} if all months were alike)"
    )
    if test.pvalue >= SURE:
        return f"No clear season: {told}."
    return f"{'More' if share > fair else 'Fewer'} in the dark months: {told}."


def _days(reported_at: pd.Series) -> tuple[str, tuple[str, ...]]:
    """Name the days with clearly more reports, if days differ at all."""
    known = reported_at.dropna()
    counts = np.bincount(known.dt.day_of_week.to_numpy(), minlength=7)
    total = int(counts.sum())
    if total < LEAST_FOR_DAYS:
        return "Too few reports to tell the days of the week apart.", ()
    if stats.chisquare(counts).pvalue >= SURE:
        return f"No day of the week stands out among {total:,} reports.", ()
    # Seven looks at one table: Bonferroni.
    tails = stats.binom.sf(counts - 1, total, 1 / 7) * 7
    busy = tuple(day for day, tail in zip(DAYS, tails.tolist(), strict=True) if tail < SURE)
    if not busy:
        return f"Days differ among {total:,} reports, but none clearly stands out.", ()
    names = " and ".join([", ".join(busy[:-1]), busy[-1]] if len(busy) > 1 else busy)
    return (
        f"Most is reported on {names} ({total:,} reports). That is when people report; what they "
        "saw may lie a day or two back.",
        busy,
    )
