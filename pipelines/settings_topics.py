"""The settings of topics: what exists online for each, what a change saves, and keyword rules."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from insight.demand.method import CLASSES
from pipelines.settings_sections import Code, Lgsl, Section

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# What a keyword looks for: at least a letter or a digit.
Keyword = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"\w")]


class OnlineTopic(Section):
    """What people write about: its service, LGSL ids, and what exists online.

    `form` and `page` are named as the web counts name them; without them nothing exists.
    `avoidable` says that nobody should have to write about it, and why: one of the former
    national indicator 14's classes.
    """

    name: Annotated[Said, Field(max_length=120)]
    service: Code
    lgsl: tuple[Lgsl, ...] = ()
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

    topic: Said
    words: tuple[Keyword, ...] = Field(min_length=1)
    unless: tuple[Keyword, ...] = ()
    reason: Said


def topic_faults(topics: tuple[OnlineTopic, ...], rules: tuple[TopicRuleSetting, ...]) -> list[str]:
    """Say which topics are named twice, if only in another spelling, and which rules name none."""
    spelt: dict[str, list[str]] = {}
    for topic in topics:
        spelt.setdefault(topic.name.casefold(), []).append(topic.name)
    faults = [
        f"topics.yaml, topics: {' and '.join(names)} are one topic; keep one of them"
        for names in spelt.values()
        if len(names) > 1
    ]
    # A council that names no topics may still have rules.
    known = {topic.name for topic in topics}
    faults += [
        f"topics.yaml, topic_rules[{number}: {rule.topic}].topic: topics has no such name"
        + near(rule.topic, known, otherwise="; name it there with its service")
        for number, rule in enumerate(rules, start=1)
        if known and rule.topic not in known
    ]
    return faults


def near(word: str, known: Collection[str], *, otherwise: str = "") -> str:
    """Ask whether what is most like `word` was meant; `otherwise` where nothing is."""
    like = get_close_matches(word, sorted(known), n=1)
    return f"; did you mean {like[0]}?" if like else otherwise
