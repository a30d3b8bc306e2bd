"""Freshness: a source that never sent anything is not one that stopped."""

from datetime import date

import pytest

from insight.freshness import Arrival, State, freshness, never_sent

LAST = date(2026, 8, 31)
ARRIVED = Arrival("calls", 35, LAST, "calls-2026-08.csv", ask="Tom Ashby, who manages Streets,")


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 10, 5), State.IN_TIME),
        (date(2026, 10, 6), State.LATE),
        (date(2026, 11, 9), State.LATE),
        (date(2026, 11, 10), State.STOPPED),
    ],
)
def test_a_source_is_late_the_day_after_its_promise_and_stopped_after_a_second(today, state):
    assert freshness(ARRIVED, today).state is state


def test_a_source_that_stopped_is_told_since_when_and_whom_to_ask():
    found = freshness(ARRIVED, date(2026, 11, 23))
    assert "31 August 2026" in found.note
    assert "due by 5 October 2026" in found.note
    assert "Ask Tom Ashby, who manages Streets, whether" in found.note


def test_a_source_whose_newest_file_was_refused_is_told_to_mend_that_first():
    found = freshness(Arrival("calls", 35, LAST, "a.csv", "b.csv"), date(2026, 11, 23))
    assert found.note.endswith("Its file b.csv was refused whole, so put that right first.")


def test_a_source_that_never_sent_anything_is_named_differently():
    never = freshness(Arrival("calls", 35), date(2026, 11, 23))
    assert (never.state, never.late) == (State.NEVER, True)
    assert "stopped" not in never.note
    refused = freshness(Arrival("calls", 35, refused_file="a.csv"), date(2026, 11, 23))
    assert refused.state is State.REFUSED
    assert "a.csv was refused whole" in refused.note
    assert never_sent(["a", "b", "c"]).startswith("Nothing has ever come from a, b and c.")


def test_a_source_without_dates_is_not_late():
    undated = freshness(Arrival("calls", 35, None, "a.csv"), date(2026, 11, 23))
    assert (undated.state, undated.late, undated.note) == (State.UNDATED, False, "")
