"""The same month on SQLite and on PostgreSQL."""

from datetime import date

import pytest

from pipelines.edge.demo import write_demo
from pipelines.edge.store import store_digest
from pipelines.edge.workspace import open_workspace, prepare_folders
from pipelines.steps.month import run_steps

MONTH = date(2026, 10, 1)


def a_month(root):
    write_demo(root, last_month=MONTH, months=2, seed=11)
    prepare_folders(root)
    workspace = open_workspace(root)
    run_steps(workspace, MONTH)
    pages = {
        str(path.relative_to(workspace.outputs)): path.read_bytes()
        for path in workspace.outputs.rglob("*")
        if path.is_file()
    }
    return store_digest(workspace.engine), pages


@pytest.mark.slow
def test_both_databases_hold_the_same_and_give_the_same_pages(tmp_path, postgres_url, monkeypatch):
    digest, pages = a_month(tmp_path / "borough")
    monkeypatch.setenv("INSIGHT_STORE_URL", postgres_url)
    (tmp_path / "other").mkdir()
    digest_there, pages_there = a_month(tmp_path / "other" / "borough")
    assert digest_there == digest
    assert sorted(pages_there) == sorted(pages)
    assert [name for name, content in pages.items() if pages_there[name] != content] == []
