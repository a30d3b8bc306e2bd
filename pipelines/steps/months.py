"""The months that a step computes: the one asked for and those before it, for trends."""

from datetime import date

from insight.periods import add_months

TREND_MONTHS = 24


def window(month: date, months: int = TREND_MONTHS) -> list[date]:
    """Return `months` months ending with `month`, oldest first."""
    return [add_months(month, -back) for back in range(months - 1, -1, -1)]
