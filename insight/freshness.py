"""Whether each source still sends what its contract promises."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from insight.periods import uk_date


class State(StrEnum):
    """How a source stands on the day in question."""

    IN_TIME = "in time"
    LATE = "late"
    STOPPED = "stopped"
    NEVER = "never sent anything"
    REFUSED = "only refused files"
    UNDATED = "no dates"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a source's arrivals.

    `promised_days` is how old its newest event may be; `last_event` and `last_file` are missing
    where there is none; `refused_file` is a file of it that was refused whole; `ask` says who
    knows, where that is known.
    """

    source: str
    promised_days: int | None
    last_event: date | None = None
    last_file: str = ""
    refused_file: str = ""
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How a source stands: since when, by when it should have sent more, and what to do."""

    source: str
    state: State
    last_event: date | None
    last_file: str
    due_by: date | None
    note: str

    @property
    def late(self) -> bool:
        """Whether somebody should act."""
        return self.state not in {State.IN_TIME, State.UNDATED}


def freshness(arrival: Arrival, today: date) -> Freshness:
    """Hold a source's newest event to its contract's promise on the day `today`.

    Examples
    --------
    >>> calls = Arrival("telephony", 35, date(2026, 8, 31), "calls-2026-08.csv")
    >>> freshness(calls, date(2026, 10, 5)).state.value
    'in time'
    >>> freshness(calls, date(2026, 10, 6)).state.value
    'late'
    >>> print(freshness(calls, date(2026, 11, 10)).note)
    telephony has stopped: nothing is dated after 31 August 2026, and more was due by 5 \
October 2026. Ask whoever sends it whether its export still runs, and put what is missing into \
inbox/telephony.
    """
    due = None
    if arrival.last_event is not None and arrival.promised_days is not None:
        due = arrival.last_event + timedelta(days=arrival.promised_days)
    state = _state(arrival, due, today)
    note = _note(arrival, state, due)
    return Freshness(arrival.source, state, arrival.last_event, arrival.last_file, due, note)


def never_sent(sources: Mapping[str, str] | list[str]) -> str:
    """Say in one sentence which sources of the settings never sent anything.

    Examples
    --------
    >>> never_sent(["patrols"])
    'Nothing has ever come from patrols. Put its files into inbox/patrols, or take it out of \
sources.yaml.'
    """
    names = list(sources)
    if len(names) == 1:
        (name,) = names
        return (
            f"Nothing has ever come from {name}. Put its files into inbox/{name}, or take it out "
            "of sources.yaml."
        )
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return (
        f"Nothing has ever come from {listed}. Put their files into their inboxes, or take them "
        "out of sources.yaml."
    )


def _state(arrival: Arrival, due: date | None, today: date) -> State:
    if arrival.last_event is None:
        if arrival.last_file:
            return State.UNDATED
        return State.REFUSED if arrival.refused_file else State.NEVER
    if due is None or today <= due:
        return State.IN_TIME
    # The promise broken twice over is no delay any more.
    return State.STOPPED if today > due + (due - arrival.last_event) else State.LATE


def _note(arrival: Arrival, state: State, due: date | None) -> str:
    name = arrival.source
    if state is State.NEVER:
        return never_sent([name])
    if state is State.REFUSED:
        return (
            f"Nothing of {name} is stored: {arrival.refused_file} was refused whole. Put it right "
            f"in inbox/{name} and run the month again."
        )
    if state in {State.LATE, State.STOPPED} and arrival.last_event is not None and due is not None:
        how = "is late" if state is State.LATE else "has stopped"
        begun = f"{name} {how}: nothing is dated after {uk_date(arrival.last_event)}"
        refused = (
            f" Its file {arrival.refused_file} was refused whole, so put that right first."
            if arrival.refused_file
            else (
                f" Ask {arrival.ask or 'whoever sends it'} whether its export still runs, and put "
                f"what is missing into inbox/{name}."
            )
        )
        return f"{begun}, and more was due by {uk_date(due)}.{refused}"
    return ""
