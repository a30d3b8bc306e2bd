"""The choices behind a patrol plan, in one place and with their units."""

from dataclasses import dataclass


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
    repeat_worth
        What a further visit in the same week is worth, against the visit before it.
    most_visits
        Visits that one place gets in a week at most.
    quiet_share
        Share of the visits kept for quiet places in turn, so that no street is forgotten and
        patrols don't only look where people report.
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
    repeat_worth: float = 0.5
    most_visits: int = 5
    quiet_share: float = 0.1
    shift_minutes: float = 180.0
    speed_kmh: float = 15.0
    detour: float = 1.3
    look_back_days: int = 91

    @property
    def visits(self) -> int:
        """Visits that the week's hours allow, before the route is known."""
        each = self.minutes_a_visit + self.minutes_between
        return int(self.hours_a_week * 60 // each)
