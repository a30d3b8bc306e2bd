import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from pipelines.edge.run_lock import RunLockedError, hold_store
from pipelines.edge.store import StoreUnavailableError
from pipelines.edge.workspace import open_workspace

HOLDER = """
import sys, time
from pathlib import Path
from pipelines.edge.run_lock import hold_store
from pipelines.edge.workspace import open_workspace
with hold_store(open_workspace(Path(sys.argv[1])), doing="run of October 2026"):
    print("holding", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def here(make_workspace, store_url, monkeypatch):
    monkeypatch.setenv("INSIGHT_STORE_URL", store_url)
    return open_workspace(make_workspace().root)


@pytest.fixture
def holder(here):
    """Another process that holds the store."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(here.root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "holding\n"
    yield process
    process.kill()
    process.wait()


def test_a_second_run_is_refused_and_told_who_runs_since_when(here, holder):
    with (
        pytest.raises(RunLockedError, match=r"run of October 2026, since \d\d:\d\d on"),
        hold_store(here, doing="ingest"),
    ):
        pass


def test_a_run_that_was_killed_leaves_the_store_free(here, holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with hold_store(here, doing="ingest", wait_s=10):
        pass


def test_a_run_that_may_wait_says_so_and_goes_on_when_the_other_is_done(here, holder):
    said = []
    threading.Timer(1.5, holder.kill).start()
    started = time.monotonic()
    with hold_store(here, doing="ingest", wait_s=30, waiting=said.append):
        assert time.monotonic() - started > 1
    (sentence,) = said
    assert "run of October 2026" in sentence


def test_the_same_process_may_hold_it_again(here):
    with hold_store(here, doing="month"), hold_store(here, doing="ingest"):
        pass
    with hold_store(here, doing="month"):
        pass


def test_a_store_whose_folder_is_gone_is_said(make_workspace, tmp_path, monkeypatch):
    monkeypatch.setenv("INSIGHT_STORE_URL", f"sqlite:///{tmp_path / 'nowhere' / 'insight.db'}")
    workspace = open_workspace(make_workspace().root)
    with (
        pytest.raises(StoreUnavailableError, match="nowhere cannot be written"),
        hold_store(workspace, doing="ingest"),
    ):
        pass
