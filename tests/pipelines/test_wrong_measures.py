"""Five things wrong with one council's measures: each is told, and the rest goes on."""

import json
from datetime import date

import pytest
import yaml

from pipelines.edge.workspace import open_workspace
from pipelines.steps.scorecard import publish_scorecard

HEAD = "measure,period,value,numerator,denominator,commentary,entered_by"
MONTHS = [f"2026-{month:02d}" for month in range(1, 11)]
COMMON = {"family": "general statutory", "service": "all", "entered": True, "polarity": "higher"}


def measure(code, **more):
    return COMMON | {"code": code, "title": code, "unit": "count"} | more


MEASURES = [
    measure("RECYCLED", unit="share", targets={"2026-27": 0.45}),
    measure("ROOMS", unit="share", polarity="band", targets={"2026-27": {"low": 0.9, "high": 0.8}}),
    measure("WAIT", unit="days", polarity="lower", targets={"2026-27": 20}),
    measure("VISITS", targets={"2026-27": 100}),
    measure("FINE", targets={"2026-27": 100}),
]
ROWS = [
    *(f"RECYCLED,{month},,{1400 if month == '2026-10' else 460},1000,," for month in MONTHS),
    *(f"ROOMS,{month},0.85,,,," for month in MONTHS),
    # From September somebody writes minutes.
    *(f"WAIT,{month},{19 if month < '2026-09' else 19 * 1440},,,," for month in MONTHS),
    *(f"VISITS,{month},101,,,," for month in MONTHS),
    *(f"FINE,{month},{101 + place},,,," for place, month in enumerate(MONTHS)),
]
TWICE = "VISITS,2026-10,140,,,,"


@pytest.fixture
def wrong(drop, insight_here, root):
    for name, content in (
        ("measures", MEASURES),
        ("targets", [{"measure": "TYPO", "year": "2026-27", "value": 5}]),
        ("sources", [{"name": name, "contract": "kpi_returns"} for name in ("kpi", "partner")]),
    ):
        path = root / "settings" / f"{name}.yaml"
        path.write_text(yaml.safe_dump({name: content}), encoding="utf-8")
    for source, rows in (("kpi", ROWS), ("partner", [TWICE])):
        (root / "inbox" / source).mkdir(exist_ok=True)
        path = drop(source, f"{source}.csv", "\n".join([HEAD, *rows]) + "\n")
        assert insight_here("ingest", path, "--source", source)[0] == 0
    return root


REFUSED = [
    "Target of TYPO for 2026-27 (targets.yaml): there is no such measure; correct its code or add "
    "the measure.",
    "Target of ROOMS for 2026-27 (measures.yaml): the band is upside down; write `low` first.",
    "Return of RECYCLED for 2026-10 (kpi.csv, row 11): the numerator is over its denominator; "
    "correct one of them.",
    "Return of VISITS for 2026-10 (kpi.csv, row 41): there are two values that differ; keep the "
    "right one.",
    "Return of VISITS for 2026-10 (partner.csv, row 2): there are two values that differ; keep the "
    "right one.",
    *(
        f"Return of WAIT for {month} (kpi.csv, row {row}): is so far from the measure's other "
        "values that its unit must have changed; convert it, or write days in the column unit if "
        "it is right."
        for month, row in (("2026-09", 30), ("2026-10", 31))
    ),
]
LISTED = [
    "awaited    RECYCLED: no value in 2026-10, target 45%",
    "no target  ROOMS: 85% in 2026-10",
    "awaited    WAIT: no value in 2026-10, target 20 days",
    "awaited    VISITS: no value in 2026-10, target 100",
    "green      FINE: 110 in 2026-10, target 100, improving",
]


def test_each_wrong_measure_is_refused_with_its_place_and_the_others_are_judged(
    wrong, insight_here
):
    code, told, _ = insight_here("kpi", "list", "--month", "2026-10")
    assert code == 0
    refused = [f"Refused: {message}" for message in REFUSED]
    assert told.splitlines() == [*LISTED, *refused]
    # What was right before October is judged as ever.
    _, told, _ = insight_here("kpi", "list", "--month", "2026-08", "--json")
    before = {row["measure"]: row["rag"] for row in json.loads(told)["measures"]}
    assert before == {
        "RECYCLED": "green", "ROOMS": "no target", "WAIT": "green", "VISITS": "green",
        "FINE": "green",
    }  # fmt: skip


def test_the_months_run_tells_the_same_and_stores_the_rest(wrong):
    summary = publish_scorecard(open_workspace(wrong, run_id="test"), date(2026, 10, 1))
    assert summary.problems == REFUSED
    assert summary.headline == "5 measures: 1 green, 1 no target, 3 awaited."


def test_two_values_of_one_file_are_both_refused_by_row_and_the_rest_is_taken(
    wrong, drop, insight_here
):
    rows = [HEAD, "FINE,2026-11,111,,,,", "VISITS,2026-11,99,,,,", "FINE,2026-11,112,,,,"]
    code, told, _ = insight_here(
        "ingest", drop("kpi", "again.csv", "\n".join(rows)), "--source", "kpi"
    )
    assert code == 0
    assert "FINE in 2026-11 has values that differ in rows 2 and 4; all are refused." in told
    _, told, _ = insight_here("kpi", "list", "--month", "2026-11")
    assert "awaited    FINE: no value in 2026-11" in told
    assert "VISITS: 99 in 2026-11" in told
    code, told, _ = insight_here("quarantine", "list", "--json")
    assert "another row gives another value" in told


def test_the_same_value_twice_in_one_file_is_a_duplicate(wrong, drop, insight_here):
    rows = [HEAD, "FINE,2026-11,111,,,,", "FINE,2026-11,111,,,said again,"]
    code, _, _ = insight_here("ingest", drop("kpi", "same.csv", "\n".join(rows)), "--source", "kpi")
    assert code == 0
    _, told, _ = insight_here("kpi", "list", "--month", "2026-11")
    assert "green      FINE: 111 in 2026-11" in told
