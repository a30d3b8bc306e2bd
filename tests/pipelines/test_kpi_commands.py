import json
from datetime import date

import pandas as pd
import pytest
import yaml

from insight.results import count_results
from pipelines.steps.figures import FigureError, read_figures, store_figures
from pipelines.steps.ledger import read_ledger
from pipelines.steps.release import public_month, public_quarter

HEAD = "measure,period,value,numerator,denominator,commentary,entered_by\n"


@pytest.fixture
def returns(drop, insight_here, root):
    """Put recycling returns into the store: one a month from April 2025 to October 2026."""
    rows = [
        f"RECYCLING,{2025 + (n + 3) // 12}-{(n + 3) % 12 + 1:02d},,{400 + n},1000,,Waste Manager"
        for n in range(19)
    ]
    path = drop("kpi-returns", "returns.csv", HEAD + "\n".join(rows) + "\n")
    assert insight_here("ingest", path, "--source", "kpi-returns")[0] == 0
    return path


def settings(root, change):
    path = root / "settings" / "measures.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change({measure["code"]: measure for measure in content["measures"]})
    path.write_text(yaml.safe_dump(content), encoding="utf-8")


def test_red_measures_are_listed_with_what_was_refused(returns, drop, insight_here):
    bad = drop("kpi-returns", "bad.csv", HEAD + "NOPE,2026-10,5,,,,Waste Manager\n")
    assert insight_here("ingest", bad, "--source", "kpi-returns")[0] == 0
    code, told, _ = insight_here("kpi", "list", "--red", "--json")
    content = json.loads(told)
    assert code == 0
    assert [row["measure"] for row in content["measures"]] == ["RECYCLING"]
    assert content["measures"][0]["value"] == pytest.approx(0.418)
    assert content["refused"][0]["rule"] == "no such measure"
    _, told, _ = insight_here("kpi", "list", "--red")
    assert "red        RECYCLING: 41.8% in 2026-10, target 45.0%, improving" in told
    assert "Refused: Return of NOPE for 2026-10" in told


def test_a_band_upside_down_leaves_the_other_measures_judged(returns, insight_here, root):
    def upside_down(measures):
        measures["FOULING"] |= {"polarity": "band", "targets": {"2026-27": {"low": 9, "high": 1}}}

    settings(root, upside_down)
    code, told, _ = insight_here("kpi", "list")
    assert code == 0
    assert "red        RECYCLING" in told
    assert "the band is upside down" in told


def test_a_measure_is_shown_with_its_year_and_its_pedigree(returns, insight_here):
    code, told, _ = insight_here("kpi", "show", "RECYCLING", "--pedigree", "--json")
    assert code == 0
    content = json.loads(told)
    assert content["measure"]["rag"] == "red"
    assert (content["year"]["to_date"], content["year"]["to_date_rag"]) == (0.418, "red")
    assert "too few past values" in content["year"]["forecast_note"]
    pedigree = content["pedigree"]
    assert [pedigree[name] for name in ("numerator", "denominator", "base")] == [418, 1000, 1000]
    assert pedigree["lower"] < 0.418 < pedigree["upper"]
    assert pedigree["contract_versions"] == "kpi_returns 1.1.0"
    assert pedigree["run"]
    assert pedigree["last_file_at"]
    assert content["pedigree"]["definition"].startswith("Tonnes of household waste")
    (file,) = content["files"]
    assert (file["name"], file["accepted"]) == ("returns.csv", 19)
    code, told, _ = insight_here("kpi", "show", "RECYCLING", "--pedigree")
    assert told.startswith("Household waste recycled")
    assert " against a target of " in told.splitlines()[0]
    assert "1 files behind it" in told
    assert "kpi-returns/returns.csv: 19 of 19 rows" in told


def test_a_measure_that_is_not_there_is_refused_by_name(insight_here):
    code, _, said = insight_here("kpi", "show", "NOPE")
    assert code == 1
    assert "no measure 'NOPE'" in said
    assert "RECYCLING" in said


def test_targets_are_tried_on_the_past(returns, insight_here):
    code, told, _ = insight_here("kpi", "targets", "RECYCLING", "--try", "0.41", "--json")
    assert code == 0
    (aid,) = json.loads(told)
    row = next(row for row in aid["candidates"] if row["candidate"] == 0.41)
    assert (row["met"], row["periods"]) == (9, 19)
    assert insight_here("kpi", "targets", "--try", "1")[0] == 2
    code, told, _ = insight_here("kpi", "targets")
    assert code == 0
    assert "RECYCLING: the last 19 periods" in told
    assert "So far: 40.9% on average, 41.8% at best, 40.0% at worst." in told


def test_a_quarter_is_released_by_a_named_person_and_then_public(insight_here, workspace):
    assert public_month(workspace) is None
    code, told, _ = insight_here(
        "kpi", "release", "--quarter", "2026-27Q2", "--by", "Head", "--json"
    )
    assert code == 0
    content = json.loads(told)
    assert (content["released"], content["released_by"]) == ("2026-27 Q2", "Head")
    assert content["public_up_to"] == "2026-27 Q2"
    assert public_quarter(workspace) == "2026-27 Q2"
    assert public_month(workspace).isoformat() == "2026-09-01"
    code, _, said = insight_here("kpi", "release", "--quarter", "2026-27Q3", "--by", "Head")
    assert code == 1
    assert "isn't over" in said


def test_the_public_sees_nothing_until_a_release_and_then_what_it_decided(
    returns, insight_here, root
):
    settings(root, lambda measures: measures["RECYCLING"].update(published=True, disclosive=True))
    assert "Nothing has been released" in insight_here("kpi", "public")[1]
    release = ("kpi", "release", "--quarter", "2026-27Q2", "--by", "Head")
    code, _, said = insight_here(*release, "--hold-back", "NOPE=why")
    assert (code, "no published measure 'NOPE'" in said) == (1, True)
    assert insight_here(*release, "--hold-back", "RECYCLING")[0] == 2
    assert insight_here(*release)[0] == 0
    (row,) = [each for each in shown(insight_here) if each["measure"] == "RECYCLING"]
    assert (row["decision"], row["period"]) == ("published", "2026-27 Q2")
    assert row["value"] == pytest.approx(0.417)
    assert insight_here(*release, "--hold-back", "RECYCLING=It is being checked.")[0] == 0
    (row,) = [each for each in shown(insight_here) if each["measure"] == "RECYCLING"]
    assert (row["decision"], row["reason"]) == ("held back", "It is being checked.")
    assert row["value"] is None


def shown(insight_here):
    return json.loads(insight_here("kpi", "public", "--json")[1])["measures"]


REBASE = ("kpi", "rebase", "RECYCLING", "--from", "2026-04", "--by", "Waste Manager")


def test_a_rebase_is_kept_with_the_old_status_and_withdrawn_without_being_deleted(
    returns, insight_here, workspace
):
    code, told, _ = insight_here(*REBASE, "--reason", "New rounds; ring 07700 900123")
    assert code == 0
    assert "starts afresh from 2026-04. Before: red;" in told
    assert read_ledger(workspace)["period"].tolist() == ["2026-04"]
    process = json.loads(insight_here("kpi", "show", "RECYCLING", "--json")[1])
    assert process["process"]["mean"] == pytest.approx(0.415), "of the months since April alone"
    (entry,) = process["rebases"]
    assert entry["reason"] == "New rounds; ring [phone]"
    assert (entry["old_rag"], entry["entry"]) == ("red", 1)
    assert entry["old_lower"] < entry["old_mean"] < entry["old_upper"]
    code, _, said = insight_here(*REBASE, "--reason", "Again")
    assert (code, "rebased from 2026-04 already" in said) == (1, True)
    withdraw = ("kpi", "rebase-withdraw", *REBASE[2:])
    assert insight_here(*withdraw, "--reason", "It was put off")[0] == 0
    assert read_ledger(workspace).empty
    assert insight_here(*REBASE, "--reason", "New rounds at last")[0] == 0
    rows = json.loads(insight_here("kpi", "rebases", "--json")[1])
    assert [row["entry"] for row in rows] == [1, 2]
    assert rows[0]["withdrawn_reason"] == "It was put off"
    assert "Withdrawn by Waste Manager" in insight_here("kpi", "rebases")[1]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"RECYCLING": "NOPE"}, "no measure 'NOPE'"),
        ({"2026-04": "2024-01"}, "has no figure for 2024-01"),
        ({"2026-04": "2026-09"}, "has 2 figures from 2026-09 on; new limits need at least 5"),
        ({"2026-04": "2027-01"}, "isn't over before 31 January 2027"),
        ({"Moved": " "}, "Say what changed"),
        ({"Waste Manager": " "}, "Say whose word it is"),
    ],
)
def test_a_rebase_without_ground_is_refused(returns, insight_here, workspace, change, why):
    words = [change.get(word, word) for word in (*REBASE, "--reason", "Moved")]
    code, _, said = insight_here(*words)
    assert (code, why in said) == (1, True), said
    assert read_ledger(workspace).empty


def test_a_refused_figure_is_named_and_the_others_are_stored(workspace):
    counted = count_results(
        pd.DataFrame({"service": ["bins", "trees"]}), measure="contacts", period="2026-10"
    )
    wrong = counted.assign(base=counted["base"].mask(counted["service"].eq("bins")))
    asked = {"measures": ["contacts"], "months": [date(2026, 10, 1)], "contracts": ["contacts"]}
    with pytest.raises(FigureError, match="contacts of bins for 2026-10 has no base"):
        store_figures(workspace, wrong, **asked)
    kept = read_figures(workspace, months=[date(2026, 10, 1)])
    assert kept["service"].tolist() == ["all", "trees"]
    told = []
    store_figures(workspace, wrong, **asked, refused=told)
    assert len(told) == 1


def test_targets_are_tried_on_a_weekly_measure_and_one_with_a_profile(root, drop, insight_here):
    common = {"family": "general improvement", "service": "all", "entered": True, "unit": "count"}
    common |= {"polarity": "lower", "aggregation": "sum"}
    profile = {"2026-27": {"value": 1200, "periods": {"2026-10": 70}}}
    listed = [
        common | {"code": "WEEKS", "title": "By week", "frequency": "weekly"},
        common | {"code": "MONTHS", "title": "By month", "targets": profile},
    ]
    path = root / "settings" / "measures.yaml"
    path.write_text(yaml.safe_dump({"measures": listed}), encoding="utf-8")
    rows = [f"WEEKS,2026-W{week:02d},{20 + week % 3},,,," for week in range(1, 44)]
    rows += [f"MONTHS,2026-{month:02d},{90 + month % 4},,,," for month in range(1, 11)]
    returned = drop("kpi-returns", "both.csv", HEAD + "\n".join(rows) + "\n")
    assert insight_here("ingest", returned, "--source", "kpi-returns")[0] == 0
    code, told, _ = insight_here("kpi", "targets", "WEEKS", "--try", "95")
    assert code == 0
    assert "asked for" in told
    code, told, _ = insight_here("kpi", "targets", "MONTHS")
    assert code == 0
    assert "          70  met 0 of 10" in told
    assert "the target now" in told
