"""A real Prefect server and worker run a schedule: two library versions silently never do."""

import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import yaml

ROOT = Path(__file__).parent.parent
INSIGHT = Path(sysconfig.get_path("scripts")) / "insight"
DEPLOYMENTS = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
FLOWS = {
    "comments", "complaints", "demand", "due", "enquiries", "hotspots", "housekeeping", "ingest",
    "monthly", "patrol", "publish", "satisfaction", "scorecard", "waits", "watch",
}  # fmt: skip

SMOKE = """
name: smoke
deployments:
  - name: smoke
    entrypoint: pipelines/ingest.py:ingest
    schedules:
      - {interval: 5}
    parameters: {workspace: "{{ $INSIGHT_WORKSPACE }}"}
    work_pool: {name: smoke}
"""


@dataclass
class Server:
    """A Prefect server of our own, and the environment in which commands reach it."""

    environment: dict[str, str]
    log: Path

    def post(self, path: str, **body: Any) -> list[dict[str, Any]]:
        answer = httpx.post(f"{self.environment['PREFECT_API_URL']}{path}", json=body, timeout=30)
        return answer.raise_for_status().json()

    def prefect(self, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def running(*arguments: str, environment: dict[str, str], log: Path):
    """Run a Prefect command beside the tests; end it and all it started."""
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", *arguments],
            cwd=log.parent,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # A run started in a shell's background ignores SIGINT, and so would its children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        try:
            yield process
        finally:
            family = [process.pid, *(c.pid for c in psutil.Process(process.pid).children(True))]
            process.send_signal(signal.SIGINT)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pid in family:
                if psutil.pid_exists(pid):
                    psutil.Process(pid).kill()


def wait_for(what: str, check, *, seconds: float, log: Path):
    """Return what `check` finds, or fail with the end of the log."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.5)
    tail = "\n".join(log.read_text(encoding="utf-8").splitlines()[-30:])
    pytest.fail(f"no {what} within {seconds:.0f} seconds; the log ends:\n{tail}")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if sys.platform == "win32":
        pytest.skip("the server and worker are ended by POSIX signals, which Windows lacks")
    home = tmp_path_factory.mktemp("prefect")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    api = f"http://127.0.0.1:{port}/api"
    environment = os.environ | {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_UI_API_URL": api,
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "INSIGHT_WORKSPACE": str(home / "workspace"),
        "NO_COLOR": "1",
    }
    log = home / "server.log"
    command = ("server", "start", "--host", "127.0.0.1", "--port", str(port))

    def healthy() -> bool:
        try:
            return httpx.get(f"{api}/health", timeout=2).is_success
        except httpx.HTTPError:
            return False

    with running(*command, environment=environment, log=log):
        wait_for("answer from the server", healthy, seconds=90, log=log)
        yield Server(environment, log)


def scheduled_runs(server: Server, deployment: str, *states: str) -> list[dict[str, Any]]:
    found = server.post(
        "/flow_runs/filter",
        deployments={"name": {"any_": [deployment]}},
        flow_runs={"state": {"type": {"any_": list(states)}}},
    )
    return [run for run in found if run["auto_scheduled"]]


@pytest.mark.slow
def test_a_schedule_fires_and_its_run_completes(server, tmp_path):
    workspace = server.environment["INSIGHT_WORKSPACE"]
    made = subprocess.run([INSIGHT, "init", workspace], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    smoke = tmp_path / "prefect.yaml"
    smoke.write_text(SMOKE, encoding="utf-8")
    server.prefect("work-pool", "create", "smoke", "--type", "process")
    server.prefect("deploy", "--all", "--prefect-file", str(smoke))
    log = tmp_path / "worker.log"
    # One at a time: on a busy machine runs due every five seconds would starve each other.
    command = ("worker", "start", "--pool", "smoke", "--type", "process", "--limit", "1")
    with running(*command, environment=server.environment, log=log):
        (run, *_) = wait_for(
            "scheduled run that ended",
            lambda: scheduled_runs(server, "smoke", "COMPLETED", "FAILED", "CRASHED"),
            seconds=120,
            log=log,
        )
    assert run["state"]["type"] == "COMPLETED", log.read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_deployment_of_ours_is_scheduled_in_london_time(server):
    pool = DEPLOYMENTS[0]["work_pool"]["name"]
    server.prefect("work-pool", "create", pool, "--type", "process")
    server.prefect("deploy", "--all")
    for deployment in DEPLOYMENTS:
        runs = wait_for(
            f"scheduled run of {deployment['name']}",
            lambda name=deployment["name"]: scheduled_runs(server, name, "SCHEDULED"),
            seconds=60,
            log=server.log,
        )
        assert runs[0]["parameters"]["workspace"] == server.environment["INSIGHT_WORKSPACE"]
    ours = server.post("/deployments/filter", deployments={"name": {"any_": sorted(FLOWS)}})
    assert {entry["name"] for entry in ours} == FLOWS
    zones = {schedule["schedule"]["timezone"] for entry in ours for schedule in entry["schedules"]}
    assert zones == {"Europe/London"}
    folders = {
        step["prefect.deployments.steps.set_working_directory"]["directory"]
        for entry in ours
        for step in entry["pull_steps"]
    }
    assert folders == {str(ROOT)}, "a worker started elsewhere must find the flows"


def test_every_flow_has_one_deployment_that_never_overlaps_itself():
    assert sorted(deployment["name"] for deployment in DEPLOYMENTS) == sorted(FLOWS)
    assert {deployment["concurrency_limit"] for deployment in DEPLOYMENTS} == {1}


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_every_deployment_names_a_flow_that_can_run_unattended(deployment):
    path, name = deployment["entrypoint"].split(":")
    assert (ROOT / path).is_file()
    flow = getattr(import_module(path.removesuffix(".py").replace("/", ".")), name)
    flow.validate_parameters(deployment["parameters"])
    required = set(flow.parameters.required)
    assert required <= set(deployment["parameters"]), "nobody is there to answer a question"
