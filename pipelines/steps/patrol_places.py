"""The places that a week of patrols can choose from, and the ways between them."""

from collections.abc import Callable
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from insight.hotspots import Hotspots
from insight.hotspots.segments import PIECE_M
from insight.patrols import PatrolMethod
from insight.patrols.distances import along_streets, straight, street_network
from insight.patrols.places import (
    in_wards,
    quiet_streets,
    ranked_places,
    ward_places,
    whole_streets,
)
from pipelines.edge.workspace import Workspace
from pipelines.steps.patrol_rounds import RECENT_DAYS

Floats = npt.NDArray[np.float64]


def patrol_places(
    workspace: Workspace, found: Hotspots, reports: pd.DataFrame, until: date
) -> tuple[pd.DataFrame, pd.Series]:
    """Return all places that patrols could go to, and by cell the place that it is part of."""
    recent = reports[_days_back(reports, until) < RECENT_DAYS]
    if found.cells.empty:
        none = pd.Series(dtype="string")
        if workspace.wards is None:
            return found.cells, none
        year = reports[_days_back(reports, until) < 365]
        return ward_places(workspace.wards, year, recent), none
    places, part_of = ranked_places(found.cells, found.cells_of(recent), cell_m=walked_m(found))
    if found.streets is not None:
        places, part_of = whole_streets(places, part_of, found.streets, workspace.settings.crs)
    elif workspace.streets is not None:
        quiet = quiet_streets(places, workspace.streets, workspace.settings.crs)
        places = pd.concat([places, quiet], ignore_index=True)
    if workspace.wards is None:
        return places, part_of
    places = in_wards(places, workspace.wards)
    # A ward with nothing in the list would be forgotten.
    missed = ward_places(workspace.wards, reports.iloc[:0], recent.iloc[:0])
    missed = missed[~missed["ward"].isin(places["ward"])].assign(score=0.0)
    return pd.concat([places, missed], ignore_index=True) if len(missed) else places, part_of


def walked_m(found: Hotspots) -> float:
    """Return how long the pieces are that one visit walks together where they touch."""
    return found.cell_m if found.streets is None else PIECE_M


def _days_back(reports: pd.DataFrame, until: date) -> pd.Series:
    away: pd.Series[float] = (
        pd.Timestamp(until) - reports["reported_at"].dt.tz_localize(None)
    ) / pd.Timedelta(days=1)
    return away


def too_far(workspace: Workspace, places: pd.DataFrame, method: PatrolMethod) -> pd.Series:
    """Whether even straight there and back leaves a shift no time for a visit."""
    depot = workspace.settings.patrols.depot
    if depot is None:
        return pd.Series(data=False, index=places.index)
    away = np.hypot(places["easting"] - depot.easting, places["northing"] - depot.northing)
    minutes = 2 * away * 60 / (method.speed_kmh * 1000)
    return pd.Series(minutes + method.minutes_a_visit > method.shift_minutes, index=places.index)


def patrol_ways(
    workspace: Workspace, method: PatrolMethod
) -> Callable[[pd.DataFrame], tuple[Floats, Floats | None]]:
    """Return what measures the ways between places, and from the depot where there is one."""
    streets, depot = workspace.streets, workspace.settings.patrols.depot
    network = None if streets is None else street_network(streets.to_crs(workspace.settings.crs))

    def metres(places: pd.DataFrame) -> tuple[Floats, Floats | None]:
        points = places[["easting", "northing"]].to_numpy(dtype=float)
        if depot is not None:
            points = np.vstack([points, [depot.easting, depot.northing]])
        if network is None:
            ways = straight(points, method.detour)
        else:
            ways = along_streets(points, network, method.detour)
        return (ways, None) if depot is None else (ways[:-1, :-1], ways[-1, :-1])

    return metres
