"""The flows with Prefect itself, on a server that lives for these tests."""

from importlib import import_module

import pytest

from models import PipelineRun
from pipelines.edge.store import StoreLockedError, read_table
from pipelines.edge.workspace import open_workspace
from tests.small_month import small_workspace

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def prefect():
    from prefect.testing.utilities import prefect_test_harness

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INSIGHT_TODAY", "2026-11-23")
        patch.setenv("INSIGHT_PSEUDONYM_KEY", "0f" * 32)
        with prefect_test_harness(server_startup_timeout=120):
            yield


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    # A few rows: it is Prefect that is tried here, and `make demo` has a whole month through it.
    return small_workspace(tmp_path_factory.mktemp("flows") / "council")


def runs(root):
    workspace = open_workspace(root)
    with workspace.engine.connect() as connection:
        return read_table(connection, PipelineRun, timezone="Europe/London")


def test_the_month_runs_from_inbox_to_pages_and_shows_its_accounts(root):
    from prefect.client.orchestration import get_client

    from pipelines.monthly import FLOWS, monthly

    summaries = monthly(str(root), "2026-10")
    assert [summary.step for summary in summaries] == list(FLOWS)
    assert (root / "outputs" / "2026-10" / "index.html").exists()
    (run,) = runs(root).to_dict(orient="records")
    assert run["status"] == "completed"
    assert "rows read" in run["summary"]
    with get_client(sync_client=True) as client:
        keys = {artifact.key for artifact in client.read_artifacts()}
    assert {f"{name}-2026-10" for name in FLOWS} <= keys


def test_a_part_that_fails_is_named_and_the_others_are_done(root, monkeypatch):
    from insight.errors import InsightError
    from pipelines.monthly import MonthFailedError, monthly

    def refuse(workspace, month):
        raise InsightError("reports.csv: a wrong file")

    monkeypatch.setattr("pipelines.hotspots.publish_hotspots", refuse)
    with pytest.raises(MonthFailedError, match=r"hotspots: .*reports\.csv"):
        monthly(str(root), "2026-10", ["hotspots", "satisfaction"])
    assert "failed" in set(runs(root)["status"])


def test_a_busy_store_is_tried_again_and_a_wrong_file_is_not(root, monkeypatch):
    from insight.errors import InsightError
    from pipelines.edge import prefect_steps
    from pipelines.steps.summary import StepSummary

    monkeypatch.setattr(prefect_steps, "WAIT_SECONDS", (0, 0, 0))
    tried = []

    def busy(workspace, month):
        tried.append("busy")
        if len(tried) < 3:
            raise StoreLockedError("the store is being used")
        return StepSummary("busy", "done")

    def wrong(workspace, month):
        tried.append("wrong")
        raise InsightError("the file is wrong")

    def call(step):
        from prefect import flow

        return flow(
            lambda: prefect_steps.run_step(
                step, name="part", workspace=str(root), month="2026-10", run_id=None
            ),
            name="part",
        )()

    assert call(busy).headline == "done"
    assert tried == ["busy"] * 3
    with pytest.raises(InsightError, match="wrong"):
        call(wrong)
    assert tried == ["busy"] * 3 + ["wrong"]


@pytest.mark.parametrize("name", ["satisfaction", "comments", "due", "waits"])
def test_each_flow_runs_alone(root, name):
    flow = getattr(import_module(f"pipelines.{name}"), name)
    summary = flow(str(root), "2026-10")
    assert summary.step == name
    assert summary.headline
    if name in ("due", "waits"):
        folder = {"due": "complaints-officer", "waits": "customer-services"}[name]
        assert (root / "outputs" / "now" / folder / "index.html").exists()
