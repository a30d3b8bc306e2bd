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
FAIR = 120.25 / 365.25  # of the year


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
    reported_at: pd.Series,
    *,
    monday: date,
    latitude: float,
    longitude: float,
    zone: ZoneInfo,
    elsewhere: str = "",
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
    elsewhere
        What `season_elsewhere` says, for a council whose own reports are too few to tell.

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
    season, enough = _season(reported_at, monday)
    said = season if enough or not elsewhere else f"{season} {elsewhere}"
    return Times(rise, dusk, (early, late), said, day_words, busy)


def season_elsewhere(counts: pd.DataFrame, source: str, *, ours: int | None = None) -> str:
    """Say what monthly counts from elsewhere show of the dark months.

    Parameters
    ----------
    counts
        ``month`` (``2018-11``) and ``reports``; a month may have several rows.
    source
        Whose counts they are.
    ours
        How many of them are of this council, where that is known.

    Returns
    -------
    str
        A sentence or two; that they can't tell, where there is no whole year or too few.

    Notes
    -----
    Years run from July to June, so that November to February lies in their middle: a service
    that grows from month to month then makes no season of itself.
    """
    month = pd.PeriodIndex(counts["month"], freq="M")
    by_month = pd.Series(counts["reports"].to_numpy()).groupby(month).sum().sort_index()
    if not by_month.empty:
        every = pd.period_range(by_month.index[0], by_month.index[-1], freq="M")
        by_month = by_month.reindex(every, fill_value=0)
    at = pd.PeriodIndex(by_month.index)
    july = at.year - (at.month < 7)
    whole = by_month.groupby(july).transform("size").eq(12)
    kept, dark = by_month[whole], at[whole].month.isin(DARK_MONTHS)
    total = int(kept.sum())
    if total < LEAST_FOR_SEASON:
        return f"{source} has too few over whole years to tell a season either."
    test = stats.binomtest(int(kept[dark].sum()), total)
    bounds = test.proportion_ci(method="wilson")
    first, last = kept.index[0], kept.index[-1]
    borough = "" if ours is None else f" {ours:,} of all its reports are from here."
    return (
        f"Elsewhere ({source}, {first.strftime('%B %Y')} to {last.strftime('%B %Y')}), "
        f"{test.statistic:.0%} of {total:,} came from November to February (95% interval "
        f"{bounds.low:.0%} to {bounds.high:.0%}; {FAIR:.0%} if all months were alike).{borough}"
    )


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


def _season(reported_at: pd.Series, monday: date) -> tuple[str, bool]:
    """Compare the dark months with the rest, over whole years; and whether there were enough."""
    known = reported_at.dropna().dt.tz_localize(None)
    end = pd.Timestamp(monday)
    years = 0
    if len(known):
        years = int((end - known.min()).days // 365)
    whole = known[(known < end) & (known >= end - pd.Timedelta(days=365 * years))]
    if years < 1 or len(whole) < LEAST_FOR_SEASON:
        return "Too few reports over whole years to tell a season of our own.", False
    dark = int(whole.dt.month.isin(DARK_MONTHS).sum())
    share = dark / len(whole)
    test = stats.binomtest(dark, len(whole), FAIR)
    bounds = test.proportion_ci(method="wilson")
    told = (
        f"{share:.0%} of {len(whole):,} reports over {years} whole "
        f"year{'' if years == 1 else 's'} came from November to February "
        f"(95% interval {bounds.low:.0%} to {bounds.high:.0%}; {FAIR:.0%} if all months were alike)"
    )
    if test.pvalue >= SURE:
        return f"No clear season: {told}.", True
    return f"{'More' if share > FAIR else 'Fewer'} in the dark months: {told}.", True


def _days(reported_at: pd.Series) -> tuple[str, tuple[str, ...]]:
    """Name the days with clearly more reports, if days differ at all."""
    known = reported_at.dropna()
    if len(known) and known.dt.day.eq(1).all():
        return "Reports carry their month alone, so they can't tell the days apart.", ()
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
