"""The parts that one council's settings are made of; `pipelines.settings` puts them together.

Measures are in `pipelines.settings_measures`, topics in `pipelines.settings_topics`.
"""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from data_contracts import INPUTS

CODE = r"^[a-z0-9][a-z0-9_-]*$"
Code = Annotated[str, Field(pattern=CODE, max_length=60)]
# Ids of the Local Government Service List have up to four digits.
Lgsl = Annotated[int, Field(gt=0, lt=10_000)]


class Section(BaseModel):
    """A part of the settings; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Service(Section):
    """A service and who answers for it."""

    code: Code
    name: str = Field(min_length=1)
    head_of_service: str = ""
    manager: str = ""
    lgsl: tuple[Lgsl, ...] = ()
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


class Depot(Section):
    """Where wardens' shifts begin and end, in metres of the workspace's `crs`."""

    easting: float
    northing: float


class Patrols(Section):
    """How wardens patrol: hours a week, time at a place, today's rounds, a map online.

    `hours_a_week` are those of all wardens together, `wardens` how many go out at the same time;
    `lies_days` how long fouling lies on average. Shifts begin and end at the `depot`, where one is
    named, else at whichever place is best.
    `rounds_file` is a CSV in the workspace with ``place`` and ``visits_a_week``; `tiles` the
    address of an on-line map, which stays off until a warden switches it on. `season_file` is a
    CSV of counts elsewhere, with ``month`` and ``reports``, for the season where ours are too few;
    of its ``category`` column, where it has one, those that are mapped count.
    """

    hours_a_week: float = Field(12.0, gt=0, le=200)
    minutes_a_visit: float = Field(15.0, ge=1, le=240)
    shift_minutes: float = Field(180.0, ge=15, le=720)
    wardens: int = Field(1, ge=1, le=20)
    lies_days: float = Field(7.0, ge=0.5, le=90)
    depot: Depot | None = None
    speed_kmh: float = Field(15.0, ge=1, le=60)
    rounds_file: str | None = None
    season_file: str | None = None
    tiles: str | None = Field(None, pattern=r"^https://[^/\s\"'<>]+/[^\s\"'<>]*$")
