"""The settings of measures: their families, tolerances, bands and targets."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from insight.catalogue import FIGURES
from pipelines.settings_sections import Code, Section

MEASURE_CODE = r"^[A-Za-z0-9][A-Za-z0-9_.&-]*(?: [A-Za-z0-9_.&-]+)*$"
MeasureCode = Annotated[str, Field(pattern=MEASURE_CODE, max_length=60)]
YEAR = r"^\d{4}-\d{2}$"
PERIOD = re.compile(r"^\d{4}-\d{2}( Q[1-4])?$")


class Family(StrEnum):
    """The council's families of measures."""

    SERVICE_STANDARD = "service standard"
    GENERAL_STATUTORY = "general statutory"
    GENERAL_IMPROVEMENT = "general improvement"
    CORPORATE_STRATEGY = "corporate strategy"


class Tolerance(Section):
    """How far off target is still amber: a share of the target, or the unit's own points."""

    kind: Literal["relative", "absolute"] = "relative"
    size: float = Field(0.05, ge=0)


class Band(Section):
    """The ends of a band."""

    low: float
    high: float


class Target(Section):
    """A target; `periods` profiles it by month or quarter; a band has `low` and `high`.

    What makes no sense as a target is refused by `insight.target_checks`, so that one wrong
    target leaves the others standing.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    periods: dict[str, float | Band] = Field(default_factory=dict)
    tolerance: Tolerance | None = None
    agreed_by: str = ""
    agreed_on: date | None = None

    @field_validator("periods")
    @classmethod
    def _known_periods(cls, periods: dict[str, float | Band]) -> dict[str, float | Band]:
        if wrong := [key for key in periods if not PERIOD.match(key)]:
            message = f"{', '.join(wrong)}: write a period as 2026-10 or 2026-27 Q2"
            raise ValueError(message)
        return periods


class YearTarget(Target):
    """A target of targets.yaml, which names its measure and its financial year."""

    measure: MeasureCode
    year: str = Field(pattern=YEAR)


class Measure(Section):
    """A measure on the scorecard: entered by a person, or computed (`figure`).

    `accumulation` says what one value covers: its own period, the year so far, or several
    periods that move on together, such as the last twelve months. `year_to_date` asks for the year
    so far beside each period's own figure.
    """

    code: MeasureCode
    title: str = Field(min_length=1)
    family: Family
    service: Code
    unit: Literal["share", "rate", "count", "days", "score", "pounds"]
    decimals: int = Field(0, ge=0, le=4)
    polarity: Literal["higher", "lower", "band"]
    aggregation: Literal["sum", "mean", "ratio of sums", "last", "worst"] = "last"
    frequency: Literal["weekly", "monthly", "quarterly", "annual"] = "monthly"
    accumulation: Literal["in period", "cumulative", "rolling"] = "in period"
    year_to_date: bool = False
    calendar: Literal["england and wales", "united kingdom", "every day"] = "england and wales"
    tolerance: Tolerance | None = None
    figure: str | None = None
    breakdown: str = ""
    entered: bool = False
    targets: dict[str, Target] = Field(default_factory=dict)
    in_control: bool | None = None
    drives_improvement: bool | None = None
    published: bool = False
    disclosive: bool = False
    owner: str = ""
    objective: str = ""
    definition: str = ""

    @field_validator("targets", mode="before")
    @classmethod
    def _plain_targets(cls, targets: object) -> object:
        """Let a target be written as a bare number."""
        if not isinstance(targets, dict):
            return targets
        return {
            str(year): {"value": target} if isinstance(target, int | float) else target
            for year, target in targets.items()
        }

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.entered == (self.figure is not None):
            message = "say either `entered: true` or `figure: <code>`, not both or neither"
            raise ValueError(message)
        if self.figure is not None and self.figure not in FIGURES:
            message = f"figure: there is none called {self.figure}; use {', '.join(FIGURES)}"
            raise ValueError(message)
        if self.code in FIGURES:
            message = "code: is that of a computed figure; give the measure another"
            raise ValueError(message)
        if self.figure is not None and (
            self.frequency == "weekly" or self.accumulation != "in period"
        ):
            message = "a computed figure is monthly and of its own period; only an entered one can "
            message += "be weekly, cumulative or rolling"
            raise ValueError(message)
        if wrong := [year for year in self.targets if not re.match(YEAR, year)]:
            message = f"targets: {wrong[0]} is not a financial year such as 2026-27"
            raise ValueError(message)
        return self
