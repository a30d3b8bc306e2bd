"""The choices behind a patrol plan, in one place and with their units."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class PatrolMethod:
    """How ranked places become a week of visits.

    Parameters
    ----------
    hours_a_week
        Warden time on patrol, in hours.
    minutes_a_visit
        Time at one place. Fifteen minutes, as in the Southend trial (Basford et al. 2021: one
        patrol of 15 to 20 minutes a day); Koper's rule of thumb is at least ten.
    minutes_between
        Time from one place to the next, until the route is known.
    lies_days
        How many days fouling lies on average before it is cleaned up, trodden or washed away: an
        assumption, which the sheet states. It decides how much a further visit adds.
    most_visits
        Visits that one place gets in a week at most: one a day, Monday to Friday.
    quiet_share
        Share of the visits spread equally over all places, so that no street is forgotten and
        patrols don't only look where people report.
    wardens
        How many are out at the same time.
    shift_minutes
        Length of one shift on patrol, in minutes.
    speed_kmh
        Speed between places, doors to doors, in kilometres an hour.
    detour
        How much longer a way by street is than the straight line, where no street file is given:
        an assumption, which the sheet states.
    look_back_days
        The last so many days are kept back to see how well the same rule would have done.
    """

    hours_a_week: float = 12.0
    minutes_a_visit: float = 15.0
    minutes_between: float = 5.0
    lies_days: float = 7.0
    most_visits: int = 5
    quiet_share: float = 0.1
    wardens: int = 1
    shift_minutes: float = 180.0
    speed_kmh: float = 15.0
    detour: float = 1.3
    look_back_days: int = 91

    @property
    def shifts(self) -> int:
        """Shifts that the week's hours fill."""
        return max(int(np.ceil(self.hours_a_week * 60 / self.shift_minutes - 1e-9)), 1)

    @property
    def most_a_week(self) -> int:
        """Visits that a place can get: one on each day with a shift."""
        return min(self.most_visits, -(-self.shifts // self.wardens))

    @property
    def visits(self) -> int:
        """Visits that the week's hours allow, before the route is known."""
        each = self.minutes_a_visit + self.minutes_between
        return int(self.hours_a_week * 60 // each)
