"""In what order: the week's visits dealt over its shifts, by OR-Tools."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from insight.patrols.method import PatrolMethod
from insight.patrols.plan import PatrolPlan
from insight.patrols.rates import share_met

Floats = npt.NDArray[np.float64]
WEEKDAYS = 5
TENTHS = 600  # whole numbers are asked for: a minute is 600 tenths of a second
HEAVIEST = 1_000_000
LEFT_OUT = -1  # what OR-Tools calls the vehicle of a place that none goes to
TRIES = 3


@dataclass(frozen=True, slots=True)
class Routes:
    """A week's shifts.

    Parameters
    ----------
    stops
        One row per visit, in order: ``shift`` (1 is the first), ``day`` (0 is Monday),
        ``warden`` (1 is the first), ``stop`` (1 is first), ``cell``, ``minutes_there`` (from
        the stop before, or from where shifts begin) and ``metres``.
    left_out
        Cells of visits that no shift had time for.
    minutes
        Minutes of each shift, visits and ways together.
    """

    stops: pd.DataFrame
    left_out: tuple[str, ...]
    minutes: tuple[float, ...]


def shift_days(shifts: int, wardens: int = 1) -> list[int]:
    """Spread shifts over Monday to Friday, as evenly as they go; `wardens` go out together.

    Examples
    --------
    >>> shift_days(3), shift_days(6), shift_days(4, wardens=2)
    ([0, 2, 4], [0, 0, 1, 2, 3, 4], [0, 0, 4, 4])
    """
    outings = -(-shifts // wardens)
    if outings <= WEEKDAYS:
        spread = np.linspace(0, WEEKDAYS - 1, outings) if outings > 1 else np.array([0.0])
        days = np.rint(spread).astype(int).tolist()
    else:
        days = sorted(number % WEEKDAYS for number in range(outings))
    return [day for day in days for _ in range(wardens)][:shifts]


def routed(
    planned: Callable[[int], PatrolPlan],
    metres: Callable[[pd.DataFrame], tuple[Floats, Floats | None]],
    method: PatrolMethod,
) -> tuple[PatrolPlan, Routes]:
    """Plan as many visits as the shifts have time for, with the ways between them.

    Parameters
    ----------
    planned
        The plan of so many visits.
    metres
        Ways between a plan's places, and from where shifts begin to each, as `plan_routes` needs.
    method
        Shift length, time at a place and speed.

    Returns
    -------
    tuple
        The plan of most visits that all fit, and its routes. Where none fits wholly, the last
        one tried, with what it had to leave out.
    """
    visits, tried, best = method.visits, set[int](), None
    for _ in range(TRIES):
        plan = planned(visits)
        routes = plan_routes(plan.places, *metres(plan.places), method)
        tried.add(visits)
        if not routes.left_out and (best is None or plan.visits > best[0].visits):
            best = plan, routes
        made = len(routes.stops)
        if routes.left_out:
            visits = made
        elif made:
            # The end of a shift is mostly too short for a whole visit: half a one is lost.
            each = sum(routes.minutes) / made
            visits = int(method.hours_a_week * 60 / each - method.shifts / 2)
        if visits in tried or visits == 0 or (best and visits <= best[0].visits):
            break
    return best or (plan, routes)


def plan_routes(
    places: pd.DataFrame, metres: Floats, home: Floats | None, method: PatrolMethod
) -> Routes:
    """Deal visits over shifts and put each shift's in order.

    Parameters
    ----------
    places
        One row per place: ``cell``, ``visits`` and ``share`` (what is expected there).
    metres
        Ways between the places, in their order.
    home
        Ways from where every shift begins and ends to each place; none where a shift begins at
        whichever of its places is best.
    method
        Shift length, wardens, time at a place and speed.

    Returns
    -------
    Routes
        A place's visits are on different days, in parts of the week of their own. Where the time
        doesn't suffice, the visits that would meet least are left out. The same input gives the
        same routes.

    Notes
    -----
    A vehicle routing problem with a time limit for each shift, solved by OR-Tools: cheapest
    insertion first, then local search to where no exchange is an improvement.
    """
    length = method.hours_a_week * 60 / method.shifts
    days = shift_days(method.shifts, method.wardens)
    times = np.minimum(places["visits"].to_numpy(dtype=np.int64), len(set(days)))
    node = np.repeat(np.arange(len(places)), times)
    if len(node) == 0:
        return Routes(_no_stops(), (), (0.0,) * len(days))
    there = np.zeros(len(places)) if home is None else home
    ordered, left_out = _solve(places, metres, there, node, days, length, method)
    rows = []
    minutes = []
    for shift, route in enumerate(ordered):
        chosen = node[route]
        away = np.r_[there[chosen[:1]], metres[chosen[:-1], chosen[1:]]]
        travel = away / _a_minute(method)
        back = there[chosen[-1:]].sum() / _a_minute(method)
        minutes.append(float(travel.sum() + back + method.minutes_a_visit * len(chosen)))
        rows.append(
            pd.DataFrame(
                {
                    "shift": shift + 1,
                    "day": days[shift],
                    "warden": shift % method.wardens + 1,
                    "stop": np.arange(1, len(chosen) + 1),
                    "cell": places["cell"].to_numpy()[chosen],
                    "minutes_there": travel,
                    "metres": away,
                }
            )
        )
    stops = pd.concat([_no_stops(), *[each for each in rows if len(each)]], ignore_index=True)
    cells = places["cell"].astype(str).to_numpy()[node[left_out]]
    return Routes(stops.astype(_TYPES), tuple(cells.tolist()), tuple(minutes))


_TYPES = {
    "shift": "int64", "day": "int64", "warden": "int64", "stop": "int64", "cell": "string",
    "minutes_there": "float64", "metres": "float64",
}  # fmt: skip


def _no_stops() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _TYPES.items()})


def _a_minute(method: PatrolMethod) -> float:
    """Metres that are gone in a minute."""
    return method.speed_kmh * 1000 / 60


def _solve(
    places: pd.DataFrame,
    metres: Floats,
    there: Floats,
    node: npt.NDArray[np.int64],
    days: list[int],
    length: float,
    method: PatrolMethod,
) -> tuple[list[list[int]], list[int]]:
    """Return the visits of each shift in order, and those left out."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    visits, shifts = len(node), len(days)
    depot = visits
    cost = np.zeros((visits + 1, visits + 1), dtype=np.int64)
    cost[:visits, :visits] = _tenths(metres[np.ix_(node, node)], method)
    cost[depot, :visits] = cost[:visits, depot] = _tenths(there[node], method)
    spent = cost.copy()
    spent[:visits] += round(method.minutes_a_visit * TENTHS)
    manager = pywrapcp.RoutingIndexManager(visits + 1, shifts, depot)
    routing = pywrapcp.RoutingModel(manager)
    way = routing.RegisterTransitMatrix(cost.tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(way)
    used = routing.RegisterTransitMatrix(spent.tolist())
    routing.AddDimension(used, 0, int(length * TENTHS), True, "time")
    routing.GetDimensionOrDie("time").SetGlobalSpanCostCoefficient(1)
    penalty = int(cost.max()) * 50 + 50 + _worth(places, node, method)
    for visit in range(visits):
        routing.AddDisjunction([manager.NodeToIndex(visit)], int(penalty[visit]))
    for place in np.unique(node).tolist():
        twins = np.flatnonzero(node == place).tolist()
        # Each visit to a place has its own part of the week, so that they lie apart.
        for visit, part in zip(twins, np.array_split(np.unique(days), len(twins)), strict=True):
            allowed = [shift for shift, day in enumerate(days) if day in part]
            routing.VehicleVar(manager.NodeToIndex(visit)).SetValues([LEFT_OUT, *allowed])
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    strategies = routing_enums_pb2.FirstSolutionStrategy
    parameters.first_solution_strategy = strategies.PARALLEL_CHEAPEST_INSERTION
    heuristics = routing_enums_pb2.LocalSearchMetaheuristic
    parameters.local_search_metaheuristic = heuristics.GREEDY_DESCENT
    solution = routing.SolveWithParameters(parameters)
    routes: list[list[int]] = [[] for _ in range(shifts)]
    if solution is None:
        return routes, list(range(visits))
    for shift in range(shifts):
        at = solution.Value(routing.NextVar(routing.Start(shift)))
        while not routing.IsEnd(at):
            routes[shift].append(int(manager.IndexToNode(at)))
            at = solution.Value(routing.NextVar(at))
    made = {visit for route in routes for visit in route}
    return routes, [visit for visit in range(visits) if visit not in made]


def _tenths(metres: Floats, method: PatrolMethod) -> npt.NDArray[np.int64]:
    """Return the time that ways take, in tenths of a second."""
    return np.asarray(np.rint(metres / _a_minute(method) * TENTHS), dtype=np.int64)


def _worth(
    places: pd.DataFrame, node: npt.NDArray[np.int64], method: PatrolMethod
) -> npt.NDArray[np.int64]:
    """Return what each visit adds to what its place's visits meet; the most is `HEAVIEST`."""
    before = np.arange(len(node)) - np.searchsorted(node, node)
    adds = share_met(before + 1, method) - share_met(before, method)
    worth = places["share"].to_numpy(dtype=float)[node] * adds
    share = worth / max(float(worth.max()), 1e-12)
    return np.asarray(np.rint(share * HEAVIEST), dtype=np.int64)
