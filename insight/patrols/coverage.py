"""How much of what happened a plan would have met, measured on reports it hadn't seen."""

from dataclasses import dataclass

import pandas as pd

from insight.intervals import wilson


@dataclass(frozen=True, slots=True)
class LookBack:
    """What an earlier plan would have met: shares with 95% intervals, and its base.

    `reports` is the base; `planned` those at places the plan visits every week, `equal` the
    share that the same visits would meet if spread equally over all places in use, and `rounds`
    the share that today's rounds would, where they are known.
    """

    days: int
    reports: int
    planned: int
    share: float
    lower: float
    upper: float
    equal: float
    rounds: float | None

    @property
    def words(self) -> str:
        """Say it in a sentence or two."""
        if not self.reports:
            return f"There were no reports in the last {self.days} days to try the plan on."
        against = f"equal effort would have passed {self.equal:.0%}"
        if self.rounds is not None:
            against += f", today's rounds {self.rounds:.0%}"
        return (
            f"Tried on the last {self.days} days, which it had not seen: a plan made this way "
            f"would have passed the places of {self.planned} of {self.reports} reports in the "
            f"week they came ({self.share:.0%}, 95% interval {self.lower:.0%} to "
            f"{self.upper:.0%}); {against}."
        )


def look_back(places: pd.DataFrame, later: pd.Series, *, days: int, rounds_known: bool) -> LookBack:
    """Measure a plan on the reports that came after it was made.

    Parameters
    ----------
    places
        All places in use when the plan was made: ``cell``, ``visits`` (a week, planned) and
        ``today`` (a week, now; used where `rounds_known`).
    later
        Cell of each later report that has a place, in use or not.
    days
        How many days `later` covers.
    rounds_known
        Whether ``today`` comes from a file of rounds.

    Returns
    -------
    LookBack
        A place visited at least once a week counts as met; one visited less often as met in
        that share of the weeks.
    """
    met = later.map(places.set_index("cell")["visits"]).fillna(0).gt(0)
    lower, upper = wilson([met.mean() if len(later) else 0.0], [len(later)])
    # Places that had no report before are in use all the same.
    in_use = len(set(places["cell"]) | set(later.dropna()))
    equal = min(1.0, float(places["visits"].sum()) / max(in_use, 1))
    now = later.map(places.set_index("cell")["today"]).fillna(0.0).clip(upper=1.0)
    base = len(later)
    return LookBack(
        days=days,
        reports=base,
        planned=int(met.sum()),
        share=float(met.mean()) if base else 0.0,
        lower=float(lower[0]) if base else 0.0,
        upper=float(upper[0]) if base else 0.0,
        equal=equal,
        rounds=float(now.mean()) if rounds_known and base else None,
    )
