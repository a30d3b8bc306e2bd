"""The parts that one council's settings are made of; `pipelines.settings` puts them together."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from data_contracts import INPUTS
from insight.catalogue import FIGURES
from insight.demand.method import CLASSES

CODE = r"^[a-z0-9][a-z0-9_-]*$"
MEASURE_CODE = r"^[A-Za-z0-9][A-Za-z0-9_.&-]*(?: [A-Za-z0-9_.&-]+)*$"
Code = Annotated[str, Field(pattern=CODE, max_length=60)]
MeasureCode = Annotated[str, Field(pattern=MEASURE_CODE, max_length=60)]
YEAR = r"^\d{4}-\d{2}$"
PERIOD = re.compile(r"^\d{4}-\d{2}( Q[1-4])?$")


class Section(BaseModel):
    """A part of the settings; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


class Service(Section):
    """A service and who answers for it."""

    code: Code
    name: str = Field(min_length=1)
    head_of_service: str = ""
    manager: str = ""
    lgsl: tuple[Annotated[int, Field(gt=0)], ...] = ()
    standard_days: dict[str, float] | float | None = None
    recovery_actions: tuple[str, ...] = ()


class Source(Section):
    """Where one kind of file comes from: the folder ``inbox/<name>``."""

    name: Code
    contract: str
    mapping: str | None = None
    sheet: str | None = None

    @field_validator("contract")
    @classmethod
    def _known_contract(cls, contract: str) -> str:
        if contract not in INPUTS:
            message = f"there is no such input; use one of {', '.join(INPUTS)}"
            raise ValueError(message)
        return contract

    @field_validator("mapping")
    @classmethod
    def _name_for_its_file(cls, mapping: str | None) -> str | None:
        # `mapping: fixmystreet` is short for the file that people can look at and adapt.
        bare = mapping is not None and re.fullmatch(r"[\w-]+", mapping)
        return f"mappings/{mapping}.yaml" if bare else mapping


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


class Contacts(Section):
    """Minutes of staff time one contact takes, and pounds where the council knows its own.

    A cost is one number, or the lowest and the highest it may be.
    """

    minutes: dict[str, Annotated[float, Field(ge=0)]] = Field(default_factory=dict)
    pounds: dict[str, float | tuple[float, float]] = Field(default_factory=dict)

    @field_validator("pounds")
    @classmethod
    def _lowest_first(
        cls, pounds: dict[str, float | tuple[float, float]]
    ) -> dict[str, float | tuple[float, float]]:
        for channel, cost in pounds.items():
            low, high = cost if isinstance(cost, tuple) else (cost, cost)
            if not 0 <= low <= high:
                message = f"{channel}: write the lowest cost before the highest, neither negative"
                raise ValueError(message)
        return pounds

    @property
    def pound_ranges(self) -> dict[str, tuple[float, float]]:
        """Lowest and highest cost by channel."""
        return {
            channel: cost if isinstance(cost, tuple) else (cost, cost)
            for channel, cost in self.pounds.items()
        }


class Disclosure(Section):
    """Counts from 1 up to below `threshold` are not published on disclosive measures."""

    threshold: int = Field(5, ge=2, le=50)


class OnlineTopic(Section):
    """What people write about: its service, LGSL ids, and what exists online.

    `form` and `page` are named as the web counts name them; without them nothing exists.
    `avoidable` says that nobody should have to write about it, and why: one of the former
    national indicator 14's classes.
    """

    name: str = Field(min_length=1, max_length=120)
    service: Code
    lgsl: tuple[Annotated[int, Field(gt=0)], ...] = ()
    form: str | None = None
    page: str | None = None
    avoidable: str | None = None

    @field_validator("avoidable")
    @classmethod
    def _known_class(cls, said: str | None) -> str | None:
        if said is not None and said not in CLASSES:
            message = f"{said!r} is no class of avoidable contact; use {', '.join(CLASSES)}"
            raise ValueError(message)
        return said


class TakeUp(Section):
    """Shares of enquiries that a change online would save: low, middle and high.

    A new form is listed only where even the low end saves `least_saved` enquiries a year.
    """

    new_form: tuple[float, float, float] = (0.2, 0.4, 0.6)
    mended_form: tuple[float, float, float] = (0.1, 0.25, 0.4)
    better_page: tuple[float, float, float] = (0.1, 0.2, 0.35)
    least_saved: float = Field(12.0, gt=0)

    @field_validator("new_form", "mended_form", "better_page")
    @classmethod
    def _rising_shares(cls, shares: tuple[float, float, float]) -> tuple[float, float, float]:
        if not 0 <= shares[0] <= shares[1] <= shares[2] <= 1:
            message = (
                "write three shares from 0 to 1, low, middle and high, such as [0.2, 0.4, 0.6]"
            )
            raise ValueError(message)
        return shares


class TopicRuleSetting(Section):
    """Enquiries with all of `words` and none of `unless` have this topic, model or no model."""

    topic: str = Field(min_length=1)
    words: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    reason: str = Field(min_length=1)


class Surveys(Section):
    """How surveys become figures of satisfaction.

    `margins` names, for each survey that stands for the whole population, a file of its make-up;
    `confirmed_directions` are waves that looked turned round and that a person found right.
    """

    headline: str = Field("overall", min_length=1)
    dont_know_in_base: tuple[str, ...] = ()
    margins: dict[str, str] = Field(default_factory=dict)
    fewest_to_weight: int = Field(300, ge=100)
    trim: tuple[float, float] = (0.3, 3.0)
    confirmed_directions: tuple[str, ...] = ()

    @field_validator("trim")
    @classmethod
    def _around_one(cls, trim: tuple[float, float]) -> tuple[float, float]:
        if not 0 < trim[0] < 1 < trim[1]:
            message = "write the lightest and the heaviest weight, such as [0.3, 3]"
            raise ValueError(message)
        return trim


class Patrols(Section):
    """How wardens patrol: hours a week, time at a place, today's rounds, a map online.

    `rounds_file` is a CSV in the workspace with ``place`` and ``visits_a_week``; `tiles` the
    address of an on-line map, which stays off until a warden switches it on. `season_file` is a
    CSV of counts elsewhere, with ``month`` and ``reports``, for the season where ours are too few;
    of its ``category`` column, where it has one, those that are mapped count.
    """

    hours_a_week: float = Field(12.0, gt=0, le=200)
    minutes_a_visit: float = Field(15.0, ge=1, le=240)
    shift_minutes: float = Field(180.0, ge=15, le=720)
    speed_kmh: float = Field(15.0, ge=1, le=60)
    rounds_file: str | None = None
    season_file: str | None = None
    tiles: str | None = Field(None, pattern=r"^https://[^/\s\"'<>]+/[^\s\"'<>]*$")
