"""What two years of the borough hold, and that its truths say so."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from insight.borough.borough import make_borough
from insight.borough.contacts import DEFAULTED
from insight.borough.plan import Plan
from insight.borough.street_reports import EXPORT as STREET_REPORTS
from insight.borough.surveys import ANSWERS, PLANNING_QUESTIONS


@pytest.fixture(scope="module")
def story(long_borough):
    return pd.DataFrame(long_borough.truths["planning"]).T.astype("float64")


def files_of(borough, source):
    (batch,) = [b for b in borough.batches if b.export.source == source]
    return batch.files


def test_complaints_follow_the_chasing_by_two_months(long_borough, story):
    told = long_borough.truths["story"]["complaints_follow_chasing_by_months"]
    likeness = {
        lag: story["chasing"].corr(story["first_complaints"].shift(-lag)) for lag in range(-1, 6)
    }
    assert max(likeness, key=likeness.get) == told == 2
    assert likeness[2] > 0.9
    assert story["chasing"].corr(story["overdue"]) > 0.9
    assert story["chasing"].max() > 8 * story["chasing"].iloc[:10].mean()


def test_satisfaction_rises_by_thirty_percent_in_the_six_months_after_the_fix(long_borough):
    told = long_borough.truths["story"]
    first, *_ = PLANNING_QUESTIONS
    shares = {}
    for file in files_of(long_borough, "planning-survey"):
        answers = file.frame.loc[~file.broken].drop_duplicates("ID")[first]
        known = answers[answers != "Don't know"]
        shares[file.name[-12:-5]] = known.isin(ANSWERS[:2]).mean()
    trough, recovered = told["satisfaction_trough"], told["satisfaction_recovered"]
    assert (trough, recovered) == ("2026-03", "2026-09")
    planned = pd.Series(
        {month: row["satisfied_share"] for month, row in long_borough.truths["planning"].items()}
    )
    assert planned[recovered] / planned[trough] - 1 == pytest.approx(told["satisfaction_rises_by"])
    # Drawn, so off by chance: of 24 months about one lies outside its 95% limits.
    error = np.sqrt(planned * (1 - planned) / 142)
    off = (pd.Series(shares) - planned).abs() / error
    assert off.gt(1.96).sum() <= 3
    assert 0.5 < off.pow(2).mean() < 1.7
    assert shares[recovered] - shares[trough] > 1.96 * np.hypot(error[recovered], error[trough])


def test_three_steady_spots_one_emerging_one_cooling_and_a_false_one(long_borough):
    truths = long_borough.truths
    spots = truths["hotspots"]
    assert sorted(s["kind"] for s in spots) == ["cooling", "emerging", *["steady"] * 3]
    months = sorted(truths["fouling"])
    assert sum(truths["fouling"].values()) / 2 == pytest.approx(300, rel=0.15)
    for spot in spots:
        year_ago = sum(spot["reports"][m] for m in months[6:12])
        now = sum(spot["reports"][m] for m in months[-3:])
        if spot["kind"] == "emerging":
            assert year_ago == 0
            assert now >= 6
        if spot["kind"] == "cooling":
            assert year_ago >= 20
            assert now <= 2
    fallback = sum(truths["fallback"]["reports"].values())
    assert fallback > max(sum(spot["reports"].values()) for spot in spots)


def test_the_fallback_point_is_one_coordinate_in_the_files(long_borough):
    told = long_borough.truths["fallback"]
    rows = pd.concat([f.frame[~f.broken] for f in files_of(long_borough, STREET_REPORTS.source)])
    rows = rows.drop_duplicates("Report ID")
    there = (rows["Easting"] == f"{told['easting']:.1f}") & (
        rows["Northing"] == f"{told['northing']:.1f}"
    )
    fouling = rows["Category"] == "Dog fouling"
    assert (there & fouling).sum() == sum(told["reports"].values())


@pytest.mark.parametrize("count", ["contacts", "emails", "web_views"])
def test_council_tax_peaks_at_annual_billing_however_people_get_in_touch(long_borough, count):
    told = long_borough.truths["annual_billing"]
    by_month = pd.Series({month: counts[count] for month, counts in told["by_month"].items()})
    assert told["peak_months"] == ["2025-03", "2025-04", "2026-03", "2026-04"]
    assert set(by_month.nlargest(4).index) == set(told["peak_months"])
    usual = by_month.drop(told["peak_months"]).median()
    assert by_month[told["peak_months"]].min() > 1.5 * usual


def test_defaulted_customers_are_told_by_their_contacts(long_borough):
    told = long_borough.truths["defaulted_customers"]["contacts"]
    assert set(told) == set(DEFAULTED)
    assert min(map(len, told.values())) > 300
    written = {}
    for source, names in {
        "phone-log": ("Call ref", "Customer no"),
        "crm": ("contact_id", "customer"),
    }.items():
        for file in files_of(long_borough, source):
            sound = file.frame[~file.broken]
            written |= dict(zip(sound[names[0]], sound[names[1]], strict=True))
    customers = pd.Series(written)
    for key, contacts in told.items():
        assert set(customers.index[customers == key]) == set(contacts)


def test_what_drifts_has_drifted(long_borough):
    drift = long_borough.truths["drift"]
    (stopped,), (volume,), (heading,) = drift["stopped"], drift["volume"], drift["headings"]
    last = files_of(long_borough, stopped["source"])[-1]
    assert stopped["last_month"] in last.name
    *before, now = [len(file.frame) for file in files_of(long_borough, volume["source"])]
    assert now / np.mean(before) == pytest.approx(volume["share_of_usual"], abs=0.05)
    *_, previous, new = files_of(long_borough, heading["source"])
    assert heading["gone"] in previous.frame.columns
    assert set(new.frame.columns) - set(previous.frame.columns) == {heading["new"]}
    assert heading["gone"] not in new.frame.columns


def test_a_short_span_has_no_drift(borough):
    short = make_borough(Plan(date(2026, 10, 1), months=2)).truths
    assert short["drift"] == {"stopped": [], "volume": [], "headings": []}
    assert all(borough.truths["drift"].values())
    assert short["unplanned_topic"]["since"] == "2026-10"
    assert short["broken_files"].keys() == borough.truths["broken_files"].keys()


def test_each_broken_file_lies_in_another_inbox_and_says_how_it_ends(borough):
    broken = borough.truths["broken_files"]
    refused = [name for name, odd in broken.items() if odd["ends"] == "refused"]
    assert len(refused) == 8
    assert len({name.partition("/")[0] for name in refused}) == 8
    assert {odd["ends"] for odd in broken.values()} == {"refused", "accepted", "seen before"}
    accounts = borough.truths["files"]
    for name, odd in broken.items():
        source, _, file = name.partition("/")
        assert (file in accounts[source]) == (odd["ends"] != "refused")
    late = accounts["complaints"]["complaints-corrected.xlsx"]
    assert late["corrections"] == late["accepted"] == late["read"] > 0
