"""`insight run` itself, with Prefect, killed (three times in a soak) and then left to end."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models import PipelineRun
from pipelines.edge.store import read_table, store_digest
from pipelines.edge.workspace import open_workspace
from pipelines.steps.month import STEPS, run_steps
from tests.small_month import MONTH, small_workspace

pytestmark = pytest.mark.slow

SEED = 20261031
KILLS = 3 if os.environ.get("INSIGHT_SOAK") else 1


@pytest.fixture
def start(tmp_path):
    """Start a month in a process group of its own, with a Prefect of its own."""

    def run(root):
        return subprocess.Popen(
            [Path(sys.executable).with_name("insight"), "run", "--month", "2026-10", "--wait"],
            env=os.environ
            | {
                "INSIGHT_WORKSPACE": str(root),
                "PREFECT_HOME": str(tmp_path / "prefect"),
                "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # for a busy machine
                "PYTHONUNBUFFERED": "1",
                "COLUMNS": "300",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    return run


def outputs(root):
    folder = root / "outputs"
    # Drawings that were kept for another time may differ, and may be deleted.
    kept = (path for path in folder.rglob("*.*") if not path.name.startswith(".drawings"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


def test_kills_of_a_whole_run_change_nothing_in_the_end(tmp_path, start):
    alone = small_workspace(tmp_path / "alone")
    run_steps(open_workspace(alone, run_id="alone"), MONTH)
    root = small_workspace(tmp_path / "council")
    dice = random.Random(SEED)  # noqa: S311 - moments, not secrets
    for after in sorted(dice.sample(range(len(STEPS) - 1), KILLS)):
        part, pause = list(STEPS)[after], dice.uniform(0, 0.5)
        killed = start(root)
        said = []
        for line in killed.stdout:
            said.append(line)
            if line.startswith(f"{part}:"):
                break
        else:
            pytest.fail(f"the run ended before {part} did:\n{''.join(said[-30:])}")
        time.sleep(pause)
        os.killpg(killed.pid, signal.SIGKILL)
        assert killed.wait() == -signal.SIGKILL, f"{pause:.2f} s after {part}"
    last = start(root)
    said, _ = last.communicate(timeout=300)
    assert last.returncode == 0, said
    workspace = open_workspace(root)
    assert store_digest(workspace.engine) == store_digest(open_workspace(alone).engine)
    assert outputs(root) == outputs(alone)
    with workspace.engine.connect() as connection:
        runs = read_table(connection, PipelineRun, timezone="Europe/London")
    ordered = runs.sort_values("started_at")["status"].tolist()
    assert ordered == ["stopped"] * KILLS + ["completed"]
