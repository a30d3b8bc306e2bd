"""The wardens' plan of one week, from the reports and patrols in the store."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Transformer

from insight.errors import InsightError
from insight.hotspots import Hotspots
from insight.hotspots.segments import PIECE_M
from insight.patrols import PatrolMethod, PatrolPlan, patrol_plan
from insight.patrols.coverage import LookBack, look_back
from insight.patrols.distances import along_streets, straight
from insight.patrols.effects import Effect, effects
from insight.patrols.places import (
    in_wards,
    quiet_streets,
    ranked_places,
    ward_places,
)
from insight.patrols.route import Routes, plan_routes
from insight.patrols.times import Times, visit_times
from insight.patrols.today import visits_made
from insight.periods import add_months, uk_date
from pipelines.edge.workspace import Workspace
from pipelines.steps.events import read_events
from pipelines.steps.hotspots import find_hotspots, mapped_reports
from pipelines.steps.season import season_from_file

RECENT_DAYS = 91
ROUNDS_FROM_PATROLS = 30  # patrols on record in the last 13 weeks that make today's rounds known
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
    actions.
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
    known_until = min(monday, workspace.today + timedelta(days=1))
    reports = _before(mapped_reports(workspace, read_events(workspace, "street_reports")),
                      known_until)  # fmt: skip
    patrols = _before(read_events(workspace, "patrols"), known_until, "started_at")
    counted_until = _last_heard(reports, known_until)
    late = None if counted_until == known_until else _late(counted_until)
    found = _ranked(workspace, counted_until)
    places = _places(workspace, found, reports, counted_until)
    if places.empty:
        raise WeekError(
            "There are no reports with a place and no wards, so there is nowhere to send a "
            "warden. Ingest street reports, or name wards_file in council.yaml."
        )
    rounds, rounds_from = _rounds(workspace, places, patrols, known_until)
    week = (monday - EPOCH).days // 7
    plan = patrol_plan(places, method=method, week=week, rounds=rounds)
    routes = plan_routes(plan.places, _metres(workspace, plan.places, method), method)
    return WeekPlan(
        monday=monday,
        method=method,
        plan=plan,
        routes=routes,
        times=_times(workspace, reports, places, monday),
        look_back=_tried(workspace, reports, counted_until, method, patrols),
        rounds_from=rounds_from,
        said=found.said if late is None else (*found.said, late),
        late=late,
        effects=_effects(reports, patrols, places, known_until),
        by_street=workspace.streets is not None,
    )


def _method(workspace: Workspace, hours: float | None) -> PatrolMethod:
    own = workspace.settings.patrols
    return PatrolMethod(
        hours_a_week=own.hours_a_week if hours is None else hours,
        minutes_a_visit=own.minutes_a_visit,
        shift_minutes=own.shift_minutes,
        speed_kmh=own.speed_kmh,
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


def _places(
    workspace: Workspace, found: Hotspots, reports: pd.DataFrame, until: date
) -> pd.DataFrame:
    """Return all places that patrols could go to, best first, the quiet ones last."""
    recent = reports[_days_back(reports, until) < RECENT_DAYS]
    if found.cells.empty:
        if workspace.wards is None:
            return found.cells
        year = reports[_days_back(reports, until) < 365]
        return ward_places(workspace.wards, year, recent)
    parts = [ranked_places(found.cells, found.cells_of(recent), cell_m=walked_m(found))[0]]
    if workspace.streets is not None:
        parts.append(quiet_streets(parts[0], workspace.streets, workspace.settings.crs))
    places = pd.concat(parts, ignore_index=True)
    if workspace.wards is None:
        return places
    places = in_wards(places, workspace.wards)
    # A ward with nothing in the list would be forgotten.
    missed = ward_places(workspace.wards, reports.iloc[:0], recent.iloc[:0])
    missed = missed[~missed["ward"].isin(places["ward"])].assign(score=0.0)
    return pd.concat([places, missed], ignore_index=True) if len(missed) else places


def walked_m(found: Hotspots) -> float:
    """Return how long the pieces are that one visit walks together where they touch."""
    return found.cell_m if found.streets is None else PIECE_M


def _days_back(reports: pd.DataFrame, until: date) -> pd.Series:
    away: pd.Series[float] = (
        pd.Timestamp(until) - reports["reported_at"].dt.tz_localize(None)
    ) / pd.Timedelta(days=1)
    return away


def _rounds(
    workspace: Workspace, places: pd.DataFrame, patrols: pd.DataFrame, until: date
) -> tuple[pd.DataFrame | None, str]:
    """Return today's rounds and, in words, where they are from."""
    named = workspace.settings.patrols.rounds_file
    if named is not None:
        return _rounds_file(workspace.root / named), f"today's rounds in {named}"
    began = patrols["started_at"].dt.tz_localize(None)
    recent = patrols[began >= pd.Timestamp(until) - pd.Timedelta(days=RECENT_DAYS)]
    if len(recent) < ROUNDS_FROM_PATROLS:
        return None, "the same visits spread equally over all places"
    weekly, _ = visits_made(places, recent, weeks=RECENT_DAYS / 7)
    rounds = pd.DataFrame({"place": places["cell"], "visits_a_week": weekly})
    return rounds, f"the {len(recent)} patrols on record in the last 13 weeks"


def _rounds_file(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype="string", encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        message = (
            f"Today's rounds can't be read from {path.name}. Give a CSV with the columns place "
            "and visits_a_week, or take rounds_file out of council.yaml."
        )
        raise WeekError(message) from error


def _metres(workspace: Workspace, places: pd.DataFrame, method: PatrolMethod) -> np.ndarray:
    points = places[["easting", "northing"]].to_numpy(dtype=float)
    if workspace.streets is None:
        return straight(points, method.detour)
    return along_streets(points, workspace.streets, method.detour)


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
) -> LookBack | None:
    """Try a plan made a quarter ago on the reports since, or nothing if none could be made."""
    then = until - timedelta(days=method.look_back_days)
    then = then.replace(day=1)  # the ranking knows whole months
    earlier = _before(reports, then)
    found = _ranked(workspace, then)
    if found.cells.empty:
        return None
    places = _places(workspace, found, earlier, then)
    week = (then - EPOCH).days // 7
    # Places had other names then, so the rounds are matched to them anew.
    rounds, _ = _rounds(workspace, places, patrols, until)
    plan = patrol_plan(places, method=method, week=week, rounds=rounds)
    every_week = plan.places[plan.places["recommendation"].ne("in turn")]
    given = places.merge(every_week[["cell", "visits", "today"]], on="cell", how="left")
    later = reports[reports["reported_at"].dt.tz_localize(None) >= pd.Timestamp(then)]
    cells = found.cells_of(later).dropna()
    _, part_of = ranked_places(found.cells, cells, cell_m=walked_m(found))
    cells = cells.map(part_of).fillna(cells)
    given = given.fillna({"visits": 0, "today": 0.0})
    return look_back(given, cells, days=(until - then).days, rounds_known=rounds is not None)


def _effects(
    reports: pd.DataFrame, patrols: pd.DataFrame, places: pd.DataFrame, until: date
) -> list[Effect]:
    """Compare before and after for what was done at places that the map has."""
    if "cell" not in patrols or patrols["cell"].isna().all():
        return []
    at = places.drop_duplicates("cell").set_index("cell")[["easting", "northing"]]
    placed = patrols.join(at, on="cell")
    return effects(reports, placed, days=EFFECT_DAYS, until=until)
