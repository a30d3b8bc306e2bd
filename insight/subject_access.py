"""When a request to see one's data must be answered, and what each table is."""

from collections.abc import Collection
from datetime import date, timedelta

from insight.contract import Contract, Privacy

GUIDANCE = (
    "UK GDPR article 12(3) gives one month from the day the request arrives (or the day identity "
    "is proved). A request that is complex, or one of many, may take two months more, if the "
    "person is told why within the first. See the ICO's guidance on the right of access."
)
_SATURDAY = 5


def answer_by(received: date, closed: Collection[date] = ()) -> date:
    """Return the last day to answer: the same day of the next month, or the next working day.

    Parameters
    ----------
    received
        The day on which the request arrived.
    closed
        Bank holidays.

    Examples
    --------
    >>> answer_by(date(2026, 9, 3))
    datetime.date(2026, 10, 5)
    >>> answer_by(date(2027, 1, 31))
    datetime.date(2027, 3, 1)
    """
    following = date(received.year + received.month // 12, received.month % 12 + 1, 1)
    after = date(following.year + following.month // 12, following.month % 12 + 1, 1)
    last = min(following + timedelta(days=received.day - 1), after - timedelta(days=1))
    while last.weekday() >= _SATURDAY or last in closed:
        last += timedelta(days=1)
    return last


def kept_for(days: int | None) -> str:
    """Say a retention period in words."""
    if days is None:
        return "No period is set"
    if days % 365 == 0:
        years = days // 365
        return f"{years} year{'s' if years > 1 else ''} ({days} days)"
    return f"{days} days"


def treatment(contract: Contract, column: str) -> str:
    """Say what happened to a column's values before they were stored."""
    return {
        Privacy.PUBLIC: "as received",
        Privacy.INTERNAL: "as received",
        Privacy.FREE_TEXT: "redacted before storing",
        Privacy.IDENTIFIER: "replaced by a keyed pseudonym before storing",
    }[contract.column(column).privacy]
