"""Real counts and indicators, each through ingest with a mapping and on to figures.

The expected figures are worked out here from the raw files, by other means than the code's.
"""

from datetime import date

import pandas as pd
import pytest
import yaml

from insight.kpi_returns import return_results
from pipelines.edge.workspace import open_workspace
from pipelines.steps.complaints import publish_complaints
from pipelines.steps.demand import publish_demand
from pipelines.steps.events import read_events
from pipelines.steps.figures import read_figures
from pipelines.steps.scorecard import month_scorecard
from tests.real_accounts import told


def test_vancouver_calls_are_read_and_the_share_answered_is_that_of_the_calls(
    workspace, real_data, ingest, pages
):
    path = real_data / "vancouver-311-calls" / "contact_centre_daily_to_2019.csv"
    account = ingest(workspace, path, "vancouver_calls", "telephony")
    raw = pd.read_csv(path, sep=";", encoding="utf-8-sig", parse_dates=["Date"])
    assert told(account) == (len(raw), len(raw), 0, 0, 0)
    month = date(2019, 12, 1)
    publish_demand(workspace, month)
    figures = read_figures(workspace, months=[month])
    december = raw[raw["Date"].dt.strftime("%Y-%m").eq("2019-12")]
    wanted = december["CallsHandled"].sum() / december["CallsOffered"].sum()
    answered = figures[
        figures["measure"].eq("calls_answered_share")
        & figures["service"].eq("all")
        & figures["breakdown"].eq("")
    ]
    assert answered["value"].item() == pytest.approx(wanted)
    contacts = figures[
        figures["measure"].eq("contacts")
        & figures["service"].eq("all")
        & figures["breakdown"].eq("")
    ]
    assert contacts["value"].item() == december["CallsOffered"].sum()
    pages(workspace, month)
    card = workspace.outputs / "2019-12" / "performance" / "scorecard.html"
    assert "Calls answered" in card.read_text("utf-8")


def test_vancouver_feedback_keeps_every_case_and_its_own_clock(workspace, real_data, ingest, pages):
    path = real_data / "vancouver-feedback-cases" / "feedback_cases_2023.csv"
    account = ingest(workspace, path, "vancouver_feedback", "feedback")
    raw = pd.read_csv(path)
    assert told(account) == (len(raw), len(raw), 0, 0, 0)
    opened = pd.to_datetime(raw["Service request open timestamp"], utc=True)
    stored = read_events(workspace, "complaints")["received_at"]
    assert sorted(stored.dt.tz_convert("UTC")) == sorted(opened)
    assert pages(workspace, date(2023, 6, 1))["service-managers"]


@pytest.fixture
def indicator():
    """Return the value on the scorecard of a measure that somebody else enters."""

    def value(workspace, code, frequency, unit, month):
        path = workspace.root / "settings" / "measures.yaml"
        measure = {"code": code, "title": code, "family": "general statutory", "service": "all"}
        measure |= {"entered": True, "unit": unit, "polarity": "higher", "frequency": frequency}
        path.write_text(yaml.safe_dump({"measures": [measure]}), encoding="utf-8")
        opened = open_workspace(workspace.root, run_id="test")
        return month_scorecard(opened, month).set_index("measure").loc[code]

    return value


def test_ombudsman_decisions_are_counted_by_month_and_those_without_a_date_are_refused(
    workspace, real_data, ingest
):
    path = real_data / "housing-ombudsman-complaints" / "complaints_to_2025-04.csv.gz"
    account = ingest(workspace, path, "housing_ombudsman", "ombudsman")
    raw = pd.read_csv(path, dtype=str)
    undated = raw["decision_date_iso"].isna().sum()
    assert undated == 109
    assert told(account) == (len(raw), len(raw) - undated, undated, 0, 0)
    month = date(2025, 3, 1)
    publish_complaints(workspace, month)
    figures = read_figures(workspace, months=[month])
    figures = figures[figures["service"].eq("all") & figures["breakdown"].eq("")]
    value = figures.set_index("measure")["value"]
    march = raw[raw["decision_date_iso"].str.startswith("2025-03", na=False)]["finding"]
    assert value["complaints_received"] == len(march)
    decided = march[march.ne("Outside Jurisdiction")]
    upheld = decided.isin(["Severe Maladministration", "Maladministration", "Service Failure"])
    assert value["complaints_upheld_share"] == pytest.approx(upheld.mean())


def test_annual_indicators_of_all_councils_are_kept_and_spans_of_years_left_out(
    workspace, real_data, ingest, indicator
):
    path = real_data / "scottish-lgbf-kpis" / "lgbf_to_2019_20.csv.gz"
    account = ingest(workspace, path, "lgbf_annual", "lgbf")
    raw = pd.read_csv(path, dtype=str).dropna(how="all")  # its last row is commas alone
    ends = raw["Year"].str.extract(r"(\d{4})-(\d\d)").astype(int)
    single = (ends[0] + 1) % 100 == ends[1]
    assert told(account) == (len(raw), single.sum(), 0, 0, (~single).sum())
    card = indicator(workspace, "CORP07 Falkirk", "annual", "share", date(2020, 3, 1))
    own = raw[raw["Code"].eq("CORP07") & raw["LocalAuthority"].eq("Falkirk")]
    own = own.set_index("Year")["LA_IndicatorReal"].astype(float)
    assert card["period"] == "2019-20"
    assert card["value"] == pytest.approx(own["2019-20"])
    assert card["last_year"] == pytest.approx(own["2018-19"])


def test_quarterly_indicators_are_read_with_their_period_as_it_is_written(
    workspace, real_data, ingest, indicator
):
    path = real_data / "scottish-lgbf-kpis" / "quarterly_to_2021_22.csv"
    account = ingest(workspace, path, "lgbf_quarterly", "lgbf-quarterly")
    raw = pd.read_csv(path, dtype=str)
    assert told(account) == (len(raw), len(raw), 0, 0, 0)
    card = indicator(workspace, "CORP 09 Falkirk", "quarterly", "share", date(2021, 12, 1))
    own = raw[raw["Code"].eq("CORP 09") & raw["LocalAuthority"].eq("Falkirk")]
    own = own[own["Period"].eq("2021-22;Q3")].iloc[0]
    assert card["period"] == "2021-22 Q3"
    assert card["value"] == pytest.approx(float(own["Value"]))
    assert card["denominator"] == float(own["Denominator"])


def test_requests_for_information_are_a_share_in_time_by_quarter_of_the_calendar(
    workspace, real_data, ingest, indicator
):
    path = real_data / "foi-timeliness" / "central_government_2010_2017.csv"
    account = ingest(workspace, path, "foi_central", "foi")
    raw = pd.read_csv(path, dtype=str)
    years = raw["Quarter"].str.fullmatch(r"\d{4}")
    dashes = raw["20-day deadline met"].str.strip().eq("-") & ~years
    assert dashes.sum() == 27
    assert told(account) == (len(raw), len(raw) - years.sum() - 27, 27, 0, years.sum())
    assert any("were there before" in note for note in account.notes)
    code = "FOI in 20 days Home Office"
    card = indicator(workspace, code, "quarterly", "share", date(2016, 9, 1))
    own = raw[raw["Government body"].eq("Home Office") & raw["Quarter"].eq("Q3 2016")].iloc[0]
    asked = float(own["Total requests received (excluding on-hold and lapsed).1"])
    assert card["period"] == "2016-17 Q2"
    assert card["value"] == pytest.approx(float(own["20-day deadline met"]) / asked)


def test_scottish_returns_without_a_count_are_refused_and_the_share_is_of_requests(
    workspace, real_data, ingest, indicator
):
    path = real_data / "foi-timeliness" / "scottish_local_government_2013_2017.csv"
    account = ingest(workspace, path, "foi_scotland", "foisa")
    raw = pd.read_csv(path, dtype=str)
    blank = raw[["FOISA requests", "FOISA response on time"]].isna().any(axis="columns").sum()
    assert blank == 8
    assert told(account) == (len(raw), len(raw) - blank, blank, 0, 0)
    own = raw[raw["AuthorityName"].eq("Aberdeen City Council") & raw["year"].eq("2016")].iloc[0]
    code = f"FOISA on time {own['authority_id']}"
    card = indicator(workspace, code, "annual", "share", date(2017, 3, 1))
    on_time = float(own["FOISA response on time"]) / float(own["FOISA requests"])
    assert card["value"] == pytest.approx(on_time)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "mapping", "area"),
    [
        ("lad_month_all_categories_2007_2018", "fixmystreet_districts", "E07000135"),
        ("lsoa_month_cleanliness_2007_2018", "fixmystreet_areas", "E01001898"),
    ],
)
def test_street_counts_of_every_area_and_month_are_kept(
    workspace, real_data, ingest, file, mapping, area
):
    path = real_data / "fixmystreet-counts" / f"{file}.csv.gz"
    account = ingest(workspace, path, mapping, "fixmystreet")
    raw = pd.read_csv(path, dtype={"reports": int})
    assert told(account) == (len(raw), len(raw), 0, 0, 0)
    stored = read_events(workspace, "kpi_returns")
    assert stored["value"].sum() == raw["reports"].sum()
    code = f"FixMyStreet Dog Fouling {area}"
    measures = pd.DataFrame(
        {"code": [code], "service": "all", "unit": "count", "frequency": "monthly"}
    )
    figures = return_results(stored, measures).set_index("period")["value"]
    own = raw[raw[raw.columns[1]].eq(area) & raw["category"].eq("Dog Fouling")]
    assert len(own) > 0
    assert figures.to_dict() == own.set_index("month")["reports"].to_dict()
