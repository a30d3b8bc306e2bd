"""One council, built once for all files beside this one, however many processes read it."""

import csv
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml
from filelock import FileLock

from pipelines.edge.workspace import create_workspace, open_workspace
from pipelines.steps.comments import publish_comments
from pipelines.steps.complaints import publish_complaints
from pipelines.steps.demand import publish_demand
from pipelines.steps.enquiries import publish_enquiries
from pipelines.steps.ingest import find_source
from pipelines.steps.ingest_file import ingest_file
from pipelines.steps.now import publish_due, publish_waits
from pipelines.steps.publish import publish_outputs
from pipelines.steps.satisfaction import publish_satisfaction
from pipelines.steps.scorecard import publish_scorecard
from tests.pipelines.pages import made_council as made
from tests.uncovered import uncovered

BUILT = "PAGE_COUNCIL"  # names a council built before: tests/benchmarks/page_figures.py alters one
STEPS = (
    publish_enquiries, publish_satisfaction, publish_comments, publish_complaints, publish_demand,
    publish_scorecard, publish_due, publish_waits, publish_outputs,
)  # fmt: skip


@pytest.fixture(scope="session")
def council_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the council, or wait for the process that does; give its workspace's folder."""
    if built := os.environ.get(BUILT):
        return Path(built)
    together = os.environ.get("PYTEST_XDIST_WORKER") is not None
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if together else base) / "page-council"
    with FileLock(root.with_suffix(".lock")):
        if not (root / "built").exists():
            shutil.rmtree(root, ignore_errors=True)
            with pytest.MonkeyPatch.context() as patch, uncovered():
                patch.setenv("INSIGHT_TODAY", f"{made.TODAY}")
                patch.setenv("INSIGHT_PSEUDONYM_KEY", "0f" * 32)
                build(root)
            (root / "built").touch()
    return root


@pytest.fixture(scope="session")
def outputs(council_root: Path) -> Path:
    """Folder of the council's outputs."""
    return council_root / "outputs"


def build(root: Path) -> None:
    """Take the made rows in and publish all that the pages are made from."""
    create_workspace(root)
    path = root / "settings" / "council.yaml"
    settings = yaml.safe_load(path.read_text("utf-8"))
    for name, own in made.SETTINGS.items():
        settings[name] = {**settings[name], **own}
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    topics = yaml.safe_dump({"topics": made.TOPICS})
    (root / "settings" / "topics.yaml").write_text(topics, encoding="utf-8")
    (root / "reference").mkdir(exist_ok=True)
    margins = [
        [dimension, group, people]
        for dimension, groups in made.MARGINS.items()
        for group, people in groups.items()
    ]
    _write(root / "reference" / "margins.csv", ["dimension", "group", "people"], margins)
    workspace = open_workspace(root, run_id="pages")
    for source, table in _files().items():
        text = table.map(_written)
        path = _write(root / f"{source}.csv", list(text.columns), text.to_numpy().tolist())
        account = ingest_file(workspace, path, find_source(workspace, source, None))
        assert account.accepted == len(table), source
    for step in STEPS:
        step(workspace, made.MONTH)


def _files() -> dict[str, pd.DataFrame]:
    survey = made.surveys().rename(columns={"at": "answered_at"})
    return {
        "cases": made.cases(),
        "contacts": made.contacts().rename(columns={"at": "contacted_at"}),
        "telephony": made.counts()
        .rename(columns={"wait": "wait_seconds_mean", "within": "share_within_target"})
        .assign(channel="phone", service="waste"),
        "web": made.web(),
        "enquiries": made.enquiries().rename(columns={"at": "received_at"}).drop(columns="reply"),
        "complaints": made.complaints(),
        "surveys": survey.assign(scale="satisfaction-5"),
        "comments": made.comments().assign(received_at="12/12/2026", service="waste"),
    }


def _written(value: object) -> str:
    if value is None or value is pd.NaT or value != value:  # NaN
        return ""
    if hasattr(value, "hour"):
        return f"{value:%d/%m/%Y %H:%M}"
    if hasattr(value, "year"):
        return f"{value:%d/%m/%Y}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _write(path: Path, header: list[str], rows: list[list[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path
