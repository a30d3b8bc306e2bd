from pathlib import Path

import pytest
import yaml

from pipelines.edge.workspace import create_workspace, open_workspace


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
