from datetime import date

import pandas as pd
import pytest

from insight.demand import CUES, DemandMethod, has_cue
from insight.intervals import wilson
from insight.topics.burden import AVOIDABLE, CHASING, burden_shares, burdens

MONTH = date(2026, 10, 1)
METHOD = DemandMethod()


def when(days):
    return pd.to_datetime(pd.Series(days)).dt.tz_localize("Europe/London")


@pytest.fixture
def enquiries():
    rows = [
        ("2026-09-25 09:00", "planning", "ann", "Is my drawing the right size?"),
        ("2026-10-02 09:00", "planning", "ann", "About the drawing"),
        ("2026-10-03 09:00", "planning", "bob", "Any update on my application?"),
        ("2026-10-04 09:00", "planning", "cat", "Do I need permission for a shed?"),
        ("2026-10-05 09:00", "waste", "dan", "When is the garden bin collected next spring"),
        ("2026-10-06 09:00", "planning", "eve", "What is the fee?"),
    ]
    frame = pd.DataFrame(rows, columns=["received_at", "service", "sender", "text"])
    return frame.assign(
        received_at=when(frame["received_at"]), channel="email", enquiry_id=list("abcdef")
    ).set_axis([10, 11, 12, 13, 14, 15])


def open_case(customer):
    return pd.DataFrame(
        {
            "case_id": ["P1"], "service": ["planning"], "customer": [customer], "ward": ["Abbey"],
            "received_at": when(["2026-09-01"]), "decided_at": when([None]), "outcome": [pd.NA],
        }
    )  # fmt: skip


def test_an_enquiry_chases_by_its_words_or_about_an_open_case(enquiries):
    found = burdens(enquiries, months=[MONTH], method=METHOD, cases=open_case("ann"))
    assert found["chasing"].tolist() == [False, True, True, False, False, False]
    assert found.index.equals(enquiries.index)
    # Ann's first letter is a month earlier: it tells that she wrote before, and is not asked about.
    alone = enquiries[enquiries["enquiry_id"].ne("a")]
    found = burdens(alone, months=[MONTH], method=METHOD, cases=open_case("ann"))
    assert not found.loc[11, "chasing"]


def test_a_call_before_makes_a_letter_chasing_and_a_logged_copy_of_it_does_not(enquiries):
    calls = pd.DataFrame(
        {
            "contacted_at": when(["2026-10-01 10:00", "2026-10-06 08:00"]),
            "channel": ["phone", "email"], "service": ["planning", "planning"],
            "customer": ["cat", "eve"], "reason": pd.NA, "outcome": pd.NA, "case_id": pd.NA,
            "text": pd.NA,
        }
    )  # fmt: skip
    both = pd.concat([open_case("cat"), open_case("eve").assign(case_id="P2")])
    found = burdens(enquiries, months=[MONTH], method=METHOD, cases=both, contacts=calls)
    assert found.loc[13, "chasing"]
    assert not found.loc[15, "chasing"]


def test_the_shares_are_hits_over_enquiries_with_wilsons_interval(enquiries):
    told = enquiries[enquiries["enquiry_id"].ne("a")].assign(
        topic=["drawings", "progress", "permission", "bins", "permission"], source="mail"
    )
    flags = burdens(told, months=[MONTH], method=METHOD)
    # The same worked out with the plain rule: no cases, so words alone tell.
    words = has_cue(told["text"].astype("string"), CUES)
    assert flags["chasing"].tolist() == words.tolist()
    found = burden_shares(told.join(flags), period="2026-10", services={})
    whole = found[found["breakdown"].eq("")].set_index(["measure", "service"])
    for measure in (CHASING, AVOIDABLE):
        row = whole.loc[(measure, "all")]
        assert (row["value"], row["base"]) == (pytest.approx(words.mean()), 5)
        assert (row["lower"], row["upper"]) == pytest.approx(
            tuple(map(float, wilson(words.mean(), 5)))
        )
    topics = found[found["service"].eq("planning") & found["measure"].eq(CHASING)]
    values = topics.set_index("breakdown")["value"]
    assert values["topic=progress"] == 1
    assert values["topic=permission"] == 0


def test_without_enquiries_there_is_nothing(enquiries):
    found = burdens(enquiries.iloc[:0], months=[MONTH], method=METHOD)
    assert found.empty
    assert list(found) == ["chasing", "avoidable"]
