"""Default locations: points that stand for "somewhere", which would look like hotspots."""

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from insight.errors import MissingColumnsError

NEIGHBOURS = 20
HANDFUL = 5
MANY_DAYS = 15
RADIUS_M = 300.0
SAMPLE = 5_000
SNAPPED_SHARE = 0.2
WHERE_WHEN = ("easting", "northing", "reported_at")
COLUMNS = ["easting", "northing", "reports", "share", "reason"]


def fallback_points(
    reports: pd.DataFrame,
    *,
    minimum: int = 15,
    ratio: float = 4.0,
    overall_ratio: float = 8.0,
    same_place_m: float = 50.0,
    snapped: bool | None = None,
) -> pd.DataFrame:
    """Points that hold far more reports than any other address around them.

    A real trouble spot spreads over several addresses; a default location (a town hall, a
    police station, a contractor's depot) is one exact coordinate in an ordinary street. A
    point is named when its reports are spread over days, are at least `ratio` times those at
    any other point of its neighbourhood, and either

    - are `minimum` or more in a neighbourhood at least half as built up as the typical one (a
      lonely point may be a park, which can't be told from a default location by position), or
    - are at least `overall_ratio` times those at all but five points anywhere: where hardly any
      coordinate repeats, one that does was put there by a system.

    Parameters
    ----------
    reports
        One row per report: ``easting`` and ``northing`` in metres; ``reported_at`` if known.
    minimum
        Reports a point needs.
    ratio
        How many times the busiest other point of the neighbourhood it must reach.
    overall_ratio
        How many times the sixth-busiest point anywhere it must reach, if lonely or small.
    same_place_m
        Points this near, with `minimum` reports of their own, are taken for the same place.
    snapped
        What `coordinates_snapped` says of the reports, where that is known.

    Returns
    -------
    pandas.DataFrame
        ``easting``, ``northing`` (whole metres), ``reports``, ``share`` (of located reports,
        0 to 1) and ``reason`` (a sentence), busiest first. Empty where coordinates were snapped
        (see `coordinates_snapped`), since there shared points say nothing.

    Notes
    -----
    The neighbourhood reaches 300 metres, or as far as a typical point needs for twenty others.
    """
    points = _counted(reports)
    total = int(points["reports"].sum())
    nothing = pd.DataFrame(columns=COLUMNS).astype(
        {"easting": float, "northing": float, "reports": int, "share": float, "reason": "string"}
    )
    if snapped is None:
        snapped = coordinates_snapped(reports)
    if len(points) <= NEIGHBOURS or snapped:
        return nothing
    places = points[["easting", "northing"]].to_numpy()
    counts = points["reports"].to_numpy()
    tree = cKDTree(places)
    radius, typical = _neighbourhood(tree, places)
    unusual = overall_ratio * np.sort(counts)[-1 - HANDFUL]
    least = min(minimum, unusual)
    reasons: dict[int, str] = {}
    chosen = (counts >= least) & points["spread"].to_numpy()
    alone = counts >= ratio * _busiest_beside(places, counts, radius)
    candidates = np.flatnonzero(chosen & alone).tolist()
    for candidate in candidates:
        near = np.asarray(tree.query_ball_point(places[candidate], radius), dtype=int)
        apart = np.hypot(*(places[near] - places[candidate]).T)
        busiest = counts[near[apart > same_place_m]].max(initial=1)
        times, count = counts[candidate] / busiest, counts[candidate]
        built_up = count >= minimum and len(near) - 1 >= typical / 2
        if times >= ratio and (built_up or count >= unusual):
            reasons[candidate] = (
                f"{times:.0f} times as many reports as any other point within {radius:.0f} metres."
            )
    if not reasons:
        return nothing
    named = places[list(reasons)]
    for candidate in np.flatnonzero(chosen).tolist():
        beside = np.hypot(*(named - places[candidate]).T).min() <= same_place_m
        if beside and counts[candidate] >= minimum:
            reasons.setdefault(
                candidate, f"within {same_place_m:.0f} metres of another default location."
            )
    result = points.iloc[list(reasons)][["easting", "northing", "reports"]]
    result = result.assign(share=result["reports"] / total, reason=list(reasons.values()))
    result = result.astype({"reason": "string"})
    order = result.sort_values(["reports", "easting", "northing"], ascending=[False, True, True])
    return order.reset_index(drop=True)


def coordinates_snapped(reports: pd.DataFrame) -> bool:
    """Whether the publisher moved reports to a few fixed points, as police.uk does.

    Parameters
    ----------
    reports
        One row per report: ``easting``, ``northing`` in metres, and ``reported_at`` if known.

    Returns
    -------
    bool
        True where a fifth or more of the points used in a month hold several reports of it.

    Notes
    -----
    Measured: 7% in Boston's animal reports, 42% in Leicestershire's street-level crime.
    """
    located = _by_coordinates(reports)
    place = np.unique(_packed(located), return_inverse=True)[1]
    if "reported_at" in located:
        when = located["reported_at"].dt.tz_localize(None).to_numpy()
        month = when.astype("M8[M]").astype(np.int64)
        month -= month.min(initial=0)
        place = place * (month.max(initial=0) + 1) + month
    sizes = np.unique_counts(place).counts
    return len(sizes) > NEIGHBOURS and bool((sizes >= 2).mean() >= SNAPPED_SHARE)


def repeated(reports: pd.DataFrame, *, snapped: bool) -> pd.Series:
    """Return which `reports` repeat an earlier one of the same place, to the metre, and day.

    None do where the publisher moved points (`snapped`) or gives months alone, since there
    separate incidents share both; nor do those placed by a postcode or ward.
    """
    none = pd.Series(data=False, index=reports.index)
    if snapped or reports.empty:
        return none
    day = reports["reported_at"].dt.tz_localize(None).to_numpy().astype("M8[D]")
    if (day == day.astype("M8[M]").astype("M8[D]")).all():
        return none
    keys = pd.DataFrame({"place": _packed(reports), "day": day.astype(np.int64)})
    same = keys.duplicated().set_axis(reports.index)
    return same if "place_note" not in reports else same & reports["place_note"].eq("coordinates")


def _packed(reports: pd.DataFrame) -> np.ndarray:
    """Each point, to the metre, as one whole number."""
    east, north = (np.rint(reports[axis].to_numpy(dtype=float)) for axis in ("easting", "northing"))
    return np.asarray(east.astype(np.int64) * (1 << 32) + north.astype(np.int64))


def at_points(reports: pd.DataFrame, points: pd.DataFrame) -> pd.Series:
    """Return which `reports` lie at one of `points`, to the metre."""
    return pd.Series(np.isin(_packed(reports), _packed(points)), index=reports.index)


def _by_coordinates(reports: pd.DataFrame) -> pd.DataFrame:
    """Leave out reports placed by postcode or street, which share their point rightly."""
    rightly = reports["easting"].notna() & reports["northing"].notna()
    if "place_note" in reports:
        rightly &= reports["place_note"].fillna("coordinates").eq("coordinates")
    # Few columns, since millions of rows of the others would be copied for nothing.
    return reports.loc[rightly, [name for name in WHERE_WHEN if name in reports]]


def _counted(reports: pd.DataFrame) -> pd.DataFrame:
    """Count reports per point (whole metres), and say whether they spread over days."""
    if missing := {"easting", "northing"} - set(reports.columns):
        raise MissingColumnsError(missing, "the table of reports")
    located = _by_coordinates(reports)
    place, first = np.unique(_packed(located), return_inverse=True)
    counted = pd.DataFrame(
        {
            "easting": (place >> 32).astype(float),
            "northing": (place & ((1 << 32) - 1)).astype(np.uint32).view(np.int32).astype(float),
            "reports": np.bincount(first, minlength=len(place)),
        }
    )
    if "reported_at" not in located:
        return counted.assign(spread=True)
    # One bad afternoon at one address is an incident, not a default location.
    day = located["reported_at"].dt.tz_localize(None).to_numpy().astype("M8[D]").astype(np.int64)
    day -= day.min(initial=0)
    span = int(day.max(initial=0)) + 1
    day += first * span
    days = np.bincount(np.unique(day) // span, minlength=len(place))
    # A placeholder of a whole city gets several a day, but on many days.
    return counted.assign(spread=(days * 2 >= counted["reports"]) | (days >= MANY_DAYS))


def _busiest_beside(places: np.ndarray, counts: np.ndarray, radius: float) -> np.ndarray:
    """Return, for each point, a count that some other between 50 metres and `radius` off reaches.

    It is the busiest of the four squares two to the north, south, east and west, whose every
    point lies in that range; only points that pass it are worth a search around them.
    """
    at = np.floor((places - places.min(axis=0)) / (radius / 3.2)).astype(np.int64) + 2
    top = np.zeros(at.max(axis=0) + 3, dtype=counts.dtype)
    np.maximum.at(top, (at[:, 0], at[:, 1]), counts)
    east, north = at.T
    beside = [
        top[east + 2, north],
        top[east - 2, north],
        top[east, north + 2],
        top[east, north - 2],
    ]
    return np.asarray(np.max(beside, axis=0))


def _neighbourhood(tree: cKDTree, places: np.ndarray) -> tuple[float, float]:
    """Radius of a neighbourhood, and how many other points a typical one holds."""
    sample = places[:: max(1, len(places) // SAMPLE)]
    reach = np.median(tree.query(sample, [NEIGHBOURS + 1])[0])
    radius = max(RADIUS_M, float(reach))
    held = tree.query_ball_point(sample, radius, return_length=True)
    return radius, float(np.median(held)) - 1
