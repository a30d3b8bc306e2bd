"""How much of what happened a plan would have met, measured on reports it hadn't seen."""

from dataclasses import dataclass

import pandas as pd

from insight.intervals import wilson
from insight.patrols.method import PatrolMethod
from insight.patrols.rates import share_met


@dataclass(frozen=True, slots=True)
class LookBack:
    """What an earlier plan would have met of the reports since, by `share_met`.

    `reports` is the base, all of them; `share` what the plan would have met, with its 95%
    interval, `equal` what as many visits spread equally over the same places would have, and
    `rounds` what today's rounds would, where they are known.
    """

    days: int
    reports: int
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
        against = f"equal effort {self.equal:.0%}"
        if self.rounds is not None:
            against += f", today's rounds {self.rounds:.0%}"
        return (
            f"Tried on the {self.reports} reports of the last {self.days} days, which it had not "
            f"seen, a plan made this way would have met {self.share:.0%} (95% interval "
            f"{self.lower:.0%} to {self.upper:.0%}); {against}."
        )


def look_back(
    places: pd.DataFrame,
    later: pd.Series,
    *,
    days: int,
    method: PatrolMethod,
    rounds_known: bool,
) -> LookBack:
    """Measure a plan on the reports that came after it was made.

    Parameters
    ----------
    places
        All places there were when the plan was made: ``cell``, ``weekly`` (visits a week by the
        plan) and ``today`` (visits a week now; used where `rounds_known`).
    later
        Cell of each later report that has a place; one that isn't of `places`, or missing, was
        out of any plan's reach.
    days
        How many days `later` covers.
    method
        How much a number of visits meets.
    rounds_known
        Whether ``today`` comes from a file of rounds.

    Returns
    -------
    LookBack
        The same measure for all three. The interval is Wilson's, which for parts of reports is
        wider than need be.
    """
    base = len(later)
    rates = places.set_index("cell")[["weekly", "today"]]
    rates["equal"] = places["weekly"].mean() if len(places) else 0.0
    met = pd.DataFrame(share_met(rates, method), rates.index, rates.columns)
    mean = met.reindex(later).fillna(0.0).mean() if base else met.iloc[:0].sum()
    lower, upper = wilson([mean["weekly"]], [base])
    return LookBack(
        days=days,
        reports=base,
        share=float(mean["weekly"]),
        lower=float(lower[0]) if base else 0.0,
        upper=float(upper[0]) if base else 0.0,
        equal=float(mean["equal"]),
        rounds=float(mean["today"]) if rounds_known and base else None,
    )
