"""A week's patrol plan: more here, less there, watch, and why."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import MissingColumnsError
from insight.intervals import poisson_interval
from insight.patrols.allot import best_visits, quiet_turn
from insight.patrols.method import PatrolMethod
from insight.patrols.today import visits_today

NEEDED = (
    "cell", "place", "ward", "easting", "northing", "score", "reports", "recent", "expected",
    "evidence",
)  # fmt: skip
MORE, SAME, LESS, WATCH, IN_TURN = "more", "same", "less", "watch", "in turn"
CLEAR = ("strong", "moderate")
HALF_A_VISIT = 0.5
WEEKS_IN_RECENT = 13


@dataclass(frozen=True, slots=True)
class PatrolPlan:
    """One week's plan.

    Parameters
    ----------
    places
        One row per place to visit, best first: the input's columns with ``visits`` (this week),
        ``today`` (visits a week now), ``share`` (of the expected reports, 0 to 1),
        ``recommendation`` and ``reason``.
    fewer
        Places that get fewer visits than today, in the same columns; not visited this week, or
        less often.
    covered, covered_today
        Share of the expected reports at places visited in the week, by this plan and by today's
        rounds; proportions.
    visits
        Visits in the week.
    equal_effort
        Whether today's rounds aren't known and equal effort stands in.
    unmatched
        Names in the file of rounds that match no place.
    """

    places: pd.DataFrame
    fewer: pd.DataFrame
    covered: float
    covered_today: float
    visits: int
    equal_effort: bool
    unmatched: tuple[str, ...] = ()


def patrol_plan(
    places: pd.DataFrame,
    *,
    method: PatrolMethod,
    week: int,
    rounds: pd.DataFrame | None = None,
    visits: int | None = None,
) -> PatrolPlan:
    """Plan the visits of one week.

    Parameters
    ----------
    places
        All places that patrols could go to, best first, with the columns of `NEEDED`: ``score``
        is what is expected there (any unit), ``reports`` and ``recent`` those of the window and
        of its last 13 weeks, ``expected`` what would be usual around it, ``evidence`` the grade
        of `insight.hotspots`.
    method
        The choices.
    week
        Number of the week, counted without a break; decides whose turn it is among quiet places.
    rounds
        Today's rounds (`insight.patrols.today.visits_today`); equal effort without them.
    visits
        Visits that fit into the week; the method's estimate when absent.

    Returns
    -------
    PatrolPlan
        The same input gives the same plan.

    Raises
    ------
    MissingColumnsError
        If a column of `NEEDED` is absent.
    """
    if missing := set(NEEDED) - set(places.columns):
        raise MissingColumnsError(missing, "the places of a patrol plan")
    wanted = method.visits if visits is None else visits
    floor = min(int(np.ceil(wanted * method.quiet_share)), wanted) if wanted else 0
    ranked = places.reset_index(drop=True)
    worth = ranked["score"].to_numpy(dtype=float)
    # A place without a report is visited in its turn, however warm the ground around it.
    worth = np.where(ranked["reports"].to_numpy() > 0, np.maximum(worth, 0.0), 0.0)
    chosen = best_visits(worth, wanted - floor, method)
    quiet = ranked[chosen == 0].sort_values("cell", kind="stable")
    turn = quiet_turn(quiet, wanted - int(chosen.sum()), week)
    given = chosen.copy()
    given[turn.index.to_numpy(dtype=np.int64)] = 1
    today, unmatched = visits_today(ranked, rounds, visits=wanted)
    whole = worth.sum()
    shares = worth / whole if whole > 0 else np.zeros(len(worth))
    dealt = ranked.assign(
        visits=given,
        today=today.to_numpy(),
        share=shares,
        turn=np.isin(np.arange(len(ranked)), turn.index),
    )
    known = rounds is not None
    dealt["recommendation"] = _recommendations(dealt, known=known)
    dealt["reason"] = _reasons(dealt, known=known)
    there = dealt["visits"].gt(0)
    fewer = dealt[dealt["recommendation"].eq(LESS)]
    return PatrolPlan(
        places=dealt[there].drop(columns="turn").reset_index(drop=True),
        fewer=fewer.drop(columns="turn").reset_index(drop=True),
        covered=float(shares[there.to_numpy()].sum()),
        covered_today=float((shares * np.minimum(today.to_numpy(), 1.0)).sum()),
        visits=int(given.sum()),
        equal_effort=not known,
        unmatched=tuple(unmatched),
    )


def _recommendations(dealt: pd.DataFrame, *, known: bool) -> pd.Series:
    """More, same, less, watch or in turn.

    Less is only advised where today's rounds are known and even the upper end of what chance
    allows (95%) for the place's last 13 weeks stays below what a visited place has on average:
    few reports are a weak reason to stay away.
    """
    # A year's evidence isn't this quarter's: a place that has clearly gone quiet is watched.
    clear = dealt["evidence"].isin(CLEAR) & ~_quieter(dealt)
    change = dealt["visits"] - dealt["today"]
    word = pd.Series(SAME, index=dealt.index, dtype="string")
    word = word.mask(change.ge(HALF_A_VISIT) & clear, MORE)
    word = word.mask(change.ge(HALF_A_VISIT) & ~clear, WATCH)
    word = word.mask(dealt["turn"], IN_TURN)
    if not known:
        return word
    _, upper = poisson_interval(dealt["recent"])
    visited = dealt.loc[dealt["visits"].gt(0) & ~dealt["turn"], "recent"]
    usual = visited.mean() if len(visited) else 0.0
    fewer = change.le(-HALF_A_VISIT)
    sure = pd.Series(np.asarray(upper) < usual, index=dealt.index)
    return word.mask(fewer & sure, LESS).mask(fewer & ~sure, WATCH)


def _quieter(dealt: pd.DataFrame) -> pd.Series:
    """Whether even the upper end (95%) of the last weeks' reports is below the year's pace."""
    _, upper = poisson_interval(dealt["recent"])
    return pd.Series(np.asarray(upper), dealt.index) < dealt["reports"] * WEEKS_IN_RECENT / 52


def _reasons(dealt: pd.DataFrame, *, known: bool) -> pd.Series:
    """One sentence for each place, made of its own figures."""
    seen = _counted(dealt["reports"], "report")
    recent = dealt["recent"].astype("string")
    usual = dealt["expected"].round(1).map("{:g}".format).astype("string")
    facts = seen + " in the last year, " + recent + f" in its last {WEEKS_IN_RECENT} weeks"
    facts = facts.mask(
        dealt["expected"].notna(), facts + ", where about " + usual + " a year would be usual"
    )
    change = _counted(dealt["visits"], "visit") + " this week"
    if known:
        until_now = dealt["today"].round(1).map("{:g}".format).astype("string")
        change = change + " (" + until_now + " a week until now)"
    ends = {
        MORE: facts + ": " + change + ".",
        SAME: facts + ": " + change + ".",
        WATCH: facts + "; chance could explain it: " + change + ", and watch what is found.",
        LESS: facts + ", clearly fewer than where patrols are needed: " + change + ".",
    }
    quieter = facts + ", clearly fewer than before: " + change + ", and watch what is found."
    nothing = dealt["reports"].eq(0)
    turn = seen + " in the last year; its turn among the quieter places."
    said = turn.mask(nothing, "No reports in the last year; its turn, so that it isn't forgotten.")
    for word, sentence in ends.items():
        said = said.mask(dealt["recommendation"].eq(word), sentence)
    return said.mask(dealt["recommendation"].eq(WATCH) & _quieter(dealt), quieter)


def _counted(numbers: pd.Series, noun: str) -> pd.Series:
    plural = pd.Series(noun + "s", index=numbers.index, dtype="string").mask(numbers.eq(1), noun)
    return numbers.astype("Int64").astype("string") + " " + plural
