"""What a step says of itself when it is done."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StepSummary:
    """A step's outcome, for the screen, the run's record and Prefect's artifacts.

    `headline` is one sentence; `table` holds rows of plain values; `problems` are sentences
    that somebody should act on.
    """

    step: str
    headline: str
    table: list[dict[str, str | int | float | None]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
