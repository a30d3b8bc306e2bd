from dataclasses import replace
from datetime import date

import pytest

from models import PipelineRun
from pipelines.edge.store import read_table, store_digest
from pipelines.steps.run_record import begin_run, end_run
from pipelines.steps.summary import StepSummary

MONTH = date(2026, 10, 1)


@pytest.fixture
def recorded(workspace):
    def read():
        with workspace.engine.connect() as connection:
            rows = read_table(connection, PipelineRun, timezone="UTC")
        return rows.set_index("run_id")

    return read


def test_a_run_is_recorded_from_its_start_to_its_end(workspace, recorded):
    begin_run(workspace, MONTH, flow="monthly")
    begun = recorded().loc[workspace.run_id]
    assert (begun["status"], begun["month"]) == ("running", "2026-10")
    assert recorded()["finished_at"].isna().all()
    end_run(workspace, status="completed", summaries=[StepSummary("ingest", "3 new files.")])
    ended = recorded().loc[workspace.run_id]
    assert ended["status"] == "completed"
    assert ended["started_at"] == begun["started_at"] <= ended["finished_at"]
    assert "3 new files." in ended["summary"]


def test_a_run_that_was_killed_is_told_as_stopped_by_the_next(workspace, recorded):
    whole = replace(workspace, run_id="whole")
    begin_run(whole, MONTH, flow="monthly")
    end_run(whole, status="failed", summaries=[])
    begin_run(replace(workspace, run_id="killed"), MONTH, flow="monthly")
    begin_run(replace(workspace, run_id="next"), MONTH, flow="monthly")
    assert recorded()["status"].to_dict() == {
        "whole": "failed",
        "killed": "stopped",
        "next": "running",
    }


def test_the_record_of_runs_is_no_part_of_the_digest(workspace):
    before = store_digest(workspace.engine)
    begin_run(workspace, MONTH, flow="monthly")
    assert store_digest(workspace.engine) == before
