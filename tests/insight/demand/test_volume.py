from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.demand import (
    DemandMethod,
    Sources,
    bank_holidays,
    call_results,
    contact_account,
    contact_cells,
    contact_results,
    demand_figures,
    form_completion_results,
    single_records,
)
from insight.errors import MissingColumnsError

OCTOBER = date(2026, 10, 1)


def singles(time: str, *rows: tuple[int, str | None, str | None]) -> pd.DataFrame:
    """Rows of day of October, channel and service."""
    frame = pd.DataFrame(rows, columns=[time, "channel", "service"])
    frame[time] = pd.to_datetime(
        "2026-10-" + frame[time].astype("string").str.zfill(2) + " 10:00"
    ).dt.tz_localize("Europe/London")
    return frame.astype({"channel": "string", "service": "string"})


def contacts(*rows):
    return singles("contacted_at", *rows)


def enquiries(*rows):
    return singles("received_at", *rows)


def counts(*rows: tuple[int, str, str | None, int | None, int | None]) -> pd.DataFrame:
    """Rows of day of October, channel, service, offered and answered."""
    frame = pd.DataFrame(rows, columns=["date", "channel", "service", "offered", "answered"])
    frame["date"] = pd.to_datetime("2026-10-" + frame["date"].astype("string").str.zfill(2))
    types = {"channel": "string", "service": "string", "offered": "Int64", "answered": "Int64"}
    return frame.astype(types)


def value(results, service="all", key="", measure="contacts"):
    at = results["measure"].eq(measure) & results["service"].eq(service)
    found = results[at & results["breakdown"].eq(key)]
    return found["value"].item() if len(found) else None


def test_contacts_are_counted_by_service_and_channel():
    rows = contacts(
        (1, "phone", "bins"), (2, "phone", "bins"), (2, "web", "trees"), (3, None, None)
    )
    results = contact_results([OCTOBER], contacts=rows)
    assert value(results) == 4
    assert value(results, "bins", "channel=phone") == 2
    assert value(results, "not recorded", "channel=not recorded") == 1


def test_a_daily_count_stands_for_the_single_contacts_it_covers():
    logged = contacts((1, "phone", "bins"), (1, "phone", "bins"), (2, "phone", "bins"))
    switch = counts((1, "phone", "bins", 10, 9))
    results = contact_results([OCTOBER], contacts=logged, counts=switch)
    assert value(results, "bins", "channel=phone") == 11


def test_a_count_covers_its_own_channel_service_and_day_only():
    logged = contacts((1, "email", "bins"), (1, "phone", "trees"))
    switch = counts((1, "phone", "bins", 10, 9))
    assert value(contact_results([OCTOBER], contacts=logged, counts=switch)) == 12


def test_a_count_without_a_service_covers_every_service_of_its_channel():
    logged = contacts((1, "phone", "bins"), (1, "phone", "trees"), (1, "web", "trees"))
    switch = counts((1, "phone", None, 10, 9))
    results = contact_results([OCTOBER], contacts=logged, counts=switch)
    assert value(results, key="channel=phone") == 10
    assert value(results, "bins", "channel=phone") == 1
    assert value(results, "not recorded", "channel=phone") == 8


def test_counts_with_and_without_a_service_are_apart_from_each_other():
    switch = counts((1, "phone", None, 10, 9), (1, "phone", "bins", 4, 4))
    assert value(contact_results([OCTOBER], counts=switch)) == 14


def test_of_contacts_and_enquiries_on_one_day_the_larger_is_taken():
    logged = contacts((1, "email", "bins"), (2, "email", "bins"), (2, "email", "bins"))
    mailbox = enquiries((1, "email", "bins"), (1, "email", "bins"), (2, "email", "bins"))
    assert value(contact_results([OCTOBER], contacts=logged, enquiries=mailbox)) == 4


def test_a_count_left_blank_says_nothing():
    logged = contacts((1, "phone", "bins"))
    switch = counts((1, "phone", "bins", None, None))
    assert value(contact_results([OCTOBER], contacts=logged, counts=switch)) == 1


cells = st.tuples(
    st.integers(1, 2), st.sampled_from(["phone", "web"]), st.sampled_from(["a", None])
)


@settings(max_examples=25)
@given(
    st.lists(cells, max_size=6),
    st.lists(cells, max_size=6),
    st.lists(st.tuples(cells, st.integers(0, 9)), max_size=4, unique_by=lambda row: row[0]),
)
def test_contacts_counted_are_those_read_less_those_set_aside(logged, mailed, counted):
    switch = counts(*[(*cell, offered, 0) for cell, offered in counted])
    sources = {"contacts": contacts(*logged), "enquiries": enquiries(*mailed), "counts": switch}
    found = contact_cells([OCTOBER], **sources)
    account = contact_account(found)
    total = value(contact_results([OCTOBER], **sources)) or 0
    assert total == account["read"].sum() - account["set_aside"].sum()
    assert account["read"].tolist() == [switch["offered"].sum(), len(logged), len(mailed)]
    assert switch["offered"].sum() <= total <= account["read"].sum()
    assert (account["set_aside"] <= account["read"]).all()
    assert account["set_aside"].ge(0).all()


def test_calls_answered_divides_sums_of_days_where_both_are_known():
    switch = counts(
        (1, "phone", "bins", 10, 10),
        (2, "phone", "bins", 90, 45),
        (3, "phone", "bins", 50, None),
        (3, "face to face", "bins", 50, 50),
        (4, "phone", "trees", None, 3),
    )
    results = call_results(switch, [OCTOBER])
    row = results[results["service"].eq("bins")].iloc[0]
    assert (row["value"], row["base"]) == (0.55, 100)
    assert "trees" not in set(results["service"])


def test_form_completion_is_shown_by_page():
    web = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-10-01", "2026-10-02", "2026-11-01"]),
            "page": ["/bins", "/moving", "/bins"],
            "service": ["bins", "council tax", "bins"],
            "form_starts": [10, 20, 99],
            "form_completions": [9, 5, 99],
        }
    )
    results = form_completion_results(web, [OCTOBER])
    measure = "form_completion_share"
    assert value(results, measure=measure) == pytest.approx(14 / 30)
    assert value(results, key="page=/moving", measure=measure) == 0.25
    assert value(results, "bins", measure=measure) == 0.9


def test_pages_without_forms_have_no_share():
    web = pd.DataFrame({"date": pd.to_datetime(["2026-10-01"]), "page": ["/"], "views": [5]})
    assert form_completion_results(web, [OCTOBER]).empty


def figures(month, **sources):
    closed = bank_holidays(date(2018, 1, 1), date(2027, 1, 1))
    return demand_figures([month], Sources(**sources), DemandMethod(), closed).results


def test_all_demand_figures_come_together():
    switch = counts((1, "phone", "bins", 10, 9))
    web = pd.DataFrame(
        {
            "date": pd.to_datetime(["2026-10-01"]),
            "page": "/",
            "form_starts": 2,
            "form_completions": 1,
        }
    )
    results = figures(OCTOBER, counts=switch, web_counts=web)
    assert {"contacts", "calls_answered_share", "form_completion_share"} <= set(results["measure"])
    assert "form_completion_share" not in set(figures(OCTOBER, counts=switch)["measure"])


def test_an_email_in_two_systems_is_one_record():
    logged = contacts((1, "email", "bins"), (1, "phone", "bins"))
    mailbox = enquiries((1, "email", "bins"), (1, "email", "bins"))
    both = single_records([OCTOBER], contacts=logged, enquiries=mailbox)
    assert sorted(both["channel"]) == ["email", "email", "phone"]


def test_no_source_or_no_day_of_the_month_gives_no_figures():
    assert contact_results([OCTOBER]).empty
    assert figures(date(2020, 1, 1), counts=counts((1, "phone", "bins", 10, 9))).empty


def test_a_source_without_its_time_is_refused_by_name():
    with pytest.raises(MissingColumnsError, match="contacted_at"):
        contact_results([OCTOBER], contacts=pd.DataFrame({"channel": ["phone"]}))


def test_vancouvers_calls_keep_their_december_total(real_data):
    raw = pd.read_csv(
        real_data / "vancouver-311-calls" / "contact_centre_daily_to_2019.csv",
        sep=";",
        encoding="utf-8-sig",
    )
    switch = pd.DataFrame(
        {
            "date": pd.to_datetime(raw["Date"]).dt.tz_localize(None),
            "channel": "phone",
            "offered": raw["CallsOffered"],
            "answered": raw["CallsHandled"],
        }
    )
    december = raw[raw["Date"].str.startswith("2019-12")]
    results = figures(date(2019, 12, 1), counts=switch)
    assert value(results) == december["CallsOffered"].sum()
    assert value(results, measure="calls_answered_share") == pytest.approx(
        december["CallsHandled"].sum() / december["CallsOffered"].sum()
    )
