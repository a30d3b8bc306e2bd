"""The wardens' plan of one week, from the reports and patrols in the store."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
from pyproj import Transformer

from insight.errors import InsightError
from insight.hotspots import Hotspots
from insight.patrols import PatrolMethod, PatrolPlan, patrol_plan
from insight.patrols.coverage import LookBack, look_back
from insight.patrols.effects import Effect, effects
from insight.patrols.route import Routes, routed
from insight.patrols.times import Times, visit_times
from insight.patrols.today import places_named
from insight.periods import add_months, uk_date
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.hotspots import find_hotspots, mapped_reports
from pipelines.steps.patrol_places import patrol_places, patrol_ways, too_far
from pipelines.steps.patrol_rounds import todays_rounds
from pipelines.steps.season import season_from_file

EFFECT_DAYS = 91
SILENT_DAYS, SILENT_GAPS = 14, 5  # silence this long, and this many usual gaps, is no calm
HALF_A_MONTH = 15  # days: of a month just begun, a year would be eleven months
EPOCH = date(2020, 1, 6)  # a Monday: weeks are counted from here without a break at New Year


class WeekError(InsightError):
    """A week can't be planned as asked."""


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """One week's plan and all that is said of it.

    `rounds_from` says in words what the plan is compared with; `said` what the ranking could
    not say; `late` that reports of the last weeks are missing; `effects` what became of earlier
    actions; `too_far` which places no shift can reach.
    """

    monday: date
    method: PatrolMethod
    plan: PatrolPlan
    routes: Routes
    times: Times | None
    look_back: LookBack | None
    rounds_from: str
    said: tuple[str, ...]
    late: str | None
    effects: list[Effect]
    by_street: bool
    too_far: str


def week_of(workspace: Workspace, text: str | None) -> date:
    """Return the Monday that `text` names, else of the week after this one.

    Raises
    ------
    WeekError
        If `text` isn't a date.
    """
    if text is None:
        return workspace.today + timedelta(days=7 - workspace.today.weekday())
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is no date; name a day of the week, such as 2026-12-07."
        raise WeekError(message) from error
    return day - timedelta(days=day.weekday())


def plan_week(workspace: Workspace, monday: date, *, hours: float | None = None) -> WeekPlan:
    """Plan the week that begins on `monday`.

    Parameters
    ----------
    workspace
        Where the reports, patrols and settings are.
    monday
        First day of the week. Reports up to the day before it, or today, count.
    hours
        Warden hours; the settings' when absent.

    Raises
    ------
    WeekError
        If there are neither reports with a place nor wards to plan with.
    RoundsError
        If the file of today's rounds is wrong.
    """
    method = _method(workspace, hours)
    if not method.visits:
        raise WeekError(
            f"{method.hours_a_week:g} warden hours are too few for one visit of "
            f"{method.minutes_a_visit:g} minutes and the way there; give more hours, or fewer "
            "minutes_a_visit in council.yaml."
        )
    known_until = min(monday, workspace.today + timedelta(days=1))
    reports = _before(mapped_reports(workspace, read_events(workspace, "street_reports")),
                      known_until)  # fmt: skip
    patrols = _before(read_events(workspace, "patrols"), known_until, "started_at")
    counted_until = _last_heard(reports, known_until)
    late = None if counted_until == known_until else _late(counted_until)
    found = _ranked(workspace, counted_until)
    places, _ = patrol_places(workspace, found, reports, counted_until)
    if places.empty:
        raise WeekError(
            "There are no reports with a place and no wards, so there is nowhere to send a "
            "warden. Ingest street reports, or name wards_file in council.yaml."
        )
    far = too_far(workspace, places, method)
    told = ""
    if far.any():
        named = "; ".join(places.loc[far, "place"].head(3))
        told = (
            f"{int(far.sum())} places lie too far from the depot for a shift of "
            f"{method.shift_minutes:g} minutes, such as {named}: they are left out. Give longer "
            "shifts, or another depot, in council.yaml."
        )
        places = places[~far].reset_index(drop=True)
    rounds, rounds_from = todays_rounds(workspace, places, patrols, known_until)
    week = (monday - EPOCH).days // 7
    plan, routes = routed(
        lambda visits: patrol_plan(places, method=method, week=week, rounds=rounds, visits=visits),
        patrol_ways(workspace, method),
        method,
    )
    if rounds is not None and plan.met_today is None:
        rounds_from = f"the same visits spread equally, as no place of {rounds_from} is on the map"
    return WeekPlan(
        monday=monday,
        method=method,
        plan=plan,
        routes=routes,
        times=_times(workspace, reports, places, monday),
        look_back=_tried(workspace, reports, counted_until, method, patrols, plan.visits),
        rounds_from=rounds_from,
        said=found.said if late is None else (*found.said, late),
        late=late,
        effects=_effects(reports, patrols, places, known_until),
        by_street=workspace.streets is not None,
        too_far=told,
    )


def _method(workspace: Workspace, hours: float | None) -> PatrolMethod:
    own = workspace.settings.patrols
    return PatrolMethod(
        hours_a_week=own.hours_a_week if hours is None else hours,
        minutes_a_visit=own.minutes_a_visit,
        shift_minutes=own.shift_minutes,
        speed_kmh=own.speed_kmh,
        wardens=own.wardens,
        lies_days=own.lies_days,
    )


def _before(events: pd.DataFrame, day: date, column: str = "reported_at") -> pd.DataFrame:
    earlier: pd.Series[bool] = events[column].dt.tz_localize(None) < pd.Timestamp(day)
    return events[earlier]


def _last_heard(reports: pd.DataFrame, until: date) -> date:
    """Return `until`, or the day after the newest report where it's too long ago to be chance."""
    # Chance makes five usual gaps of silence less than once in a hundred times.
    if reports.empty:
        return until
    days = reports["reported_at"].dt.tz_localize(None)
    after = days.max().date() + timedelta(days=1)
    year = int((days >= pd.Timestamp(after) - pd.Timedelta(days=365)).sum())
    return after if (until - after).days > max(SILENT_DAYS, SILENT_GAPS * 365 / year) else until


def _late(until: date) -> str:
    return (
        f"The newest report is of {uk_date(until - timedelta(days=1))}: the last 13 weeks are "
        "counted back from then, and what was reported since is not in this plan."
    )


def _ranked(workspace: Workspace, until: date) -> Hotspots:
    """Rank places from the reports before `until`, by months of which half or more has passed."""
    last = until - timedelta(days=1)
    month = last.replace(day=1)
    return find_hotspots(workspace, month if last.day >= HALF_A_MONTH else add_months(month, -1))


def _times(
    workspace: Workspace, reports: pd.DataFrame, places: pd.DataFrame, monday: date
) -> Times | None:
    to_map = Transformer.from_crs(workspace.settings.crs, "EPSG:4326", always_xy=True)
    longitude, latitude = to_map.transform(
        float(places["easting"].mean()), float(places["northing"].mean())
    )
    return visit_times(
        reports["reported_at"],
        monday=monday,
        latitude=latitude,
        longitude=longitude,
        zone=workspace.settings.zone,
        elsewhere=season_from_file(workspace),
    )


def _tried(
    workspace: Workspace,
    reports: pd.DataFrame,
    until: date,
    method: PatrolMethod,
    patrols: pd.DataFrame,
    visits: int,
) -> LookBack | None:
    """Try a plan made a quarter ago on the reports since, or nothing if none could be made."""
    then = until - timedelta(days=method.look_back_days)
    then = then.replace(day=1)  # the ranking knows whole months
    earlier = _before(reports, then)
    found = _ranked(workspace, then)
    if found.cells.empty:
        return None
    places, part_of = patrol_places(workspace, found, earlier, then)
    week = (then - EPOCH).days // 7
    # Places had other names then, so the rounds are matched to them anew.
    rounds, _ = todays_rounds(workspace, places, patrols, until)
    plan = patrol_plan(places, method=method, week=week, rounds=rounds, visits=visits)
    later = reports[reports["reported_at"].dt.tz_localize(None) >= pd.Timestamp(then)]
    cells = found.cells_of(later).dropna()
    return look_back(
        plan.everywhere,
        cells.map(part_of),
        days=(until - then).days,
        method=method,
        rounds_known=plan.met_today is not None,
    )


def _effects(
    reports: pd.DataFrame, patrols: pd.DataFrame, places: pd.DataFrame, until: date
) -> list[Effect]:
    """Compare before and after for what was done at places that the map has."""
    named = places_named(places, patrols["place"])
    cell = patrols["cell"].fillna(named) if "cell" in patrols else named
    at = places.drop_duplicates("cell").set_index("cell")[["easting", "northing"]]
    placed = patrols.assign(cell=cell).join(at, on="cell")
    return effects(reports, placed, days=EFFECT_DAYS, until=until)
