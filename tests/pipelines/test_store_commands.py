"""`insight store` as a person types it."""

import json

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.edge.run_lock import RunLockedError, hold_store
from pipelines.edge.store import store_digest

OLD = "1,03/02/2023 09:30,phone,waste,Jane.Doe@example.com,bin not emptied"
NEW = "2,03/10/2026 09:30,phone,waste,Jane.Doe@example.com,bin not emptied"
HEADER = "contact_id,contacted_at,channel,service,customer,text"


@pytest.fixture
def insight(workspace):
    """Run a command on a workspace with two contacts, one of them past its period."""
    file = workspace.inbox("contacts") / "calls.csv"
    file.write_text("\n".join([HEADER, OLD, NEW]) + "\n", encoding="utf-8")

    def run(*words, answer=None, fails=False):
        done = CliRunner().invoke(
            app, [*map(str, words), "--workspace", str(workspace.root)], input=answer
        )
        if not fails and done.exception:
            raise done.exception
        return done

    run("ingest", file, "--source", "contacts")
    return run


def test_a_purge_asks_to_be_sure_and_then_does_it(insight, workspace):
    shown = insight("store", "purge").output
    assert "contacts" in shown
    assert "3 February 2023" in shown
    assert "insight store purge --yes" in shown
    assert "Deleted." in insight("store", "purge", "--yes").output
    assert "Nothing is past" in insight("store", "purge").output
    told = json.loads(insight("store", "purge", "--json").output)
    assert told["deleted"] is False
    assert not any(each["count"] for each in told["due"])


def test_a_purge_that_is_dry_and_meant_is_wrong_usage(insight):
    assert insight("store", "purge", "--dry-run", "--yes", fails=True).exit_code == 2


def test_a_customer_is_erased_without_being_named_anywhere(insight, workspace):
    reference = "jane.doe@EXAMPLE.com"
    shown = insight("store", "erase", answer=f"{reference}\n").output
    assert "contacts: 2" in shown
    assert "--yes" in shown
    said = insight("store", "erase", "--customer", reference, "--yes").output
    assert "Certificate:" in said
    told = json.loads(insight("store", "erase", "--customer", reference, "--json").output)
    assert told["rows"] == {}
    assert told["erased"] is False
    assert "jane" not in said.casefold()
    written = [*workspace.rights.iterdir(), *(workspace.root / "logs").iterdir()]
    assert written
    for path in written:
        assert "jane" not in path.read_text(encoding="utf-8").casefold(), path.name


def test_an_export_names_the_day_of_the_answer(insight, tmp_path):
    said = insight("store", "export", "--customer", "Jane.Doe@example.com", "--to",
                   tmp_path / "answer.xlsx").output  # fmt: skip
    assert "2 rows of 1 tables" in said
    assert "23 December 2026" in said


def test_a_backup_is_restored_when_one_is_sure(insight, workspace, tmp_path):
    file = tmp_path / "b.zip"
    told = json.loads(insight("store", "backup", file, "--json").output)
    insight("store", "purge", "--yes")
    after = store_digest(workspace.engine)
    assert "To put it in the place" in insight("store", "restore", file).output
    assert store_digest(workspace.engine) == after != told["digest"]
    workspace.engine.dispose()
    said = insight("store", "restore", file, "--yes").output
    assert "Kept out, because it was purged or erased since: 1 of contacts." in said
    assert store_digest(workspace.engine) == after


def test_the_data_map_goes_to_the_screen_or_a_file(insight, tmp_path):
    assert "| customer |" in insight("store", "data-map").output
    insight("store", "data-map", "--to", tmp_path / "map.md")
    assert (tmp_path / "map.md").is_file()
    assert json.loads(insight("store", "data-map", "--json").output)["contracts"]


@pytest.mark.parametrize(
    "words",
    [
        ["purge", "--yes"],
        ["erase", "--customer", "x", "--yes"],
        ["backup"],
        ["restore", "none.zip", "--yes"],
    ],
)
def test_nothing_is_changed_while_another_run_writes(insight, workspace, words, monkeypatch):
    from pipelines.edge import run_lock

    with hold_store(workspace, doing="run of October"):
        monkeypatch.setattr(run_lock, "_held", {})  # as another process sees it
        with pytest.raises(RunLockedError, match="run of October"):
            insight("store", *words)
        monkeypatch.undo()
