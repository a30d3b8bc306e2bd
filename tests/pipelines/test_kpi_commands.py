import json

import pytest
import yaml

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
    assert json.loads(told) == {
        "released": "2026-27 Q2", "released_by": "Head", "public_up_to": "2026-27 Q2",
    }  # fmt: skip
    assert public_quarter(workspace) == "2026-27 Q2"
    assert public_month(workspace).isoformat() == "2026-09-01"
    code, _, said = insight_here("kpi", "release", "--quarter", "2026-27Q3", "--by", "Head")
    assert code == 1
    assert "isn't over" in said
