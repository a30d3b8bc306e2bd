"""What a step says of itself when it is done."""

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from insight.periods import month_key

Plain = str | int | float | None


@dataclass(frozen=True, slots=True)
class StepSummary:
    """A step's outcome, for the screen, the run's record and Prefect's artifacts.

    `headline` is one sentence; `table` holds rows of plain values; `problems` are sentences
    that somebody should act on; `seconds` is how long it took.
    """

    step: str
    headline: str
    table: list[dict[str, Plain]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Plain]]:
    """Return a frame's rows as plain values, None for what is missing."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def table_of(figures: pd.DataFrame, month: date) -> list[dict[str, Plain]]:
    """Return the month's whole figures as rows of plain values, for an artifact."""
    whole = figures["period"].eq(month_key(month)) & figures["breakdown"].eq("")
    return plain_rows(figures.loc[whole, ["measure", "service", "value", "lower", "upper", "base"]])
