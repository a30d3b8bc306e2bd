"""What has changed in a month's sources, told in plain sentences that say what to do.

`insight.volume_drift`, `insight.value_drift` and `insight.heading_drift` find it.
"""

from datetime import date

from insight.value_drift import BLANK, ValueChange
from insight.volume_drift import VolumeChange

_REFILLED = (
    "Find out whether the file is filled in differently; if nothing is wrong, what residents do "
    "has changed."
)


def volume_words(source: str, change: VolumeChange, month: date) -> str:
    """Say a change in a source's rows.

    Examples
    --------
    >>> print(volume_words("calls", VolumeChange(205, 404.2, 318, 501, 12), date(2026, 10, 1)))
    calls: 205 rows in October 2026, where 318 to 501 were to be expected from the 12 months \
before. Find out whether a file is incomplete; if nothing is wrong, the demand itself has halved.
    """
    brought = (
        f"{source}: {change.rows:,} row{'' if change.rows == 1 else 's'} in {month:%B %Y}, where "
        f"{change.lower:,.0f} to {change.upper:,.0f} were to be expected from the "
        f"{change.months} months before."
    )
    if change.rows == 0:
        return f"{brought} Look for the month's file, and put it into inbox/{source}."
    if change.rows < change.expected:
        halved = 0.4 <= change.rows / change.expected <= 0.6
        what = "halved" if halved else "fallen"
        return (
            f"{brought} Find out whether a file is incomplete; if nothing is wrong, the demand "
            f"itself has {what}."
        )
    return (
        f"{brought} Find out whether rows came twice under different references; if nothing is "
        "wrong, the demand itself has risen."
    )


def value_words(change: ValueChange, month: date) -> str:
    """Say a change in a column's values, with its base.

    Examples
    --------
    >>> print(value_words(ValueChange("telephony", "channel", "phone", 0.02, 0.61, 1240, 0.59, 0),
    ...     date(2026, 10, 1)))
    telephony: channel "phone" is 2% of 1,240 rows in October 2026, 61% before. Find out whether \
the file is filled in differently; if nothing is wrong, what residents do has changed.
    """
    base = f"{change.rows:,} rows in {month:%B %Y}"
    now, before = _share(change.now), _share(change.before)
    if change.value is None:
        return (
            f"{change.source}: half of {change.column} is at or below {_number(change.now)} in "
            f"{base}, {_number(change.before)} before. Find out whether its unit has changed."
        )
    if change.value == BLANK:
        return (
            f"{change.source}: {change.column} is blank in {now} of {base}, {before} before. "
            + (
                "Find out whether the column is still filled in, and under which heading."
                if change.now > change.before
                else "It is filled in more than before; see whether what stands there is meant."
            )
        )
    what = f'{change.source}: {change.column} "{change.value}"'
    return f"{what} is {now} of {base}, {before} before. {_REFILLED}"


def _share(share: float) -> str:
    if 0 < share < 0.005:
        return "under 1%"
    return f"{100 * share:.0f}%"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.3g}"
