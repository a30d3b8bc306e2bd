"""A week's patrol plan: more here, less there, watch, and why."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight.errors import MissingColumnsError
from insight.intervals import poisson_interval
from insight.patrols.method import PatrolMethod
from insight.patrols.rates import best_rates, equal_rate, share_met, visits_in_week
from insight.patrols.today import visits_today

NEEDED = (
    "cell", "place", "ward", "easting", "northing", "score", "reports", "recent", "expected",
    "evidence",
)  # fmt: skip
MORE, SAME, LESS, WATCH, IN_TURN = "more", "same", "less", "watch", "in turn"
CLEAR = ("strong", "moderate")
HALF_A_VISIT = 0.5
WEEKS_IN_RECENT = 13
LEAST_OFTEN = 0.001  # visits a week


@dataclass(frozen=True, slots=True)
class PatrolPlan:
    """One week's plan.

    Parameters
    ----------
    places
        One row per place to visit this week, best first: the input's columns with ``visits``
        (this week), ``weekly`` (a week, on average over the weeks), ``today`` (a week, now),
        ``share`` (of all reports expected, 0 to 1), ``recommendation`` and ``reason``.
    fewer
        Places that get fewer visits than today, in the same columns; not visited this week, or
        less often.
    everywhere
        ``cell``, ``weekly`` and ``today`` of every place there is.
    met, met_equally, met_today
        Share of the expected reports that visits at those rates meet (`share_met`): by this
        plan, by as many visits spread equally over all places, and by today's rounds, where
        they are known; proportions of all that is expected, at a place of the list or elsewhere.
    visits
        Visits in the week.
    unmatched
        Names in the file of rounds that match no place.
    """

    places: pd.DataFrame
    fewer: pd.DataFrame
    everywhere: pd.DataFrame
    met: float
    met_equally: float
    met_today: float | None
    visits: int
    unmatched: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Say what the plan is expected to meet, and what else would; blank without reports."""
        if not self.places["reports"].any():
            return ""
        against = f"the same visits spread equally {self.met_equally:.0%}"
        if self.met_today is not None:
            against += f", today's rounds {self.met_today:.0%}"
        return f"Expected to meet {self.met:.0%} of what will be reported; {against}."


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
        is the share of the next reports that is expected there, ``reports`` and ``recent`` those
        of the window and of its last 13 weeks, ``expected`` what would be usual around it,
        ``evidence`` the grade of `insight.hotspots`.
    method
        The choices.
    week
        Number of the week, counted without a break; decides which places with less than a visit
        a week have theirs.
    rounds
        Today's rounds (`insight.patrols.today.visits_today`); equal effort without them, or where
        none of their names is of a place.
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
    ranked = places.reset_index(drop=True)
    worth = np.maximum(ranked["score"].to_numpy(dtype=float), 0.0)
    weekly = best_rates(worth, wanted, method)
    today, unmatched = visits_today(ranked, rounds, visits=wanted)
    known = rounds is not None and len(unmatched) < len(rounds)
    if not known:
        today, _ = visits_today(ranked, None, visits=wanted)
    # What is expected where nothing was reported is part of all that is expected.
    share = worth / max(worth.sum(), 1.0)
    dealt = ranked.assign(
        visits=visits_in_week(weekly, ranked, week),
        weekly=weekly,
        today=today.to_numpy(),
        share=share,
    )
    dealt["recommendation"] = _recommendations(dealt, known=known)
    dealt["reason"] = _reasons(dealt, known=known)
    equal = equal_rate(len(ranked), wanted, method)
    return PatrolPlan(
        places=dealt[dealt["visits"].gt(0)].reset_index(drop=True),
        fewer=dealt[dealt["recommendation"].eq(LESS)].reset_index(drop=True),
        everywhere=dealt[["cell", "weekly", "today"]],
        met=float(share @ share_met(weekly, method)),
        met_equally=float(share.sum() * share_met(equal, method)),
        met_today=float(share @ share_met(today.to_numpy(), method)) if known else None,
        visits=int(dealt["visits"].sum()),
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
    change = dealt["weekly"] - dealt["today"]
    word = pd.Series(SAME, index=dealt.index, dtype="string")
    word = word.mask(change.ge(HALF_A_VISIT) & clear, MORE)
    word = word.mask(change.ge(HALF_A_VISIT) & ~clear, WATCH)
    word = word.mask(dealt["weekly"].lt(HALF_A_VISIT), IN_TURN)
    if not known:
        return word
    _, upper = poisson_interval(dealt["recent"])
    visited = dealt.loc[dealt["weekly"].ge(HALF_A_VISIT), "recent"]
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
    weeks = (1 / dealt["weekly"].clip(lower=LEAST_OFTEN)).round()
    apart = "; its turn, about every " + _counted(weeks, "week") + "."
    said = (seen + " in the last year").mask(nothing, "No reports in the last year") + apart
    # Where nothing was reported but something is expected, there are no facts to give.
    around = pd.Series("No reports in the last year, but some are expected from the streets "
                       "around: ", index=dealt.index, dtype="string")  # fmt: skip
    around = around.mask(dealt["cell"].str.startswith("ward "), "No reports in the last year: ")
    ends[SAME] = ends[SAME].mask(nothing, around + change + ".")
    ends[WATCH] = ends[WATCH].mask(nothing, around + change + ", and watch what is found.")
    for word, sentence in ends.items():
        said = said.mask(dealt["recommendation"].eq(word), sentence)
    return said.mask(dealt["recommendation"].eq(WATCH) & _quieter(dealt), quieter)


def _counted(numbers: pd.Series, noun: str) -> pd.Series:
    plural = pd.Series(noun + "s", index=numbers.index, dtype="string").mask(numbers.eq(1), noun)
    return numbers.astype("Int64").astype("string") + " " + plural
