"""What to make: which months, from which seed, and the story that planning went through."""

from dataclasses import dataclass
from datetime import date
from zlib import crc32

import numpy as np

from insight.errors import InsightError
from insight.periods import add_months

LONG_SPAN = 18
"""Months from which there is room for the whole planning story and its aftermath."""

RECOVERY_MONTHS = 6
"""Months after the fix until satisfaction has recovered as far as it will."""
RECOVERY = 0.3
"""How far satisfaction rises above its trough, as a share of the trough."""

FEWEST_REPORTS = 100
MONTHS_TO_DRIFT = 6
"""Months from which there is history enough to tell that something is not as it was."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which months of the borough to make, and from which seed.

    Parameters
    ----------
    last_month
        The latest month, by its first day.
    months
        How many months, the latest included.
    seed
        Same seed, same borough.
    fouling_a_year
        Mean number of dog-fouling reports; 300 is a borough of this size, 30,000 a strain.
    """

    last_month: date
    months: int = 6
    seed: int = 2026
    fouling_a_year: int = 300

    def __post_init__(self) -> None:
        if self.months < 1:
            raise InsightError(f"The demo borough needs at least one month, not {self.months}.")
        if self.fouling_a_year < FEWEST_REPORTS:
            raise InsightError(
                f"The demo borough needs at least {FEWEST_REPORTS} reports of fouling a year for "
                f"its hotspots to be ones, not {self.fouling_a_year}."
            )
        if self.last_month.day != 1:
            raise InsightError(
                f"A month is given by its first day; {self.last_month} is not the first of one."
            )

    def month(self, age: int) -> date:
        """Return the month `age` months before the last; a negative age lies after it."""
        return add_months(self.last_month, -age)

    @property
    def span(self) -> tuple[date, ...]:
        """All months, the oldest first."""
        return tuple(self.month(age) for age in reversed(range(self.months)))

    def age(self, month: date) -> int:
        """Return how many months `month` lies before the last one."""
        last = self.last_month
        return (last.year - month.year) * 12 + last.month - month.month

    def stream(self, name: str, month: date | None = None) -> np.random.Generator:
        """Return the random numbers of one purpose.

        Each purpose and month has its own, so that a new input leaves the others as they were.
        """
        number = 0 if month is None else month.year * 12 + month.month
        return np.random.default_rng([self.seed, crc32(name.encode()), number])

    @property
    def gap(self) -> tuple[int, int]:
        """First and last age at which planning was short of officers."""
        return (13, 7) if self.months >= LONG_SPAN else (max(self.months - 2, 2), 2)

    def capacity(self, month: date) -> float:
        """Return planning's capacity in `month`, as a multiple of its normal one."""
        first, last = self.gap
        age = self.age(month)
        if last <= age <= first:
            return 0.6
        return 1.0 if age > first else 1.25

    def satisfaction(self, month: date) -> float:
        """Return the planted share of applicants who are satisfied with planning.

        It falls while officers are short, and rises by 30% over the six months after the last
        of those; where fewer months follow, over these.
        """
        first, last = self.gap
        good, trough = 0.66, 0.46
        age = self.age(month)
        if age > first:
            return good
        if age >= last:
            return good - (good - trough) * (first - age + 1) / (first - last + 1)
        since_fix = (last - age) / min(last, RECOVERY_MONTHS)
        return trough * (1 + RECOVERY * min(since_fix, 1.0))

    @property
    def unplanned_since(self) -> date:
        """First month in which residents ask about something that nobody planned for."""
        return self.month(min(2, max(self.months - 2, 0)))

    @property
    def drifts(self) -> bool:
        """Whether some sources stop, shrink or change near the end."""
        return self.months >= MONTHS_TO_DRIFT
