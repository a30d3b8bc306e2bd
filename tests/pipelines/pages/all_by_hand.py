"""Every figure of one service worked out by hand, and what the catalogue calls each."""

from collections.abc import Iterable
from functools import cache

import pandas as pd

from insight.catalogue import FIGURES
from tests.pipelines.pages import complaints_by_hand, demand_by_hand, surveys_by_hand
from tests.pipelines.pages import made_council as made
from tests.pipelines.pages.arithmetic import Hand

TITLES = {figure.title: code for code, figure in FIGURES.items()}
UNITS = {code: figure.unit for code, figure in FIGURES.items()}
MONTHS = [f"{month}" for month in pd.period_range("2025-10", made.PERIOD, freq="M")]
CHANNELS = ("phone", "email", "web", "post", "face to face")


@cache
def by_hand(service: str) -> dict[tuple[str, str, str], Hand]:
    """Work out a service's figures of every month that its page shows."""
    found: dict[tuple[str, str, str], Hand] = {}
    for month in MONTHS:
        found |= demand_by_hand.contacts(service, month)
        found |= demand_by_hand.chasing(service, month)
        found |= demand_by_hand.digital(service, month)
        if service in ("waste", "all"):
            found |= demand_by_hand.calls(month)
        if service != "housing":
            cells = demand_by_hand.of(demand_by_hand.cells(), service)
            for channel in ("", *CHANNELS):
                if not channel or cells["channel"].eq(channel).any():
                    found |= demand_by_hand.change(service, month, channel)
        if month >= "2026-04":
            found |= complaints_by_hand.received_and_upheld(service, month)
            found |= complaints_by_hand.in_time(service, month)
        if service in ("housing", "planning", "all"):
            found |= surveys_by_hand.monthly(service, month)
            found |= surveys_by_hand.quarterly(service, month)
    return found


def hand_of(service: str, measures: Iterable[str]) -> dict[tuple[str, str, str], Hand]:
    """Give a service's figures of some measures."""
    wanted = set(measures)
    return {key: figure for key, figure in by_hand(service).items() if key[0] in wanted}
