"""The weekly sheet of a service that gets through a backlog: what came, what went, who waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from insight.case_lists import NO_UPDATE_DAYS, past_standard
from insight.cases import AGE_BAND_DAYS, age_bands, dated_cases, is_decided, open_at
from insight.errors import InsightError
from insight.weeks import week_key

_TWO_SIDED = 1.96
WEEKS = 13
"""A quarter's worth of weeks stands on the sheet."""


class NoCasesError(InsightError):
    """The service has no cases to make a sheet of."""


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """One service's week.

    `weeks` has ``week``, ``monday``, ``received``, ``decided``, ``withdrawn`` and ``open`` (as
    Sunday ends), oldest first; `ages` has ``age_band``, ``open`` and ``past_standard``; `silent`
    is the list of `insight.case_lists.past_standard`; `actions` are sentences drawn from the
    figures, `agreed` those that the service itself wrote down.
    """

    service: str
    week: str
    day: date
    weeks: pd.DataFrame
    ages: pd.DataFrame
    past_standard: int
    silent: pd.DataFrame
    actions: tuple[str, ...]
    agreed: tuple[str, ...]

    @property
    def latest(self) -> "pd.Series[int]":
        """The week's own row of `weeks`."""
        return self.weeks.iloc[-1]


def recovery_sheet(
    cases: pd.DataFrame,
    *,
    service: str,
    monday: date,
    standards: pd.DataFrame,
    no_update_days: int = NO_UPDATE_DAYS,
    agreed: Sequence[str] = (),
) -> RecoverySheet:
    """Make the sheet of one service and week.

    Parameters
    ----------
    cases
        Rows of the cases contract, of every service.
    service
        Code of the service.
    monday
        The week's first day; the sheet is as its Sunday ends.
    standards, no_update_days
        As for `insight.case_lists.past_standard`.
    agreed
        What the service itself has agreed to do.

    Raises
    ------
    NoCasesError
        If no case of the service had come in by then.
    """
    sunday = monday + timedelta(days=6)
    mine = cases[cases["service"].astype("string").eq(service).fillna(False)]
    rows = dated_cases(mine)
    if not rows["received_at"].le(pd.Timestamp(sunday)).any():
        message = (
            f"There are no cases of {service} up to {week_key(monday)}. Bring some in with "
            "`insight ingest`, or name a service that has cases."
        )
        raise NoCasesError(message)
    weeks = _weeks(rows, monday)
    still = open_at(rows, sunday)
    over = past_standard(mine, sunday, standards, no_update_days=None)
    silent = over[over["days_since_update"].gt(no_update_days)].reset_index(drop=True)
    bands = age_bands(still["age_days"], edges=AGE_BAND_DAYS)
    late = still["case_id"].astype("string").isin(over["case_id"]) if len(still) else bands.isna()
    ages = (
        pd.DataFrame({"age_band": bands, "open": 1, "past_standard": late.astype("int64")})
        .groupby("age_band", observed=False)
        .sum()
        .reset_index()
    )
    return RecoverySheet(
        service=service,
        week=week_key(monday),
        day=sunday,
        weeks=weeks,
        ages=ages,
        past_standard=len(over),
        silent=silent,
        actions=_actions(weeks, len(over), len(silent), no_update_days),
        agreed=tuple(agreed),
    )


def _weeks(rows: pd.DataFrame, monday: date) -> pd.DataFrame:
    mondays = pd.date_range(end=pd.Timestamp(monday), periods=WEEKS, freq="7D")
    decided = rows[is_decided(rows)]["decided_at"]
    withdrawn = rows[rows["outcome"].eq("withdrawn").fillna(False)]["decided_at"]

    def per_week(days: pd.Series) -> list[int]:
        start = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
        return [int(n) for n in start.value_counts().reindex(mondays, fill_value=0)]

    return pd.DataFrame(
        {
            "week": [week_key(start.date()) for start in mondays],
            "monday": mondays,
            "received": per_week(rows["received_at"]),
            "decided": per_week(decided),
            "withdrawn": per_week(withdrawn),
            "open": [
                len(open_at(rows, (start + pd.Timedelta(days=6)).date())) for start in mondays
            ],
        }
    )


def _actions(weeks: pd.DataFrame, over: int, silent: int, no_update_days: int) -> tuple[str, ...]:
    """Say what the figures ask for; nothing where they ask for nothing."""
    last, month_ago = weeks.iloc[-1], weeks.iloc[-5]
    change = int(last["open"] - month_ago["open"])
    gone, in_all = (int(weeks[name].iloc[-4:].sum()) for name in ("decided", "received"))
    pace, came = gone / 4, in_all / 4
    # Two counts of four weeks differ by about the root of their sum by chance alone.
    beyond_chance = gone - in_all > _TWO_SIDED * (gone + in_all) ** 0.5
    said = []
    if silent:
        said.append(
            f"Write to the {silent} applicant{'s' if silent > 1 else ''} past standard who "
            f"{'have' if silent > 1 else 'has'} heard nothing for more than {no_update_days} days; "
            "the list is below."
        )
    if change > 0:
        said.append(
            f"The queue grew by {change} in four weeks: {came:.1f} came in a week and "
            f"{pace:.1f} were decided. At this pace it doesn't clear."
        )
    elif over and beyond_chance:
        weeks_left = max(1, round(over / (pace - came)))
        said.append(
            f"{pace - came:.1f} more a week are decided than come in. At this pace the {over} past "
            f"standard are worked off in about {weeks_left} week{'s' if weeks_left > 1 else ''}, "
            "if the oldest are taken first."
        )
    elif over:
        said.append(
            f"{over} {'are' if over > 1 else 'is'} past standard. In four weeks {in_all} came in "
            f"and {gone} were decided: too close to say that the queue clears. Decide the oldest "
            "first, or agree new dates with their applicants."
        )
    return tuple(said)
