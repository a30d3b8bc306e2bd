"""Repeat and chasing contacts, held to a plain double loop over the same rows."""

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.demand import CUES, DemandMethod, has_cue, link_contacts, link_results, nobody_keys
from insight.demand.volume import single_records
from insight.periods import month_key

METHOD = DemandMethod()
MONTHS = [date(2026, 9, 1), date(2026, 10, 1)]
COLUMNS = ("contacted_at", "service", "customer", "reason", "case_id", "text", "outcome")


def contacts(*rows: dict) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows)).reindex(columns=[*COLUMNS, "channel"])
    frame["contacted_at"] = pd.to_datetime(frame["contacted_at"]).dt.tz_localize("Europe/London")
    frame = frame.astype(dict.fromkeys([*COLUMNS[1:], "channel"], "string"))
    return frame.assign(channel=frame["channel"].fillna("phone"))


def contact(at: str, service="planning", customer="ann", **more) -> dict:
    return {"contacted_at": at, "service": service, "customer": customer, **more}


def cases(*rows: tuple) -> pd.DataFrame:
    """Rows of case, service, customer, received and decided."""
    names = ["case_id", "service", "customer", "received_at", "decided_at"]
    frame = pd.DataFrame(list(rows), columns=names).assign(outcome=pd.NA, ward="Abbey")
    for name in names[3:]:
        frame[name] = pd.to_datetime(frame[name]).dt.tz_localize("Europe/London")
    return frame.astype(dict.fromkeys([*names[:3], "outcome", "ward"], "string"))


NO_CASES = cases()
NOBODY = pd.Series([], dtype="string")


def linked(rows: pd.DataFrame, on_record: pd.DataFrame = NO_CASES, method=METHOD) -> pd.DataFrame:
    records = single_records(MONTHS, contacts=rows)
    return link_contacts(records, on_record, method, nobody=NOBODY)


def test_the_same_customer_and_service_within_two_weeks_is_a_repeat():
    found = linked(
        contacts(
            contact("2026-09-01 10:00"),
            contact("2026-09-15 10:00"),
            contact("2026-09-30 10:00"),
            contact("2026-09-30 11:00"),
            contact("2026-09-30 12:00", service="bins"),
            contact("2026-09-30 13:00", customer="bob"),
        )
    )
    assert found["repeat"].tolist() == [False, True, False, True, False, False]


def test_contacts_without_a_customer_are_nobodys_repeats():
    found = linked(contacts(*[contact("2026-09-20 10:00", customer=None)] * 3))
    assert not found["repeat"].any()
    assert not found["known"].any()


def test_whoever_comes_in_the_first_days_on_record_may_have_come_before():
    found = linked(contacts(contact("2026-09-01 10:00", customer="x"), contact("2026-09-10 10:00")))
    assert found["known"].tolist() == [False, False]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Any update on my application?", True),
        ("Still waiting for a decision", True),
        ("I haven\N{RIGHT SINGLE QUOTATION MARK}t heard back", True),
        ("when will my claim be decided", True),
        ("he is chasing a refund", True),
        ("My bin has not been collected", True),
        ("purchased a new bin", False),
        ("Please send me the form", False),
        ("What is the status quo in law?", False),
        ("", False),
    ],
)
def test_words_show_chasing(text, shown):
    assert has_cue(pd.Series([text], dtype="string"), CUES).tolist() == [shown]


def test_a_contact_is_linked_to_the_case_it_names_while_that_is_open():
    on_record = cases(("26/1", "planning", None, "2026-09-01", "2026-09-20"))
    found = linked(
        contacts(
            contact("2026-09-10 10:00", case_id=" 26/1 "),
            contact("2026-09-20 16:00", case_id="26/1", customer="b"),
            contact("2026-09-22 10:00", case_id="26/1", customer="c"),
            contact("2026-09-22 10:00", case_id="99/9", customer="d"),
        ),
        on_record,
    )
    assert found["open_case"].tolist() == [True, True, False, False]
    assert found["case_id"].tolist()[:3] == ["26/1"] * 3
    assert pd.isna(found["case_id"].iloc[3])
    assert found["avoidable"].iloc[2] == "premature closure"


def test_a_customers_only_open_case_is_the_one_meant():
    on_record = cases(
        ("old", "planning", "ann", "2026-08-01", "2026-09-05"),
        ("now", "planning", "ann", "2026-08-02", None),
        ("other", "bins", "ann", "2026-08-02", None),
        ("later", "planning", "ann", "2026-10-01", None),
    )
    found = linked(
        contacts(
            contact("2026-09-03 10:00"), contact("2026-09-10 10:00"), contact("2026-10-10 10:00")
        ),
        on_record,
    )
    assert found["open_case"].tolist() == [True, True, True]
    assert found["case_id"].fillna("-").tolist() == ["-", "now", "-"], (
        "two open: which is not known"
    )
    assert found["chasing"].tolist() == [False, True, False]
    assert found["evidence"].tolist()[1] == "repeat about an open case"


def test_a_repeat_about_nothing_open_is_no_chasing_where_cases_are_on_record():
    on_record = cases(("a", "planning", "bob", "2026-08-01", None))
    rows = contacts(contact("2026-09-20 10:00"), contact("2026-09-21 10:00"))
    assert not linked(rows, on_record)["chasing"].any()
    always = replace(METHOD, repeat_needs_open_case=False)
    assert linked(rows, on_record, always)["chasing"].tolist() == [False, True]
    assert linked(rows, NO_CASES)["chasing"].tolist() == [False, True]


def test_without_cases_a_repeat_chases_if_it_is_for_the_same_reason():
    rows = contacts(
        contact("2026-09-20 10:00", reason="Missed bin"),
        contact("2026-09-21 10:00", reason="Garden waste"),
        contact("2026-09-22 10:00", reason="garden waste "),
    )
    assert linked(rows)["chasing"].tolist() == [False, False, True]


def test_telling_two_services_of_one_change_is_repeat_notification():
    rows = contacts(
        contact("2026-09-20 10:00", service="council-tax", reason="Moving home"),
        contact("2026-09-21 10:00", service="housing", reason="Moving home"),
    )
    assert linked(rows)["avoidable"].fillna("-").tolist() == ["-", "repeat notification"]


def test_the_contact_centres_own_reason_wins():
    method = replace(
        METHOD, reasons={"fees": "not avoidable", "switchboard": "wrong number or passed on"}
    )
    rows = contacts(
        contact("2026-09-20 10:00", reason="Fees", text="any update?"),
        contact("2026-09-20 10:00", reason="Switchboard", customer="b"),
    )
    assert linked(rows, NO_CASES, method)["avoidable"].tolist() == [
        "not avoidable",
        "wrong number or passed on",
    ]


row = st.tuples(
    st.integers(0, 50), st.integers(0, 23), st.sampled_from(["a", "b"]),
    st.sampled_from(["p", "q", None]),
)  # fmt: skip


@settings(max_examples=20)
@given(st.lists(row, max_size=14), st.integers(1, 20))
def test_repeats_are_those_that_a_double_loop_finds(rows, days):
    start = pd.Timestamp("2026-09-02")
    frame = contacts(
        *[
            contact(str(start + pd.Timedelta(days=day, hours=hour)), service, customer)
            for day, hour, service, customer in rows
        ]
    ) if rows else contacts(contact("2026-09-02", customer=None))  # fmt: skip
    found = linked(frame, NO_CASES, replace(METHOD, repeat_days=days))
    expected = []
    for at, (day, hour, service, who) in enumerate(rows):
        earlier = [
            other
            for index, other in enumerate(rows)
            if who is not None
            and other[2:] == (service, who)
            and (other[:2], index) < ((day, hour), at)
            and day - other[0] <= days
        ]
        expected.append(bool(earlier))
    assert found["repeat"].tolist()[: len(rows)] == expected


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 30), st.integers(0, 40)), max_size=8),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 45)), min_size=1, max_size=8),
)
def test_open_cases_are_those_that_a_double_loop_finds(owned, asked):
    start = pd.Timestamp("2026-09-01")
    on_record = cases(
        *[
            (str(at), "planning", who, str(start + timedelta(days=day)),
             None if length > 30 else str(start + timedelta(days=day + length)))
            for at, (who, day, length) in enumerate(owned)
        ]
    )  # fmt: skip
    rows = contacts(
        *[contact(str(start + timedelta(days=day, hours=12)), customer=who) for who, day in asked]
    )
    found = linked(rows, on_record)
    for (who, day), is_open, case in zip(asked, found["open_case"], found["case_id"], strict=True):
        mine = [
            str(at)
            for at, (owner, begin, length) in enumerate(owned)
            if owner == who and begin <= day and (length > 30 or day <= begin + length)
        ]
        assert is_open == bool(mine)
        assert (None if pd.isna(case) else case) == (mine[0] if len(mine) == 1 else None)


def test_one_key_for_everyone_is_found_named_and_left_out():
    rows = contacts(*[contact(f"2026-09-{day:02d} 10:00", customer="x") for day in range(1, 29)])
    records = single_records(MONTHS, contacts=rows)
    found = nobody_keys(records, METHOD)
    assert found["share"].tolist() == [1.0]
    links = link_contacts(records, NO_CASES, METHOD)
    assert not links["repeat"].any()
    measures = set(link_results(links, MONTHS)["measure"])
    assert "repeat_contact_share" not in measures


def test_somebody_who_calls_often_about_one_thing_is_somebody():
    often = [contact(f"2026-09-{day:02d} 10:00", customer="x") for day in range(1, 29)]
    others = [
        contact(f"2026-{month}-{day:02d} 11:00", customer=f"{month}{day}{n}")
        for month in ("09", "10") for day in range(1, 29) for n in range(10)
    ]  # fmt: skip
    records = single_records(MONTHS, contacts=contacts(*often, *others))
    assert nobody_keys(records, METHOD).empty


def test_a_key_in_touch_daily_about_everything_stands_for_nobody():
    often = [
        contact(f"2026-{month}-{day:02d} 10:00", service, customer="x")
        for month in ("09", "10") for day in range(1, 29) for service in ("a", "b", "c")
    ]  # fmt: skip
    others = [contact("2026-09-05 11:00", customer=str(n)) for n in range(2000)]
    records = single_records(MONTHS, contacts=contacts(*often, *others))
    assert nobody_keys(records, METHOD)["customer"].tolist() == ["x"]


def test_twelve_contacts_give_a_wide_interval_not_a_claim():
    rows = [contact(f"2026-09-{day:02d} 10:00", customer=f"c{day}") for day in range(17, 28)]
    rows.append(contact("2026-09-28 10:00", customer="c27"))
    early = contact("2026-09-01 09:00", customer="early")
    found = link_results(linked(contacts(early, *rows)), MONTHS)
    share = found[found["measure"].eq("repeat_contact_share") & found["service"].eq("planning")]
    whole = share[share["breakdown"].eq("")].iloc[0]
    assert (whole["value"], whole["base"]) == (pytest.approx(1 / 12), 12)
    assert whole["upper"] - whole["lower"] > 0.3


def test_contacts_of_few_people_are_worth_less_than_as_many_peoples():
    said = ("any update", "-")
    many = [
        contact(f"2026-09-{20 + n % 8} 10:00", customer=f"m{n}", text=said[n % 2])
        for n in range(40)
    ]
    few = [
        contact("2026-09-20 10:00", "bins", f"f{n % 4}", text=said[n % 4 // 2]) for n in range(40)
    ]
    on_record = cases(("a", "bins", "else", "2026-08-01", None))
    found = link_results(linked(contacts(*many, *few), on_record), MONTHS)
    share = found[found["measure"].eq("chasing_contact_share") & found["breakdown"].eq("")]
    wide = share.set_index("service")
    assert wide.loc["planning", "value"] == wide.loc["bins", "value"] == 0.5
    reach = (wide["upper"] - wide["lower"]).to_dict()
    assert reach["bins"] > 1.8 * reach["planning"]
    p, n = 0.5, 40
    z = 1.959964
    half = z / (1 + z**2 / n) * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert reach["planning"] == pytest.approx(2 * half, rel=1e-4)


def test_a_first_contact_is_resolved_if_dealt_with_and_not_followed():
    rows = contacts(
        contact("2026-09-01 10:00", customer="start", outcome="Resolved"),
        contact("2026-09-16 10:00", customer="a", outcome="Resolved"),
        contact("2026-09-16 10:00", customer="b", outcome="Passed on"),
        contact("2026-09-16 10:00", customer="c", outcome="Resolved"),
        contact("2026-09-20 10:00", customer="c", outcome="Resolved"),
        contact("2026-09-17 10:00", customer="d", outcome=None),
        contact("2026-10-10 10:00", customer="late", outcome="Resolved"),
    )
    found = link_results(linked(rows), MONTHS)
    of = found["measure"].eq("first_contact_resolution_share") & found["breakdown"].eq("")
    september = found[of & found["period"].eq("2026-09") & found["service"].eq("planning")].iloc[0]
    assert (september["value"], september["base"]) == (2 / 4, 4)
    assert "2026-10" not in set(found.loc[of, "period"]), "two weeks aren't over yet"


def test_a_million_contacts_need_no_loop_and_grow_in_line():
    # A small run of the benchmark in tests/benchmarks/demand.py, so that a slip shows early.
    rng = np.random.default_rng(1)
    size = 20_000
    at = pd.Timestamp("2026-09-01", tz="Europe/London") + pd.to_timedelta(
        rng.integers(0, 60 * 86_400, size), unit="s"
    )
    frame = pd.DataFrame(
        {
            "contacted_at": at,
            "channel": "phone",
            "service": rng.choice(["a", "b"], size),
            "customer": pd.Series(rng.integers(0, 9_000, size)).astype("string"),
        }
    )
    links = link_contacts(single_records(MONTHS, contacts=frame), NO_CASES, METHOD)
    order = frame.assign(day=at.tz_localize(None).normalize(), n=range(size)).sort_values(
        ["customer", "service", "contacted_at", "n"]
    )
    gap = order.groupby(["customer", "service"])["day"].diff().dt.days
    expected = gap.le(METHOD.repeat_days).sort_index()
    assert links["repeat"].tolist() == expected.tolist()
    assert set(links["period"]) == {month_key(month) for month in MONTHS}
