"""Real due dates as cases and real decisions as complaints, recomputed from the raw files."""

from datetime import date

import pandas as pd
import pytest

from insight.case_waits import wait_now
from insight.cases import case_results
from pipelines.steps.complaint_decisions import annual
from pipelines.steps.events import read_events

MONTH = date(2017, 5, 1)
CITIES = {
    "boston_cases": ("boston-animal-311/reports_2013_2018.csv.gz", "%Y-%m-%d %H:%M:%S"),
    "baltimore_cases": ("baltimore-311/requests_train.csv.gz", "%m/%d/%Y %I:%M:%S %p"),
}
NAMES = {
    "boston_cases": ("open_dt", "sla_target_dt", "closed_dt"),
    "baltimore_cases": ("CreatedDate", "DueDate", "CloseDate"),
}


def local_days(times, style):
    known = pd.to_datetime(times, format=style, errors="coerce")
    city = known.dt.tz_localize("America/New_York", ambiguous=True, nonexistent="shift_forward")
    return city.dt.tz_convert("Europe/London").dt.tz_localize(None).dt.normalize()


@pytest.mark.parametrize("mapping", CITIES)
def test_a_citys_due_dates_give_the_same_share_in_time_as_its_raw_file(
    real_data, make_workspace, ingest, mapping
):
    path, style = real_data / CITIES[mapping][0], CITIES[mapping][1]
    workspace = make_workspace()
    ingest(workspace, path, mapping, "cases")
    cases = read_events(workspace, "cases")
    results = case_results(cases, MONTH)
    whole = results[results["breakdown"].eq("") & results["service"].eq("all")]
    raw = pd.read_csv(path, dtype="string", low_memory=False)
    if mapping == "baltimore_cases":
        raw = raw[~raw["SRStatus"].str.contains("Duplicate", na=False)]
    opened, target, closed = (local_days(raw[name], style) for name in NAMES[mapping])
    good = opened.notna() & ~closed.lt(opened)
    mine = good & closed.between("2017-05-01", "2017-05-31") & target.notna()
    share = whole.set_index("measure").loc["cases_in_time_share"]
    assert share["denominator"] == mine.sum() > 20
    assert share["numerator"] == (mine & closed.le(target)).sum()
    wait = wait_now(cases, date(2017, 5, 31), by=["service"]).iloc[0]
    # Boston leaves so many records open for good that nine in ten are never reached.
    assert pd.isna(wait["slowest_tenth"]) == (mapping == "boston_cases")
    assert wait["typical"] >= 0


def test_the_councils_own_ombudsman_decisions_are_reported_as_the_ombudsman_counts(
    real_data, make_workspace, ingest, tmp_path
):
    raw = pd.read_csv(
        real_data / "housing-ombudsman-complaints" / "complaints_to_2025-04.csv.gz", dtype="string"
    )
    own = raw[raw["landlord"].str.contains("oadby", case=False, na=False)]
    assert len(own) == 10  # of the dozen that there are, decided by April 2025
    own.to_csv(tmp_path / "own.csv", index=False)
    workspace = make_workspace()
    ingest(workspace, tmp_path / "own.csv", "housing_ombudsman", "complaints")
    day = pd.to_datetime(own["decision_date_iso"])
    years = sorted({f"{y}-{(y + 1) % 100:02d}" for y in (day - pd.DateOffset(months=3)).dt.year})
    upheld = own["finding"].isin(
        ["Severe Maladministration", "Maladministration", "Service Failure"]
    )
    refused = own["finding"].eq("Outside Jurisdiction")
    tables = [annual(workspace, year) for year in years]
    lines = [table["stages"].set_index("line")["ombudsman"] for table in tables]
    assert sum(line["Received"] for line in lines) == len(own)
    assert sum(line["Upheld"] for line in lines) == upheld.sum()
    assert sum(line["Closed"] for line in lines) == len(own) - refused.sum()
    assert sum(table["refused"]["number"].sum() for table in tables) == refused.sum()
    assert all(line["Timed (with dates and a clock)"] == 0 for line in lines)
