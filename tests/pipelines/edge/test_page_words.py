from datetime import date

import numpy as np
import pandas as pd
import pytest

from insight.rag import Rag, Travel
from pipelines.edge import page_parts, page_words


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "written"),
    [
        (0.6642, "share", None, "66%"),
        (0.6642, "share", 1, "66.4%"),
        (0.285, "share", 0, "29%"),
        (-2.5, "days", 0, "−3 days"),  # noqa: RUF001
        (1234567, "count", None, "1,234,567"),
        (-0.0001, "score", 1, "0.0"),
        (-2.5, "score", 1, "−2.5"),  # noqa: RUF001
        (-3, "pounds", 0, "−£3"),  # noqa: RUF001
        (1, "days", 0, "1 day"),
        (1.0, "days", 1, "1.0 days"),
        (pd.NA, "share", 1, "awaited"),
        (np.nan, "count", None, "awaited"),
    ],
)
def test_figures_are_written_in_their_unit(value, unit, decimals, written):
    assert page_parts.figure(value, unit, decimals) == written


def test_dates_and_periods_are_british():
    assert page_parts.day(date(2026, 11, 3)) == "3 November 2026"
    assert page_parts.day(pd.NaT) == "not known"
    assert page_parts.period("2026-10") == "October 2026"
    assert page_parts.period("no period") == "no period"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"status": "awaited", "base": None}, "awaited"),
        ({"status": "final", "base": 4}, "not enough answers"),
        ({"status": "suppressed", "base": 4}, "not shown"),
        ({"status": "final", "rag": "suppressed", "base": 4}, "not shown"),
    ],
)
def test_a_missing_figure_says_why(row, why):
    assert page_words.absence(row) == why
    assert page_words.shown(row | {"value": None, "unit": "share"}) == why


@pytest.mark.parametrize("way", [*Travel, None, "sideways"])
def test_every_direction_has_words(way):
    words = page_parts.direction(way).word
    assert (words == "Nothing to compare with") == (way in {None, "sideways"})


@pytest.mark.parametrize("status", list(Rag))
def test_every_status_has_a_word_and_a_shape_of_its_own(status):
    mark = page_parts.rag(status)
    others = [page_parts.rag(other) for other in Rag if other != status]
    assert mark != page_parts.UNRATED
    assert mark.word not in {other.word for other in others}
    assert mark.shape not in {other.shape for other in others}


def test_a_band_is_written_with_both_its_ends():
    row = {"polarity": "band", "unit": "share", "target": None}
    assert page_words.aim(row | {"target_low": 0.8, "target_high": 0.95}) == "80% to 95%"
    assert page_words.aim(row | {"target": "80% to 95%"}) == "80% to 95%"
    assert page_words.aim(row) == "none set"


def test_an_unknown_status_is_not_rated():
    assert page_parts.rag("mauve").word == "Not rated"


def test_a_part_that_is_there_is_never_nought_percent():
    assert page_words.part_share(0.004) == "under 1%"
    assert page_words.part_share(0.005) == "1%"
    assert page_words.part_share(0.0) == "0%"


def test_a_piece_of_street_is_called_so_and_a_square_a_square():
    row = {"place": "Mill Lane (SK 611 993)", "ward": "Abbey", "cell_m": 92.0}
    assert page_words.whereabouts(row | {"cell": "Mill Lane 461150_299350"}).endswith(
        "92 metres of street"
    )
    assert page_words.whereabouts(row | {"cell": "461100_299300"}).endswith("a square of 92 metres")
