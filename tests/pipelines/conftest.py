import sys
from pathlib import Path

import pytest
import yaml

from pipelines import cli
from pipelines.edge.mappings import read_mapping
from pipelines.edge.workspace import create_workspace, open_workspace
from pipelines.steps.ingest import find_source
from pipelines.steps.ingest_file import ingest_file
from pipelines.steps.publish import publish_outputs
from pipelines.steps.scorecard import publish_scorecard


@pytest.fixture(autouse=True)
def as_of(monkeypatch):
    monkeypatch.setenv("INSIGHT_TODAY", "2026-11-23")
    monkeypatch.setenv("INSIGHT_PSEUDONYM_KEY", "0f" * 32)


@pytest.fixture
def make_workspace(tmp_path):
    """Make a workspace whose council.yaml has `council`'s keys beside the template's."""

    def make(name="council", **council):
        root = create_workspace(tmp_path / name)
        path = root / "settings" / "council.yaml"
        settings = yaml.safe_load(path.read_text(encoding="utf-8")) | council
        path.write_text(yaml.safe_dump(settings), encoding="utf-8")
        return open_workspace(root, run_id="test")

    return make


@pytest.fixture
def workspace(make_workspace):
    return make_workspace()


@pytest.fixture
def mappings() -> Path:
    return Path(__file__).parents[1] / "mappings"


@pytest.fixture
def root(workspace):
    return workspace.root


@pytest.fixture
def insight_here(monkeypatch, capsys, root):
    """Run a command on `root`; return its exit code and what it said, out and err."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["insight", *map(str, words), "--workspace", str(root)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        told = capsys.readouterr()
        return int(stopped.value.code or 0), told.out, told.err

    return run


@pytest.fixture
def drop(root):
    """Put a file into a source's inbox of `root`."""

    def write(source, name, text):
        path = root / "inbox" / source / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def ingest(mappings):
    """Ingest one real file through the mapping of that name."""

    def run(workspace, path, mapping, source):
        chosen = read_mapping(mappings / f"{mapping}.yaml")
        return ingest_file(workspace, path, find_source(workspace, source, chosen), chosen)

    return run


@pytest.fixture
def pages():
    """Publish the month; return each reader's page."""

    def publish(workspace, month):
        publish_scorecard(workspace, month)
        publish_outputs(workspace, month)
        folder = workspace.outputs / f"{month:%Y-%m}"
        return {path.parent.name: path.read_text("utf-8") for path in folder.glob("*/index.html")}

    return publish
