"""The headline of a service: a change in one sentence, only where chance doesn't explain it."""

from typing import Any

from insight.demand.headlines import Headlines, headlines
from insight.periods import add_months, month_key
from pipelines.edge import page_parts as say
from pipelines.edge.page_data import PageData

COMPARED_MONTHS = (1, 6, 12)
SUBJECTS = {
    "chasing_contact_share": "Contacts that chase",
    "repeat_contact_share": "Repeat contacts",
    "first_contact_resolution_share": "Contacts resolved the first time",
    "avoidable_contact_share": "Avoidable contacts",
    "digital_take_up_share": "Transactions completed online",
    "satisfaction_share": "Satisfied customers",
    "complaints_upheld_share": "Complaints upheld",
    "calls_answered_share": "Calls answered",
    "calls_abandoned_share": "Calls given up",
    "service_level_share": "Calls answered within the target time",
    "complaints_received": "Complaints",
}


def month_headlines(data: PageData) -> Headlines:
    """Find the month's changes that stand: on last month, half a year ago and last year."""
    earlier = [month_key(add_months(data.month, -back)) for back in COMPARED_MONTHS]
    return headlines(data.results, data.period, earlier)


def sentence(row: dict[str, Any]) -> str:
    """Say one change.

    >>> sentence({"measure": "contacts_change", "change": 0.2, "lower": 0.1, "upper": 0.3,
    ...           "value": 120.0, "before": 100.0, "past": None})
    'Contacts rose by 20% on the same weeks last year, to 120 from 100 (likely 10% to 30%).'
    """
    up = row["change"] > 0
    verb = "rose" if up else "fell"
    low, high = sorted((abs(row["lower"]), abs(row["upper"])))
    if row["measure"] == "contacts_change":
        return (
            f"Contacts {verb} by {say.figure(abs(row['change']), 'share')} on the same weeks last "
            f"year, to {say.count(row['value'])} from {say.count(row['before'])} (likely "
            f"{say.interval(low, high, 'share')})."
        )
    subject, since = SUBJECTS[row["measure"]], say.period(row["past"])
    if row["measure"] == "complaints_received":
        return (
            f"{subject} {verb} to {say.count(row['value'])} from {say.count(row['before'])} in "
            f"{since}."
        )
    points = f"{100 * low:.0f} to {100 * high:.0f} points"
    return (
        f"{subject} {verb} to {say.figure(row['value'], 'share')} from "
        f"{say.figure(row['before'], 'share')} in {since} (a change of likely {points})."
    )


def looked_at(found: Headlines) -> str:
    """Say how many figures were compared, so that a reader can judge what one change is worth."""
    number = say.plural(found.candidates, "comparison")
    return (
        f"{number} looked at, of all services: with the month before, six months before and the "
        "same month last year. Of the changes named here one in twenty may be chance."
    )
