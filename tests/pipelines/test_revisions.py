"""A figure says that records are still arriving, or that it changed since it was published."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pandas as pd
import pytest
import yaml

from pipelines.edge.store import store_digest
from pipelines.edge.workspace import open_workspace
from pipelines.steps.complaints import publish_complaints
from pipelines.steps.figures import read_figures
from pipelines.steps.ingest import ingest_inbox
from pipelines.steps.publish import publish_outputs
from pipelines.steps.revisions import read_revisions
from pipelines.steps.scorecard import publish_scorecard

OCTOBER = date(2026, 10, 1)
COMMON = {"family": "general statutory", "service": "all", "polarity": "lower", "unit": "count"}
MEASURES = [
    COMMON | {"code": "COMPLAINTS", "title": "Complaints", "figure": "complaints_received"},
    COMMON | {"code": "FINES", "title": "Fines paid", "entered": True},
]
SOURCES = [
    {"name": "complaints", "contract": "complaints"},
    {"name": "kpi", "contract": "kpi_returns"},
]


@pytest.fixture
def council(workspace):
    """A council with one computed and one entered measure."""
    for name, content in (("measures", MEASURES), ("sources", SOURCES)):
        path = workspace.root / "settings" / f"{name}.yaml"
        path.write_text(yaml.safe_dump({name: content}), encoding="utf-8")
    return workspace.root


def complain(root, name, *days):
    rows = [f"{name}{day},{day:02d}/10/2026,waste,stage 1" for day in days]
    put(root, "complaints", name, "complaint_id,received_at,service,stage", rows)


def enter(root, name, value):
    put(root, "kpi", name, "measure,period,value", [f"FINES,2026-10,{value}"])


def put(root, source, name, head, rows):
    folder = root / "inbox" / source
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def run(root, today):
    """Run the month's steps as on that day; return its figures by measure."""
    workspace = replace(open_workspace(root, run_id="test"), today=today)
    assert [each.reason for each in ingest_inbox(workspace) if each.account is None] == []
    publish_complaints(workspace, OCTOBER)
    publish_scorecard(workspace, OCTOBER)
    codes = [measure["code"] for measure in MEASURES]
    figures = read_figures(workspace, months=[OCTOBER], measures=codes)
    return workspace, figures.set_index("measure")[["value", "status"]]


def test_a_month_is_provisional_until_it_is_over_and_its_records_have_come(council):
    complain(council, "early", 5, 10)
    enter(council, "entered", 7)
    _, figures = run(council, date(2026, 10, 20))
    assert figures.loc["COMPLAINTS"].tolist() == [2, "provisional"]
    # It is over, but nothing has come from its last three weeks.
    _, figures = run(council, date(2026, 11, 5))
    assert figures.loc["COMPLAINTS"].tolist() == [2, "provisional"]
    complain(council, "late", 20, 28)
    workspace, figures = run(council, date(2026, 11, 6))
    assert figures.loc["COMPLAINTS"].tolist() == [4, "final"]
    # It had said that it might change.
    assert read_revisions(workspace).empty


def test_what_changes_after_it_was_published_is_revised_and_says_what_it_was(council):
    complain(council, "early", 5, 10, 28)
    enter(council, "entered", 7)
    run(council, date(2026, 11, 5))
    complain(council, "late", 12)
    enter(council, "corrected", 9)
    workspace, figures = run(council, date(2026, 11, 9))
    assert figures.loc["COMPLAINTS"].tolist() == [4, "revised"]
    assert figures.loc["FINES"].tolist() == [9, "revised"]
    told = read_revisions(workspace)[["measure", "period", "entry", "old_value", "new_value"]]
    assert told.to_numpy().tolist() == [
        ["COMPLAINTS", "2026-10", 1, 3, 4],
        ["FINES", "2026-10", 1, 7, 9],
    ]
    publish_outputs(workspace, OCTOBER)
    folder = workspace.outputs / "2026-10"
    pages = "".join(path.read_text("utf-8") for path in folder.glob("performance/*.html"))
    assert "changed since it was first published; 7 until 9 November 2026" in pages
    book = openpyxl.load_workbook(BytesIO((folder / "performance/scorecard.xlsx").read_bytes()))
    cells = [[cell.value for cell in row] for row in book["Revisions"].iter_rows()]
    assert ["Fines paid", "October 2026", 7, 9, "9 November 2026", "FINES"] in cells
    # The public has seen none of it, so that to them nothing has changed.
    assert not list(folder.glob("public/*.csv")) or "revised" not in "".join(
        path.read_text("utf-8") for path in folder.glob("public/*.csv")
    )


def test_a_second_run_revises_nothing_and_a_second_change_is_a_second_entry(council):
    complain(council, "early", 28)
    for name, value in (("first", 7), ("second", 9)):
        enter(council, name, value)
        workspace, figures = run(council, date(2026, 11, 5))
    once = store_digest(workspace.engine)
    workspace, figures = run(council, date(2026, 11, 6))
    assert store_digest(workspace.engine) == once
    assert figures.loc["FINES", "status"] == "revised"
    enter(council, "third", 8)
    workspace, _ = run(council, date(2026, 11, 7))
    told = read_revisions(workspace)
    assert told[["entry", "old_value", "new_value"]].to_numpy().tolist() == [[1, 7, 9], [2, 9, 8]]
    assert told["revised_on"].tolist() == [pd.Timestamp(2026, 11, 5), pd.Timestamp(2026, 11, 7)]
