"""In what order: the week's visits dealt over its shifts, by OR-Tools."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from insight.patrols.method import PatrolMethod

Floats = npt.NDArray[np.float64]
WEEKDAYS = 5
TENTHS = 600  # whole numbers are asked for: a minute is 600 tenths of a second
HEAVIEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Routes:
    """A week's shifts.

    Parameters
    ----------
    stops
        One row per visit, in order: ``shift`` (1 is the first), ``day`` (0 is Monday), ``stop``
        (1 is first), ``cell``, ``minutes_there`` (from the stop before) and ``metres``.
    left_out
        Cells of visits that no shift had time for.
    minutes
        Minutes of each shift, visits and ways together.
    """

    stops: pd.DataFrame
    left_out: tuple[str, ...]
    minutes: tuple[float, ...]


def shift_days(shifts: int) -> list[int]:
    """Spread shifts over Monday to Friday, as evenly as they go.

    Examples
    --------
    >>> shift_days(3), shift_days(6)
    ([0, 2, 4], [0, 0, 1, 2, 3, 4])
    """
    if shifts <= WEEKDAYS:
        spread = np.linspace(0, WEEKDAYS - 1, shifts) if shifts > 1 else np.array([0.0])
        return [int(day) for day in np.rint(spread)]
    return sorted(number % WEEKDAYS for number in range(shifts))


def plan_routes(places: pd.DataFrame, metres: Floats, method: PatrolMethod) -> Routes:
    """Deal visits over shifts and put each shift's in order.

    Parameters
    ----------
    places
        One row per place: ``cell``, ``visits`` and ``share`` (what a visit is worth).
    metres
        Ways between the places, in their order.
    method
        Shift length, time at a place and speed.

    Returns
    -------
    Routes
        No place twice in one shift. Where the time doesn't suffice, the visits worth least are
        left out. The same input gives the same routes.

    Notes
    -----
    A vehicle routing problem with a time limit for each shift, solved by OR-Tools: cheapest arc
    first, then local search to where no exchange is an improvement. A shift begins at whichever
    of its places is best, since wardens come from elsewhere.
    """
    shifts = max(int(np.ceil(method.hours_a_week * 60 / method.shift_minutes - 1e-9)), 1)
    length = method.hours_a_week * 60 / shifts
    days = shift_days(shifts)
    times = np.minimum(places["visits"].to_numpy(dtype=np.int64), shifts)
    node = np.repeat(np.arange(len(places)), times)
    if len(node) == 0:
        return Routes(_no_stops(), (), (0.0,) * shifts)
    ordered, left_out = _solve(places, metres, node, shifts, length, method)
    rows = []
    minutes = []
    for shift, route in enumerate(ordered):
        chosen = node[route]
        away = np.r_[0.0, metres[chosen[:-1], chosen[1:]]] if len(chosen) else np.zeros(0)
        travel = away / (method.speed_kmh * 1000 / 60)
        minutes.append(float(travel.sum() + method.minutes_a_visit * len(chosen)))
        rows.append(
            pd.DataFrame(
                {
                    "shift": shift + 1,
                    "day": days[shift],
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
    "shift": "int64", "day": "int64", "stop": "int64", "cell": "string",
    "minutes_there": "float64", "metres": "float64",
}  # fmt: skip


def _no_stops() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _TYPES.items()})


def _solve(
    places: pd.DataFrame,
    metres: Floats,
    node: npt.NDArray[np.int64],
    shifts: int,
    length: float,
    method: PatrolMethod,
) -> tuple[list[list[int]], list[int]]:
    """Return the visits of each shift in order, and those left out."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    visits = len(node)
    depot = visits  # stands nowhere: the way to and from it is free
    away = np.rint(metres[np.ix_(node, node)] / (method.speed_kmh * 1000 / 60) * TENTHS)
    cost = np.zeros((visits + 1, visits + 1), dtype=np.int64)
    cost[:visits, :visits] = away
    spent = cost.copy()
    spent[:visits] += round(method.minutes_a_visit * TENTHS)
    manager = pywrapcp.RoutingIndexManager(visits + 1, shifts, depot)
    routing = pywrapcp.RoutingModel(manager)
    way = routing.RegisterTransitMatrix(cost.tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(way)
    used = routing.RegisterTransitMatrix(spent.tolist())
    routing.AddDimension(used, 0, int(length * TENTHS), True, "time")
    routing.GetDimensionOrDie("time").SetGlobalSpanCostCoefficient(1)
    worth = places["share"].to_numpy(dtype=float)[node]
    longest = int(cost.max()) + 1
    penalty = longest * 50 + np.rint(worth / max(worth.max(), 1e-12) * HEAVIEST).astype(np.int64)
    for visit in range(visits):
        routing.AddDisjunction([manager.NodeToIndex(visit)], int(penalty[visit]))
    solver = routing.solver()
    for place in np.unique(node).tolist():
        twins = [manager.NodeToIndex(int(visit)) for visit in np.flatnonzero(node == place)]
        # Both made: in different shifts, the first one earlier. Either left out: no matter.
        for one, other in combinations(twins, 2):
            solver.Add(
                routing.VehicleVar(one) + routing.ActiveVar(one)
                <= routing.VehicleVar(other) + (shifts + 1) * (1 - routing.ActiveVar(other))
            )
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
