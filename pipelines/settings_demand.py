"""The settings behind the demand figures: what is a repeat, what chases, what could be avoided."""

import re
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from insight.demand.calendar import EVENTS, Event
from insight.demand.method import CLASSES, CUES, NOT_AVOIDABLE, DemandMethod

DAY = re.compile(r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
Words = tuple[Annotated[str, Field(min_length=1)], ...]


class Demand(BaseModel):
    """How contacts become repeat, chasing, avoidable and digital ones; events of the year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    repeat_days: int = Field(14, ge=1, le=92)
    repeat_needs_open_case: bool = True
    chasing_words: Words = ()
    customers_that_are_nobody: Words = ()
    resolved_outcomes: Words = DemandMethod().resolved
    assisted_outcomes: Words = DemandMethod().assisted
    digital_channels: Words = DemandMethod().digital_channels
    reasons: dict[str, Words] = Field(default_factory=dict)
    events: dict[str, tuple[str, str]] = Field(
        default_factory=lambda: {
            each.name: (f"{each.start[0]:02d}-{each.start[1]:02d}",
                        f"{each.end[0]:02d}-{each.end[1]:02d}")
            for each in EVENTS
        }
    )  # fmt: skip
    bank_holidays: tuple[str, str] = ("GB", "ENG")

    @field_validator("reasons")
    @classmethod
    def _known_classes(cls, reasons: dict[str, Words]) -> dict[str, Words]:
        if unknown := sorted(set(reasons) - {*CLASSES, NOT_AVOIDABLE}):
            message = f"there is no class {', '.join(unknown)}; use {', '.join(CLASSES)} or "
            raise ValueError(message + NOT_AVOIDABLE)
        named = [reason.strip().casefold() for words in reasons.values() for reason in words]
        if twice := sorted({reason for reason in named if named.count(reason) > 1}):
            message = f"{', '.join(twice)}: put each reason into one class"
            raise ValueError(message)
        return reasons

    @field_validator("events")
    @classmethod
    def _real_days(cls, events: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
        for name, days in events.items():
            for day in days:
                if not DAY.match(day) or int(day[3:]) > DAYS_OF_MONTH[int(day[:2]) - 1]:
                    message = f"{name}: write from and to as month-day, such as 03-05"
                    raise ValueError(message)
        return events

    @field_validator("bank_holidays")
    @classmethod
    def _known_country(cls, place: tuple[str, str]) -> tuple[str, str]:
        import holidays

        country, part = place
        known = holidays.list_supported_countries()
        if country not in known or (part and part not in known[country]):
            message = "not a country and part with known holidays; write such as [GB, ENG]"
            raise ValueError(message)
        return place

    @model_validator(mode="after")
    def _plain_words(self) -> Self:
        if long := [word for word in self.chasing_words if len(word) > 100]:
            message = f"chasing_words: {long[0][:20]}... is too long for words people say"
            raise ValueError(message)
        return self

    @property
    def calendar_events(self) -> tuple[Event, ...]:
        """The year's events."""
        return tuple(
            Event(name, _month_day(start), _month_day(end))
            for name, (start, end) in self.events.items()
        )

    def method(
        self,
        *,
        minutes: dict[str, float],
        pounds: dict[str, tuple[float, float]],
        placeholders: frozenset[str],
    ) -> DemandMethod:
        """Return the method; `placeholders` are the keys of ``customers_that_are_nobody``."""
        return DemandMethod(
            repeat_days=self.repeat_days,
            repeat_needs_open_case=self.repeat_needs_open_case,
            cues=(*CUES, *(re.escape(words) for words in self.chasing_words)),
            resolved=_plain(self.resolved_outcomes),
            assisted=_plain(self.assisted_outcomes),
            digital_channels=self.digital_channels,
            reasons={
                reason.strip().casefold(): name
                for name, words in self.reasons.items()
                for reason in words
            },
            minutes=minutes,
            pounds=pounds,
            placeholders=placeholders,
        )


def _plain(words: Words) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words)


def _month_day(written: str) -> tuple[int, int]:
    return int(written[:2]), int(written[3:])
