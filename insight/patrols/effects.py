"""Whether it helped: reports before and after at places where something was done, and elsewhere."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from scipy.spatial import cKDTree

Floats = npt.NDArray[np.float64]
LEAST = 20  # reports before and after, at the treated places, for anything to be said
AT_M, NEAR_M = 100.0, 300.0
CONFIDENCE = 0.95
CAUTION = (
    "Before and after is no proof: places are often chosen when they are at their worst and would "
    "have fallen back by themselves, and patrols can bring more reports. Judge by what wardens "
    "find too."
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of reports after an action, against the rest of the borough.

    `ratio` is (after / before at treated places) over (after / before elsewhere), with its 95%
    interval; `beside` the same for the ring around them, where trouble could have moved to.
    Each is missing where there are too few reports.
    """

    action: str
    places: int
    days: int
    before: int
    after: int
    elsewhere_before: int
    elsewhere_after: int
    ratio: float | None
    lower: float | None
    upper: float | None
    beside: float | None
    beside_lower: float | None
    beside_upper: float | None

    @property
    def words(self) -> str:
        """Say it in a sentence or two; `CAUTION` belongs with it."""
        places = f"{self.places} place{'' if self.places == 1 else 's'}"
        counted = f"{self.action} at {places}: {self.before} reports in the {self.days} days before"
        counted += f", {self.after} in the {self.days} days after"
        if self.ratio is None or self.lower is None or self.upper is None:
            return f"{counted}. Too few to say whether it helped."
        change = f"{self.ratio - 1:+.0%} against the rest of the borough (95% interval "
        change += f"{self.lower - 1:+.0%} to {self.upper - 1:+.0%})"
        sure = "chance alone could do that" if self.lower <= 1 <= self.upper else "more than chance"
        return f"{counted}; {change}: {sure}."


def effects(
    reports: pd.DataFrame, actions: pd.DataFrame, *, days: int, until: date
) -> list[Effect]:
    """Compare before and after for each kind of action.

    Parameters
    ----------
    reports
        ``reported_at`` (local), ``easting``, ``northing`` in metres.
    actions
        ``action``, ``started_at`` (local), ``easting``, ``northing``. A place's first action of
        a kind counts; those with fewer than `days` after them wait, and those with fewer before
        them, counted from the first report on record, tell nothing.
    days
        Length of before and after.
    until
        Reports are complete up to the day before this one.

    Returns
    -------
    list of Effect
        By action. Within 100 metres counts as the place; 100 to 300 metres as beside it.

    Notes
    -----
    Elsewhere is compared over the same dates, so that a season or a change in how people report
    falls out. The interval of the ratio of two Poisson ratios is exact given the totals
    (conditional on them the treated share after is a hypergeometric odds; Fisher).
    """
    located = reports.dropna(subset=["easting", "northing"])
    if located.empty:
        return []
    when = located["reported_at"].dt.tz_localize(None).to_numpy()
    points = located[["easting", "northing"]].to_numpy(dtype=float)
    end, began = pd.Timestamp(until), pd.Timestamp(when.min()).normalize()
    known = actions.dropna(subset=["easting", "northing", "action"])
    found = []
    for action, made in known.groupby("action", sort=True):
        first = made.sort_values("started_at", kind="stable").drop_duplicates(
            ["easting", "northing"]
        )
        start = first["started_at"].dt.tz_localize(None)
        span = pd.Timedelta(days=days)
        first = first[(start + span <= end) & (start - span >= began)]
        if first.empty:
            continue
        found.append(_effect(str(action), first, points, when, days))
    return found


def _effect(
    action: str,
    first: pd.DataFrame,
    points: Floats,
    when: npt.NDArray[np.datetime64],
    days: int,
) -> Effect:
    places = first[["easting", "northing"]].to_numpy(dtype=float)
    start = first["started_at"].dt.tz_localize(None).to_numpy()
    span = np.timedelta64(days, "D")
    away, nearest = cKDTree(places).query(points)
    # Each report is set against the action nearest to it; one far from all, against each in turn.
    own = when - start[nearest]
    before, after = (
        (own < np.timedelta64(0, "D")) & (own >= -span),
        (own >= np.timedelta64(0, "D")) & (own < span),
    )
    at, beside, rest = away <= AT_M, (away > AT_M) & (away <= NEAR_M), away > NEAR_M
    treated = int((at & before).sum()), int((at & after).sum())
    ring = int((beside & before).sum()), int((beside & after).sum())
    elsewhere = int((rest & before).sum()), int((rest & after).sum())
    ratio = _ratio(treated, elsewhere)
    moved = _ratio(ring, elsewhere)
    return Effect(action, len(first), days, *treated, *elsewhere, *ratio, *moved)


def _ratio(
    treated: tuple[int, int], elsewhere: tuple[int, int]
) -> tuple[float | None, float | None, float | None]:
    """Return the ratio of ratios and its exact interval, or nothing where there are too few."""
    if sum(treated) < LEAST or sum(elsewhere) < LEAST or 0 in (*treated, *elsewhere):
        return None, None, None
    table = np.array([[treated[1], treated[0]], [elsewhere[1], elsewhere[0]]])
    odds = stats.contingency.odds_ratio(table, kind="conditional")
    bounds = odds.confidence_interval(CONFIDENCE)
    return float(odds.statistic), float(bounds.low), float(bounds.high)
