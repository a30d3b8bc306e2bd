"""The plan's sentences, the same on the wardens' sheet and map."""

from typing import Any

import pandas as pd

from insight.patrols.effects import CAUTION
from insight.patrols.rates import share_met
from insight.patrols.times import EARLY, LATE, Times
from pipelines.edge.page_parts import plural
from pipelines.edge.place_map import NATIONAL_GRID
from pipelines.edge.workspace import Workspace
from pipelines.steps.hotspots import FOULING, mapped_source
from pipelines.steps.patrol_plan import WeekPlan

NO_HOUR = "Our own reports can't show the hour."


def plan_words(workspace: Workspace, week: WeekPlan, stops: pd.DataFrame) -> dict[str, Any]:
    """Return the plan's sentences, the same on sheet and map."""
    plan, method = week.plan, week.method
    summary = (
        f"{mapped_source(workspace)}: {plural(len(stops), 'visit')} of "
        f"{method.minutes_a_visit:g} minutes to "
        f"{plural(stops['cell'].nunique(), 'place')} in {method.hours_a_week:g} warden hours. "
        f"{plan.words}"
    )
    if week.look_back is not None:
        summary += f" {week.look_back.words}"
    times: list[str] = []
    if week.times is not None:
        light = week.times
        times = [
            f"Sunrise about {light.sunrise:%H:%M}, sunset about {light.sunset:%H:%M}. "
            + (_hours(light) if FOULING.search(mapped_source(workspace)) else NO_HOUR),
            light.season,
            light.days,
        ]
    ways = (
        "along the streets"
        if week.by_street
        else (f"straight lines, {method.detour:g} times as long")
    )
    notes = [*week.said, f"Compared with {week.rounds_from}."]
    notes += [effect.words for effect in week.effects]
    if any(effect.ratio is not None for effect in week.effects):
        notes.append(CAUTION)
    turn = int(plan.places["recommendation"].eq("in turn").sum())
    once, twice, often = share_met([1, 2, 5], method)
    notes.append(
        f"How it is counted: what is reported is taken to lie {method.lies_days:g} days on "
        "average (an assumption), and a visit to meet what lies there. One visit a week then meets "
        f"{once:.0%} of what comes to a place, two {twice:.0%}, five {often:.0%}."
    )
    notes.append(
        f"{turn} of the places have their turn, less than every other week. "
        f"{method.quiet_share:.0%} of all visits are spread equally over all "
        f"{len(plan.everywhere)} places there are, so that quiet streets aren't forgotten. Ways "
        f"between places: {ways}, at {method.speed_kmh:g} km an hour."
    )
    if workspace.settings.patrols.depot is not None:
        notes.append("Every shift begins and ends at the depot.")
    if len(plan.fewer):
        names = "; ".join(plan.fewer["place"].head(8))
        notes.append(f"Less than now at {len(plan.fewer)} places: {names}.")
    return {
        "summary": summary,
        "times": times,
        "notes": [note for note in notes if note],
        "legend": "Numbers are the places of the list, best first. "
        + ("" if workspace.wards is None else "Dashed lines: wards. ")
        + "More here: clear evidence, and more visits than now. "
        "Watch: chance could explain it. In turn: a quiet place whose turn it is.",
        "footer": f"{workspace.settings.name}. Reports aren't the state of a street.",
    }


def grid_words(workspace: Workspace) -> str:
    """Say how the figures at the map's edges are read."""
    if workspace.settings.crs.upper() != NATIONAL_GRID:
        return ""
    return " Fine lines: the grid of the references, with their first figures."


def _hours(light: Times) -> str:
    """Say when to go where dogs foul; of other categories nothing of the hour is known."""
    if light.sunrise.hour < EARLY and light.sunset.hour >= LATE:
        return f"It is light whenever wardens are out, so no hour is known to be better. {NO_HOUR}"
    return (
        f"Go from {light.windows[0]} or from {light.windows[1]} where you can: elsewhere dog "
        f"fouling was found to peak in the dark hours of winter. {NO_HOUR}"
    )
