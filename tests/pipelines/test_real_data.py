"""Real exports, each through ingest with a mapping and on to pages.

The expected figures are worked out here from the raw files, by other means than the code's.
"""

import gzip
import io
from datetime import date

import pandas as pd
import pytest

from insight.errors import InsightError
from pipelines.edge.mappings import read_mapping
from pipelines.steps.demand import publish_demand
from pipelines.steps.enquiries import publish_enquiries
from pipelines.steps.events import read_events
from pipelines.steps.figures import read_figures
from pipelines.steps.hotspots import find_hotspots, publish_hotspots
from pipelines.steps.ingest import find_source
from pipelines.steps.ingest_file import ingest_file
from pipelines.steps.publish import publish_outputs
from pipelines.steps.satisfaction import publish_satisfaction
from pipelines.steps.scorecard import publish_scorecard


@pytest.fixture
def ingest(mappings):
    def run(workspace, path, mapping, source):
        chosen = read_mapping(mappings / f"{mapping}.yaml")
        return ingest_file(workspace, path, find_source(workspace, source, chosen), chosen)

    return run


@pytest.fixture
def pages():
    def publish(workspace, month):
        publish_scorecard(workspace, month)
        publish_outputs(workspace, month)
        folder = workspace.outputs / f"{month:%Y-%m}"
        return {path.parent.name: path.read_text("utf-8") for path in folder.glob("*/index.html")}

    return publish


def adds_up(account):
    told = account.accepted + account.quarantined + account.duplicates + account.filtered
    return account.rows_read == told


def test_boston_reports_become_a_map_and_its_fallback_points_are_named(
    make_workspace, real_data, ingest, pages
):
    path = real_data / "boston-animal-311" / "reports_2013_2018.csv.gz"
    workspace = make_workspace(
        name="boston", crs="EPSG:26986", timezone="America/New_York", hotspot_categories=[]
    )
    account = ingest(workspace, path, "boston", "boston")
    raw = pd.read_csv(path)
    assert adds_up(account)
    assert (account.rows_read, account.filtered) == (len(raw), 0)
    assert account.quarantined <= raw["latitude"].isna().sum()
    month = date(2018, 12, 1)
    summary = publish_hotspots(workspace, month)
    found = find_hotspots(workspace, month)
    busiest = raw.groupby(["latitude", "longitude"]).size().nlargest(2)
    named = found.fallback.sort_values("reports", ascending=False)
    assert len(named) >= 1
    assert any("lie on one point" in problem for problem in summary.problems)
    kept = read_events(workspace, "street_reports")
    city_hall = kept[kept["latitude"].eq(busiest.index[0][0])]
    assert len(city_hall) == busiest.iloc[0]
    at_it = (named["easting"] - city_hall["easting"].iloc[0]).abs() < 1
    assert at_it.any()
    assert "NaN" not in pages(workspace, month)["wardens"]


def test_vancouver_calls_are_read_and_the_share_answered_is_that_of_the_calls(
    workspace, real_data, ingest, pages
):
    path = real_data / "vancouver-311-calls" / "contact_centre_daily_to_2019.csv"
    account = ingest(workspace, path, "vancouver_calls", "telephony")
    raw = pd.read_csv(path, sep=";", encoding="utf-8-sig", parse_dates=["Date"])
    assert adds_up(account)
    assert (account.rows_read, account.accepted) == (len(raw), len(raw))
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
    assert "Calls answered" in pages(workspace, month)["performance"]


def test_vancouver_feedback_keeps_every_case_and_its_own_clock(workspace, real_data, ingest, pages):
    path = real_data / "vancouver-feedback-cases" / "feedback_cases_2023.csv"
    account = ingest(workspace, path, "vancouver_feedback", "feedback")
    raw = pd.read_csv(path)
    assert adds_up(account)
    assert (account.rows_read, account.accepted) == (len(raw), len(raw))
    opened = pd.to_datetime(raw["Service request open timestamp"], utc=True)
    stored = read_events(workspace, "complaints")["received_at"]
    assert sorted(stored.dt.tz_convert("UTC")) == sorted(opened)
    assert pages(workspace, date(2023, 6, 1))["service-managers"]


def test_nhs_comments_are_classified_better_than_chance(workspace, real_data, ingest, pages):
    path = real_data / "nhs-patient-comments-topics" / "comments_train.csv"
    account = ingest(workspace, path, "nhs_comments", "comments")
    raw = pd.read_csv(path)
    assert adds_up(account)
    assert account.accepted == len(raw)
    month = date(2026, 10, 1)
    publish_enquiries(workspace, month)
    figures = read_figures(workspace, months=[month], measures=["enquiries"])
    topics = figures[figures["breakdown"].str.match(r"topic=[^;]*$") & figures["service"].eq("all")]
    assert topics["value"].sum() == len(raw)
    (card,) = workspace.outputs.glob("models/enquiry_topics/*/card.md")
    assert "accuracy" in card.read_text("utf-8").lower()
    page = pages(workspace, month)["service-managers"]
    assert "Care received" in page


def test_friends_and_family_answers_run_the_other_way(workspace, real_data, ingest, pages):
    path = real_data / "nhs-friends-family-survey" / "responses_train.csv"
    account = ingest(workspace, path, "nhs_friends_family", "friends-and-family")
    raw = pd.read_csv(path, dtype=str)
    assert adds_up(account)
    assert account.rows_read == len(raw)
    # Some of the file's dates are month-first; day-first, these have no such month.
    middle = raw["Date"].str.split("/").str[1].astype(int)
    assert account.quarantined == middle.gt(12).sum() > 0
    month = date(2022, 3, 1)
    summary = publish_satisfaction(workspace, month)
    figures = read_figures(workspace, months=[month], measures=["satisfaction_share"])
    asked = raw[raw["Date"].str.match(r"0?\d{1,2}/0?3/2022$", na=False)]
    why = asked[asked["FFT question"].eq("FFT Why?")]["FFT categorical answer"]
    scored = why[why.isin(list("12345"))]
    question = figures[figures["service"].eq("all") & figures["breakdown"].eq("question=FFT Why?")]
    assert question["base"].item() == len(scored)
    assert question["value"].item() == pytest.approx(scored.isin(list("12")).mean())
    assert any("not on their scale" in problem for problem in summary.problems)
    assert pages(workspace, month)["service-managers"]


def test_the_utf16_somerville_survey_needs_no_special_case(workspace, real_data, ingest, pages):
    path = real_data / "somerville-happiness-2015" / "SomervilleHappinessSurvey2015.csv"
    account = ingest(workspace, path, "somerville", "happiness")
    raw = pd.read_csv(path, sep=";", encoding="utf-16")
    assert adds_up(account)
    assert account.accepted == 6 * len(raw)
    month = date(2015, 6, 1)
    publish_satisfaction(workspace, month)
    figures = read_figures(workspace, months=[month], measures=["satisfaction_share"])
    streets = figures[figures["breakdown"].eq("question=streets") & figures["service"].eq("all")]
    assert streets["value"].item() == pytest.approx(raw["X5"].ge(4).mean())
    assert pages(workspace, month)["service-managers"]


@pytest.mark.parametrize(
    ("file", "column"), [("wards_E07000135", "WD13NM"), ("lsoa_E07000135", "LSOA11NM")]
)
def test_incidents_in_the_boroughs_own_wards_and_areas_are_mapped(
    make_workspace, real_data, ingest, pages, file, column
):
    geography = real_data / "oadby-wigston-geography" / f"{file}.geojson"
    workspace = make_workspace(
        wards_file=str(geography), wards_name_column=column, hotspot_categories=[]
    )
    packed = real_data / "leicestershire-street-crime" / "2018-11-leicestershire-street.csv.gz"
    account = ingest(workspace, packed, "leicestershire_crime", "police")
    raw = pd.read_csv(io.BytesIO(gzip.decompress(packed.read_bytes())))
    ours = raw["LSOA name"].str.startswith("Oadby and Wigston", na=False)
    ours &= raw["Crime type"].eq("Anti-social behaviour")
    assert adds_up(account)
    assert account.rows_read - account.filtered == ours.sum()
    assert account.accepted >= 0.95 * ours.sum()
    wards = read_events(workspace, "street_reports")["ward"]
    assert set(wards.dropna()) <= set(workspace.wards["ward"])
    publish_hotspots(workspace, date(2018, 11, 1))
    page = pages(workspace, date(2018, 11, 1))["wardens"]
    assert "Wigston" in page


def test_swapped_coordinates_and_points_in_the_sea_are_each_said(
    make_workspace, real_data, tmp_path
):
    geography = real_data / "oadby-wigston-geography" / "wards_E07000135.geojson"
    workspace = make_workspace(wards_file=str(geography))
    source = find_source(workspace, "street-reports", None)
    header = "report_id,reported_at,category,latitude,longitude\n"
    for name, place, told in (
        ("swapped", "-1.10,52.59", "swapped"),
        ("sea", "54.00,3.00", "outside"),
    ):
        path = tmp_path / f"{name}.csv"
        path.write_text(header + f"1,03/10/2026,Dog fouling,{place}\n", encoding="utf-8")
        with pytest.raises(InsightError, match=told):
            ingest_file(workspace, path, source)
    assert read_events(workspace, "street_reports").empty
