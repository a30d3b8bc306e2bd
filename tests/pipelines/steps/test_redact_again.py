"""What was stored by older rules is redacted by newer ones, once."""

from datetime import date

import pandas as pd
import pytest

from insight.redaction import redact
from pipelines.edge.store import store_digest
from pipelines.edge.workspace import Workspace
from pipelines.steps import redact_again as step
from pipelines.steps.events import read_events
from pipelines.steps.housekeeping import keep_house
from pipelines.steps.redact_again import redact_again

ROWS = (
    "1,03/10/2026 09:30,phone,waste,C1,,Helen at 14 Elm Drive rang",
    "2,03/10/2026 09:40,phone,waste,C1,,bin not emptied",
    "3,03/10/2026 09:50,phone,waste,C2,,",
)


@pytest.fixture
def by_older_rules(feed, monkeypatch):
    """Store contacts as a version did that redacted nothing."""

    def stored(workspace):
        with monkeypatch.context() as before:
            before.setattr(Workspace, "redact", lambda _, texts: texts)
            feed(workspace, "contacts", *ROWS)
        return workspace

    return stored


def test_older_texts_are_redacted_on_each_database(on_each_database, by_older_rules, feed):
    workspace = by_older_rules(on_each_database())
    done = redact_again(workspace)
    assert done.changed == {"contacts": 1}
    texts = read_events(workspace, "contacts")["text"]
    assert texts.tolist() == ["[name] at [address] rang", "bin not emptied", pd.NA]
    # The same rows from another file are known again, not taken for corrections.
    account = feed(workspace, "contacts", *ROWS, name="again.csv")
    assert (account.duplicates, account.accepted) == (3, 0)
    content = b"".join(path.read_bytes() for path in workspace.root.rglob("*.db*"))
    assert b"Elm Drive" not in content


def test_housekeeping_does_it_once(workspace, by_older_rules):
    by_older_rules(workspace)
    assert "by newer rules: 1." in keep_house(workspace, date(2026, 10, 1)).headline
    once = store_digest(workspace.engine)
    assert not redact_again(workspace).needed
    assert redact_again(workspace, always=True).changed == {}
    assert store_digest(workspace.engine) == once


def test_newer_rules_are_a_reason_to_do_it_again(workspace, by_older_rules, monkeypatch):
    redact_again(by_older_rules(workspace))
    monkeypatch.setattr(step, "VERSION", step.VERSION + 1)
    assert redact_again(workspace).needed
    assert not redact_again(workspace).needed


def test_a_failure_leaves_the_store_as_it_was(workspace, by_older_rules, monkeypatch):
    before = store_digest(by_older_rules(workspace).engine)

    def fails(_, texts):
        if texts.isna().all():
            raise RuntimeError
        return redact(texts)

    monkeypatch.setattr(Workspace, "redact", fails)
    with pytest.raises(RuntimeError):
        redact_again(workspace)
    assert store_digest(workspace.engine) == before
